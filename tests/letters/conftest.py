"""A day's letters drafted from a few cases, without sources."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from dondoc.checks.apologies import APOLOGIES
from dondoc.daily import check, draft_letters, evidence
from dondoc.ledger.letters import latest_letters
from dondoc.letters.draft import COLUMNS
from dondoc.records import CASES, CaseStatus, conform, empty_frame
from dondoc.sources.snapshot import write_snapshot

AT = datetime(2023, 11, 14, 2, tzinfo=UTC)
CASE = {
    "case_number": "000.00.12.H24-231001-0001",
    "unit": "QLDT",
    "procedure": "Cấp giấy chứng nhận đăng ký đầu tư",
    "applicant": "CÔNG TY TNHH MỘT",
    "applicant_kind": None,
    "received_at": datetime(2023, 10, 1),
    "due_at": datetime(2023, 11, 1),
    "status": CaseStatus.IN_PROCESS,
    "reason": "chờ ý kiến của sở",
    "new_due_at": datetime(2023, 11, 20),
    "source_file": "f",
    "source_row": 1,
}
LATE = {**dict.fromkeys(COLUMNS), **CASE, "ended_on": None, "days_late": 9}


def frame(cases):
    blank = dict.fromkeys(empty_frame(CASES).columns)
    rows = [blank | CASE | case for case in cases]
    return conform(pd.DataFrame(rows).astype(object), CASES)


class Office:
    """A day at work on given cases; what the real step does, and what the register then holds."""

    def __init__(self, place):
        self.place = place
        self.step = draft_letters.draft_letters.__wrapped__

    def on(self, day):
        return Office(replace(self.place, day=replace(self.place.day, business_date=day)))

    def draft(self, *cases, units=("QLDT",), counted=False, **given):
        """Draft; `counted` lets what the register has signed count, as `check` finds it."""
        found = {"snapshots": [{"name": "cases", "kind": "cases", "path": self._keep(frame(cases), CASES, "cases")}]}
        if counted:
            apologies = evidence.gather(self.place, check.judged_cases(self.place, found))
            found["apologies"] = self._keep(apologies, APOLOGIES, "apologies")
        return self.step(self.place, found, list(units), **given)

    def _keep(self, rows, schema, name):
        path = write_snapshot(rows, schema, folder=self.place.folder / "snapshots", name=name)
        return path.relative_to(self.place.out).as_posix()

    @property
    def letters(self):
        return latest_letters(self.place.ledger, campaign=self.place.day.campaign.code)

    @property
    def letter(self):
        (found,) = self.letters.values()
        return found

    def file(self, letter=None):
        return self.place.out / (letter or self.letter).path

    @property
    def files(self):
        return sorted(path.name for path in self.place.out.rglob("*.docx") if "letters-store" not in path.parts)


@pytest.fixture
def office(place):
    yield Office(place)
    place.ledger.dispose()


@pytest.fixture
def tomorrow(office):
    return office.on(date(2023, 11, 15))
