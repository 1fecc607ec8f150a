"""Three witnesses of an apology, kept apart: the source system, our register of letters, the unit's own word."""

import pytest
from tests.checks.conftest import at, case

from dondoc.campaign import Rules
from dondoc.figures import day_figures, owed, require_sums
from dondoc.records import FindingKind

K = FindingKind
LETTER = {"case_number": "A", "letter_number": "12/PXL-BQL", "letter_signed_on": at("13/11/2023")}
CLAIM = {"case_number": "A", "claimed_number": "7", "claimed_on": at("13/11/2023")}
COUNTS = ("apologies_done", "apologies_both", "apologies_system", "apologies_register", "apologies_claimed")


def figures_of(office, *cases, **given):
    facts = office.judge(*cases, **given)
    figures = day_figures(facts.cases, facts.work, facts.day.campaign.units)
    require_sums(figures)
    return figures[figures["scope"] == "office"].iloc[0]


@pytest.mark.parametrize(
    ("system", "beside", "counts"),
    [
        pytest.param(None, {}, (0, 0, 0, 0, 0), id="nobody"),
        pytest.param("13/11/2023", {}, (1, 0, 1, 0, 0), id="the system alone"),
        pytest.param(None, LETTER, (1, 0, 0, 1, 0), id="the register alone"),
        pytest.param(None, CLAIM, (0, 0, 0, 0, 1), id="the unit alone, which does not count"),
        pytest.param("13/11/2023", LETTER | CLAIM, (1, 1, 0, 0, 0), id="all three are one apology"),
        pytest.param("15/11/2023", {}, (0, 0, 0, 0, 0), id="the system, tomorrow"),
        pytest.param(None, LETTER | {"letter_signed_on": at("14/11/2023")}, (1, 0, 0, 1, 0), id="signed today"),
        pytest.param(None, LETTER | {"letter_signed_on": at("15/11/2023")}, (0, 0, 0, 0, 0), id="signed tomorrow"),
        pytest.param(None, CLAIM | {"case_number": "B"}, (0, 0, 0, 0, 0), id="of another case"),
    ],
)
def test_each_apology_is_counted_once_under_who_says_so(office, system, beside, counts):
    found = figures_of(office, case(apologised_at=at(system)), told=[beside] if beside else [])
    assert tuple(found[name] for name in COUNTS) == counts
    assert found["apology_rate"] == 100 * counts[0]


@pytest.mark.parametrize(
    ("counting", "done"),
    [
        (("system",), 1),
        (("register",), 1),
        (("claimed",), 1),
        (("system", "register"), 2),
        (("register", "claimed"), 2),
    ],
)
def test_the_campaign_says_whose_word_counts(office, counting, done):
    cases = [case(number="A"), case(number="B"), case(number="C", apologised_at=at("13/11/2023"))]
    found = figures_of(office, *cases, told=[LETTER, CLAIM | {"case_number": "B"}], counting=counting)
    assert (found["apologies_done"], found["apologies_due"]) == (done, 3)


def test_a_letter_that_waits_for_its_signature_is_told_and_owed_by_nobody_in_the_unit(office):
    waiting = [{"case_number": "A", "waiting": True}]
    done = case(9, finished="13/11/2023")
    assert office.kinds(done, told=waiting) == {K.APOLOGY_WAITING}
    assert office.kinds(case(), told=waiting) == {K.APOLOGY_WAITING, K.CASE_OVERDUE}
    found = figures_of(office, done, told=waiting)
    assert (found["apology_rate"], found["apologies_waiting"], owed(found)["apologies_owed"]) == (0, 1, 0)


def test_what_waits_is_told_whatever_the_campaign_turns_on(office):
    told = [{"case_number": "A", "waiting": True}]
    assert office.kinds(case(9, finished="13/11/2023"), told=told, rules=Rules()) == {K.APOLOGY_WAITING}


def test_a_case_in_time_waits_for_no_apology(office):
    assert K.APOLOGY_WAITING not in office.kinds(case(due="20/11/2023"), told=[{"case_number": "A", "waiting": True}])


def test_a_letter_the_system_does_not_show_is_told_where_the_system_can_show_one(office):
    other = case(9, finished="13/11/2023", number="B", apologised_at=at("09/11/2023"), reason="x")
    [found] = office.find(case(9, finished="13/11/2023"), other, told=[LETTER]).to_dict("records")
    assert (found["kind"], found["number"]) == (K.APOLOGY_NOT_IN_SYSTEM, "A")
    assert found["note"] == "đã ký thư xin lỗi số 12/PXL-BQL ngày 13/11/2023, chưa cập nhật lên hệ thống một cửa"


@pytest.mark.fault(100)
def test_a_source_that_never_dates_an_apology_is_not_blamed_for_it(office):
    elsewhere = case(number="B", apologised_at=at("09/11/2023"), reason="x", source_file="b.xlsx")
    kinds = office.kinds(case(9, finished="13/11/2023"), told=[LETTER])
    assert kinds == set()
    found = office.find(case(9, finished="13/11/2023"), elsewhere, told=[LETTER])
    assert "A" not in set(found["number"])


@pytest.mark.parametrize(("said", "kinds"), [("09/11/2023", set()), ("10/11/2023", {K.APOLOGY_NOT_IN_REGISTER})])
def test_an_apology_the_register_does_not_know_is_told_from_the_campaigns_first_day_on(office, said, kinds):
    ended = case(9, finished="13/11/2023", apologised_at=at(said), reason="x")
    found = office.find(ended)
    assert set(found["kind"]) == kinds
    assert all("sổ đăng ký thư không có thư đã ký" in note for note in found["note"])


@pytest.mark.parametrize(
    ("given", "counting", "words"),
    [
        pytest.param(CLAIM, ("system", "register"), "đơn vị báo đã xin lỗi ngày 13/11/2023", id="claimed"),
        pytest.param(LETTER, ("system",), "sổ đăng ký thư có thư đã ký ngày 13/11/2023", id="signed"),
    ],
)
def test_what_does_not_count_is_owed_and_said(office, given, counting, words):
    found = office.find(case(9, finished="13/11/2023"), told=[given], counting=counting)
    [note] = found.loc[found["kind"] == K.APOLOGY_OWED, "note"]
    assert note == f"{words}, chưa được tính vào tỷ lệ"


def test_our_own_letter_lacks_neither_reason_nor_date(office):
    given = {"apologised_at": at("09/11/2023")}
    assert K.APOLOGY_INCOMPLETE in office.kinds(case(**given))
    assert K.APOLOGY_INCOMPLETE not in office.kinds(case(**given), told=[LETTER])
