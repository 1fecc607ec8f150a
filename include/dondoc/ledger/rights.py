"""Acts that need a right: refused to whoever has none, and the refusal kept in the audit."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine, select

from dondoc.actor import SYSTEM_PREFIX, Actor
from dondoc.campaign import Campaign
from dondoc.campaign.permissions import Right
from dondoc.errors import NotEntitledError
from dondoc.ledger import audit
from dondoc.ledger.letters import Letter
from dondoc.ledger.runs import ARMED
from dondoc.ledger.tables import audit as audit_table
from dondoc.ledger.transitions import EDITED
from dondoc.vietnamese.wording import short_date

REMEDY = (
    "người có quyền làm việc này bằng tài khoản của mình; cần thêm người thì ghi tài khoản vào mục permissions của "
    "campaign.yaml."
)


def require_right(ledger: Engine, campaign: Campaign, right: Right, actor: Actor, *, subject: str) -> None:
    """Refuse an act of `actor` on `subject` that the campaign gives to others.

    Raises:
        NotEntitledError: they have not the right; the audit says that they tried.
    """
    if why := campaign.permissions.refusal(right, actor):
        audit.record(ledger, audit.Act(actor, f"refused.{right.value}", subject, {"reason": why}))
        raise NotEntitledError(why, where=f"đợt {campaign.code}, mục permissions.{right.value}", remedy=REMEDY)


def why_not_approve(ledger: Engine, campaign: Campaign, letters: Sequence[Letter], actor: Actor) -> str:
    """Return why `actor` may not approve `letters` though they may sign: their own act stands behind one of them.

    Only people known by an account can be told apart; a name that was typed bars nobody.
    """
    if not (campaign.permissions.four_eyes and actor.account):
        return ""
    armed = set(_days_armed(ledger, campaign, actor))
    edited = set(_letters_edited(ledger, campaign, actor))
    days = sorted({letter.drafted_on for letter in letters} & armed)
    cases = sorted(letter.case_number for letter in letters if letter.id in edited)
    done = [f"cho phép gửi thư ngày {', '.join(map(short_date, days))}"] if days else []
    done += [f"sửa thư của hồ sơ {', '.join(cases)}"] if cases else []
    if not done:
        return ""
    return f"Chính {actor.words} đã {' và '.join(done)}: duyệt phải là người khác."


def _days_armed(ledger: Engine, campaign: Campaign, actor: Actor) -> Iterator[date]:
    for detail in _acts(ledger, campaign, ARMED, actor):
        yield date.fromisoformat(detail["day"])


def _letters_edited(ledger: Engine, campaign: Campaign, actor: Actor) -> Iterator[int]:
    for detail in _acts(ledger, campaign, EDITED, actor):
        yield detail["letter"]


def _acts(ledger: Engine, campaign: Campaign, action: str, actor: Actor) -> Iterator[dict[str, Any]]:
    chosen = audit_table.c.action == action, audit_table.c.subject.startswith(f"{campaign.code} ", autoescape=True)
    with ledger.begin() as connection:
        rows = connection.scalars(select(audit_table.c.detail).where(*chosen)).all()
    for row in rows:
        detail = json.loads(row)
        # One person has the same name in Airflow and on the machine.
        if _name(detail.get("actor", {}).get("account", "")) == _name(actor.account):
            yield detail


def _name(account: str) -> str:
    return account.removeprefix(SYSTEM_PREFIX)
