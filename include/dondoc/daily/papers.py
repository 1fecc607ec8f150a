"""What the day writes: letters, reminders, the report; and the mails it sends."""

import logging
from collections.abc import Callable, Sequence

from dondoc.daily import dispatch, postroom, preflight, publication
from dondoc.daily.judging import judged, read_figures
from dondoc.daily.references import Found
from dondoc.daily.step import step
from dondoc.ledger.letters import live_letters, record_letters
from dondoc.letters.draft import draft_letter
from dondoc.letters.drafting import write_drafts
from dondoc.mail.account import SmtpAccount
from dondoc.records import FINDINGS
from dondoc.sources.snapshot import read_snapshot
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)


@step
def draft_letters(place: Workplace, found: Found, units: Sequence[str]) -> dict[str, int]:
    """Draft the apologies owed by `units`; what was drafted before is left alone."""
    campaign = place.day.campaign
    cases, _ = judged(place, found["snapshots"])
    owed = cases[cases["late"] & ~cases["apologised"] & cases["unit"].isin(list(units))]
    drafts = [draft_letter(case, campaign) for case in owed.sort_values("case_number").to_dict("records")]
    known = live_letters(place.ledger, campaign=campaign.code, units=units)
    new = write_drafts(drafts, preflight.letter_templates(place), known=known, place=place)
    record_letters(place.ledger, new)
    log.info("%d thư phải có, %d thư mới", len(drafts), len(new))
    return {"owed": len(drafts), "new": len(new)}


@step
def compose_reminders(place: Workplace, found: Found, units: Sequence[str]) -> int:
    """Write the reminders of `units` as files and outbox rows; nothing is sent here."""
    figures = read_figures(place, found)
    findings = read_snapshot(place.out / found["findings"], FINDINGS)
    for code in units:
        postroom.plan_reminder(place, code, figures=figures.loc[code], findings=findings[findings["unit"] == code])
    return len(units)


@step
def write_report(place: Workplace, found: Found) -> list[str]:
    """Write the day's report in Word and Excel, and plan its mail to the Office."""
    cases, _ = judged(place, found["snapshots"])
    order = {unit.code: i for i, unit in enumerate(place.day.campaign.units)}
    late = cases[cases["late"]].assign(rank=lambda frame: frame["unit"].map(order))
    paths = publication.write_report(
        place,
        figures=read_figures(place, found),
        late_cases=late.sort_values(["rank", "days_late", "case_number"], ascending=[True, False, True]),
        findings=read_snapshot(place.out / found["findings"], FINDINGS),
        snapshots=found["snapshots"],
    )
    postroom.plan_report(place, figures=read_figures(place, found), paths=paths)
    return [path.relative_to(place.folder).as_posix() for path in paths]


@step
def send_mail(place: Workplace, kind: str, account: Callable[[], SmtpAccount]) -> dict[str, int]:
    """Send the planned mails of one kind; each row ends sent, refused, or unknown, and is never offered twice."""
    return dispatch.send_planned(place, kind, account)
