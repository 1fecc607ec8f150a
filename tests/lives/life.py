"""A life: events drawn from a seed, played one after the other, what must be true looked at after each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from sqlalchemy import select
from tests.daily.campaign_days import CODE, UNITS
from tests.lives.faults import DISK, KILL, LEDGER, Killed
from tests.lives.model import CLOSES, DAY, OPENS, Model, is_working
from tests.lives.office import ACCOUNT, LATE, SOURCES, Facts, Office, Ran
from tests.people import LE_VAN_A

from dondoc.campaign import load_calendar
from dondoc.daily import mail_administration, put_off, steps
from dondoc.daily.first_dates import first_dates_before
from dondoc.errors import ClockError, DondocError
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import clock, days, retakes
from dondoc.ledger.tables import outbox
from dondoc.ledger.verification import verify_ledger
from dondoc.watch.alarm import facts_of
from dondoc.watch.rules import find_problems, is_watched

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = date(2025, 4, 14)
DUE, LATER = date(2025, 4, 10), date(2025, 5, 30)
RENAMED = {"code": "KTGS", "name": "Phòng Kinh tế và Giám sát", "aliases": [UNITS["DNGS"]], "succeeds": ["DNGS"]}
RENAMED |= {"emails": ["kinh-te@bql-haiphong.example.vn"]}
MOODS = ("up", "up", "down", "later", "lost", "gone")
MOST_SKIPPED = 3
# What changes nothing of the machine's own.
PREPARING = {"work", "due", "apology", "server"}
TOLD = {"unknown", "expired", "failed"}
# About as many places as a run has at which a fault can strike: counted.
EFFECTS = {KILL: 640, DISK: 60, LEDGER: 260}
EFFECTS_OF_ROUND = 50


@dataclass(frozen=True)
class Event:
    """Something that happens at an instant of the office's clock."""

    at: datetime
    name: str
    given: tuple[Any, ...] = ()

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.at:%d/%m %H:%M} {self.name} {' '.join(map(str, self.given))}".rstrip()


@dataclass(frozen=True)
class Story:
    """A life to be played: the campaign's first day and deadline, and what happens."""

    starts_on: date
    deadline: date
    events: tuple[Event, ...]


