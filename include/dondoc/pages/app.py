"""The pages as an app to be mounted. It knows no login of its own: whoever mounts it says who asks and what they may.

No path of a file comes from the reader, and no page runs a script.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException as AnyHTTPException

from dondoc.errors import DondocError
from dondoc.pages.access import LoginOf, May
from dondoc.pages.context import FOLDER, AnswerRequest, PageContext
from dondoc.pages.days import days_router
from dondoc.pages.deciding import deciding_router
from dondoc.pages.gates import gates_router
from dondoc.pages.mails import mails_router
from dondoc.pages.protection import HEADERS
from dondoc.pages.signing import signing_router
from dondoc.pages.today import today_router

PROBLEMS = {
    400: "Yêu cầu không được nhận: trang đã mở quá lâu hoặc phiên đăng nhập đã đổi. Tải lại trang rồi làm lại.",
    401: "Chưa đăng nhập, hoặc phiên làm việc đã hết. Đăng nhập Airflow rồi mở lại trang này.",
    403: "Tài khoản này không có quyền mở trang này.",
    404: "Không có trang này.",
    422: "Chưa ghi gì: phải điền lý do và đánh dấu ô xác nhận. Quay lại trang trước để làm lại.",
}
ROUTERS = (today_router, days_router, mails_router, gates_router, signing_router, deciding_router)


def create_app(user: Callable[..., Any], may: May, login_of: LoginOf, answer: AnswerRequest) -> FastAPI:
    """Return the app.

    Args:
        user: a FastAPI dependency that returns who asks, or raises HTTPException 401.
        may: whether that user has a role in the campaign of this code.
        login_of: the name that user logged in by.
        answer: answers a leader's request in Airflow.
    """
    app = FastAPI(title="Đôn Đốc", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(user)])
    desk = PageContext(user, may, login_of, answer)
    _add_problems(app, desk)
    for router in ROUTERS:
        app.include_router(router(desk))

    @app.get("/style.css")
    def style() -> Response:
        return Response(_style(), media_type="text/css")

    return app


def _add_problems(app: FastAPI, desk: PageContext) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
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
        # What a person asked for was refused; a page that cannot be shown is our own trouble.
        status = 500 if request.method == "GET" else 409
        return desk.page(request, "problem.html.j2", status=status, words=str(error))


@lru_cache(maxsize=1)
def _style() -> str:
    return (FOLDER / "style.css").read_text(encoding="utf-8")
