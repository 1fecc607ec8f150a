"""The ladder by what has been reached and not yet climbed: no outage loses a rung, nobody is written to twice a day."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.campaign import Contact, LadderRung, Reminders, Unit
from dondoc.campaign.day import Day
from dondoc.ledger.rungs import Climbed
from dondoc.mail.countdown import countdown, days_to_deadline
from dondoc.mail.ladder import address_leaders, address_praise, address_unit, rung_words, without_address

HEAD = Contact(name="Vũ Thị Mai", position="Trưởng phòng", email="mai@x.vn")
DEPUTY = Contact(name="Đỗ Minh Tuấn", position="Phó Trưởng phòng", email="tuan@x.vn")
LEADER = Contact(name="Bùi Ngọc Hải", position="Phó Trưởng ban", email="hai@x.vn")
UNIT = Unit(code="QLDT", name="Phòng", emails=("phong@x.vn", "phong2@x.vn"), deputy=DEPUTY, head=HEAD)
LADDER = (
    LadderRung(to="unit"),
    LadderRung(to="deputy", days_left=3),
    LadderRung(to="head", days_left=1),
    LadderRung(to="head", days_left=-2),
)
LEADERS = Reminders(
    ladder=(*LADDER[:3], LadderRung(to="leadership", days_left=1), LadderRung(to="leadership", days_left=0)),
    leadership=(LEADER,),
)


def written(days_left, climbed=(), unit=UNIT):
    return {who.recipient: who.rungs for who in address_unit(unit, LADDER, days_left=days_left, climbed=climbed)}


DAILY = {"phong@x.vn": ("unit",), "phong2@x.vn": ("unit",)}


@pytest.mark.parametrize(
    ("days_left", "climbed", "above"),
    [
        pytest.param(9, [], {}, id="the unit alone, long before"),
        pytest.param(4, [], {}, id="the day before a rung is reached"),
        pytest.param(3, [], {"tuan@x.vn": ("deputy:3",)}, id="the day a rung is reached"),
        pytest.param(2, [], {"tuan@x.vn": ("deputy:3",)}, id="missed that day, the day after"),
        pytest.param(2, ["deputy:3 tuan@x.vn"], {}, id="climbed: not again"),
        pytest.param(2, ["deputy:3 old@x.vn"], {"tuan@x.vn": ("deputy:3",)}, id="climbed with the one before"),
        pytest.param(0, [], {"tuan@x.vn": ("deputy:3",), "mai@x.vn": ("head:1",)}, id="two rungs after an outage"),
        pytest.param(-5, ["head:1 mai@x.vn", "deputy:3 tuan@x.vn"], {"mai@x.vn": ("head:-2",)}, id="past the deadline"),
        pytest.param(-5, ["deputy:3 tuan@x.vn"], {"mai@x.vn": ("head:1", "head:-2")}, id="both rungs in one mail"),
    ],
)
def test_who_is_written_to_follows_from_what_is_reached_and_not_climbed(days_left, climbed, above):
    known = [Climbed("QLDT", *text.split(" ")) for text in climbed]
    assert written(days_left, known) == DAILY | above


def test_one_person_with_two_roles_gets_one_mail_with_both_rungs():
    small = UNIT.model_copy(update={"emails": ("MAI@x.vn",), "deputy": HEAD})
    assert written(1, unit=small) == {"MAI@x.vn": ("unit", "deputy:3", "head:1")}


def test_an_address_in_another_case_is_one_recipient():
    twice = UNIT.model_copy(update={"emails": ("Phong@x.vn", "phong2@x.vn", "phong@X.VN", "phong2@x.vn")})
    assert twice.addresses == ["Phong@x.vn", "phong2@x.vn"]
    assert list(written(9, unit=twice)) == twice.addresses
    assert [who.recipient for who in address_praise(twice, ())] == twice.addresses


def test_a_unit_is_not_reminded_before_its_own_rung():
    ladder = (LadderRung(to="unit", days_left=5), LadderRung(to="head", days_left=5))
    assert address_unit(UNIT, ladder, days_left=6, climbed=()) == []
    assert len(address_unit(UNIT, ladder, days_left=5, climbed=())) == 3


@pytest.mark.fault(15)
def test_a_level_without_anybody_is_named():
    nobody = Unit(code="X", name="X", head=HEAD)
    assert without_address(nobody, LADDER, days_left=3) == ["unit", "deputy"]


@pytest.mark.parametrize(
    ("days_left", "climbed", "rungs"),
    [
        pytest.param(2, [], [], id="not reached"),
        pytest.param(1, [], [("A", "leadership:1"), ("B", "leadership:1")], id="one digest of all units"),
        pytest.param(1, ["A", "B"], [], id="told of both"),
        pytest.param(1, ["A"], [("B", "leadership:1")], id="a unit that fell behind later"),
    ],
)
def test_a_leader_is_told_once_of_each_unit_behind(days_left, climbed, rungs):
    known = [Climbed(unit, "leadership:1", "hai@x.vn") for unit in climbed]
    told = address_leaders(LEADERS, ["A", "B"], days_left=days_left, climbed=known)
    assert [leader.rungs for leader in told] == ([tuple(rungs)] if rungs else [])


def test_a_unit_is_thanked_once():
    assert [who.recipient for who in address_praise(UNIT, [])] == list(UNIT.emails)
    known = [Climbed("QLDT", "praise", address) for address in UNIT.emails]
    assert address_praise(UNIT, known) == []


days = st.lists(st.tuples(st.integers(-6, 9), st.booleans()), max_size=16)


@given(days)
def test_whatever_days_are_missed_or_held_each_rung_is_climbed_exactly_once(runs):
    """A run is a day and whether its mails left; the days go one way, and the last is a good one past the last rung."""
    runs = sorted(dict(runs).items(), reverse=True)
    climbed, sent = set(), Counter()
    for days_left, leaves in [*runs, (-7, True)]:
        planned = address_unit(UNIT, LADDER, days_left=days_left, climbed=climbed)
        assert len({who.recipient.lower() for who in planned}) == len(planned)
        if leaves:
            carried = [(rung, who.recipient) for who in planned for rung in who.rungs]
            sent.update(rung for rung, _ in carried if rung != "unit")
            climbed |= {Climbed("QLDT", rung, recipient.lower()) for rung, recipient in carried}
    assert sent == Counter(["deputy:3", "head:1", "head:-2"])


@given(days)
def test_no_rung_is_climbed_before_its_day(runs):
    for days_left, _ in runs:
        for who in address_unit(UNIT, LADDER, days_left=days_left, climbed=()):
            assert all(rung == "unit" or days_left <= int(rung.partition(":")[2]) for rung in who.rungs)


@pytest.mark.parametrize(
    ("day", "left", "words"),
    [
        pytest.param(date(2023, 11, 10), 4, "còn 4 ngày làm việc", id="over a weekend"),
        pytest.param(date(2023, 11, 14), 2, "còn 2 ngày làm việc", id="two days"),
        pytest.param(date(2023, 11, 16), 0, "hôm nay là hạn cuối", id="the deadline"),
        pytest.param(date(2023, 11, 17), -1, "đã quá hạn của đợt 1 ngày làm việc", id="the day after"),
        pytest.param(date(2023, 11, 20), -2, "đã quá hạn của đợt 2 ngày làm việc", id="after a weekend"),
    ],
)
def test_the_countdown_is_in_working_days(hai_phong, vietnam, day, left, words):
    on = Day(hai_phong, vietnam, day)
    assert (days_to_deadline(on), countdown(on)) == (left, words)


def test_the_weekend_after_a_friday_deadline_is_past_it(hai_phong, vietnam):
    friday = hai_phong.model_copy(update={"deadline": date(2023, 11, 17)})
    assert countdown(Day(friday, vietnam, date(2023, 11, 18))) == "đã hết hạn của đợt"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("unit", "đơn vị"),
        ("head:1", "trưởng đơn vị (từ khi còn 1 ngày làm việc)"),
        ("leadership:0", "lãnh đạo cơ quan (từ khi đến hạn)"),
        ("head:-2", "trưởng đơn vị (từ khi quá hạn 2 ngày làm việc)"),
        ("praise", "cảm ơn"),
    ],
)
def test_a_rung_is_named_in_words(name, words):
    assert rung_words(name) == words
