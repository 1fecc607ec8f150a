"""A case that is about to lapse, day by day: asked for, drafted, signed before its due day, and counted as such."""

import csv
from datetime import date

import openpyxl
import pytest
import yaml
from tests.daily.campaign_days import CODE, UNITS, Play, write_campaign

from dondoc.daily import steps
from dondoc.daily.check import read_figures
from dondoc.installation.workplace import Workplace
from dondoc.ledger import transitions
from dondoc.ledger.letters import latest_letters
from dondoc.ledger.store import now
from dondoc.ledger.transitions import Signature
from dondoc.letters.draft import UnitAnswer
from dondoc.letters.submission import put_up

CASE, UNIT = "000.00.12.H24-250402-0009", "QLDT"
BEFORE, EVE, DUE, LAPSED = "04-22", "04-23", "04-24", "04-25"
ANSWER = {CASE: UnitAnswer("chờ kết quả giám định", date(2025, 5, 8))}


class Lapsing(Play):
    """The office, with one more case of a unit that owes nothing else, due on Thursday 24/4."""

    def export(self, done):
        super().export(done)
        row = [CASE, "Cấp phép", UNITS[UNIT], "02/04/2025", "24/04/2025", "Công ty C", "Đang xử lý", "", "", ""]
        with (self.folder / "cases.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(row)

    def until_letters(self, day, answers=None):
        """Play a day up to its letters and reminders; return it and what its checks left."""
        self.turn_to(f"{day}T07:30")
        self.export({UNIT: 5})
        ref = steps.open_day(steps.day_ref(CODE, f"2025-{day}"))
        found = steps.check(ref, steps.gate(ref, [steps.pull(ref, source) for source in ("cases", "work")]))
        for batch in found["letters"]:
            steps.draft_letters(ref, found, batch["units"], answers=answers)
        for batch in found["reminders"]:
            steps.compose_reminders(ref, found, batch["units"])
        return Workplace.of(ref), found


@pytest.fixture
def play(own_campaigns, tmp_path, monkeypatch):
    write_campaign(own_campaigns)
    path = own_campaigns / CODE / "campaign.yaml"
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    described["letters"]["before_lapse"] = True
    path.write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
    return Lapsing(tmp_path / "sources", monkeypatch)


def letter_of(place):
    return latest_letters(place.ledger, campaign=CODE).get(CASE)


def sign(place, on):
    who = {"by": "Trần Thị B", "at": now()}
    shown = put_up(place.ledger, place.out, campaign=CODE, unit=UNIT, **who)
    transitions.approve(place.ledger, [shown.letters[0].id], batch=shown.batch, **who)
    given = Signature("12/PXL-BQL", on, "Bùi Ngọc Hải")
    transitions.record_signature(place.ledger, shown.letters[0].id, given, **who)


def test_the_unit_is_asked_the_letter_signed_in_time_and_the_case_counts_as_apologised_for_before_its_due_day(play):
    place, _ = play.until_letters(BEFORE)
    assert letter_of(place) is None
    place, _ = play.until_letters(EVE)
    assert (letter_of(place).state, letter_of(place).missing) == ("drafted", ("reason", "new_due_on"))
    [path] = place.folder.glob(f"mail/*-{UNIT}-*.xlsx")
    asked = [row[0] for row in openpyxl.load_workbook(path)["Hồ sơ quá hạn"].iter_rows(min_row=4, values_only=True)]
    assert CASE in asked
    [mail] = place.folder.glob(f"mail/nhac-viec-{UNIT}.eml")
    assert mail.is_file()
    place, _ = play.until_letters(DUE, ANSWER)
    assert letter_of(place).state == "complete"
    sign(place, date(2025, 4, 24))
    place, found = play.until_letters(LAPSED, ANSWER)
    assert (letter_of(place).state, letter_of(place).stale_reason) == ("signed", None)
    figures = read_figures(place, found).loc[UNIT]
    names = ("apologies_due", "apologies_done", "apologies_before_due", "apologies_after_due")
    assert [int(figures[name]) for name in names] == [1, 1, 1, 0]
