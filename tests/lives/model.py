"""What must be true of an office whatever happens to it, said without its code: a small model, and what breaks it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.lives.faults import Accepted
from tests.lives.office import SOURCES, Facts, Ran

DAY = timedelta(days=1)
# One that was opened earlier was killed.
LONGEST_RUN = timedelta(hours=12)
CLOSED = {date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 2)}
WORKED = {date(2025, 4, 26)}
OPENS, CLOSES, FINAL_AT = time(7), time(17), time(16)
MARKS = {
    "[Báo cáo cuối cùng]": "final",
    "[Báo cáo]": "report",
    "[Kết thúc đợt]": "closing",
    "[Trả lại]": "return",
    "tổng hợp đôn đốc": "digest",
    "– cảm ơn ": "reminder",
    "– đôn đốc ": "reminder",
}
ENDED = {"sent", "held", "failed", "unknown", "expired", "withdrawn"}
OPEN = {"planned", "deferred", "claimed", "sending"}


def is_working(day: date) -> bool:
    """Return whether the office works on that day."""
    return day in WORKED or (day.weekday() < 5 and day not in CLOSED)


def working(first: date, last: date) -> list[date]:
    """Return the working days from one to another."""
    days = [first + n * DAY for n in range((last - first).days + 1)]
    return [day for day in days if is_working(day)]


def kind_of(subject: str) -> str:
    """Return what a mail is, by its subject."""
    return next((kind for mark, kind in MARKS.items() if mark in subject), subject)


@dataclass
class Model:
    """What was seen so far.

    Attributes:
        deadline: as configured now.
        covers: of which units of the sources each unit holds the work.
        used_on: the first day that ran on itself.
        seen_at: when the clock was last believed.
        pins: what was taken for a day, by source; `murky` are the days of which a killed pull may have taken more.
        checked: days whose check came to its end.
        outcome: whether the latest daily run of a day came to its end, with every step done.
        ran_on: days opened on themselves.
        unsure: days of which a run was struck while it opened: it may have been.
        opened_at: when the latest run of a day was opened; `kept_at` when the latest one of its own day was.
        finals: the deadline and the instant of each final report accepted.
        stopped: whether a person stopped all mail.
        idle: days between an end and the run that saw it moved.
    """

    deadline: date
    covers: dict[str, set[str]]
    used_on: date | None = None
    seen_at: datetime | None = None
    pins: dict[date, dict[str, Facts]] = field(default_factory=dict)
    murky: dict[date, list[Facts]] = field(default_factory=dict)
    checked: set[date] = field(default_factory=set)
    outcome: dict[date, bool] = field(default_factory=dict)
    ran_on: set[date] = field(default_factory=set)
    unsure: set[date] = field(default_factory=set)
    opened_at: dict[date, datetime] = field(default_factory=dict)
    kept_at: datetime | None = None
    finals: list[tuple[date, datetime]] = field(default_factory=list)
    closings: Counter[tuple[str, date]] = field(default_factory=Counter)
    idle: set[date] = field(default_factory=set)
    stopped: bool = False
    heard: int = 0

    @property
    def final_on(self) -> date:
        """Return the day on which the final report must leave."""
        return next(day for day in (self.deadline - n * DAY for n in range(20)) if is_working(day))

    @property
    def closing_on(self) -> date:
        """Return the day on which the units hear how it ended."""
        return next(day for day in (self.deadline + n * DAY for n in range(1, 20)) if is_working(day))

    def is_final(self, day: date, at: datetime) -> bool:
        """Return whether a run of `day` at `at` owes the final report."""
        run_at = time(FINAL_AT.hour - 2)
        return day > self.final_on or (day == self.final_on and (at.date() > day or at.time() >= run_at))

    def taken(self, day: date, source: str, now: Facts | None, *, anew: bool) -> Facts | None:
        """Return what a run of `day` is computed from: the day's own while it lasts, then what was taken for it."""
        return now if anew else self.pins.get(day, {}).get(source)

    def stand_in(self, day: date, source: str) -> Facts | None:
        """Return what stands in for a source on the last day."""
        known = [pins[source] for on, pins in sorted(self.pins.items()) if on <= day and source in pins]
        return known[-1] if known else None

    def first_due(self, day: date, own: Facts | None) -> set[date]:
        """Return what may have been promised first for the late case, by the days before `day` in their order."""
        possible: set[date] = set()
        for on in sorted({*self.pins, *self.murky}):
            if on >= day:
                break
            pinned = self.pins.get(on, {}).get("cases")
            possible |= {facts.due_on for facts in self.murky.get(on, [])}
            if pinned is not None:
                possible.add(pinned.due_on)
                if on in self.checked:
                    return possible
        return possible | ({own.due_on} if own else set())

    def figures(self, day: date, taken: dict[str, Facts | None]) -> dict[str, dict[str, set[int]]]:
        """Return the day's figures by unit, counted by hand: of each what it may be."""
        work, cases, counted = taken["work"], taken["cases"], {}
        for unit, units in self.covers.items():
            done = sum(dict(work.done).get(one, 0) for one in units) if work else 0
            extra = int(work is not None and work.on <= day and "VP" in units)
            late = {int("DNGS" in units and cases is not None and due < day) for due in self.first_due(day, cases)}
            counted[unit] = {
                "work_total": {5 * len(units) + extra if work else 0},
                "work_done": {done + extra},
                "apologies_due": late or {0},
                "apologies_done": {one * int(cases is not None and cases.apologised) for one in late or {0}},
            }
        return counted

    def behind(self, figures: dict[str, dict[str, int]]) -> set[str]:
        """Return the units that are surely behind."""
        return {unit for unit, row in figures.items() if row["work_done"] < row["work_total"]}

    def hear(self, accepted: list[Accepted]) -> Iterator[str]:
        """Take note of what the mail server took since last; say what of it may not be."""
        for mail in accepted[self.heard :]:
            if mail.rehearsed != ("[DIỄN TẬP]" in mail.subject):
                yield f"diễn tập và thật lẫn nhau: {mail.subject}"
            if not mail.rehearsed:
                if self.stopped:
                    yield f"thư đi khi đã dừng gửi: {mail.subject}"
                yield from self._untimely(mail)
                self._note(mail)
        self.heard = len(accepted)
        yield from self._twice(accepted)

    def _untimely(self, mail: Accepted) -> Iterator[str]:
        kind = kind_of(mail.subject)
        if kind == mail.subject:
            yield f"thư không rõ loại: {mail.subject}"
        if not is_working(mail.at.date()):
            yield f"thư đi ngày nghỉ: {mail.at} {mail.subject}"
        if mail.at.time() < OPENS or (kind != "final" and mail.at.time() >= CLOSES):
            yield f"thư đi ngoài giờ: {mail.at} {mail.subject}"

    def _note(self, mail: Accepted) -> None:
        kind = kind_of(mail.subject)
        if kind == "final":
            self.finals.append((self.deadline, mail.at))
        if kind == "closing":
            self.closings[mail.recipient, self.deadline] += 1

    def _twice(self, accepted: list[Accepted]) -> Iterator[str]:
        real = [mail for mail in accepted if not mail.rehearsed]
        named = Counter(mail.identity for mail in real)
        slots = Counter(
            (kind_of(mail.subject), mail.recipient, mail.at.date(), mail.subject * ("[Trả lại]" in mail.subject))
            for mail in real
        )
        yield from (f"thư nhận hai lần: {one}" for one, count in (named | slots).items() if count > 1)
        yield from (f"thư kết thúc nhận hai lần: {one}" for one, count in self.closings.items() if count > 1)
        for end in {deadline for deadline, _ in self.finals}:
            final_on = Model(end, {}).final_on
            days = [at.date() >= final_on for deadline, at in self.finals if deadline == end]
            if max(Counter(days).values()) > 1:
                yield f"báo cáo cuối cùng của hạn {end} đi {len(days)} lần"

    def judge_rows(self, rows: list[Any], accepted: list[Accepted], *, tidied_at: datetime | None) -> Iterator[str]:
        """Say what the ledger's mails and the server's disagree on, and what of them waits for ever."""
        taken = {mail.identity for mail in accepted if not mail.rehearsed}
        known = {row.message_id: row for row in rows}
        yield from (f"máy chủ nhận thư không có trong sổ: {one}" for one in taken - set(known))
        for row in rows:
            told = f"{row.kind} {row.business_date} {row.unit}: {row.state}"
            if row.state not in ENDED | OPEN:
                yield f"thư không rõ ra sao: {told}"
            if row.message_id in taken and row.state not in {"sent", "unknown", "sending"}:
                yield f"thư đã đi mà sổ ghi khác: {told}"
            if row.message_id not in taken and row.state == "sent":
                yield f"thư chưa đi mà sổ ghi đã gửi: {told}"
            if tidied_at and row.state in OPEN and row.not_after.replace(tzinfo=None) < tidied_at - timedelta(hours=1):
                yield f"thư chờ mãi: {told}"

    def judge_days(self, rows: dict[date, Any], today: date) -> Iterator[str]:
        """Say which day's row tells another story than what was seen; `rows` by day, once today's run was opened."""
        for day, row in rows.items():
            if row.state == "done" and not self.outcome.get(day):
                yield f"ngày {day} ghi xong mà có bước chưa xong"
            if self.outcome.get(day) and row.state != "done" and day not in self.unsure:
                yield f"ngày {day} đã xong mà ghi {row.state}"
            if day not in self.ran_on | self.unsure and not row.missed:
                yield f"ngày {day} không có lượt chạy mà không ghi lỡ"
        if self.used_on is not None and self.kept_at is not None and today in self.ran_on:
            for day in working(self.used_on, min(today - DAY, max(self.final_on, self.closing_on))):
                yield from self._judge_past(day, rows.get(day), self.kept_at)

    def _judge_past(self, day: date, row: Any, kept_at: datetime) -> Iterator[str]:
        if row is None and day not in self.idle:
            yield f"ngày {day} không có dòng nào"
        elif row is not None and row.state == "running" and kept_at - self.opened_at.get(day, kept_at) > LONGEST_RUN:
            yield f"ngày {day} còn ghi đang chạy"

    def judge_run(self, day: date, ran: Ran, taken: dict[str, Facts | None], at: datetime) -> Iterator[str]:
        """Say what of a run's end is not as it must be."""
        whole = all(taken[source] is not None for source in SOURCES)
        lacks = ran.failed and {f"pull {source}" for source in SOURCES if taken[source] is None}
        broken = {step: why for step, why in ran.failed.items() if step not in (lacks or set())}
        if not ran.struck and not ran.closed and (whole or self.is_final(day, at)):
            yield f"lượt ngày {day} không xong: {ran.failed}"
        if not ran.struck and ran.closed and broken:
            yield f"lượt ngày {day} xong mà có bước hỏng: {broken}"
        if ran.figures is not None:
            filled = {one: taken[one] or self.stand_in(day, one) for one in SOURCES}
            for unit, row in self.figures(day, filled).items():
                for name, may_be in row.items():
                    if ran.figures[unit][name] not in may_be:
                        yield f"ngày {day}, {unit}, {name}: máy {ran.figures[unit][name]}, mô hình {may_be}"
