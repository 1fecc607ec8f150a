"""The pages as an app to be mounted. It knows no login of its own: whoever mounts it says who asks and what they may.

Only reading: every route is a GET, no path of a file comes from the reader, and no page runs a script.
"""

from collections.abc import Awaitable, Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi import Path as PathId
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Engine
from starlette.exceptions import HTTPException as AnyHTTPException

from dondoc.actor import Actor
from dondoc.campaign import Campaign
from dondoc.campaign.permissions import Right
from dondoc.errors import DondocError
from dondoc.files import safe_name
from dondoc.installation import Installation
from dondoc.ledger.batches import SignoffBatch
from dondoc.ledger.prints import Print
from dondoc.ledger.rights import why_not_approve
from dondoc.ledger.store import open_ledger
from dondoc.mail.compose import MIME_TYPES
from dondoc.pages import reading
from dondoc.pages.letter import letter_page
from dondoc.pages.sheets import can_draw, draw_sheet

FOLDER = Path(__file__).parent / "templates"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
PROBLEMS = {
    401: "Chưa đăng nhập, hoặc phiên làm việc đã hết. Đăng nhập Airflow rồi mở lại trang này.",
    403: "Tài khoản này không có quyền đọc thư trình ký.",
    404: "Không có trang này.",
}
Key = Annotated[int, PathId(ge=1)]
MaySign = Callable[[Any, str], bool]
LoginOf = Callable[[Any], str]


class PageContext:
    """What the routes work with: the installation, its ledger and templates, and who may read which campaign."""

    def __init__(self, may_sign: MaySign, login_of: LoginOf) -> None:
        """Keep who may answer the sign-off DAG `<campaign>.signoff`: they alone may read its letters."""
        self._may_sign = may_sign
        self._login_of = login_of
        self._pages = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)

    @cached_property
    def installation(self) -> Installation:
        """Return the installation, looked up when a page is first asked for."""
        return Installation.from_environment()

    @cached_property
    def ledger(self) -> Engine:
        """Return the ledger, opened when a page first needs it."""
        return open_ledger(self.installation.ledger_url)

    def campaigns(self, user: Any) -> list[Campaign]:
        """Return the campaigns whose letters `user` may read.

        Raises:
            HTTPException: 403, there is none.
        """
        allowed = [found for found in reading.campaigns(self.installation) if self._may_read(user, found)]
        if not allowed:
            raise HTTPException(403)
        return allowed

    def actor(self, user: Any) -> Actor:
        """Return who `user` is, as acts are recorded."""
        return self.installation.actor(self._login_of(user))

    def _may_read(self, user: Any, campaign: Campaign) -> bool:
        refused = campaign.permissions.refusal(Right.SIGN, self.actor(user))
        return not refused and self._may_sign(user, dag_of(campaign.code))

    def batch(self, user: Any, key: int) -> tuple[SignoffBatch, Campaign]:
        """Return the batch and its campaign.

        Raises:
            HTTPException: 403, the user may not read it; 404, there is none.
        """
        allowed = {campaign.code: campaign for campaign in self.campaigns(user)}
        batch = reading.batch_of(self.ledger, key)
        if batch is None:
            raise HTTPException(404)
        if batch.campaign not in allowed:
            raise HTTPException(403)
        return batch, allowed[batch.campaign]

    def page(self, request: Request, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return the template `name` filled in."""
        base = request.scope.get("root_path", "")
        return HTMLResponse(self._pages.get_template(name).render(base=base, **values), status_code=status)


def dag_of(campaign: str) -> str:
    """Return the id of the campaign's sign-off DAG."""
    return f"{campaign}.signoff"


def create_app(user: Callable[..., Any], may_sign: MaySign, login_of: LoginOf) -> FastAPI:
    """Return the app.

    Args:
        user: a FastAPI dependency that returns who asks, or raises HTTPException 401.
        may_sign: whether that user may answer requests of the DAG with this id.
        login_of: the name that user logged in by.
    """
    app = FastAPI(title="Đôn Đốc", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(user)])
    desk = PageContext(may_sign, login_of)
    _add_problems(app, desk)
    _add_pages(app, desk, user)
    _add_files(app, desk, user)
    return app


