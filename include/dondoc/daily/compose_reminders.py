"""The box “soạn thư nhắc việc”: what some units are reminded of, or thanked for."""

from collections.abc import Sequence
from typing import Any

from dondoc.answers.intake import said_before
from dondoc.answers.unit_workbook import UnitWorkbooks
from dondoc.daily import mail_planning, reminding
from dondoc.daily.check import read_figures
from dondoc.daily.references import Found
from dondoc.daily.setbacks import REMINDERS, do_apart
from dondoc.daily.standing import changes_since, standing_of
from dondoc.daily.step import step
from dondoc.figures import is_behind
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger.workbooks import token_key
from dondoc.records import FINDINGS
from dondoc.records.unit_findings import by_unit, count_lapsing
from dondoc.sources.snapshot import read_snapshot


@step
def compose_reminders(place: Workplace, found: Found, units: Sequence[str]) -> int:
    """Write the reminders of `units` as files and outbox rows, thank those that owe nothing; nothing is sent here."""
    figures = {row["code"]: row for row in rows_of(read_figures(place, found))}
    findings = read_snapshot(place.out / found["findings"], FINDINGS)
    mine = by_unit(findings[findings["unit"].isin(list(units))])
    standing = standing_of(place)
    changes = changes_since(place, findings)
    before_lapse = place.day.campaign.letters.before_lapse
    workbooks = UnitWorkbooks(place.day, said_before(place), token_key(place.ledger))

    def compose(some: Sequence[str]) -> int:
        reminders = []
        thanks = []
        for unit in map(place.day.campaign.unit_by_code.__getitem__, some):
            facts: dict[str, Any] = {"figures": figures[unit.code], "standing": standing}
            if is_behind(figures[unit.code]) or (before_lapse and count_lapsing(mine.get(unit.code, []))):
                facts |= {"findings": mine.get(unit.code, []), "changes": changes.of(unit.code), "workbooks": workbooks}
                reminders.append(mail_planning.write_reminder(place, unit, **facts))
            else:
                thanks += reminding.praise(place, unit, **facts)
        mail_planning.enter_reminders(place, some, reminders=reminders, thanks=thanks)
        return len(some)

    return sum(do_apart(place, REMINDERS, units, compose))