def draw(seed: int, length: int) -> Story:
    """Return the life of a seed, of so many days."""
    random = Random(seed)
    starts_on = FIRST + random.choice((0, 4)) * DAY
    model = Model(starts_on + random.randint(length // 3, max(length // 3, length - 6)) * DAY, {})
    deadline, events = model.deadline, []
    for n in range(length):
        day = starts_on + n * DAY

        def add(name: str, *given: Any, hour: int, on: date = day) -> None:
            at = datetime.combine(on, time(hour, random.randrange(60)), ZONE)
            events.append(Event(at, name, given))

        _draw_morning(random, add, day)
        if day == model.final_on and random.random() < 0.9:
            add("run", day, *_trouble(random), hour=14)
        for hour in random.sample((8, 10, 13, 15, 16), random.randrange(3)):
            add("mailroom", *_trouble(random)[:2], hour=hour)
        if random.random() < 0.6:
            _draw_oddity(random, add, day, model)
    return Story(starts_on, deadline, tuple(sorted(events, key=lambda event: event.at)))


def _draw_morning(random: Random, add: Callable[..., None], day: date) -> None:
    if random.random() < 0.7:
        add("work", tuple((code, random.randint(0, 2)) for code in UNITS), hour=6)
    if random.random() < (0.85 if is_working(day) else 0.1):
        add("run", day, *_trouble(random), hour=7)
    if random.random() < 0.3:
        add("server", random.choice(MOODS), hour=random.choice((6, 9, 12)))


def _draw_oddity(random: Random, add: Callable[..., None], day: date, model: Model) -> None:
    name = random.choice(ODDITIES)
    hour = random.choice((9, 11, 13, 15, 18, 22))
    if name in {"run", "missing"}:
        add(name, day, *_trouble(random), hour=hour)
    elif name in {"clear", "backfill", "retake"}:
        add(name, day - random.randint(0 if name == "backfill" else 1, 5) * DAY, *_trouble(random), hour=hour)
    elif name == "rehearse":
        add(name, day + random.randint(-4, 12) * DAY, hour=hour)
    elif name == "move":
        moved = max(day, model.deadline) + random.randint(1, 6) * DAY
        add(name, moved, hour=hour)
        model.deadline = moved
    elif name == "wrong clock":
        add(name, random.choice((-900, -30, -2, 30, 400, 3650)), hour=hour)
    else:
        add(name, hour=hour)


def _trouble(random: Random) -> tuple[str, int, bool]:
    """Return which fault strikes a run, after how many effects, and whether its boxes are cleared."""
    kind = random.choice(("", "", "", KILL, KILL, DISK, LEDGER))
    return kind, random.randrange(EFFECTS[kind]) if kind else 0, random.random() < 0.5


class Life:
    """A life being played; `broken` says what was not as it must be."""

    def __init__(self, office: Office, story: Story) -> None:
        """Begin it."""
        self.office, self.deadline = office, story.deadline
        office.begin(starts_on=story.starts_on, **_end(story.deadline))
        self.model = Model(story.deadline, {code: {code} for code in UNITS})
        self.done, self.due_on, self.apologised = dict.fromkeys(UNITS, 0), DUE, False
        self.tidied_at: datetime | None = None

    def play(self, events: tuple[Event, ...]) -> tuple[int, str]:
        """Play the events; return after how many it was broken, and why, nothing when it was not."""
        for n, event in enumerate(events):
            self.office.turn(event.at)
            act = getattr(self, f"_{event.name.replace(' ', '_')}")
            broken = [*act(*event.given), *(self._look() if event.name not in PREPARING else ())]
            if broken:
                return n + 1, broken[0]
        return len(events), ""

    def _look(self) -> Iterator[str]:
        office, model = self.office, self.model
        yield from model.hear(office.server.accepted)
        kept = verify_ledger(office.ledger)
        if not kept.whole:
            yield f"sổ kiểm toán không khớp: {kept}"
        with office.ledger.begin() as connection:
            rows = connection.execute(select(outbox)).all()
        yield from model.judge_rows(rows, office.server.accepted, tidied_at=self.tidied_at)
        by_day = days.day_rows(office.ledger, campaign=CODE)
        yield from model.judge_days(by_day, office.at.date())
        yield from self._watch(rows)

    def _watch(self, mails: Sequence[Any]) -> Iterator[str]:
        """The watchdog says what of today's mail did not simply leave, and of a final report that it is late."""
        model, at = self.model, self.office.at
        campaign = Installation.from_environment().campaign(CODE)
        calendar = load_calendar(Installation.from_environment().include / "calendars" / "vn.yaml")
        due_at = datetime.combine(model.final_on, time(16), ZONE)
        if not is_watched(campaign, calendar, at.date()):
            return
        names = [one.name for one in find_problems(campaign, calendar, self._facts(campaign, calendar), now=at)]
        if model.stopped and "stopped" not in names:
            yield "thư bị dừng mà không ai được báo"
        for state in {row.state for row in mails if row.business_date == at.date()} & TOLD:
            if f"mails:{state}" not in names:
                yield f"thư {state} mà không ai được báo"
        left = any(end == model.deadline for end, _ in model.finals)
        if at >= due_at and not left and "final_late" not in names:
            yield "báo cáo cuối cùng chưa đi mà không ai được báo"

    def _facts(self, campaign: Any, calendar: Any) -> Any:
        return facts_of(self.office.ledger, campaign, calendar, now=self.office.at)

    def _look_at_clock(self) -> bool:
        """Note a look that should be believed; return whether it may be doubted, after days without any."""
        seen, at = self.model.seen_at, self.office.at
        between = (seen.date() + n * DAY for n in range(1, (at.date() - seen.date()).days)) if seen else ()
        if sum(map(is_working, between)) > MOST_SKIPPED:
            return True
        self.model.seen_at = max(seen or at, at)
        return False

    def _confirm(self) -> None:
        clock.confirm(self.office.ledger, self.office.at, by=LE_VAN_A, reason="nghỉ dài")
        self.model.seen_at = self.office.at

    def _work(self, more: tuple[tuple[str, int], ...]) -> Iterator[str]:
        for code, count in more:
            self.done[code] = min(5, self.done[code] + count)
        yield from ()

    def _due(self) -> Iterator[str]:
        self.due_on = LATER
        yield from ()

    def _apology(self) -> Iterator[str]:
        self.apologised = self.office.at.date() > date(2025, 4, 21)
        yield from ()

    def _server(self, mood: str) -> Iterator[str]:
        self.office.server.mood = mood
        yield from ()

    def _run(self, day: date, kind: str = "", after: int = 0, retried: bool = False) -> Iterator[str]:
        yield from self._daily(day, kind, after, retried)

    def _missing(self, day: date, kind: str, after: int, retried: bool) -> Iterator[str]:
        yield from self._daily(day, kind, after, retried, without=("work",))

    def _clear(self, day: date, kind: str, after: int, retried: bool) -> Iterator[str]:
        if self.model.used_on is not None:
            yield from self._daily(day, kind, after, retried)

    def _retake(self, day: date, kind: str, after: int, retried: bool) -> Iterator[str]:
        model = self.model
        if model.used_on is None or not is_working(day) or (self.apologised and day < date(2025, 4, 22)):
            return
        for source in SOURCES:
            retakes.decide_retake(self.office.ledger, retakes.Retake(CODE, day, source, LE_VAN_A, "tệp cũ thiếu"))
        yield from self._daily(day, kind, after, retried, anew=True)

    def _backfill(self, day: date, kind: str, after: int, retried: bool) -> Iterator[str]:
        if self.model.used_on is None:
            return
        before, accepted = self._mails(), len(self.office.server.accepted)
        yield from self._daily(day, kind, after, retried, backfill=True)
        if self._mails() != before or len(self.office.server.accepted) != accepted:
            yield "chạy bù đụng tới thư"

    def _mails(self) -> list[Any]:
        with self.office.ledger.begin() as connection:
            return list(connection.execute(select(outbox)).all())

    def _daily(
        self,
        day: date,
        kind: str,
        after: int,
        retried: bool,
        *,
        backfill: bool = False,
        anew: bool = False,
        without: tuple[str, ...] = (),
    ) -> Iterator[str]:
        """Run a day, judge how it ended, and remember what is to be held of it."""
        office, model, today = self.office, self.model, self.office.at.date()
        facts = Facts(today, tuple(self.done.items()), self.due_on, self.apologised)
        office.export(facts, without=without)
        yield from self._be_believed(day, backfill)
        if kind:
            office.faults.arm(kind, after)
        ran = office.run(day, backfill=backfill, retried=retried)
        if not is_working(day) or day > today:
            if ran.opened:
                yield f"lượt của ngày {day} không bị từ chối"
            return
        if ran.doubted:
            yield f"giờ {office.at} bị nghi"
        now = {source: None if source in without else facts for source in SOURCES}
        fresh = anew or day == today
        taken = {source: model.taken(day, source, now[source], anew=fresh) for source in SOURCES}
        if ran.opened:
            if not backfill:
                self._redo(day, ran)
            self._note(day, ran, taken, backfill, fresh)
            yield from self._judge(day, ran, taken, backfill)
        elif ran.struck:
            model.unsure.add(day)
        else:
            yield f"lượt ngày {day} không mở được: {ran.failed}"

    def _be_believed(self, day: date, backfill: bool) -> Iterator[str]:
        """After days without a look the clock is doubted, until a person confirms it."""
        if self._look_at_clock():
            if not self.office.run(day, backfill=backfill).doubted:
                yield f"giờ {self.office.at} không bị nghi"
            self._confirm()

    def _redo(self, day: date, ran: Ran) -> None:
        """Call steps that were killed again where the ledger says that all is done: it is, if nothing is made by it."""
        row = days.day_rows(self.office.ledger, campaign=CODE).get(day)
        if row is None or row.state != "done":
            return
        for key, again in ran.killed.items():
            before = self.office.made()
            again()
            if self.office.made() == before:
                ran.failed.pop(key, None)
                ran.closed |= key == "close_day"

    def _note(self, day: date, ran: Ran, taken: dict[str, Facts | None], backfill: bool, fresh: bool) -> None:
        """Remember of a run what is to be held of it."""
        model, today = self.model, self.office.at.date()
        if not backfill:
            model.opened_at[day] = self.office.at
            model.outcome[day] = ran.closed and not ran.failed
        if day == today and not backfill:
            model.kept_at = self.office.at
            model.ran_on.add(day)
            model.used_on = min(model.used_on or day, day)
        if ran.figures is not None:
            model.checked.add(day)
        if fresh:
            self._pin(day, ran, taken)

    def _pin(self, day: date, ran: Ran, taken: dict[str, Facts | None]) -> None:
        model = self.model
        for source in SOURCES:
            found = taken[source]
            if found and source in ran.pulled:
                model.pins.setdefault(day, {})[source] = found
            elif found:
                model.murky.setdefault(day, []).append(found)
        if ran.pulled >= set(SOURCES):
            model.murky.pop(day, None)

    def _judge(self, day: date, ran: Ran, taken: dict[str, Facts | None], backfill: bool) -> Iterator[str]:
        office, model, today = self.office, self.model, self.office.at.date()
        if any("Lỗi phần mềm" in why for why in ran.failed.values()):
            yield f"lỗi phần mềm: {ran.failed}"
        if day in model.murky:
            return
        yield from model.judge_run(day, ran, taken, office.at)
        if not ran.closed or ran.failed or ran.figures is None:
            return
        if not backfill and day == today:
            self.tidied_at = office.at.astimezone(UTC).replace(tzinfo=None)
            yield from self._owed(day, ran, whole=all(taken.values()))
        yield from self._promised()

    def _promised(self) -> Iterator[str]:
        """First promised dates follow the order of days."""
        tomorrow = self.office.at.date() + DAY
        register = first_dates_before(Workplace.of(steps.day_ref(CODE, tomorrow.isoformat())))
        known = register.set_index("case_number")["due_at"].get(LATE)
        may_be = self.model.first_due(tomorrow, None)
        if known is not None and may_be and known.date() not in may_be:
            yield f"ngày hẹn đầu tiên {known.date()}, mô hình {may_be}"

    def _owed(self, day: date, ran: Ran, *, whole: bool) -> Iterator[str]:
        """What a day that came to its end owes was sent, waits, or is told."""
        office, model = self.office, self.model
        yield from model.hear(office.server.accepted)
        rows = [row for row in self._mails() if row.business_date == day and row.state != "withdrawn"]
        kinds = {row.kind for row in rows}
        final = any(end == model.deadline for end, _ in model.finals)
        if not kinds & {"report", "final"} and not final and not self._final_in_doubt():
            yield f"ngày {day} không có thư báo cáo"
        if day <= model.deadline and whole:
            told = {row.unit for row in rows if row.kind == "reminder"}
            yield from (f"{unit} không được nhắc ngày {day}" for unit in model.behind(ran.figures or {}) - told)
        in_hours = OPENS <= office.at.time() < CLOSES and not model.stopped
        if office.server.mood == "up" and whole and in_hours:
            waits = [row for row in rows if row.state == "planned"]
            yield from (f"thư của lượt đã xong còn chờ: {row.kind} {row.unit}" for row in waits)
            if model.is_final(day, office.at) and not final and not self._final_in_doubt():
                yield "báo cáo cuối cùng không đi"

    def _final_in_doubt(self) -> bool:
        """Return whether a final report of this end was offered, and may have been taken, or is put off."""
        finals = [row for row in self._mails() if row.kind == "final" and row.ending == self.model.deadline]
        return any(row.state in {"unknown", "sending", "deferred"} for row in finals)

    def _mailroom(self, kind: str = "", after: int = 0) -> Iterator[str]:
        """Offer again what waits; a round that nothing strikes leaves nothing behind that could have left."""
        office, doubted, failed = self.office, self._look_at_clock(), ""
        if kind:
            office.faults.arm(kind, after % EFFECTS_OF_ROUND)
        try:
            put_off.offer_again(CODE, lambda: ACCOUNT)
        except ClockError:
            office.faults.clear()
            yield from () if doubted else [f"giờ {office.at} bị nghi"]
            self._confirm()
            return
        except (DondocError, Killed) as error:
            failed = str(error)
        if "Lỗi phần mềm" in failed:
            yield failed
        if not office.faults.clear():
            self.tidied_at = office.at.astimezone(UTC).replace(tzinfo=None)
            yield from self._left_behind()

    def _left_behind(self) -> Iterator[str]:
        today, at = self.office.at.date(), self.office.at.astimezone(UTC).replace(tzinfo=None)
        in_hours = OPENS <= self.office.at.time() < CLOSES and is_working(today) and not self.model.stopped
        row = days.day_rows(self.office.ledger, campaign=CODE).get(today)
        if self.office.server.mood != "up" or not in_hours or row is None or row.hold_reason:
            return
        # What a run that was cut short had not sent yet waits for that run to be taken up again.
        waits = {"planned", "deferred"} if self.model.outcome.get(today) else {"deferred"}
        for mail in self._mails():
            due = mail.next_try_at is None or mail.next_try_at <= at
            if mail.business_date == today and mail.state in waits and due:
                yield f"thư còn chờ sau một vòng gửi: {mail.kind} {mail.unit} {mail.state}"

    def _switch(self) -> Iterator[str]:
        """Stop all mail, or let it leave again."""
        model, turn = self.model, mail_administration.resume if self.model.stopped else mail_administration.stop
        turn(Installation.from_environment(), by=LE_VAN_A, reason="thử")
        model.stopped = not model.stopped
        yield from ()

    def _settle(self) -> Iterator[str]:
        """Say of each mail in doubt that it arrived, where it did; send others again, but for reminders."""
        taken = {mail.identity for mail in self.office.server.accepted if not mail.rehearsed}
        for row in self._mails():
            arrived = row.message_id in taken
            if row.state == "unknown" and (arrived or (row.kind != "reminder" and is_working(self.office.at.date()))):
                person = {"word": "sent" if arrived else "resend", "by": LE_VAN_A, "reason": "đã hỏi người nhận"}
                mail_administration.resolve(Installation.from_environment(), key=row.dedupe_key, **person)
        yield from ()

    def _rehearse(self, day: date) -> Iterator[str]:
        office, before = self.office, self.office.contents()
        facts = Facts(office.at.date(), tuple(self.done.items()), self.due_on, self.apologised)
        office.export(facts)
        office.server.rehearsed = True
        with mock.patch.dict("os.environ", {"DONDOC_REHEARSAL": day.isoformat()}):
            ran = office.run(day)
        office.server.rehearsed = False
        if office.contents() != before:
            yield "diễn tập đụng tới sổ cái thật"
        if any("Lỗi phần mềm" in why for why in ran.failed.values()):
            yield f"diễn tập: {ran.failed}"

    def _wrong_clock(self, shift: int) -> Iterator[str]:
        if self.model.seen_at is None:
            return
        right, before = self.office.at, self.office.contents()
        self.office.turn(right + timedelta(days=shift))
        ran = self.office.run(self.office.at.date())
        try:
            put_off.offer_again(CODE, lambda: ACCOUNT)
            believed = True
        except DondocError:
            believed = False
        self.office.turn(right)
        if ran.opened or believed or self.office.contents() != before:
            yield f"tin đồng hồ sai {shift} ngày"

    def _move(self, deadline: date) -> Iterator[str]:
        model, today = self.model, self.office.at.date()
        if deadline <= model.deadline:
            return
        last_on = max(model.final_on, model.closing_on)
        model.idle |= {last_on + n * DAY for n in range(1, 40)} if today >= last_on else set()
        model.deadline = deadline
        document = {"by": "Trần Văn B", "document": f"Thông báo {deadline:%d/%m}"}
        self.office.configure(**_end(deadline), deadline_moved=document)
        yield from ()

    def _rename(self) -> Iterator[str]:
        self._succeed("DNGS", RENAMED, "KTGS")
        yield from ()

    def _merge(self) -> Iterator[str]:
        into = next(unit for unit in self.office.described["units"] if unit["code"] == "VP")
        gone = {"aliases": [*into["aliases"], UNITS["QLDT"]], "succeeds": ["QLDT"]}
        self._succeed("QLDT", into | gone, "VP")
        yield from ()

    def _succeed(self, gone: str, heir: dict[str, Any], code: str) -> None:
        model, units = self.model, self.office.described["units"]
        if gone in model.covers:
            model.covers[code] = model.covers.get(code, set()) | model.covers.pop(gone)
            left = [heir if unit["code"] == code else unit for unit in units if unit["code"] != gone]
            self.office.configure(units=left if heir in left else [*left, heir])


ODDITIES = ("run", "missing", "clear", "backfill", "retake", "rehearse", "rehearse", "move", "wrong clock")
ODDITIES += ("rename", "merge", "due", "apology", "switch", "switch", "settle", "settle")


def _end(deadline: date) -> dict[str, Any]:
    return {
        "deadline": deadline,
        "final_report_at": f"{deadline} 16:00",
        "deadline_reading": f"đến hết ngày {deadline:%d/%m/%Y}",
    }


def play(office: Office, story: Story) -> tuple[int, str]:
    """Play a life; return after how many events it was broken, and why; nothing when it was not."""
    return Life(office, story).play(story.events)