def _add_pages(app: FastAPI, desk: PageContext, user: Callable[..., Any]) -> None:
    Who = Annotated[Any, Depends(user)]  # noqa: N806  a type

    @app.get("/")
    def show_batches(request: Request, who: Who) -> HTMLResponse:
        found = [
            (campaign, reading.batch_list(desk.ledger, campaign), reading.unoffered(desk.ledger, campaign))
            for campaign in desk.campaigns(who)
        ]
        return desk.page(request, "batches.html.j2", campaigns=found)

    @app.get("/batches/{batch_id}")
    def show_batch(request: Request, batch_id: Key, who: Who) -> HTMLResponse:
        batch, campaign = desk.batch(who, batch_id)
        letters = reading.letters_of(desk.ledger, batch)
        lacking = reading.not_ready(desk.ledger, batch)
        view = reading.BatchView(batch, campaign)
        barred = why_not_approve(desk.ledger, campaign, [row.letter for row in letters], desk.actor(who))
        return desk.page(request, "batch.html.j2", view=view, letters=letters, lacking=lacking, barred=barred)

    @app.get("/batches/{batch_id}/letters/{letter_id}")
    def show_letter(request: Request, batch_id: Key, letter_id: Key, who: Who) -> HTMLResponse:
        batch, campaign = desk.batch(who, batch_id)
        view, content = _letter(desk, batch, letter_id)
        printed = reading.print_of(desk.installation, desk.ledger, batch, letter_id)
        sheets = printed[0].pages if printed and can_draw() else 0
        return desk.page(
            request,
            "letter.html.j2",
            view=reading.BatchView(batch, campaign),
            letter=view,
            page=letter_page(content, printed=sheets > 0),
            sheets=sheets,
            printed=printed is not None,
            around=reading.around(desk.ledger, batch, letter_id),
            returned=reading.returned_files(desk.ledger, campaign, letter_id),
        )


def _add_files(app: FastAPI, desk: PageContext, user: Callable[..., Any]) -> None:
    Who = Annotated[Any, Depends(user)]  # noqa: N806  a type

    @app.get("/batches/{batch_id}/letters/{letter_id}/docx")
    def download_letter(batch_id: Key, letter_id: Key, who: Who) -> Response:
        batch, _ = desk.batch(who, batch_id)
        view, content = _letter(desk, batch, letter_id)
        return _file(content, view, ".docx", "/".join(MIME_TYPES[".docx"]))

    @app.get("/batches/{batch_id}/letters/{letter_id}/pdf")
    def download_print(batch_id: Key, letter_id: Key, who: Who) -> Response:
        batch, _ = desk.batch(who, batch_id)
        view, _ = _letter(desk, batch, letter_id)
        return _file(_print(desk, batch, letter_id)[1], view, ".pdf", "application/pdf")

    @app.get("/batches/{batch_id}/letters/{letter_id}/sheets/{number}")
    def show_sheet(batch_id: Key, letter_id: Key, number: Key, who: Who) -> Response:
        batch, _ = desk.batch(who, batch_id)
        _letter(desk, batch, letter_id)
        printed, pdf = _print(desk, batch, letter_id)
        if number > printed.pages:
            raise HTTPException(404)
        return Response(draw_sheet(pdf, number), media_type="image/png")

    @app.get("/style.css")
    def style() -> Response:
        return Response(_style(), media_type="text/css")


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


def _add_problems(app: FastAPI, desk: PageContext) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        return response

    @app.exception_handler(AnyHTTPException)
    def refuse(request: Request, error: AnyHTTPException) -> HTMLResponse:
        words = PROBLEMS.get(error.status_code, "Yêu cầu không được chấp nhận.")
        return desk.page(request, "problem.html.j2", status=error.status_code, words=words)

    @app.exception_handler(RequestValidationError)
    def no_such_page(request: Request, error: RequestValidationError) -> HTMLResponse:
        return desk.page(request, "problem.html.j2", status=404, words=PROBLEMS[404])

    @app.exception_handler(DondocError)
    def stop(request: Request, error: DondocError) -> HTMLResponse:
        return desk.page(request, "problem.html.j2", status=500, words=str(error))


@lru_cache(maxsize=1)
def _style() -> str:
    return (FOLDER / "style.css").read_text(encoding="utf-8")
