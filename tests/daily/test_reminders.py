"""The day's reminders, thanks and digest, planned by the steps the DAG calls."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.daily.reminded import become, compose, live, mail, rows

from dondoc.daily import dispatch, mail_planning, outgoing, reminding
from dondoc.errors import SetAsideError
from dondoc.files import sha256_of

FRIDAY, MONDAY, TUESDAY = "2023-11-10", "2023-11-13", "2023-11-14"
WEDNESDAY, DEADLINE, AFTER = "2023-11-15", "2023-11-16", "2023-11-17"
OWED = {"QLDT": ["A", "B", "C"], "TNMT": ["D"]}
UNITS = ["nhac-viec-QLDT", "nhac-viec-TNMT"]
DEPUTIES = ["nhac-viec-QLDT-cap-pho", "nhac-viec-TNMT-cap-pho"]
HEADS = ["nhac-viec-QLDT-truong", "nhac-viec-TNMT-truong"]
DIGEST = ["tong-hop-lanh-dao"]


@pytest.fixture
def day(monkeypatch, turn_to, installation, ledger_url):
    """Compose a day as if it were today, on each kind of ledger."""
    monkeypatch.setenv("DONDOC_LEDGER_URL", ledger_url)

    def run(when, owed=OWED, **options):
        turn_to(when)
        return compose(when, owed, **options)

    return run


def planned(place):
    return sorted(stem for stems in live(place).values() for stem in stems)


def test_a_unit_behind_has_one_reminder_and_those_at_100_none(day):
    assert planned(day(TUESDAY)) == UNITS


def test_the_ladder_is_climbed_rung_by_rung_and_each_rung_once(day):
    told = []
    for when in (TUESDAY, WEDNESDAY, DEADLINE, AFTER):
        place = day(when)
        told.append(planned(place))
        become(place, "sent")
    assert told == [UNITS, sorted(UNITS + DEPUTIES), sorted(UNITS + HEADS + DIGEST), UNITS]


@pytest.mark.fault(118)
def test_a_digest_that_cannot_be_written_is_told_by_leader_and_written_by_the_next_try(day, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(reminding, "digest_values", lambda *_given, **_how: 1 / 0)
        with pytest.raises(SetAsideError, match="Lãnh đạo 1: thư tổng hợp"):
            day(DEADLINE)
    assert planned(day(DEADLINE)) == sorted(UNITS + DEPUTIES + HEADS + DIGEST)


@pytest.mark.parametrize("fate", ["held", "expired", "failed", "planned"])
def test_an_outage_loses_no_rung(day, fate):
    become(day(WEDNESDAY), fate)
    place = day(DEADLINE)
    assert planned(place) == sorted(UNITS + DEPUTIES + HEADS + DIGEST)
    become(place, "unknown")
    assert planned(day(AFTER)) == UNITS


def test_a_unit_that_falls_behind_late_is_told_upwards_too(day):
    become(day(WEDNESDAY, {"QLDT": ["A"]}), "sent")
    late = day(DEADLINE)
    assert planned(late) == sorted([*UNITS, "nhac-viec-TNMT-cap-pho", *HEADS, *DIGEST])


def test_an_older_day_run_again_plans_what_it_planned(day):
    place = day(WEDNESDAY)
    first = planned(place)
    become(place, "sent")
    become(day(DEADLINE), "sent")
    again = compose(WEDNESDAY, OWED)
    assert planned(again) == first
    assert {row.conflict_open for row in rows(again)} == {False}


def test_the_same_facts_plan_nothing_new(day):
    before = [tuple(row) for row in rows(day(TUESDAY))]
    assert [tuple(row) for row in rows(day(TUESDAY))] == before


def test_changed_facts_take_the_place_of_what_was_not_sent(day):
    day(TUESDAY)
    place = day(TUESDAY, OWED | {"QLDT": ["A"]})
    assert planned(place) == UNITS
    assert Counter(row.state for row in rows(place)) == {"planned": 2, "withdrawn": 1}
    assert "1 hồ sơ" in mail(place, "nhac-viec-QLDT")["Subject"]


@pytest.mark.fault(17, 39)
def test_changed_facts_after_sending_wait_for_a_person(day):
    become(day(TUESDAY), "sent")
    place = day(TUESDAY, OWED | {"QLDT": ["A"]})
    assert {row.unit: row.conflict_open for row in rows(place)} == {"QLDT": True, "TNMT": False}
    assert "3 hồ sơ" in mail(place, "nhac-viec-QLDT")["Subject"]
    assert "1 hồ sơ" in mail(place, "nhac-viec-QLDT-khac")["Subject"]


def test_a_planned_mail_that_is_no_longer_owed_is_withdrawn_with_its_file(day):
    day(DEADLINE)
    place = day(DEADLINE, {"TNMT": ["D"]})
    assert planned(place) == sorted(["nhac-viec-TNMT", "nhac-viec-TNMT-cap-pho", "nhac-viec-TNMT-truong", *DIGEST])
    assert {path.stem for path in place.folder.glob("mail/*.eml")} == set(planned(place))
    place = day(DEADLINE, {})
    assert planned(place) == []


def test_a_unit_that_reaches_100_is_thanked_once_then_left_in_peace(day):
    become(day(MONDAY), "sent")
    thanks = day(TUESDAY, {"TNMT": ["D"]})
    assert planned(thanks) == ["hoan-thanh-QLDT", "nhac-viec-TNMT"]
    assert "100%" in mail(thanks, "hoan-thanh-QLDT")["Subject"]
    become(thanks, "sent")
    assert planned(day(WEDNESDAY, {})) == ["hoan-thanh-TNMT"]


def test_thanks_that_did_not_leave_are_said_the_next_day(day):
    become(day(MONDAY), "sent")
    become(day(TUESDAY, {}), "expired")
    assert planned(day(WEDNESDAY, {})) == ["hoan-thanh-QLDT", "hoan-thanh-TNMT"]


def test_a_unit_reminded_today_is_thanked_tomorrow(day):
    become(day(MONDAY), "sent")
    become(day(TUESDAY), "sent")
    assert planned(day(TUESDAY, {})) == UNITS
    assert planned(day(WEDNESDAY, {})) == ["hoan-thanh-QLDT", "hoan-thanh-TNMT"]


@pytest.mark.parametrize("total", [0, 9])
def test_a_unit_that_never_was_behind_is_not_thanked(day, total):
    assert planned(day(TUESDAY, {}, total=total)) == []


def test_a_day_off_plans_held_mails_and_claims_nothing(day):
    place = day("2023-11-11")
    assert set(live(place)) == {"held"}
    assert dispatch.send_planned(place, "reminder", account=_nobody) == {}


def test_nothing_is_claimed_on_a_day_off_whatever_the_ledger_says(day):
    place = day("2023-11-11")
    become(place, "planned")
    assert dispatch.send_planned(place, "reminder", account=_nobody) == {}
    assert set(live(place)) == {"planned"}


def _nobody():
    raise AssertionError("asked for the account")


runs = st.lists(
    st.tuples(st.sampled_from(["sent", "held", "expired", "unknown"]), st.sets(st.sampled_from("ABC"))),
    min_size=5,
    max_size=5,
)


@given(runs)
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_on_any_week_nobody_is_mailed_twice_a_day_and_no_rung_twice(
    monkeypatch, turn_to, tmp_path_factory, new_ledger, week
):
    out = tmp_path_factory.mktemp("week")
    monkeypatch.setenv("DONDOC_OUT", str(out))
    monkeypatch.setenv("DONDOC_LEDGER_URL", new_ledger(out / "ledger.sqlite"))
    sent = Counter()
    for when, (fate, owed) in zip((TUESDAY, WEDNESDAY, DEADLINE, AFTER, "2023-11-20"), week, strict=True):
        turn_to(when)
        for facts in ({"A"}, owed):
            place = compose(when, {"QLDT": sorted(facts)} if facts else {})
        stands = [(row.unit, row.recipient) for row in rows(place) if row.state != "withdrawn"]
        assert len(set(stands)) == len(stands)
        become(place, fate)
        sent.update(stem for state, stems in live(place).items() if state in {"sent", "unknown"} for stem in stems)
    assert all(count == 1 for stem, count in sent.items() if stem != "nhac-viec-QLDT")


@pytest.mark.fault(51)
@pytest.mark.parametrize(
    ("module", "cut", "after"),
    [
        (mail_planning, "write_together", 0),
        *((outgoing.outbox, "plan_mails", after) for after in range(2)),
        *((outgoing, "write_together", after) for after in range(2)),
        *((Path, "replace", after) for after in range(5)),
        *((outgoing.outbox, "withdraw_unowed", after) for after in range(2)),
        (reminding, "remove_withdrawn", 0),
    ],
)
def test_a_day_cut_off_anywhere_and_run_again_ends_as_if_it_never_was(day, monkeypatch, module, cut, after):
    day(DEADLINE, {"QLDT": ["A", "B"], "TNMT": ["D"]})
    whole, calls = getattr(module, cut), []

    def dies(*arguments, **options):
        calls.append(arguments)
        if len(calls) > after:
            raise KeyboardInterrupt
        return whole(*arguments, **options)

    monkeypatch.setattr(module, cut, dies)
    with pytest.raises(KeyboardInterrupt):
        day(DEADLINE, {"TNMT": ["E"]})
    monkeypatch.setattr(module, cut, whole)
    place = day(DEADLINE, {"TNMT": ["E"]})
    assert planned(place) == sorted(["nhac-viec-TNMT", "nhac-viec-TNMT-cap-pho", "nhac-viec-TNMT-truong", *DIGEST])
    assert {path.stem for path in place.folder.glob("mail/*.eml")} == set(planned(place))
    files = {row.path: sha256_of((place.out / row.path).read_bytes()) for row in rows(place) if row.state == "planned"}
    assert files == {row.path: row.payload_sha256 for row in rows(place) if row.state == "planned"}
