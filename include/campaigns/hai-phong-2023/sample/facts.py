"""What is so: cases and work items whose dates are drawn to fit an outcome chosen beforehand."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

import vocabulary as v

DAY = timedelta(days=1)
APOLOGISED, APOLOGISED_LATER, READY = 0.35, 0.04, 0.25  # of the late cases; READY of those without an apology
FIRMS, CITIZENS = 160, 40  # that ever apply; the firms with awkward names come on top
LONGEST_WORK = 45  # days from assignment to the due date, and to the report
FILES_A_UNIT = 30

Outcome = TypeVar("Outcome", v.CaseOutcome, v.WorkOutcome)
Made = TypeVar("Made")


@dataclass(frozen=True)
class Applicant:
    """Who applied: name, kind as the export writes it, phone and address."""

    name: str
    kind: str
    phone: str
    address: str


@dataclass(frozen=True)
class Case:
    """A case as it truly is, before an export spells it."""

    outcome: v.CaseOutcome
    procedure: v.Procedure
    start: date
    due: date | None
    finished: date | None
    returned: date | None
    status: str
    applicant: Applicant
    number: str = ""
    apology_number: str | None = None
    apologised: date | None = None
    reason: str | None = None
    new_due: date | None = None

    @property
    def unit(self) -> str:
        """Return the code of the unit that answers for it."""
        return self.procedure.unit


@dataclass(frozen=True)
class Work:
    """A work item as it truly is, before an export spells it."""

    outcome: v.WorkOutcome
    unit: str
    arrived: date
    start: date
    due: date | None
    finished: date | None
    status: str
    file_code: str | None
    summary: str
    number: str = ""


def draw_cases(rng: random.Random, plan: Sequence[v.CaseOutcome]) -> list[Case]:
    """Return a case an outcome of `plan`, numbered and in order of reception, with the apologies made so far."""
    applicants = _applicants(rng)
    cases = [_until_it_fits(_draw_case, rng, outcome, applicants) for outcome in plan]
    return _apologise(rng, _number_cases(sorted(cases, key=lambda case: case.start)), applicants)


def draw_work(rng: random.Random, plan: Sequence[v.WorkOutcome]) -> list[Work]:
    """Return an item an outcome of `plan`, numbered through the year in order of arrival."""
    items = [_until_it_fits(_draw_work, rng, outcome) for outcome in plan]
    items.sort(key=lambda item: item.arrived)
    return [replace(item, number=str(i)) for i, item in enumerate(items, start=1)]


def make_plan(outcomes: Sequence[Outcome], rows: int, scale: float) -> list[Outcome]:
    """Return `rows` outcomes in their shares; the first takes what is left."""
    plan = [outcome for outcome in outcomes for _ in range(round(outcome.share * scale))]
    return plan + [outcomes[0]] * (rows - len(plan))


def twin_of(rng: random.Random, record: Case | Work) -> Case | Work:
    """Return a record of the same number and day that says something else."""
    if isinstance(record, Work):
        return replace(record, summary=f"{record.summary} (bản thay thế)", unit=rng.choice(v.UNITS).code)
    return replace(record, applicant=_citizen(rng), status=v.IN_PROCESS, finished=None, returned=None)


def _is_working(day: date) -> bool:
    return day.weekday() < v.SATURDAY and day not in v.OFF_DAYS


def _day_in(rng: random.Random, span: v.Span) -> date:
    while True:
        day = span[0] + rng.randint(0, (span[1] - span[0]).days) * DAY
        if _is_working(day):
            return day


def _within(day: date | None, span: v.Span | None) -> bool:
    """Say whether `day` lies in `span`; an outcome without the span wants no day."""
    if day is None or span is None:
        return day is span
    return span[0] <= day <= span[1]


def _until_it_fits(draw: Callable[..., Made | None], *given: object) -> Made:
    while (made := draw(*given)) is None:
        pass
    return made


def _draw_case(rng: random.Random, outcome: v.CaseOutcome, applicants: Sequence[Applicant]) -> Case | None:
    procedure = rng.choice(v.PROCEDURES)
    due = _day_in(rng, outcome.due) if outcome.due else None
    start = _received_for(due, procedure) if due else _day_in(rng, outcome.received)
    finished = _draw_finish(rng, outcome, due or start)
    fits = _is_working(start) and _within(start, outcome.received) and _within(finished, outcome.finished)
    if not fits or (finished and finished < start):
        return None
    status = rng.choice(outcome.statuses)
    returned = _draw_return(rng, outcome, finished) if finished and status == v.RETURNED else None
    return Case(outcome, procedure, start, due, finished, returned, status, rng.choice(applicants))


def _received_for(due: date, procedure: v.Procedure) -> date:
    """Return the day from which the procedure's limit ends exactly on `due`; the day of reception does not count."""
    if not procedure.working:
        return due - procedure.days * DAY
    left, day = procedure.days, due
    while left:
        day -= DAY
        left -= _is_working(day)
    return day


def _draw_finish(rng: random.Random, outcome: v.CaseOutcome, origin: date) -> date | None:
    if outcome.finished is None:
        return None
    if outcome.lag is None:
        return _day_in(rng, outcome.finished)
    day = origin + rng.randint(*outcome.lag) * DAY
    right_day = _is_working(day) if outcome.weekday is None else day.weekday() == outcome.weekday
    return day if right_day else None


