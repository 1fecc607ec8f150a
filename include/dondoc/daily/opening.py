"""The day opened and closed in the ledger."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypedDict

from dondoc.actor import MACHINE, Actor, KnownBy
from dondoc.campaign import Campaign
from dondoc.campaign.permissions import Right
from dondoc.checks import gates
from dondoc.daily import final, preflight, publication, register
from dondoc.daily.check import read_figures
from dondoc.daily.office_clock import require_clock
from dondoc.daily.preview import write_preview
from dondoc.daily.references import Found
from dondoc.daily.step import closing_step, guarded, step
from dondoc.errors import DondocError, SettingsError
from dondoc.files import remove_torn
from dondoc.installation.pinned_settings import FOLDER, live_settings, pin
from dondoc.installation.workplace import DayRef, Kind, Workplace
from dondoc.ledger import audit, deadlines, runs
from dondoc.ledger.gates import Override, override_gate
from dondoc.ledger.journal import require_store
from dondoc.ledger.mail_kinds import REPORT
from dondoc.ledger.rights import require_right
from dondoc.vietnamese.wording import short_date

log = logging.getLogger(__name__)

# Only the day's run, of which there is one at a time, writes here.
OWN_FOLDERS = ("snapshots", "report")
ARMED = "armed"
TRIAL = "chạy thử (dags test): không gửi thư"


def day_ref(campaign: str, business_date: str, *, backfill: bool = False) -> DayRef:
    """Return the reference of a day."""
    kind: Kind = "backfill" if backfill else "daily"
    return {"campaign": campaign, "business_date": business_date, "kind": kind}


class GateDecision(TypedDict):
    """An operator's decision to let the day's mail through some gates, as filled in the form of a manual run.

    `decided_by` is a name they typed; who decides is who runs the day.
    """

    gates: list[str]
    decided_by: str | None
    reason: str | None


@guarded
def open_day(
    ref: DayRef,
    *,
    mode: str | None = None,
    by: Actor = MACHINE,
    decision: GateDecision | None = None,
    trial: bool = False,
) -> DayRef:
    """Open the day in the ledger, settle whether mail may leave, and check all that can be checked before any pull.

    The reference returned names the settings that were checked, which all steps of the day read.

    Args:
        ref: the day.
        mode: `preview` or `armed` for this run alone; the campaign's own when None.
        by: who runs the day, and arms it where `mode` does.
        decision: which gates to let mail through on this day; refused when only half filled in.
        trial: whether somebody only tries the run out; outside a rehearsal its mail is held.

    Raises:
        DondocError: the day is still to come, or nobody works on it; the ledger and the output folder are not of each
            other.
        NotEntitledError: the campaign lets others arm a day or open its gates; the day stays as it was.
    """
    # Read before what is decided by them: an edit from here on is seen when they are pinned.
    seen = _live_settings(Workplace.of(ref))
    place = Workplace.of(ref)
    require_clock(place)
    require_store(place.ledger, place.out)
    campaign = place.day.campaign
    wanted = mode or campaign.mail.mode
    today = place.installation.today(campaign.zone)
    _refuse_another_time(place, today)
    opened = bool(decision and any(decision.values()))
    _require_rights(place, by, arms=mode == ARMED, opens=opened)
    armed_by = _armed_by(campaign, mode, by)
    reason = gates.hold_reason(
        place.day, backfill=place.kind == "backfill", mode=wanted, today=today, armed_by=armed_by
    )
    if trial and not place.day.rehearsal:
        reason = reason or TRIAL
    missed = _keep_days(place, today)
    runs.open_run(
        place.ledger,
        campaign=campaign.code,
        business_date=place.day.business_date,
        kind=place.kind,
        mode=wanted,
        hold_reason=reason,
        armed_by=armed_by,
        final_run=final.is_final_run(place),
        missed=missed,
    )
    log.info("%s, %s: %s", campaign.code, place.day.business_date, reason or "thư sẽ được gửi")
    return _check_before_work(place.ref, decision if opened else None, by, seen)


def _require_rights(place: Workplace, by: Actor, *, arms: bool, opens: bool) -> None:
    wanted = {Right.ARM: arms, Right.OPEN_GATES: opens}
    subject = f"{place.day.campaign.code} {place.day.business_date}"
    for right in (right for right, needed in wanted.items() if needed):
        require_right(place.ledger, place.day.campaign, right, by, subject=subject)


def _armed_by(campaign: Campaign, mode: str | None, by: Actor) -> Actor | None:
    """Return who arms a run: whoever asks for it, else the settings; None where nobody does."""
    if mode == ARMED:
        return by
    settled = mode is None and campaign.mail.mode == ARMED
    return Actor(KnownBy.SETTINGS, remark=campaign.mail.armed_by or "") if settled else None


def _refuse_another_time(place: Workplace, today: date) -> None:
    """Refuse a day whose figures cannot be known yet, and one that owes none: neither may leave a row or a register."""
    day = place.day.business_date
    on = short_date(place.day.business_date)
    if day > today:
        raise DondocError(
            f"Ngày {on} chưa tới; hôm nay là ngày {short_date(today)}.",
            where=f"đợt {place.day.campaign.code}",
            remedy="chọn hôm nay hoặc một ngày đã qua; muốn xem trước ngày ấy thì diễn tập, hoặc sửa đồng hồ của máy.",
        )
    if not place.day.calendar.is_working(day):
        raise DondocError(
            f"Ngày {on} là ngày nghỉ.",
            where=f"đợt {place.day.campaign.code}, tệp lịch {place.day.calendar.name}",
            remedy="chọn một ngày làm việc; ngày ấy thật ra làm việc thì sửa tệp lịch.",
        )


def _keep_days(place: Workplace, today: date) -> bool:
    """Enter the campaign's end and the days missed before today's run; return whether this run's own day is one.

    Only daily runs count.
    """
    day = place.day
    if place.kind != "daily":
        return False
    if day.business_date == today:
        deadlines.keep_deadline(place.ledger, day.campaign, on=today)
        register.keep(place.ledger, day, now=place.installation.now(day.campaign.zone))
    return day.business_date < today and day.calendar.is_working(day.business_date)


@step
def _check_before_work(place: Workplace, decision: GateDecision | None, by: Actor, seen: Mapping[str, bytes]) -> DayRef:
    if decision:
        _override(place, decision, by)
    for name in OWN_FOLDERS:
        remove_torn(place.folder / name)
    preflight.check(place)
    return _pin(place, seen).ref


def _pin(place: Workplace, seen: Mapping[str, bytes]) -> Workplace:
    """Return the day's workplace on settings that stay as they were checked.

    Args:
        place: the day, on the settings that people edit.
        seen: those settings before anything was decided by them.

    Raises:
        SettingsError: they were edited since.
    """
    now = _live_settings(place)
    if edited := sorted(name for name in {*seen, *now} if seen.get(name) != now.get(name)):
        raise SettingsError(
            "Cấu hình, lịch hoặc mẫu được sửa đúng lúc đang mở ngày.",
            where=", ".join(edited),
            remedy="đợi lưu xong các tệp này, rồi chạy lại ô “Mở ngày”.",
        )
    kept = pin(place.out / place.day.campaign.code / FOLDER, now, staging=place.folder / ".settings")
    runs.keep_settings(place.ledger, place.run_id, kept.name)
    return replace(place, pinned=kept)


def _live_settings(place: Workplace) -> dict[str, bytes]:
    return live_settings(place.installation, place.day.campaign)


def _override(place: Workplace, decision: GateDecision, by: Actor) -> None:
    decided_by = replace(by, remark=decision["decided_by"] or "")
    # No gate named with a name or a reason given is a form half filled in: it is refused like a missing reason.
    for gate in decision["gates"] or [""]:
        wish = Override(place.day.campaign.code, place.day.business_date, gate, reason=decision["reason"] or "")
        override_gate(place.ledger, wish, by=decided_by)
        log.warning("cổng %s được mở theo quyết định", gate)


@step
def why_held(place: Workplace, kind: str) -> str | None:
    """Return why no mail of that kind and day may leave, None when it may; no closed gate holds a final report."""
    if kind == REPORT and place.run.final_run:
        return place.run.final_hold_reason
    return place.run.hold_reason


@closing_step
def close_day(place: Workplace, found: Found, report: Sequence[str]) -> dict[str, Any]:
    """Write `summary.json` and the pages of the day's mails, and close the day in the ledger."""
    write_preview(place)
    summary = publication.write_summary(place, found, figures=read_figures(place, found), report=report)
    # In the log of the day, outside the ledger: who rewrites the whole chain there cannot rewrite this.
    log.info("sổ kiểm toán: %s dòng, mã cuối %s", *audit.end(place.ledger))
    return {"findings": summary["findings"], "letters": summary["letters"], "mails": summary["mails"]}
