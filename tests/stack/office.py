"""A small office for a real stack: three units, two sources, today played as a rehearsal whose mail goes to a sink."""

import csv
import json
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import create_engine, text
from tests.daily.campaign_days import CASES, CODE, UNITS

from dondoc.campaign import load_calendar
from dondoc.daily.mail_administration import show
from dondoc.installation import ROOT, Installation
from dondoc.ledger.days import day_rows
from dondoc.ledger.stages import schema_of
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.ledger.tables import outbox

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NAME = "may-that"
WORK = ["Số đến", "Ngày đến", "Trích yếu", "Đơn vị chủ trì", "Ngày giao", "Trạng thái", "Mã hồ sơ", "Hạn giải quyết"]
DONE, OPEN = ["Đã hoàn thành", "HS9"], ["Đang xử lý", ""]


class Office:
    """The office's files and its ledger.

    Attributes:
        today: the day that is played, a working day of the calendar; the real one where that is worked.
        earlier: working days of the campaign before it, for a backfill.
    """

    def __init__(self, folder, *, mail_port, ledger_url):
        self.folder, self.ledger_url = folder, ledger_url
        calendar = load_calendar(ROOT / "include" / "calendars" / "vn.yaml")
        now = datetime.now(ZONE)
        worked = [now.date() - timedelta(n) for n in range(20) if calendar.is_working(now.date() - timedelta(n))]
        self.today, self.earlier = worked[0], sorted(worked[1:4])
        self.is_scheduled = self.today == now.date() and now.hour + now.minute > 5
        account = {"conn_type": "smtp", "host": "127.0.0.1", "port": mail_port}
        account["extra"] = {"disable_ssl": True, "disable_tls": True}
        self.environment = {
            "DONDOC_OUT": str(folder / "out"),
            "DONDOC_LEDGER_URL": ledger_url,
            "DONDOC_CAMPAIGNS": str(folder / "campaigns"),
            "DONDOC_REHEARSAL": self.today.isoformat(),
            "DONDOC_REHEARSAL_NAME": NAME,
            "DONDOC_SOURCE_CASES": str(folder / "cases.csv"),
            "DONDOC_SOURCE_WORK": str(folder / "work.csv"),
            "AIRFLOW_CONN_DONDOC_SMTP": json.dumps(account),
        }
        self._describe()
        self._export()

    @property
    def installation(self):
        return Installation.from_environment(self.environment)

    def _describe(self):
        shipped = ROOT / "include" / "campaigns" / CODE
        shutil.copytree(shipped, self.folder / "campaigns" / CODE)
        path = self.folder / "campaigns" / CODE / "campaign.yaml"
        described = yaml.safe_load(path.read_text(encoding="utf-8"))
        deadline = self.today + timedelta(days=14)
        # So late that no run begins by itself before a play asks for it.
        described |= {"starts_on": self.earlier[0], "deadline": deadline, "daily_at": "23:55"}
        described |= {"final_report_at": f"{deadline} 16:00", "deadline_reading": f"đến hết ngày {deadline}"}
        described |= {"period": {"first": self.today.replace(month=1, day=1), "last": deadline}}
        described["units"] = [unit for unit in described["units"] if unit["code"] in UNITS]
        described["mail"] |= {"mode": "armed", "armed_by": "Lê Văn A"}
        path.write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")

    def begin_the_day_by_schedule(self):
        """Set the hour of the day's run to one that is past, so that the scheduler makes it."""
        path = self.folder / "campaigns" / CODE / "campaign.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("23:55", "00:05"), encoding="utf-8")

    def _export(self):
        given, due = (self.today - timedelta(days=n) for n in (40, 30))
        rows = [[f"{code}-{n}", given, "Văn bản đến", name, given] for code, name in UNITS.items() for n in range(4)]
        work = [WORK, *([*row, *OPEN, ""] for row in rows)]
        work.append(["T-1", self.today, "Việc trong ngày", UNITS["VP"], self.today, *DONE, ""])
        late = ["Cấp phép", UNITS["DNGS"], given, due, "Công ty A", "Đang xử lý", "", "", ""]
        fresh = ["Cấp phép", UNITS["DNGS"], self.today, self.today + timedelta(days=60), "Công ty B", "Đang xử lý"]
        cases = [CASES, ["000.00.12.H24-250401-0001", *late], ["000.00.12.H24-250402-0002", *fresh, "", "", ""]]
        for name, table in (("cases", cases), ("work", work)):
            path = self.folder / f"{name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([_shown(cell) for cell in row] for row in table)
            # Of the first day: a backfill finds a file that was there.
            at = datetime(self.earlier[0].year, self.earlier[0].month, self.earlier[0].day, 6, tzinfo=ZONE).timestamp()
            os.utime(path, (at, at))

    def begin_anew(self):
        """Leave no trace of what was played: an empty ledger, no outputs."""
        url = self.installation.ledger_url
        if url.startswith("postgresql"):
            engine = create_engine(self.ledger_url)
            with engine.begin() as connection:
                connection.execute(text(f"DROP SCHEMA IF EXISTS {schema_of(NAME)} CASCADE"))
            engine.dispose()
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        upgrade_ledger(url)

    def rows(self):
        """Return the day's mails as the ledger has them, those withdrawn aside."""
        with open_ledger(self.installation.ledger_url).begin() as connection:
            return [row for row in connection.execute(outbox.select()) if row.state != "withdrawn"]

    def day(self):
        """Return how the ledger says the day stands."""
        row = day_rows(open_ledger(self.installation.ledger_url), campaign=CODE).get(self.today)
        return row.state if row else None

    def told(self):
        """Return what `mail list` tells a person."""
        return show(self.installation)


def _shown(cell):
    return f"{cell:%d/%m/%Y}" if hasattr(cell, "year") else cell


def as_text(path: Path) -> str:
    """Return the end of a log, for whoever reads why something did not start."""
    return path.read_text(encoding="utf-8", errors="replace")[-2000:] if path.is_file() else ""
