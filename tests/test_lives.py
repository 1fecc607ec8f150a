"""A few of the lives of `tests.life`, and lives that a removed guard breaks, so that the simulator is known to see."""

import os
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from tests import life
from tests.life import live_in, tell, try_life
from tests.lives.life import ZONE, Event, Story, draw, play
from tests.lives.office import Office, office_at_work

from dondoc.daily import final_report, intake, office_clock, opening, outgoing
from dondoc.installation import Installation
from dondoc.ledger import claims
from dondoc.mail import transport

LIVES = int(os.environ.get("DONDOC_TEST_LIVES", "2"))
SHORT = 8
DAY = date(2025, 4, 22)
STARTS_ON, DEADLINE = date(2025, 4, 21), date(2025, 4, 30)
NOTHING = ("", 0, False)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with office_at_work() as found:
        yield found


@pytest.mark.fault(51)
@pytest.mark.parametrize("seed", range(1, LIVES + 1))
def test_no_life_is_broken(office, seed):
    broken = live_in(office, seed, days=SHORT)
    assert broken is None, tell(broken)


def test_a_life_is_the_same_whatever_was_lived_before_and_writes_into_nothing_remembered(office):
    def lived():
        play(office, draw(3, 5))
        return list(office.server.accepted), office.contents()

    first, told = lived(), office.memory.told()
    assert lived() == first
    now = office.memory.told()
    assert {name: now[name] for name in told} == told
    assert office.server.accepted


def at(text, name, *given):
    return Event(datetime.fromisoformat(f"2025-{text}").replace(tzinfo=ZONE), name, given)


def run(text, *trouble):
    return at(text, "run", date.fromisoformat(f"2025-{text[:5]}"), *(trouble or NOTHING))


def _without_stage(patch):
    patch.setattr(Installation, "rehearsing", lambda self, _name, _day: self)


def _without_pins(patch):
    patch.setattr(intake, "pinned", lambda _place, _source: None)
    patch.setattr(intake, "dated_until", lambda _place, _source: None)


def _without_doubt_of_the_clock(patch):
    patch.setattr(office_clock, "believe", lambda *_args, **_options: None)


def _without_refusal_of_days_off(patch):
    patch.setattr(opening, "_refuse_another_time", lambda _place, _today: None)


def _without_the_days_kept(patch):
    patch.setattr(opening.register, "keep", lambda *_args, **_options: None)


def _with_lost_answers_offered_again(patch):
    patch.setattr(transport, "UNKNOWN", claims.DEFERRED)


def _with_one_final_report_for_all_ends(patch):
    patch.setattr(final_report, "_owes_final", lambda _place, left, _figures, _missing: not left)


def _with_mails_of_backfills(patch):
    patch.setattr(outgoing, "BACKFILL", "")


def _with_every_window_open(patch):
    patch.setattr(outgoing, "send_window", outgoing.final_window)


GUARDS = [
    pytest.param(_without_stage, [run("04-22T07:30"), at("04-22T09:00", "rehearse", DAY)], "sổ cái thật", id="stage"),
    pytest.param(
        _without_pins,
        [run("04-22T07:30"), at("04-23T06:00", "work", (("VP", 2),)), at("04-23T09:00", "clear", DAY, *NOTHING)],
        "VP, work_total",
        id="what a past day was computed from",
    ),
    pytest.param(
        _without_doubt_of_the_clock, [run("04-22T07:30"), at("04-22T09:00", "wrong clock", 400)], "đồng hồ", id="clock"
    ),
    pytest.param(_without_refusal_of_days_off, [run("04-27T07:30")], "không bị từ chối", id="days off"),
    pytest.param(_without_the_days_kept, [run("04-22T07:30"), run("04-24T07:30")], "không có dòng", id="missed days"),
    pytest.param(
        _with_lost_answers_offered_again,
        [at("04-22T07:00", "server", "lost"), run("04-22T07:30")],
        "thư đã đi mà sổ ghi khác",
        id="doubt",
    ),
    pytest.param(
        _with_one_final_report_for_all_ends,
        [run("04-29T14:30"), at("04-29T17:00", "move", date(2025, 5, 6)), run("05-06T14:30")],
        "báo cáo",
        id="versions of the end",
    ),
    pytest.param(
        _with_mails_of_backfills,
        [at("04-22T07:00", "server", "down"), run("04-22T07:30"), at("04-22T09:00", "backfill", DAY, *NOTHING)],
        "chạy bù",
        id="backfills",
    ),
    pytest.param(_with_every_window_open, [run("04-22T18:30")], "ngoài giờ", id="hours"),
]


@pytest.mark.parametrize(("remove", "events", "told"), GUARDS)
def test_a_removed_guard_breaks_a_life(office, monkeypatch, remove, events, told):
    story = Story(STARTS_ON, DEADLINE, tuple(events))
    remove(monkeypatch)
    assert told in try_life(office, story)[1]


def test_a_broken_life_is_told_by_its_seed_and_the_events_it_takes(monkeypatch):
    events = tuple(at(f"04-{day}T09:00", "mailroom") for day in range(14, 30))
    needed = {events[3], events[11]}

    def try_it(_office, story):
        return len(story.events), "hỏng" if needed <= set(story.events) else ""

    monkeypatch.setattr(life, "try_life", try_it)
    monkeypatch.setattr(life, "draw", lambda _seed, _days: Story(STARTS_ON, DEADLINE, events))
    assert tell(live_in(None, 7)).splitlines() == [
        "HỎNG: mầm 7, từ 21/04, hạn 30/04: hỏng",
        "  17/04 09:00 mailroom",
        "  25/04 09:00 mailroom",
    ]


def test_lives_are_logged_one_by_one_and_the_page_sums_them(tmp_path):
    lived = life.live_all([1, 2], days=1, log=tmp_path / "lives.jsonl")
    assert list(life.read_log(tmp_path / "lives.jsonl", days=1).values()) == lived
    assert life.read_log(tmp_path / "lives.jsonl", days=2) == {}
    life.write_lives(tmp_path / "page.md", lived, command="python -m tests.life")
    assert "| 2 | 1–2 | 2 |" in (tmp_path / "page.md").read_text("utf-8")
