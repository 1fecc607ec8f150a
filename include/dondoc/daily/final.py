"""The end of the campaign in a day's work: is this the final run, what is it short of, who is still reminded."""

from collections.abc import Sequence
from datetime import date, timedelta

from dondoc.campaign.ending import Ending, ending_of
from dondoc.daily.extensions import idle_days
from dondoc.daily.references import Snapshot
from dondoc.installation.workplace import Workplace
from dondoc.ledger import days, outbox
from dondoc.ledger.deadlines import versions
from dondoc.ledger.gates import gate_results
from dondoc.ledger.mail_kinds import REMINDER
from dondoc.vietnamese.wording import short_date

# Of one more try at a source: Airflow's longest wait before it, and what it may take (`sources/exchange.py`).
LONGEST_TRY = timedelta(minutes=16 + 15)
# From the last source to the report's leaving.
TO_MAKE_AND_SEND = timedelta(minutes=15)
KIND_WORDS = {
    "cases": "Hồ sơ thủ tục hành chính",
    "work": "Công việc",
    "files": "Hồ sơ công việc",
    "statistics": "Số thống kê",
}
UNTOLD = "lỗi phần mềm"


def ending(place: Workplace) -> Ending:
    """Return how the campaign ends."""
    return ending_of(place.day.campaign, place.day.calendar)


def is_final_run(place: Workplace) -> bool:
    """Return whether a run opened now has to make the final report; a rehearsal of the last day plays the final run."""
    found = ending(place)
    now = found.run_at if place.day.rehearsal else place.installation.now(place.day.campaign.zone)
    return found.is_final_run(place.day.business_date, now)


def may_ask_again(place: Workplace) -> bool:
    """Return whether a source that does not answer may be asked once more: on a final run while the report can wait."""
    if not place.run.final_run:
        return True
    left = ending(place).due_at - place.installation.now(place.day.campaign.zone)
    return left > LONGEST_TRY + TO_MAKE_AND_SEND


def missing_of(place: Workplace, snapshots: Sequence[Snapshot]) -> list[str]:
    """Return what the day's figures are short of, a sentence each: absent sources, closed gates; none when complete.

    When they are short of anything it is also said which days had no run.
    """
    taken = {snapshot["name"]: days.taken_for(snapshot["path"]) for snapshot in snapshots}
    named = _sources_in_words(place)
    absent = days.absences(place.ledger, place.run_id)
    lines = [
        f"{named[name]}: không lấy được ({reason.rstrip('.')}), {_instead(place, taken.get(name))}"
        for name, reason in absent.items()
    ]
    closed = [gate for gate in gate_results(place.ledger, place.run_id) if not gate.lets_pass]
    lines += [f"Số liệu chưa qua kiểm soát: {gate.sentence}" for gate in closed]
    return lines + _run_less_lines(place) if lines else []


def source_days(place: Workplace, snapshots: Sequence[Snapshot]) -> list[str]:
    """Return of which day the figures of each source that was there are, a sentence each."""
    named = _sources_in_words(place)
    absent = days.absences(place.ledger, place.run_id)
    taken = {snapshot["name"]: days.taken_for(snapshot["path"]) for snapshot in snapshots}
    return [f"{named[name]}: số liệu ngày {short_date(on)}" for name, on in taken.items() if name not in absent]


def missed_lines(place: Workplace) -> list[str]:
    """Return what is to be said of working days without a run: those missed, and those before the first run here."""
    return _run_less_lines(place) + before_use_lines(place)


def before_use_lines(place: Workplace) -> list[str]:
    """Return one sentence that names the working days of the campaign before its first run here, none without any."""
    unused = [short_date(one) for one in days_before_use(place)]
    return [f"Ngày làm việc khi đợt chưa được theo dõi ở đây: {', '.join(unused)}"] if unused else []


def missed_days(place: Workplace) -> list[date]:
    """Return the working days since the campaign's first run here that passed without one, whatever ran later."""
    day = place.day
    first, rows = _first_used(place)
    past = day.calendar.working_days(first, max(first, day.business_date))
    idle = idle_days(day.campaign, day.calendar, versions(place.ledger, campaign=day.campaign.code))
    return [one for one in past if one < day.business_date and _was_missed(rows.get(one), one in idle)]


def days_before_use(place: Workplace) -> list[date]:
    """Return the campaign's working days before its first run here that nothing is known of."""
    first, rows = _first_used(place)
    past = place.day.calendar.working_days(min(place.day.campaign.starts_on, first), first)
    return [one for one in past if one < first and one not in rows]


def _sources_in_words(place: Workplace) -> dict[str, str]:
    return {source.name: f"{KIND_WORDS[source.kind]} (nguồn {source.name})" for source in place.day.campaign.sources}


def _run_less_lines(place: Workplace) -> list[str]:
    missed = missed_days(place)
    return [f"Ngày làm việc không có lượt chạy đúng ngày: {', '.join(map(short_date, missed))}"] if missed else []


def _was_missed(row: days.DayRow | None, idle: bool) -> bool:
    return not idle if row is None else row.missed


def _first_used(place: Workplace) -> tuple[date, dict[date, days.DayRow]]:
    """Return the day of the campaign from which it is followed here, and its runs; this run is one of them."""
    day = place.day
    rows = days.day_rows(place.ledger, campaign=place.day.campaign.code)
    return max(min(days.first_used(rows) or day.business_date, day.business_date), day.campaign.starts_on), rows


def still_reminds(place: Workplace) -> bool:
    """Return whether the campaign still reminds anybody: until its deadline."""
    return place.day.business_date <= place.day.campaign.deadline


def to_remind(place: Workplace, behind: Sequence[str]) -> list[str]:
    """Return the units a reminder is written to: none after the deadline, on the last day none that has today's."""
    day = place.day
    if not still_reminds(place):
        return []
    if not place.run.final_run:
        return list(behind)
    code = day.campaign.code
    told = outbox.units_offered(place.ledger, campaign=code, business_date=day.business_date, kind=REMINDER)
    return [unit for unit in behind if unit not in told]


def _instead(place: Workplace, on: date | None) -> str:
    if on is None:
        return "chưa lần nào lấy được, các con số từ nguồn này bằng 0"
    again = ", lần lấy trước trong ngày" if on == place.day.business_date else ""
    return f"dùng số liệu ngày {short_date(on)}{again}"
