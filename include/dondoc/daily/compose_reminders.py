"""The box “soạn thư nhắc việc”: what some units are reminded of, or thanked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dondoc.answers.intake import said_before
from dondoc.answers.unit_workbook import UnitWorkbooks
from dondoc.campaign import Campaign
from dondoc.daily import mail_planning, reminding
from dondoc.daily.check import read_figures
from dondoc.daily.references import Found
from dondoc.daily.setbacks import REMINDERS, do_apart
from dondoc.daily.standing import Standing, changes_since, deserves_praise, standing_of
from dondoc.daily.step import step
from dondoc.figures import is_behind
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger.workbooks import token_key
from dondoc.mail.changes import FindingChanges
from dondoc.records import FINDINGS
from dondoc.records.unit_findings import Finding, by_unit, count_lapsing
from dondoc.sources.snapshot import read_snapshot


@dataclass(frozen=True)
class ReminderInputs:
    """What the reminders of some units rest on, read once.

    Attributes:
        figures: the day's row of each unit, by its code.
        findings: of the units asked for, by unit, most urgent first; none of a unit that has none.
        changes: what changed since the last earlier day.
        standing: how the units stand before the day's mails.
        workbooks: writes a unit's workbook, what it answered before filled in.
    """

    figures: Mapping[str, Mapping[str, Any]]
    findings: Mapping[str, Sequence[Finding]]
    changes: FindingChanges
    standing: Standing
    workbooks: UnitWorkbooks


@dataclass(frozen=True)
class WrittenTo:
    """Codes of the units that are reminded, and of those that are thanked; to others nothing is written."""

    reminded: Sequence[str]
    thanked: Sequence[str]


@step
def compose_reminders(place: Workplace, found: Found, units: Sequence[str]) -> int:
    """Write the reminders of `units` as files and outbox rows, thank those that owe nothing; nothing is sent here."""
    read = _read_for_reminders(place, found, units)

    def compose(some: Sequence[str]) -> int:
        _write(place, some, read, decide(place.day.campaign, some, read))
        return len(some)

    return sum(do_apart(place, REMINDERS, units, compose))


def decide(campaign: Campaign, units: Sequence[str], read: ReminderInputs) -> WrittenTo:
    """Return whom of `units` a reminder is written to, and whom the thanks."""
    reminded = [code for code in units if _is_asked(campaign, code, read)]
    others = (code for code in units if code not in set(reminded))
    thanked = [
        code
        for code in others
        if deserves_praise(campaign, code, rate=read.figures[code]["rate"], standing=read.standing)
    ]
    return WrittenTo(reminded, thanked)


def _is_asked(campaign: Campaign, code: str, read: ReminderInputs) -> bool:
    """Return whether a unit owes something, or is asked for a reason before a case lapses."""
    lapsing = campaign.letters.before_lapse and count_lapsing(read.findings.get(code, []))
    return is_behind(read.figures[code]) or bool(lapsing)


def _read_for_reminders(place: Workplace, found: Found, units: Sequence[str]) -> ReminderInputs:
    figures = {row["code"]: row for row in rows_of(read_figures(place, found))}
    findings = read_snapshot(place.out / found["findings"], FINDINGS)
    return ReminderInputs(
        figures=figures,
        findings=by_unit(findings[findings["unit"].isin(list(units))]),
        changes=changes_since(place, findings),
        standing=standing_of(place),
        workbooks=UnitWorkbooks(place.day, said_before(place), token_key(place.ledger)),
    )


def _write(place: Workplace, units: Sequence[str], read: ReminderInputs, to: WrittenTo) -> None:
    known = place.day.campaign.unit_by_code
    reminders = [
        mail_planning.write_reminder(
            place,
            known[code],
            figures=read.figures[code],
            findings=read.findings.get(code, []),
            changes=read.changes.of(code),
            standing=read.standing,
            workbooks=read.workbooks,
        )
        for code in to.reminded
    ]
    thanks = [
        mail
        for code in to.thanked
        for mail in reminding.praise(place, known[code], figures=read.figures[code], standing=read.standing)
    ]
    mail_planning.enter_reminders(place, units, reminders=reminders, thanks=thanks)
