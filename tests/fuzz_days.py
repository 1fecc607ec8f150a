"""Whole days on odd rows, drawn from a seed: `python -m tests.fuzz_days --days 2000 --seed 1 --minutes 20`.

Every day is played through the real steps on a campaign of three units whose sources hold some ordinary rows and
several odd ones: dates of 1900–2100 in every date column, terms, pauses, statuses, forms of writing. A day must end
with its report, and every row must be a record, a copy, or set aside with file, row, field, reason and remedy.
"""

import argparse
import csv
import gc
import json
import logging
import os
import shutil
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import product
from math import inf
from multiprocessing import get_context
from pathlib import Path
from random import Random
from unittest import mock

import pandas as pd
import pyarrow as pa
import yaml

import dondoc.installation
from dondoc.daily import preflight, steps
from dondoc.daily.preflight.calendars import check_calendar
from dondoc.daily.references import Found
from dondoc.installation import Installation
from dondoc.ledger.store import upgrade_ledger
from dondoc.records import CASE_KINDS, OWED_CASES, SCHEMAS, FindingKind
from dondoc.sources.refusals import QUARANTINE
from dondoc.sources.snapshot import read_snapshot

ROOT = dondoc.installation.ROOT
SAMPLE = ROOT / "include" / "campaigns" / "hai-phong-2023" / "campaign.yaml"
# The last day of the calendar's certain years, days of provisional ones, its first year, and a usual day.
TODAYS = (date(2023, 11, 14), date(2026, 12, 25), date(2026, 12, 31), date(2027, 1, 4), date(2028, 12, 28))
TODAYS += (date(2015, 1, 5), date(2024, 2, 29))
COLLECTED_EVERY = 20
UNITS = ("VP", "QLDT", "DNGS")
KINDS = ("cases", "work", "files", "statistics")
# Which sources a campaign has, and the rules that look at them: what is not there would only be read as empty.
SOURCES = (("cases",), ("cases", "work"), ("work", "files", "statistics"))
DATE_FORMATS = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%Y-%m-%d", "%H:%M:%S %d/%m/%Y", "%Y%m%d%H%M%S")
SPECIAL_DATES = (
    *("31/02/2023", "29/02/2023", "00/00/0000", "01/01/1900", "31/12/2099", "01/01/2100", "9999-12-31", "45000", "-1"),
    *("2100-01-01T00:00:00", "0001-01-01", "#N/A", "hôm qua", "1/1/23", "31/12/2026", "32/13/2026", "1e9"),
)
TERMS = (
    *(
        "20 ngày làm việc",
        "15 ngày",
        "8 giờ làm việc",
        "9999 ngày làm việc",
        "9999 ngày",
        "9999",
        "9999 giờ",
        "0",
        "-5",
    ),
    *("-5", "1000000", "2147483648", "4294967296 ngày", "1,5 ngày", "", "mười ngày", "1e6"),
)
NUMBERS = (
    *("0", "1", "3", "32767", "32768", "99999", "999999999", "2147483648", "-1", "1,5", "", "hai", "2023", "1899"),
    *("2100",),
)
STATUSES = ("Mới đăng ký", "Được tiếp nhận", "Không được tiếp nhận", "Đang xử lý", "Yêu cầu bổ sung giấy tờ")
STATUSES += ("Yêu cầu thực hiện nghĩa vụ tài chính", "Công dân yêu cầu rút hồ sơ", "Dừng xử lý", "Đã xử lý xong")
STATUSES += ("Đã trả kết quả",)
ODD_STATUSES = ("99", "0", "", "-1", "đang  XỬ LÝ", "Khác", "2147483648")
CASE_DATES = ("received_at", "due_at", "extension_due_at", "finished_at", "returned_at", "apologised_at", "new_due_at")
PAUSE_DATES = ("from_at", "to_at", "due_before_at", "due_after_at")
FIELDS = {
    "cases": (
        *("case_number", "procedure", "unit", "applicant", "status", "term_length", "postponed_times", "reason"),
        *(*CASE_DATES, "pauses"),
    ),
    "work": (
        "item_number",
        "summary",
        "unit",
        "status",
        "file_code",
        "arrived_at",
        "assigned_at",
        "due_at",
        "finished_at",
    ),
    "files": ("file_code", "title", "unit", "state", "year", "closed_at"),
    "statistics": ("unit", "work_total", "work_unfiled", "files_open", "files_closed"),
}
REQUIRED = {
    "cases": ["case_number", "procedure", "unit", "received_at", "status"],
    "work": ["item_number", "unit", "status"],
    "files": ["file_code", "unit", "state"],
    "statistics": ["unit"],
}
WORDS = {
    "cases": {"status": {word: code for code, word in enumerate(STATUSES, start=1)}},
    "work": {"status": {"Đang xử lý": "open", "Đã hoàn thành": "reported", "Đã lưu trữ": "archived"}},
    "files": {"state": {"Đang thực hiện": "open", "Đã kết thúc": "closed", "Đã tiếp nhận": "archived"}},
    "statistics": {},
}

