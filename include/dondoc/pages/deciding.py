"""Trình ký: the leader's decisions, taken on the page that shows what they are about.

An answer is Airflow's: the run's request is answered with the leader's own login, so that both always agree. An
approval that is taken back is an act of its own, until a letter is signed.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from dondoc.errors import DondocError
from dondoc.installation.workplace import Workplace
from dondoc.ledger.rights import why_not_approve
from dondoc.ledger.store import now
from dondoc.pages import reading
from dondoc.pages.context import PageContext, base_of
from dondoc.pages.forms import Filled, require_confirmed, seen_after
from dondoc.pages.signing import Key, batch_of, batch_page
from dondoc.signoff.taking_back import take_back

APPROVE = "Duyệt"
RETURN = "Trả lại"
NO_REASON = "Trả lại thì phải ghi lý do: các thư vẫn chờ duyệt."
CHANGED = "Tập thư đã khác với tập trên trang: xem lại tập thư dưới đây rồi trả lời."
# As Airflow's own form takes.
LONGEST_REASON = 1000


def deciding_router(desk: PageContext) -> APIRouter:
    """Return the routes by which a leader approves, returns, and takes an approval back."""
    router = APIRouter()
    Who = Annotated[Any, Depends(desk.user)]  # noqa: N806  a type

    @router.post("/batches/{batch_id}/approval")
    async def approve(request: Request, batch_id: Key, who: Who, form: Filled) -> Response:
        batch, campaign = batch_of(desk, who, batch_id)
        require_confirmed(request, form, desk.login(who))
        letters = [row.letter for row in reading.letters_of(desk.ledger, batch)]
        barred = why_not_approve(desk.ledger, campaign, letters, desk.actor(who))
        refused = barred or (CHANGED if form.get("shown") != batch.sha256 else "")
        return await _answer(desk, request, batch_id, who, APPROVE, refused=refused)

    @router.post("/batches/{batch_id}/return")
    async def give_back(request: Request, batch_id: Key, who: Who, form: Filled) -> Response:
        batch, _ = batch_of(desk, who, batch_id)
        require_confirmed(request, form, desk.login(who))
        reason = form.get("reason", "").strip()[:LONGEST_REASON]
        refused = CHANGED if form.get("shown") != batch.sha256 else "" if reason else NO_REASON
        return await _answer(desk, request, batch_id, who, RETURN, reason=reason, refused=refused)

    @router.post("/batches/{batch_id}/undo")
    def undo(request: Request, batch_id: Key, who: Who, form: Filled) -> Response:
        _, campaign = batch_of(desk, who, batch_id)
        require_confirmed(request, form, desk.login(who))
        place = Workplace.on(campaign.code, desk.installation.today(campaign.zone))
        try:
            take_back(place, batch_id, reason=form.get("reason", ""), by=desk.actor(who), at=now())
        except DondocError as error:
            return batch_page(desk, request, batch_id, who, refused=str(error), status=409)
        return seen_after(f"{base_of(request)}/batches/{batch_id}")

    return router


async def _answer(
    desk: PageContext, request: Request, key: int, who: Any, choice: str, *, reason: str = "", refused: str = ""
) -> Response:
    batch, _ = batch_of(desk, who, key)
    try:
        if not refused:
            await desk.answer(request, batch, choice, reason)
    except DondocError as error:
        refused = str(error)
    if refused:
        return batch_page(desk, request, key, who, refused=refused, status=409)
    return seen_after(f"{base_of(request)}/batches/{key}?sent={int(now().timestamp())}")
