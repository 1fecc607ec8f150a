"""Cổng: the gates of the latest day, each with what it saw; one that is closed is opened for that day."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from dondoc.actor import Actor
from dondoc.campaign import ALL_GATES, GATES, Campaign
from dondoc.campaign.permissions import Right
from dondoc.ledger.days import day_rows
from dondoc.ledger.gates import Judged, Override, gate_results, override_gate, overrides
from dondoc.ledger.rights import require_right
from dondoc.ledger.runs import DAILY, MISSED, find_run
from dondoc.pages.access import GATE_DAY, Role
from dondoc.pages.context import PageContext
from dondoc.pages.forms import Filled, confirmed_reason, form_secret, keep_secret, seen_after, token_of


@dataclass(frozen=True)
class GateDay:
    """The gates of a campaign's latest day; `barred` says why who asks may open none, empty where they may."""

    campaign: Campaign
    on: date | None
    judged: tuple[Judged, ...]
    decided: dict[str, Override]
    barred: str

    @property
    def closed(self) -> list[Judged]:
        """Return the gates that hold the day's mail and that nobody has opened."""
        return [one for one in self.judged if not one.lets_pass and self.decision_on(one) is None]

    def decision_on(self, one: Judged) -> Override | None:
        """Return the decision to let mail through a gate, also where the day has not run again since."""
        return self.decided.get(one.gate) or self.decided.get(ALL_GATES)


def gates_router(desk: PageContext) -> APIRouter:
    """Return the routes that show the gates and that open one."""
    router = APIRouter()
    Who = Annotated[Any, Depends(desk.user)]  # noqa: N806  a type

    @router.get("/gates")
    def show_gates(request: Request, who: Who) -> HTMLResponse:
        found = [gate_day(desk.ledger, one, desk.actor(who)) for one in desk.campaigns(who, Role.OPERATOR)]
        secret = form_secret(request)
        token = token_of(secret, desk.login(who))
        page = desk.page(request, "gates.html.j2", who=who, here=GATE_DAY, days=found, names=GATES, token=token)
        keep_secret(request, page, secret)
        return page

    @router.post("/gates/open")
    def open_gate(request: Request, who: Who, form: Filled) -> Response:
        allowed = {one.code: one for one in desk.campaigns(who, Role.OPERATOR)}
        reason = confirmed_reason(request, form, desk.login(who))
        campaign = allowed.get(form.get("campaign", ""))
        if campaign is None:
            raise HTTPException(404)
        actor = desk.actor(who)
        shown = gate_day(desk.ledger, campaign, actor)
        gate = form.get("gate", "")
        # A form of yesterday, or of a gate that was opened since, opens nothing of today.
        if (
            shown.on is None
            or form.get("day") != shown.on.isoformat()
            or gate not in {one.gate for one in shown.closed}
        ):
            raise HTTPException(404)
        require_right(desk.ledger, campaign, Right.OPEN_GATES, actor, subject=f"{campaign.code} {shown.on}")
        override_gate(desk.ledger, Override(campaign.code, shown.on, gate, reason=reason), by=actor)
        return seen_after("../gates")

    return router


def gate_day(ledger: Engine, campaign: Campaign, actor: Actor) -> GateDay:
    """Return the gates of the latest day of `campaign` that was run."""
    barred = campaign.permissions.refusal(Right.OPEN_GATES, actor)
    rows = day_rows(ledger, campaign=campaign.code).values()
    on = max((row.business_date for row in rows if row.state != MISSED), default=None)
    run = find_run(ledger, campaign=campaign.code, business_date=on, kind=DAILY) if on else None
    if on is None or run is None:
        return GateDay(campaign, None, (), {}, barred)
    judged = sorted(gate_results(ledger, run.id), key=lambda one: one.open)
    return GateDay(campaign, on, tuple(judged), overrides(ledger, campaign=campaign.code, business_date=on), barred)
