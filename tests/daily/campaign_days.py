"""A small campaign played day by day: its sources written as that day has them, its clock set, its steps called."""

import csv
import os
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import yaml
from tests.mail import post
from tests.people import LE_VAN_A

from dondoc.daily import steps
from dondoc.errors import DondocError
from dondoc.installation import Installation
from dondoc.ledger import clock
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import outbox

CODE = "hai-phong-2023"
OPERATOR = "quan-tri@bql-haiphong.example.vn"
# 30/4 is a holiday, Saturday 26/4 is worked for 2/5: due on the holiday, the report must leave on Tuesday 29/4.
DATES = {"starts_on": "2025-04-22", "deadline": "2025-04-30", "final_report_at": "2025-04-30 16:00"}
UNITS = {"VP": "Văn phòng Ban Quản lý", "QLDT": "Phòng Quản lý đầu tư", "DNGS": "Phòng Doanh nghiệp và Giám sát đầu tư"}
CASES = ["Số hồ sơ", "Tên thủ tục", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Chủ hồ sơ"]
CASES += ["Trạng thái", "Ngày kết thúc xử lý", "Số văn bản xin lỗi", "Ngày xin lỗi"]
KINDS = ("reminder", "report", "quarantine", "closing")
ZONE_HOURS = "+07:00"


def write_campaign(folder, **changes):
    """Make the shipped campaign a small one of the dates above, armed."""
    path = folder / CODE / "campaign.yaml"
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    described |= {name: date.fromisoformat(DATES[name]) for name in ("starts_on", "deadline")}
    described |= {"final_report_at": DATES["final_report_at"], "deadline_reading": "đến hết ngày 30/4/2025"}
    described |= {"period": {"first": date(2025, 1, 1), "last": date(2025, 12, 31)}}
    described["units"] = [unit for unit in described["units"] if unit["code"] in UNITS]
    described["mail"] |= {"mode": "armed", "armed_by": "Lê Văn A"}
    described["watch"] = {"operator_email": OPERATOR}
    path.write_text(yaml.safe_dump(described | changes, allow_unicode=True), encoding="utf-8")


class Play:
    """The office, its clock and its sources; `done` says how many of a unit's five items are done on a day."""

    def __init__(self, folder: Path, monkeypatch):
        self.folder, self.at, self.port = folder, None, 0
        self.missing = set()
        folder.mkdir()
        for name in ("cases", "work"):
            monkeypatch.setenv(f"DONDOC_SOURCE_{name.upper()}", str(folder / f"{name}.csv"))
        monkeypatch.setattr(Installation, "now", lambda _self, zone: self.at.astimezone(zone))

    def turn_to(self, text):
        self.at = datetime.fromisoformat(f"2025-{text}{ZONE_HOURS}")

    def confirm(self, text):
        """Turn to an instant that the clock jumps to, on a person's word."""
        self.turn_to(text)
        ledger = open_ledger(Installation.from_environment().ledger_url)
        clock.confirm(ledger, self.at, by=LE_VAN_A, reason="nghỉ dài")

    def run(self, text, done, *, backfill=False):
        """Play a run that begins at `text`; return what its checks left if it came to its end, else None."""
        self.turn_to(text)
        self.export(done)
        with suppress(DondocError):
            return self.run_day(steps.day_ref(CODE, self.at.date().isoformat(), backfill=backfill))
        return None

    def run_day(self, day):
        ref = steps.open_day(day)
        snapshots = []
        for source in ("cases", "work"):
            with suppress(DondocError):
                snapshots.append(steps.pull(ref, source))
        taken = steps.gate(ref, steps.stand_in(ref, snapshots))
        found = steps.check(ref, taken)
        for batch in found["letters"]:
            steps.draft_letters(ref, found, batch["units"])
        for batch in found["reminders"]:
            steps.compose_reminders(ref, found, batch["units"])
        steps.compose_digest(ref, found)
        report = steps.write_report(ref, found)
        steps.return_rejected(ref, taken)
        steps.compose_closing(ref, found)
        self.send(ref)
        steps.close_day(ref, found, report)
        return found

    def send(self, ref):
        for kind in KINDS:
            if not steps.why_held(ref, kind):
                steps.send_mail(ref, kind, lambda: post.account(self.port))

    def export(self, done):
        today = f"{self.at:%d/%m/%Y}"
        work = [["Số đến", "Ngày đến", "Trích yếu", "Đơn vị chủ trì", "Ngày giao", "Trạng thái", "Mã hồ sơ"]]
        work[0].append("Hạn giải quyết")
        for code, name in UNITS.items():
            for n in range(5):
                ended = ["Đã hoàn thành", f"HS{n}"] if n < done.get(code, 0) else ["Đang xử lý", ""]
                work.append([f"{code}-{n}", "01/04/2025", "Văn bản đến", name, "01/04/2025", *ended])
        work.append([f"T-{today}", today, "Việc trong ngày", UNITS["VP"], today, "Đã hoàn thành", "HS9"])
        late = ["Cấp phép", UNITS["DNGS"], "01/04/2025", "10/04/2025", "Công ty A"]
        open_now, ended = ["Đang xử lý", "", "", ""], ["Đã xử lý xong", "21/04/2025", "1/PXL-BQL", "21/04/2025"]
        fresh = ["Cấp phép", UNITS["DNGS"], today, "30/06/2025", "Công ty B"]
        cases = [CASES, ["000.00.12.H24-250401-0001", *late, *(ended if done.get("cases") else open_now)]]
        cases.append([f"000.00.12.H24-25{self.at:%m%d}-0002", *fresh, *open_now])
        work[1:] = [[*item, ""] for item in work[1:]]
        for name, rows in (("cases", cases), ("work", work)):
            path = self.folder / f"{name}.csv"
            path.unlink(missing_ok=True)
            if name not in self.missing:
                with path.open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows(rows)
                os.utime(path, (self.at.timestamp(), self.at.timestamp()))


def mails(installation):
    with open_ledger(installation.ledger_url).begin() as connection:
        return connection.execute(outbox.select().order_by(outbox.c.id)).all()
