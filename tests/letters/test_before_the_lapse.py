"""The letter before the lapse: drafted on the last working day before, true of that day, and one with the later one."""

import re
from dataclasses import replace
from datetime import date, datetime

import docx
import pytest

from dondoc.campaign import Campaign
from dondoc.decree30 import find_departures
from dondoc.ledger import transitions
from dondoc.letters.draft import UnitAnswer
from dondoc.letters.plan import FINISHED_IN_TIME
from dondoc.letters.submission import put_up
from dondoc.records import CaseStatus

from .conftest import AT, Office

WHO = {"by": "Trần Thị B", "at": AT}
DUE = {"due_at": datetime(2023, 11, 15), "received_at": datetime(2023, 10, 2)}
UNSAID = {"reason": None, "new_due_at": None}
ANSWER = UnitAnswer("chờ kết quả giám định", date(2023, 11, 22))
EARLY = {"status": CaseStatus.FINISHED, "finished_at": datetime(2023, 11, 14)}
FINISHED = {"status": CaseStatus.FINISHED, "finished_at": datetime(2023, 11, 15)}
SUPPLEMENT = {"status": CaseStatus.SUPPLEMENT_ASKED, "pauses": [{"from_at": datetime(2023, 11, 14)}]}
WITHDRAWN = {"status": CaseStatus.WITHDRAWN}
FRIDAY, SATURDAY, MONDAY = date(2023, 11, 10), date(2023, 11, 11), date(2023, 11, 13)


@pytest.fixture
def ahead(office, hai_phong):
    """Return the office with the letter before the lapse turned on."""
    letters = hai_phong.letters.model_copy(update={"before_lapse": True})
    day = replace(office.place.day, campaign=hai_phong.model_copy(update={"letters": letters}))
    return Office(replace(office.place, day=day))


def words(office):
    return "\n".join(paragraph.text for paragraph in docx.Document(office.file()).paragraphs)


@pytest.mark.parametrize(
    ("today", "due", "drafted"),
    [
        pytest.param(date(2023, 11, 13), date(2023, 11, 15), 0, id="two working days before"),
        pytest.param(date(2023, 11, 14), date(2023, 11, 15), 1, id="the working day before"),
        pytest.param(date(2023, 11, 15), date(2023, 11, 15), 1, id="the due day, still unfinished"),
        pytest.param(date(2023, 11, 16), date(2023, 11, 15), 1, id="lapsed"),
        pytest.param(FRIDAY, MONDAY, 1, id="the Friday before a Monday"),
        pytest.param(date(2023, 11, 9), MONDAY, 0, id="two working days before a Monday"),
        pytest.param(FRIDAY, SATURDAY, 1, id="due on a rest day: the working day before"),
        pytest.param(date(2023, 4, 28), date(2023, 5, 4), 1, id="over the holiday of 30/4 and 1/5"),
        pytest.param(date(2023, 4, 27), date(2023, 5, 4), 0, id="two working days before the end of a holiday"),
    ],
)
def test_it_is_drafted_one_working_day_before_the_due_day(ahead, today, due, drafted):
    at = datetime.combine(due, datetime.min.time())
    received = {"received_at": datetime(2023, 4, 3)}
    ahead.on(today).draft({"due_at": at} | received | UNSAID)
    assert len(ahead.letters) == drafted


@pytest.mark.parametrize(
    "case",
    [
        FINISHED | {"finished_at": datetime(2023, 11, 14)},
        SUPPLEMENT,
        WITHDRAWN,
        {"apologised_at": datetime(2023, 11, 13)},
    ],
    ids=["finished in time", "supplement asked for", "withdrawn", "apologised for"],
)
def test_a_case_that_does_not_lapse_or_is_apologised_for_gets_none(ahead, case):
    ahead.draft(DUE | case)
    assert ahead.letters == {}


def test_nothing_is_drafted_before_the_lapse_where_the_campaign_does_not_ask(office):
    office.draft(DUE)
    assert office.letters == {}


def test_its_words_are_true_before_the_due_day_and_in_the_form(ahead):
    ahead.draft(DUE, answers={"000.00.12.H24-231001-0001": ANSWER})
    assert (ahead.letter.state, ahead.letter.promised_on) == ("complete", ANSWER.new_due_on)
    assert "dự kiến không kịp trả kết quả" in words(ahead)
    assert not re.search("đến nay|chưa trả", words(ahead))
    assert find_departures(ahead.file()) == []


def test_it_lacks_what_the_unit_has_not_said(ahead):
    ahead.draft(DUE | UNSAID)
    assert (ahead.letter.state, ahead.letter.missing) == ("drafted", ("reason", "new_due_on"))


@pytest.mark.parametrize(
    ("case", "reason"), [(FINISHED, FINISHED_IN_TIME), (SUPPLEMENT, "hồ sơ không quá hạn")], ids=["finished", "paused"]
)
def test_it_is_withdrawn_by_itself_when_the_case_does_not_lapse(ahead, case, reason):
    ahead.draft(DUE)
    ahead.on(date(2023, 11, 15)).draft(DUE | case)
    assert (ahead.letter.state, ahead.letter.reason) == ("withdrawn", reason)


def test_when_the_case_lapses_it_is_the_same_letter_in_new_words(ahead):
    ahead.draft(DUE)
    lapsed = ahead.on(date(2023, 11, 16))
    lapsed.draft(DUE)
    assert (lapsed.letter.version, lapsed.letter.state) == (2, "complete")
    assert "đến nay" in words(lapsed)
    assert len(lapsed.files) == 1


def test_approved_before_the_lapse_it_stands_after_it(ahead):
    ahead.draft(DUE)
    place = ahead.place
    shown = put_up(place.ledger, place.out, campaign=place.day.campaign.code, unit="QLDT", **WHO)
    transitions.approve(place.ledger, [shown.letters[0].id], batch=shown.batch, **WHO)
    content = ahead.file().read_bytes()
    lapsed = ahead.on(date(2023, 11, 16))
    lapsed.draft(DUE)
    assert (lapsed.letter.state, lapsed.letter.version, lapsed.letter.stale_reason) == ("approved", 1, None)
    assert lapsed.file().read_bytes() == content


def test_approved_before_the_lapse_it_is_held_when_the_case_finishes_in_time(ahead):
    ahead.draft(DUE)
    place = ahead.place
    shown = put_up(place.ledger, place.out, campaign=place.day.campaign.code, unit="QLDT", **WHO)
    transitions.approve(place.ledger, [shown.letters[0].id], batch=shown.batch, **WHO)
    ahead.on(date(2023, 11, 15)).draft(DUE | FINISHED)
    assert ahead.letter.stale_reason == FINISHED_IN_TIME


def test_a_campaign_that_wants_it_must_look_for_cases_about_to_lapse(hai_phong):
    told = hai_phong.model_dump(mode="json", by_alias=True)
    told["letters"]["before_lapse"] = True
    told["rules"]["find"] = [kind for kind in told["rules"]["find"] if kind != "apology_due_soon"]
    with pytest.raises(ValueError, match="apology_due_soon"):
        Campaign.model_validate(told)
