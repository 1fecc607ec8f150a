"""What is made of answers: letters completed, and claims counted until the systems confirm them."""

from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import pytest
from tests.letters.conftest import frame

from dondoc.answers.claims import ANSWERS, letter_answers, unit_claims
from dondoc.answers.intake import said_before
from dondoc.answers.unit_workbook import UnitWorkbooks
from dondoc.daily import draft_letters, mail_planning
from dondoc.daily.standing import changes_since, standing_of
from dondoc.figures import FIGURES
from dondoc.ledger import answers
from dondoc.ledger.letters import latest_letters
from dondoc.ledger.workbooks import find_workbook, latest_workbooks
from dondoc.letters.draft import UnitAnswer
from dondoc.records import CASES, FindingKind, conform
from dondoc.records.unit_findings import by_unit
from dondoc.sources.snapshot import write_snapshot

from .conftest import BOTH, CODE, ENDED, KEY, OPEN, UNFILED, UNIT, finding, findings, findings_of

BEFORE = date(2023, 11, 13)


def said(*rows):
    return conform(pd.DataFrame([(*row, BEFORE) for row in rows], columns=ANSWERS.names), ANSWERS)


def claimed(day, rows, *answers):
    found = unit_claims(rows, said(*answers), day.campaign.units).set_index("code").loc[UNIT]
    return tuple(int(count) for count in found)


def test_a_claim_counts_while_the_systems_still_show_the_thing_as_owed(day):
    given = [("work", BOTH, "reported_on", "2023-11-10")]
    given += [("work", BOTH, "file_code", "01"), ("work", UNFILED, "file_code", "02")]
    assert claimed(day, findings(), *given) == (1, 2)
    confirmed = findings()
    confirmed = confirmed[confirmed["kind"] != FindingKind.WORK_UNFILED]
    assert claimed(day, confirmed, *given) == (1, 0)


@pytest.mark.parametrize(
    "given",
    [
        ("cases", OPEN, "reason", "x"),
        ("cases", OPEN, "apologised_on", "2023-11-10"),
        ("work", "9", "reported_on", "2023-11-10"),
    ],
    ids=["a reason", "an apology, which the figures count", "an item nobody owes"],
)
def test_nothing_else_is_a_claim(day, given):
    assert claimed(day, findings(), given) == (0, 0)


def test_every_unit_has_its_row_and_a_claim_is_the_owing_units(day):
    rows = findings_of(finding(FindingKind.WORK_UNFILED, "HS-1", unit="VP"))
    found = unit_claims(rows, said(("work", "HS-1", "file_code", "01")), day.campaign.units)
    assert list(found["code"]) == [unit.code for unit in day.campaign.units]
    counts = found.set_index("code")["filed_claimed"]
    assert counts.sum() == counts["VP"] == 1


def test_without_answers_nothing_is_claimed_and_no_letter_answered(day):
    assert claimed(day, findings()) == (0, 0)
    assert letter_answers(said()) == {}


def test_a_letter_takes_reason_and_new_date(day):
    given = [("cases", "HS-1", "reason", "chờ"), ("cases", "HS-1", "new_due_on", "2023-11-20")]
    given += [
        ("cases", "HS-2", "reason", "x"),
        ("cases", "HS-3", "apology_number", "1"),
        ("work", "HS-4", "reason", "x"),
    ]
    assert letter_answers(said(*given)) == {
        "HS-1": UnitAnswer("chờ", date(2023, 11, 20)),
        "HS-2": UnitAnswer("x", None),
    }


@pytest.fixture
def draft(office):
    """Draft the letter of one late case nobody has explained, on a day; return what it lacks."""

    def run(business_date):
        place = replace(office.place, day=replace(office.day, business_date=business_date), kind="daily")
        cases = frame([{"case_number": OPEN, "reason": None, "new_due_at": None}])
        path = write_snapshot(cases, CASES, folder=place.folder / "snapshots", name="cases")
        found = {"snapshots": [{"name": "cases", "kind": "cases", "path": path.relative_to(place.out).as_posix()}]}
        draft_letters.draft_letters.__wrapped__(place, found, [UNIT])
        return latest_letters(place.ledger, campaign=CODE)[OPEN].missing

    return run


def test_an_answer_completes_the_letter_of_its_day_and_later_ones(office, draft):
    assert draft(BEFORE) == ("reason", "new_due_on")
    office.take({OPEN: {"reason_words": "chờ ý kiến", "new_due_on": datetime(2023, 11, 20)}})
    assert draft_letters.answers_of(replace(office.place, day=replace(office.day, business_date=BEFORE))) == {}
    assert draft(BEFORE) == ("reason", "new_due_on")
    assert draft(office.day.business_date) == ()


def test_a_reminders_workbook_is_known_before_it_leaves(office):
    figures = {field.name: 1 for field in FIGURES} | {"code": UNIT, "name": "x", "rate": 50.0}
    place = replace(office.place, kind="daily")
    from dondoc.ledger import runs

    runs.open_run(
        place.ledger,
        campaign=CODE,
        business_date=office.day.business_date,
        kind="daily",
        mode="preview",
        hold_reason="x",
    )
    mine = findings().iloc[:3]
    facts = {"figures": figures, "findings": by_unit(mine)[UNIT], "changes": changes_since(place, mine).of(UNIT)}
    facts |= {"standing": standing_of(place), "workbooks": UnitWorkbooks(place.day, said_before(place), KEY)}
    reminder = mail_planning.write_reminder(place, place.day.campaign.unit_by_code[UNIT], **facts)
    mail_planning.enter_reminders(place, [UNIT], reminders=[reminder], thanks=[])
    [issued] = latest_workbooks(place.ledger, campaign=CODE)
    assert issued == find_workbook(place.ledger, issued.identity)
    assert {line.number for line in issued.lines} == set(findings().iloc[:3]["number"])


def test_what_no_later_answer_has_mended_is_listed(office):
    office.take({ENDED: {"apology_number": "1"}, OPEN: {"reason_words": "x" * 501}})
    office.take({ENDED: {"apology_number": "1", "apologised_on": datetime(2023, 11, 13)}})
    left = answers.refused_cells(office.place.ledger, campaign=CODE)
    assert [(cell.number, cell.field) for cell in left] == [(OPEN, "reason")]
