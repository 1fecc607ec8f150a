"""What is waived is counted apart: due, not done, and not among what remains; the mail lists it apart too."""

from datetime import date

import pytest
from tests.checks.conftest import TODAY, at, case

from dondoc.campaign import Waiver
from dondoc.checks.findings import waived_numbers
from dondoc.checks.registry import find_all
from dondoc.figures import day_figures, is_behind, owed, owed_sentence, require_sums
from dondoc.mail.listing import listed
from dondoc.records import FindingKind
from dondoc.records.unit_findings import by_unit

K = FindingKind
WAIVED, OVERDUE = "Được lãnh đạo cho phép tạm miễn", "Hồ sơ đang giải quyết quá hạn, chưa có văn bản xin lỗi"
APOLOGISED = "Hồ sơ đã xin lỗi, còn đang giải quyết quá hạn"
OPEN = case(unit="VP")
DONE = case(9, finished="13/11/2023", unit="VP")
SAID = case(unit="VP", apologised_at=at("13/11/2023"))
ITEM = {"item_number": "7", "unit": "VP", "status": "open", "source_file": "w.xlsx", "source_row": 5}
FILED = ITEM | {"file_code": "01.VP"}


def excuse(kind, *, number="A", until=TODAY):
    return Waiver(kind=kind, number=number, by="Trưởng ban", reason="chờ giám định", until=until)


def judged(office, thing, *kinds, **given):
    is_case = "case_number" in thing
    waivers = [excuse(kind, number="A" if is_case else "7", **given) for kind in kinds]
    facts = office.judge(*([thing] if is_case else []), waivers=waivers, **({} if is_case else {"work": [thing]}))
    whole = day_figures(facts.cases, facts.work, facts.day.campaign.units, waived=waived_numbers(waivers, as_of=TODAY))
    require_sums(whole)
    figures = whole[whole["scope"] == "office"].iloc[0]
    return figures, by_unit(find_all(facts))["VP"]


@pytest.mark.parametrize(
    ("thing", "kinds", "remains", "waived", "behind", "title"),
    [
        pytest.param(OPEN, [], 1, 0, True, OVERDUE, id="nothing waived"),
        pytest.param(OPEN, [K.APOLOGY_OWED], 0, 1, True, WAIVED, id="its apology, not its end"),
        pytest.param(OPEN, [K.CASE_OVERDUE], 1, 0, True, OVERDUE, id="its end, not its apology"),
        pytest.param(OPEN, [K.APOLOGY_OWED, K.CASE_OVERDUE], 0, 1, False, WAIVED, id="both"),
        pytest.param(DONE, [K.APOLOGY_OWED], 0, 1, False, WAIVED, id="finished late"),
        pytest.param(SAID, [], 0, 0, True, APOLOGISED, id="apologised for, still open"),
        pytest.param(SAID, [K.CASE_OVERDUE], 0, 0, False, WAIVED, id="apologised for, its end waived"),
        pytest.param(ITEM, [K.WORK_UNREPORTED], 1, 0, True, None, id="an item lacks more than is waived"),
        pytest.param(ITEM, [K.WORK_UNREPORTED, K.WORK_UNFILED], 0, 1, False, WAIVED, id="all an item lacks"),
        pytest.param(FILED, [K.WORK_UNREPORTED], 0, 1, False, WAIVED, id="an item that is filed"),
    ],
)
def test_what_is_waived_does_not_remain(office, thing, kinds, remains, waived, behind, title):
    figures, findings = judged(office, thing, *kinds)
    counts = owed(figures)
    assert (counts["remaining"], counts["waived"], is_behind(figures)) == (remains, waived, behind)
    assert bool(owed_sentence(figures)) == (behind or waived > 0)
    assert title is None or listed(findings, new=[])[0]["title"] == title


def test_it_stands_in_the_rate_s_denominator_all_the_same(office):
    figures, _ = judged(office, DONE, K.APOLOGY_OWED)
    assert (figures["apologies_due"], figures["apologies_done"], figures["apology_rate"]) == (1, 0, 0)


def test_a_waiver_that_is_over_excuses_nothing(office):
    figures, _ = judged(office, DONE, K.APOLOGY_OWED, until=date(2023, 11, 13))
    assert (owed(figures)["remaining"], owed(figures)["waived"]) == (1, 0)


def test_the_mail_says_what_is_not_waived_of_it(office):
    _, findings = judged(office, OPEN, K.APOLOGY_OWED)
    [row] = listed(findings, new=[])[0]["rows"]
    assert "Hồ sơ đang giải quyết quá hạn" in row["also"]
    assert "tạm miễn: Trưởng ban, đến hết ngày 14/11/2023: chờ giám định" in row["also"]
