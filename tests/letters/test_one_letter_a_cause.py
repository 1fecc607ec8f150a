"""Two campaigns over the same case: one letter, whoever drafts first, on both databases."""

from dataclasses import replace
from datetime import date

import pytest
import yaml

from dondoc.campaign import Campaign
from dondoc.daily.publication import elsewhere_notes
from dondoc.errors import LetterError
from dondoc.ledger import transitions
from dondoc.ledger.letters import NewLetter, latest_letters, record_drafts
from dondoc.letters.submission import put_up

from .conftest import AT, CASE, Office

NUMBER, CODE, SECOND = CASE["case_number"], "hai-phong-2023", "dot-hai"
WHO = {"by": "x", "at": AT}


def written(folder, code, **changes):
    """Write a campaign's file, as the sample but for `changes`; return it."""
    described = yaml.safe_load((folder / CODE / "campaign.yaml").read_text(encoding="utf-8")) | {"code": code}
    (folder / code).mkdir(exist_ok=True)
    path = folder / code / "campaign.yaml"
    path.write_text(yaml.safe_dump(described | changes, allow_unicode=True), encoding="utf-8")
    return Campaign.model_validate(described | changes)


@pytest.fixture
def office(place, own_campaigns):
    yield Office(replace(place, installation=replace(place.installation, campaigns=own_campaigns)))
    place.ledger.dispose()


@pytest.fixture
def second(office, own_campaigns):
    """Return the same day in a second campaign, changed as asked; the first may be changed too."""

    def begin(**changes):
        campaign = written(own_campaigns, SECOND, **changes)
        return Office(replace(office.place, day=replace(office.place.day, campaign=campaign)))

    return begin


def held_by(office):
    return {number: letter.state for number, letter in office.letters.items()}


@pytest.mark.fault(117)
def test_the_second_campaign_drafts_no_second_letter_and_says_where_the_first_is(office, second):
    office.draft({})
    other = second()
    assert other.draft({})["new"] == 0
    assert held_by(other) == {}
    assert [(one["reason"]) for one in elsewhere_notes(other.place, {NUMBER})] == [
        f"1 hồ sơ đã có thư ở đợt {CODE}, không soạn thư thứ hai"
    ]
    assert elsewhere_notes(office.place, {NUMBER}) == []


def test_what_a_campaign_that_is_over_left_undecided_is_drafted_by_the_next(office, second, own_campaigns):
    office.draft({})
    written(own_campaigns, CODE, deadline=date(2023, 11, 13))
    other = second()
    assert other.draft({})["new"] == 1
    assert (held_by(office), held_by(other)) == ({NUMBER: "withdrawn"}, {NUMBER: "complete"})
    assert office.letter.reason == f"đợt đã qua hạn: đợt {SECOND} soạn tiếp"


def test_a_letter_approved_in_a_campaign_that_is_over_stands(office, second, own_campaigns):
    office.draft({})
    shown = put_up(office.place.ledger, office.place.out, campaign=CODE, unit="QLDT", **WHO)
    transitions.approve(office.place.ledger, [letter.id for letter in shown.letters], batch=shown.batch, **WHO)
    written(own_campaigns, CODE, deadline=date(2023, 11, 13))
    assert second().draft({})["new"] == 0
    assert office.letter.state == "approved"


def test_a_letter_withdrawn_in_the_first_campaign_is_drafted_in_the_second(office, second):
    office.draft({})
    transitions.withdraw(office.place.ledger, {office.letter.id: "không còn nợ"}, **WHO)
    assert second().draft({})["new"] == 1
    assert office.draft({})["new"] == 0


def test_another_office_of_the_installation_may_number_its_cases_alike(office, second):
    office.draft({})
    name = yaml.safe_load((office.place.installation.campaigns / CODE / "campaign.yaml").read_text())["office"]
    assert second(office=name | {"name": "Sở Xây dựng"}).draft({})["new"] == 1


def test_of_two_letters_an_older_version_drafted_the_later_is_withdrawn(office, second):
    new = NewLetter(CODE, NUMBER, 1, "QLDT", (), "a.docx", "1" * 64, "2" * 64, {}, "3" * 64, None, AT.date())
    record_drafts(office.place.ledger, [new, replace(new, campaign=SECOND)], **WHO)
    other = second()
    assert (office.draft({})["withdrawn"], other.draft({})["withdrawn"]) == (0, 1)
    assert held_by(other) == {NUMBER: "withdrawn"}
    assert other.letter.reason == f"đã có thư ở đợt {CODE}"


@pytest.mark.fault(58, 117)
def test_two_campaigns_that_draft_at_once_leave_one_letter(ledger):
    new = NewLetter(CODE, NUMBER, 1, "QLDT", (), "a.docx", "1" * 64, "2" * 64, {}, "3" * 64, None, AT.date())
    new = replace(new, office="so cong thuong")
    record_drafts(ledger, [new], **WHO)
    with pytest.raises(LetterError, match="vừa được soạn thư ở lượt hoặc đợt khác"):
        record_drafts(ledger, [replace(new, campaign=SECOND)], **WHO)
    assert latest_letters(ledger, campaign=SECOND) == {}
    record_drafts(ledger, [replace(new, campaign="other", office="so xay dung")], **WHO)
