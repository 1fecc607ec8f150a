"""Days of a campaign with findings of the test's own, composed by the steps the DAG calls; nothing is read or sent."""

import email
import email.policy

import pandas as pd
from sqlalchemy import update
from tests.people import LE_VAN_A

from dondoc.checks import gates
from dondoc.daily import standing, steps
from dondoc.figures import COUNTS, FIGURES, UNIT, only, with_rates
from dondoc.installation.workplace import Workplace
from dondoc.ledger import runs
from dondoc.ledger.tables import outbox
from dondoc.records import FINDINGS, conform
from dondoc.sources.snapshot import write_snapshot

CODE, ARMED_BY = "hai-phong-2023", LE_VAN_A
DUE = pd.Timestamp(2023, 11, 1).date()


def findings_of(owed):
    """Return findings: each number a case that is late and owes an apology."""
    rows = [(unit, kind, one) for unit in owed for kind in ("case_overdue", "apology_owed") for one in owed[unit]]
    frame = pd.DataFrame(rows, columns=["unit", "kind", "number"])
    told = {"subject": "Cấp phép", "due_on": DUE, "days_late": 9, "rule": "r", "source_file": "f", "source_row": 1}
    none = dict.fromkeys(("days_off", "days_paused", "swapped_days"), 0)
    return conform(frame.assign(**dict.fromkeys(FINDINGS.names) | none | told | dict(frame)), FINDINGS)


def figures_of(units, owed, total):
    """Return figures: of `total` late cases each unit has apologised for those not owed."""
    left = pd.Series([len(owed.get(unit.code, ())) for unit in units])
    counts = pd.DataFrame(0, index=left.index, columns=list(COUNTS))
    counts = counts.assign(cases_total=total, cases_late=total, cases_overdue=left, apologies_due=total)
    counts = counts.assign(apologies_done=total - left, cases_past_due=total)
    codes = [unit.code for unit in units]
    by_unit = counts.assign(scope="unit", unit=codes, code=codes, name=[unit.name for unit in units])
    office = counts.sum().to_frame().T.assign(unit=None, code="x", name="x")
    wholes = [office.assign(scope=scope) for scope in ("office", "procedure", "official")]
    return conform(with_rates(pd.concat([wholes[0], by_unit, *wholes[1:]], ignore_index=True)), FIGURES)


def compose(day, owed, *, total=9, mode="armed"):
    """Open the day, compose its mails for what `owed` says by unit, and return its workplace."""
    ref = steps.day_ref(CODE, day)
    place = Workplace.of(ref)
    # As `open_day` does, without its check of every Word template.
    today = place.installation.today(place.day.campaign.zone)
    hold = gates.hold_reason(place.day, backfill=False, mode=mode, today=today, armed_by=ARMED_BY)
    opened = {"kind": "daily", "mode": mode, "hold_reason": hold, "armed_by": ARMED_BY}
    runs.open_run(place.ledger, campaign=CODE, business_date=place.day.business_date, **opened)
    units = place.day.campaign.units
    parts = {"findings": (findings_of(owed), FINDINGS), "figures": (figures_of(units, owed, total), FIGURES)}
    paths = {
        name: write_snapshot(frame, schema, folder=place.folder / "snapshots", name=name)
        for name, (frame, schema) in parts.items()
    }
    standing.keep_findings(place, paths["findings"], count=len(parts["findings"][0]))
    kept = {"source": "figures", "kind": "register", "path": paths["figures"].relative_to(place.out).as_posix()}
    counts = dict.fromkeys(("rows_in", "accepted", "quarantined", "duplicates"), 0)
    runs.record_snapshot(place.ledger, place.run.id, kept | {"file_sha256": "0" * 64} | counts)
    found = {name: path.relative_to(place.out).as_posix() for name, path in paths.items()}
    steps.compose_reminders(ref, found, standing.units_to_write(place, only(parts["figures"][0], UNIT)))
    steps.compose_digest(ref, found)
    return place


def rows(place):
    with place.ledger.begin() as connection:
        chosen = outbox.select().where(outbox.c.business_date == place.day.business_date).order_by(outbox.c.id)
        return connection.execute(chosen).all()


def live(place):
    """Return the day's mails that stand, as the stems of their files by state."""
    found = {}
    for row in rows(place):
        if row.state != "withdrawn":
            found.setdefault(row.state, []).append(row.path.rpartition("/")[2].removesuffix(".eml"))
    return {state: sorted(stems) for state, stems in found.items()}


def become(place, state):
    """Let every mail of the day that waits come to `state`."""
    with place.ledger.begin() as connection:
        mine = outbox.c.business_date == place.day.business_date, outbox.c.state.in_(["planned", "held"])
        connection.execute(update(outbox).where(*mine).values(state=state))


def mail(place, stem):
    content = (place.folder / "mail" / f"{stem}.eml").read_bytes()
    return email.message_from_bytes(content, policy=email.policy.default)


def body(place, stem, form="plain"):
    return mail(place, stem).get_body((form,)).get_content().replace("\r\n", "\n")
