"""Trình ký: the letters put up for signature, read one by one as they print."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi import Path as PathId
from fastapi.responses import HTMLResponse

from dondoc.campaign import Campaign
from dondoc.files import safe_name
from dondoc.ledger.batches import SignoffBatch
from dondoc.ledger.letters import APPROVED, COMPLETE
from dondoc.ledger.prints import Print
from dondoc.ledger.rights import why_not_approve
from dondoc.ledger.store import now
from dondoc.mail.compose import MIME_TYPES
from dondoc.pages import reading
from dondoc.pages.access import SIGNING, Role
from dondoc.pages.context import PageContext
from dondoc.pages.forms import form_secret, keep_secret, token_of
from dondoc.pages.letter import letter_page
from dondoc.pages.sheets import can_draw, draw_sheet

# The scheduler and one task of Airflow; what takes longer, or was not taken, is said instead.
RECORDED_WITHIN_SECONDS = 45
Key = Annotated[int, PathId(ge=1)]


def signing_router(desk: PageContext) -> APIRouter:
    """Return the routes that show batches, letters and their prints."""
    router = APIRouter()
    _add_pages(router, desk)
    _add_files(router, desk)
    return router


def _add_pages(router: APIRouter, desk: PageContext) -> None:
    Who = Annotated[Any, Depends(desk.user)]  # noqa: N806  a type

    @router.get("/batches")
    def show_batches(request: Request, who: Who) -> HTMLResponse:
        found = [
            (campaign, reading.batch_list(desk.ledger, campaign), reading.unoffered(desk.ledger, campaign))
            for campaign in desk.campaigns(who, Role.LEADER)
        ]
        return desk.page(request, "batches.html.j2", who=who, here=SIGNING, campaigns=found)

    @router.get("/batches/{batch_id}")
    def show_batch(request: Request, batch_id: Key, who: Who) -> HTMLResponse:
        return batch_page(desk, request, batch_id, who)

    @router.get("/batches/{batch_id}/letters/{letter_id}")
    def show_letter(request: Request, batch_id: Key, letter_id: Key, who: Who) -> HTMLResponse:
        batch, campaign = batch_of(desk, who, batch_id)
        view, content = _letter(desk, batch, letter_id)
        printed = reading.print_of(desk.installation, desk.ledger, batch, letter_id)
        sheets = printed[0].pages if printed and can_draw() else 0
        return desk.page(
            request,
            "letter.html.j2",
            who=who,
            here=SIGNING,
            view=reading.BatchView(batch, campaign),
            letter=view,
            page=letter_page(content, printed=sheets > 0),
            sheets=sheets,
            printed=printed is not None,
            around=reading.around(desk.ledger, batch, letter_id),
            returned=reading.returned_files(desk.ledger, campaign, letter_id),
        )


def _add_files(router: APIRouter, desk: PageContext) -> None:
    Who = Annotated[Any, Depends(desk.user)]  # noqa: N806  a type

    @router.get("/batches/{batch_id}/letters/{letter_id}/docx")
    def download_letter(batch_id: Key, letter_id: Key, who: Who) -> Response:
        batch, _ = batch_of(desk, who, batch_id)
        view, content = _letter(desk, batch, letter_id)
        return _file(content, view, ".docx", "/".join(MIME_TYPES[".docx"]))

    @router.get("/batches/{batch_id}/letters/{letter_id}/pdf")
    def download_print(batch_id: Key, letter_id: Key, who: Who) -> Response:
        batch, _ = batch_of(desk, who, batch_id)
        view, _ = _letter(desk, batch, letter_id)
        return _file(_print(desk, batch, letter_id)[1], view, ".pdf", "application/pdf")

    @router.get("/batches/{batch_id}/letters/{letter_id}/sheets/{number}")
    def show_sheet(batch_id: Key, letter_id: Key, number: Key, who: Who) -> Response:
        batch, _ = batch_of(desk, who, batch_id)
        _letter(desk, batch, letter_id)
        printed, pdf = _print(desk, batch, letter_id)
        if number > printed.pages:
            raise HTTPException(404)
        return Response(draw_sheet(pdf, number), media_type="image/png")


def batch_page(
    desk: PageContext, request: Request, key: int, who: Any, *, refused: str = "", status: int = 200
) -> HTMLResponse:
    """Return the page of a batch, with the reason why an act on it was refused, where one was."""
    batch, campaign = batch_of(desk, who, key)
    letters = reading.letters_of(desk.ledger, batch)
    secret = form_secret(request)
    page = desk.page(
        request,
        "batch.html.j2",
        who=who,
        here=SIGNING,
        status=status,
        view=reading.BatchView(batch, campaign),
        letters=letters,
        lacking=reading.not_ready(desk.ledger, batch),
        barred=why_not_approve(desk.ledger, campaign, [row.letter for row in letters], desk.actor(who)),
        signed=sum(row.letter.state not in (COMPLETE, APPROVED) for row in letters),
        refused=refused,
        sent=_is_on_its_way(request.query_params.get("sent", "")),
        token=token_of(secret, desk.login(who)),
    )
    keep_secret(request, page, secret)
    return page


def _is_on_its_way(sent: str) -> bool:
    """Return whether an answer was sent so lately that it may not be recorded yet: then what became of it shows."""
    return sent.isdecimal() and abs(now().timestamp() - int(sent[:12])) < RECORDED_WITHIN_SECONDS


def batch_of(desk: PageContext, user: Any, key: int) -> tuple[SignoffBatch, Campaign]:
    """Return the batch and its campaign.

    Raises:
        HTTPException: 403, the user may not read it; 404, there is none.
    """
    allowed = {campaign.code: campaign for campaign in desk.campaigns(user, Role.LEADER)}
    batch = reading.batch_of(desk.ledger, key)
    if batch is None:
        raise HTTPException(404)
    if batch.campaign not in allowed:
        raise HTTPException(403)
    return batch, allowed[batch.campaign]


def _letter(desk: PageContext, batch: SignoffBatch, key: int) -> tuple[reading.LetterView, bytes]:
    view = reading.letter_of(desk.ledger, batch, key)
    if view is None:
        raise HTTPException(404)
    return view, reading.document_of(desk.installation, batch, key)


def _print(desk: PageContext, batch: SignoffBatch, key: int) -> tuple[Print, bytes]:
    printed = reading.print_of(desk.installation, desk.ledger, batch, key)
    if printed is None:
        raise HTTPException(404)
    return printed


def _file(content: bytes, view: reading.LetterView, suffix: str, kind: str) -> Response:
    name = f"{safe_name(view.letter.case_number)}{suffix}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=disposition)