def _draw_return(rng: random.Random, outcome: v.CaseOutcome, finished: date) -> date:
    day = finished + rng.randint(*outcome.pickup) * DAY
    while not _is_working(day):
        day += DAY
    return min(day, v.EXPORTED)


def _draw_work(rng: random.Random, outcome: v.WorkOutcome) -> Work | None:
    arrived = _day_in(rng, outcome.arrived)
    start = arrived + rng.randint(0, 3) * DAY
    due = start + rng.randint(2, LONGEST_WORK) * DAY if outcome.due else None
    finished = start + rng.randint(0, LONGEST_WORK) * DAY if outcome.finished else None
    working = all(_is_working(day) for day in (start, due, finished) if day)
    spans = ((start, outcome.assigned), (due, outcome.due), (finished, outcome.finished))
    if not working or not all(_within(day, span) for day, span in spans):
        return None
    whole = outcome.counted and outcome.reported and outcome.filed
    unit = rng.choice([unit for unit in v.UNITS if whole or unit.code != v.PERFECT_WORK])
    file_code = f"H24.12-2023-{rng.randint(1, FILES_A_UNIT):02d}.{unit.heading}" if outcome.filed else None
    summary = f"{rng.choice(v.ACTIONS)} {rng.choice(v.SUBJECTS)}"
    return Work(outcome, unit.code, arrived, start, due, finished, rng.choice(outcome.statuses), file_code, summary)


def _number_cases(cases: Sequence[Case]) -> list[Case]:
    """Return `cases` with their numbers: office, day of reception, serial of the day."""
    serials: Counter[date] = Counter()
    numbered = []
    for case in cases:
        serials[case.start] += 1
        number = f"000.00.12.H24-{case.start:%y%m%d}-{serials[case.start]:04d}"
        numbered.append(replace(case, number=number))
    return numbered


def _apologise(rng: random.Random, cases: list[Case], applicants: Sequence[Applicant]) -> list[Case]:
    """Return `cases`, some late ones apologised for or ready to be; those still owed have the hardest names."""
    late = [i for i, case in enumerate(cases) if case.outcome.late]
    rng.shuffle(late)
    late.sort(key=lambda i: cases[i].unit != v.PERFECT_APOLOGIES)
    perfect = sum(cases[i].unit == v.PERFECT_APOLOGIES for i in late)
    done = max(perfect, round(APOLOGISED * len(late)))
    told = done + round(APOLOGISED_LATER * len(late))
    ready = told + round(READY * (len(late) - told))
    for i, applicant in zip(late[told::4], applicants, strict=False):  # some of them ready, some not
        cases[i] = replace(cases[i], applicant=applicant)
    for rank, i in enumerate(late[:ready]):
        cases[i] = _explain(rng, cases[i])
        if rank < told:
            due = cases[i].due or v.TODAY
            span = (max(due, v.YEAR[0]), v.TODAY) if rank < done else v.AFTER
            # The first is made on the very day: it counts.
            cases[i] = replace(cases[i], apologised=v.TODAY if rank == 0 else _day_in(rng, span))
    return _number_apologies(cases)


def _explain(rng: random.Random, case: Case) -> Case:
    """Return the late case with its reason, and with a new date while it is still open."""
    new_due = _day_in(rng, (case.finished or v.TOMORROW, v.AHEAD[1])) if case.outcome.open else None
    return replace(case, reason=rng.choice(v.REASONS), new_due=new_due)


def _number_apologies(cases: list[Case]) -> list[Case]:
    made = sorted((case.apologised, i) for i, case in enumerate(cases) if case.apologised)
    for serial, (_, i) in enumerate(made, start=1):
        cases[i] = replace(cases[i], apology_number=f"{serial:02d}/PXL-BQL")
    return cases


def _applicants(rng: random.Random) -> list[Applicant]:
    """Return those who ever apply, the ones with awkward names first; four in five are organisations."""
    firms = [f"{rng.choice(v.FIRM_KINDS)} {rng.choice(v.FIRM_TRADES)} {rng.choice(v.FIRM_NAMES)}" for _ in range(FIRMS)]
    pool = [_firm(rng, name) for name in (*v.SPECIAL_FIRMS, *firms)]
    return pool + [_citizen(rng) for _ in range(CITIZENS)]


def _firm(rng: random.Random, name: str) -> Applicant:
    place = f"Lô CN{rng.randint(1, 9)}.{rng.randint(1, 30)}, {rng.choice(v.ZONES)}, thành phố Hải Phòng"
    kind = rng.choice(("Doanh nghiệp", "Doanh nghiệp", "Doanh nghiệp", "Tổ chức"))
    return Applicant(name, kind, f"0225 000 {rng.randint(0, 9999):04d}", place)


def _citizen(rng: random.Random) -> Applicant:
    name = f"{rng.choice(v.SURNAMES)} {rng.choice(v.MIDDLES)} {rng.choice(v.GIVENS)}"
    place = f"Số {rng.randint(1, 400)}, {rng.choice(v.WARDS)}, thành phố Hải Phòng"
    return Applicant(name, rng.choice(("Công dân", "Cá nhân")), f"0900 0{rng.randint(0, 99999):05d}", place)