Row = dict[str, str]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Failure:
    """A day that did not end as it must: its rows, and why."""

    today: date
    seed: int
    rows: Rows
    why: str


@dataclass
class Office:
    """A temporary installation that plays days; each leaves nothing behind."""

    folder: Path
    template: Path = field(init=False)

    def __post_init__(self) -> None:
        """Lay out profiles, campaigns and a migrated ledger."""
        include = self.folder / "include"
        (include / "sources").mkdir(parents=True)
        for name in ("templates", "calendars", "regimes"):
            (include / name).symlink_to(ROOT / "include" / name)
        for kind in KINDS:
            path = include / "sources" / f"{kind}.yaml"
            path.write_text(yaml.safe_dump(profile_of(kind), allow_unicode=True), encoding="utf-8")
        for today, kinds in product(TODAYS, SOURCES):
            path = include / "campaigns" / code_of(today, kinds) / "campaign.yaml"
            path.parent.mkdir(parents=True)
            path.write_text(yaml.safe_dump(campaign_on(today, kinds), allow_unicode=True), encoding="utf-8")
        self.template = self.folder / "ledger.sqlite"
        upgrade_ledger(f"sqlite:///{self.template}")
        with closing(sqlite3.connect(self.template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def play(self, today: date, rows: Rows) -> str:
        """Play the day; return what is wrong with how it ended, nothing when all is well."""
        out, code = self.folder / "out", code_of(today, tuple(rows))
        shutil.rmtree(out / code, ignore_errors=True)
        self.empty_ledger(out / "ledger.sqlite")
        for kind, lines in rows.items():
            write_rows(self.folder / "include" / "campaigns" / code / f"{kind}.csv", FIELDS[kind], lines)
        with mock.patch.dict(os.environ, {"DONDOC_OUT": str(out)}):
            try:
                return fault_of(out / code / today.isoformat(), *run_day(code, today, rows), rows)
            except Exception:  # noqa: BLE001  whatever stops a day is what is looked for
                return traceback.format_exc(limit=-6)

    def empty_ledger(self, path: Path) -> None:
        """Put the migrated ledger in place of the last day's: the same file, so that its engine is kept."""
        path.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(self.template)) as migrated, closing(sqlite3.connect(path)) as used:
            migrated.backup(used)


def code_of(today: date, kinds: Sequence[str]) -> str:
    """Return the code of the campaign whose day is `today` and whose sources are of `kinds`."""
    return f"{'-'.join(kinds)}-{today.isoformat()}"


def profile_of(kind: str) -> dict[str, object]:
    """Return a profile whose headings are the fields themselves."""
    key = {"cases": "case_number", "work": "item_number", "files": "file_code", "statistics": "unit"}[kind]
    return {
        "title": kind,
        "kind": kind,
        "key": [key],
        "required": REQUIRED[kind],
        "headings": {name: [name] for name in FIELDS[kind]},
        "date_formats": list(DATE_FORMATS),
        "default_term_unit": "working_day",
        "values": WORDS[kind],
    }


def campaign_on(today: date, kinds: Sequence[str]) -> dict[str, object]:
    """Return the sample's campaign made small and moved to the days around `today`, every rule of its sources on."""
    described = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    described |= {"code": code_of(today, kinds), "starts_on": today - timedelta(days=3)}
    described |= {"deadline": today + timedelta(days=3)}
    described |= {"final_report_at": f"{today + timedelta(days=3)} 16:00", "deadline_reading": "hạn của đợt thử"}
    described |= {"period": {"first": date(today.year, 1, 1), "last": date(today.year, 12, 31)}}
    described["units"] = [unit for unit in described["units"] if unit["code"] in UNITS]
    described["sources"] = [{"name": kind, "kind": kind, "profile": kind, "path": f"{kind}.csv"} for kind in kinds]
    find = described["rules"]["find"]
    unneeded = () if "cases" in kinds else set(CASE_KINDS) - set(OWED_CASES)
    described["rules"]["find"] = [rule for rule in find if FindingKind(rule) not in unneeded]
    described["office"]["unit"] = UNITS[0]
    return described


def write_rows(path: Path, fields: Sequence[str], rows: Sequence[Row]) -> None:
    """Write the rows as the source's export."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(rows)


def run_day(code: str, today: date, kinds: Iterable[str]) -> tuple[Found, list[str]]:
    """Call the steps as the DAG does, on the day itself; return what the checks left and the report's files."""
    at = datetime(today.year, today.month, today.day, 9)
    with mock.patch.object(Installation, "now", lambda _self, zone: at.replace(tzinfo=zone)):
        return call_steps(code, today, kinds)


def call_steps(code: str, today: date, kinds: Iterable[str]) -> tuple[Found, list[str]]:
    """Call the steps as the DAG does; return what the checks left and the report's files."""
    ref = steps.open_day(steps.day_ref(code, today.isoformat()))
    taken = steps.gate(ref, steps.stand_in(ref, [steps.pull(ref, kind) for kind in kinds]))
    found = steps.check(ref, taken)
    for batch in found["letters"]:
        steps.draft_letters(ref, found, batch["units"])
    for batch in found["reminders"]:
        steps.compose_reminders(ref, found, batch["units"])
    steps.compose_digest(ref, found)
    report = steps.write_report(ref, found)
    steps.return_rejected(ref, taken)
    steps.compose_closing(ref, found)
    steps.close_day(ref, found, report)
    return found, report


def fault_of(folder: Path, found: Found, report: Sequence[str], rows: Rows) -> str:
    """Return what of the day's end is not as it must be."""
    out = folder.parents[1]
    if not report or not all((folder / path).stat().st_size for path in report):
        return "không có báo cáo"
    for snapshot in found["snapshots"]:
        name, written = snapshot["name"], len(rows[snapshot["name"]])
        counted = snapshot["accepted"] + snapshot["quarantined"] + snapshot["duplicates"]
        if not snapshot["rows_in"] == counted == written:
            return f"{name}: ghi {written} dòng, vào {snapshot['rows_in']}, cộng lại {counted}"
        refused = read_snapshot(out / snapshot["quarantine"], QUARANTINE)
        if problem := unsaid(refused):
            return f"{name}: {problem}"
        kept = read_snapshot(out / snapshot["path"], SCHEMAS[snapshot["kind"]])
        lines = {*kept["source_row"], *refused["row"]}
        if snapshot["duplicates"] == 0 and len(lines) != written:
            return f"{name}: {written - len(lines)} dòng không còn ở đâu"
    return ""


def unsaid(refused: pd.DataFrame) -> str:
    """Return which part of a refusal is not said."""
    for name in ("file", "row", "field", "message", "hint"):
        if len(refused) and (refused[name].isna() | (refused[name].astype(str) == "")).any():
            return f"dòng bị loại không ghi {name}"
    return ""


def draw_day(random: Random) -> tuple[date, Rows]:
    """Return a day and its sources' rows, some ordinary and several odd."""
    today = random.choice(TODAYS)
    counts = {"cases": random.randint(4, 12), "work": random.randint(1, 6), "files": random.randint(1, 4)}
    counts |= {"statistics": len(UNITS)}
    kinds = random.choice(SOURCES)
    return today, {kind: [draw_row(random, kind, n, today) for n in range(counts[kind])] for kind in kinds}


def draw_row(random: Random, kind: str, n: int, today: date) -> Row:
    """Return a row: an ordinary one, with some of its fields odd in three of four."""
    row = ordinary(random, kind, n, today)
    if random.random() < 0.75:
        key = next(iter(row)) if kind != "statistics" else ""
        for name in random.sample(FIELDS[kind], random.randint(1, 4)):
            if name != key:
                row[name] = odd(random, name)
    return row


def ordinary(random: Random, kind: str, n: int, today: date) -> Row:
    """Return a row as an office writes it."""

    def near(least: int, most: int) -> str:
        return f"{today + timedelta(days=random.randint(least, most)):%d/%m/%Y}"

    unit = random.choice(UNITS)
    if kind == "cases":
        status = random.choice(STATUSES)
        done = status in {"Đã xử lý xong", "Đã trả kết quả"}
        row = {"case_number": f"000.00.12.H24-{today:%y%m%d}-{n:04d}", "procedure": "Cấp phép", "unit": unit}
        row |= {"applicant": "Công ty A", "status": status, "received_at": near(-60, -30), "due_at": near(-20, 10)}
        return row | ({"finished_at": near(-15, 0)} if done else {}) | {"reason": random.choice(["", "Chờ ý kiến"])}
    if kind == "work":
        row = {"item_number": f"{n}/VB", "summary": "Văn bản đến", "unit": unit, "status": "Đang xử lý"}
        return row | {"assigned_at": near(-60, -30), "due_at": near(-20, 10)}
    if kind == "files":
        return {"file_code": f"{n:02d}.TCCB", "title": "Hồ sơ", "unit": unit, "state": "Đã kết thúc", "year": "2021"}
    return {"unit": UNITS[n % len(UNITS)], "work_total": str(random.randint(0, 9)), "files_open": "0"}


def odd(random: Random, name: str) -> str:
    """Return what nobody should have written under a heading, and somebody has."""
    if name.endswith("_at"):
        return odd_date(random)
    if name == "pauses":
        return odd_pauses(random)
    if name == "term_length":
        return random.choice(TERMS)
    if name in {"status", "state"}:
        return random.choice((*STATUSES, *ODD_STATUSES))
    if name in {"year", "postponed_times"} or name.startswith(("work_", "files_")):
        return random.choice(NUMBERS)
    return random.choice(("", " ", "=1+1", "VP", "Phòng không có", "x" * 400, "\u200b", "<b>", "{{ x }}"))


def odd_date(random: Random) -> str:
    """Return any day of 1900–2100 in any form, or what is no day."""
    if random.random() < 0.25:
        return random.choice(SPECIAL_DATES)
    day = date(1900, 1, 1) + timedelta(days=random.randrange(366 * 201))
    return day.strftime(random.choice(DATE_FORMATS)).zfill(8)


def odd_pauses(random: Random) -> str:
    """Return a list of pauses that overlap, last 150 years, never end, or are no list."""
    if random.random() < 0.2:
        return random.choice(("[]", "[{}]", "{", "null", '["x"]', '[{"from_at": "1"}]'))
    names = PAUSE_DATES[: random.randint(1, 4)]
    pauses = [{name: plausible_date(random) for name in names} for _ in range(random.randint(1, 4))]
    return json.dumps(pauses)


def plausible_date(random: Random) -> str:
    """Return a day a pause may name: mostly of a century the sources know."""
    if random.random() < 0.3:
        return odd_date(random)
    return f"{date(2000, 1, 1) + timedelta(days=random.randrange(36_524)):%d/%m/%Y}"


def shortest(office: Office, failure: Failure) -> Failure:
    """Return the failure with every row left out that it does not need."""
    rows, why = {kind: list(lines) for kind, lines in failure.rows.items()}, failure.why
    for kind in rows:
        for row in list(rows[kind]):
            fewer = rows | {kind: [one for one in rows[kind] if one is not row]}
            told = office.play(failure.today, fewer) if fewer[kind] else ""
            if told.splitlines()[-1:] == why.splitlines()[-1:]:
                rows, why = fewer, told
    return Failure(failure.today, failure.seed, rows, why)


@contextmanager
def office_at_work() -> Iterator[Office]:
    """Yield an office in a temporary folder; the disk is not waited for, templates are not checked anew each day."""
    fast = Path("/dev/shm")  # noqa: S108  nothing of it is secret, and nothing stays
    with (
        tempfile.TemporaryDirectory(dir=fast if fast.is_dir() else None) as folder,
        mock.patch.object(os, "fsync", return_value=None),
        mock.patch.object(preflight, "CHECKS", (preflight.Check(check_calendar),)),
        mock.patch.object(dondoc.installation, "ROOT", Path(folder)),
    ):
        # A few rows are not shared among threads, and a young heap need not be searched every few calls.
        pa.set_cpu_count(1)
        gc.disable()
        yield Office(Path(folder))
        gc.enable()


def fuzz(days: int, seed: int, minutes: float = inf) -> tuple[int, Failure | None]:
    """Play so many days, or as many as go in so many minutes.

    Return how many were played, and the first that fails, as short as it can be made.
    """
    logging.disable(logging.CRITICAL)
    random, until = Random(seed), time.monotonic() + 60 * minutes
    try:
        with office_at_work() as office:
            for n in range(days):
                if time.monotonic() > until:
                    return n, None
                if n % COLLECTED_EVERY == 0:
                    gc.collect()
                today, rows = draw_day(random)
                if why := office.play(today, rows):
                    return n + 1, shortest(office, Failure(today, seed, rows, why))
    finally:
        logging.disable(logging.NOTSET)
    return days, None


def tell(failure: Failure) -> str:
    """Return the failure as a person reads it."""
    lines = [f"HỎNG: mầm {failure.seed}, ngày {failure.today}"]
    lines += [f"  {kind}: {row}" for kind, rows in failure.rows.items() for row in rows]
    return "\n".join([*lines, failure.why])


def main() -> int:
    """Play the days asked for, shared among processes; return 1 if one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=inf, help="fewer days, if a slow machine takes longer")
    chosen = parser.parse_args()
    started, share = time.monotonic(), -(-chosen.days // chosen.processes)
    seeds = range(chosen.seed, chosen.seed + chosen.processes)
    with ProcessPoolExecutor(chosen.processes, mp_context=get_context("spawn")) as pool:
        played = list(pool.map(partial(fuzz, share, minutes=chosen.minutes), seeds))
    failures = [failure for _, failure in played if failure]
    for failure in failures:
        sys.stdout.write(f"{tell(failure)}\n")
    seconds = f"{time.monotonic() - started:.0f} giây"
    if not failures:
        told = f"{sum(days for days, _ in played)} ngày, mầm {', '.join(map(str, seeds))}"
        sys.stdout.write(f"{told}: 0 ngày không có báo cáo, dòng nào cũng còn đủ ({seconds})\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
