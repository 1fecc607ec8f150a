"""Forms that change something: sent by our own page, in this browser, by whoever it was given to, and confirmed."""

import hashlib
import hmac
import secrets
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import Depends, HTTPException, Request, Response
from starlette.responses import RedirectResponse

COOKIE = "dondoc_form"
TOKEN = "token"  # noqa: S105  the name of a field
CONFIRMED = "confirmed"
MOST_BYTES = 64 * 1024
SECRET_LENGTH = 32
Form = dict[str, str]


def form_secret(request: Request) -> str:
    """Return the secret of this browser, a new one where it has none."""
    known = request.cookies.get(COOKIE, "")
    return known if len(known) >= SECRET_LENGTH else secrets.token_urlsafe(SECRET_LENGTH)


def keep_secret(request: Request, response: Response, secret: str) -> None:
    """Keep the secret in the browser: no script reads it, and no other site's page sends it."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, secret, httponly=True, samesite="strict", secure=secure)


def token_of(secret: str, login: str) -> str:
    """Return what a form given to `login` in this browser must bring back."""
    return hmac.new(secret.encode(), login.encode(), hashlib.sha256).hexdigest()


async def read_form(request: Request) -> Form:
    """Return the fields of a form, each once.

    Raises:
        HTTPException: 400, it is no form or too long, or comes from a page of another site.
    """
    _require_own_page(request)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(400)
    try:
        fields = parse_qs(body.decode("utf-8"), strict_parsing=True, max_num_fields=40)
    except ValueError:
        raise HTTPException(400) from None
    return {name: values[0] for name, values in fields.items()}


Filled = Annotated[Form, Depends(read_form)]


def require_confirmed(request: Request, form: Form, login: str) -> None:
    """Refuse an act that nobody confirmed, or not by a form that this browser was given for `login`.

    Raises:
        HTTPException: 400, it bears another token or none; 422, its box is not ticked.
    """
    secret = request.cookies.get(COOKIE, "")
    if not secret or not hmac.compare_digest(form.get(TOKEN, "").encode(), token_of(secret, login).encode()):
        raise HTTPException(400)
    if form.get(CONFIRMED) != "yes":
        raise HTTPException(422)


def confirmed_reason(request: Request, form: Form, login: str) -> str:
    """Return the reason of an act that was confirmed, by a form that this browser was given for `login`.

    Raises:
        HTTPException: 400, it bears another token or none; 422, its box is not ticked, or it gives no reason.
    """
    require_confirmed(request, form, login)
    reason = " ".join(form.get("reason", "").split())
    if not reason:
        raise HTTPException(422)
    return reason


def seen_after(address: str) -> Response:
    """Return the answer to an act that is done: the page at `address`, which a reload reads and does not do again."""
    return RedirectResponse(address, status_code=303)


def _require_own_page(request: Request) -> None:
    # A browser names the site a form is sent from; a proxy in front may have given us another name than the reader's.
    hosts = {request.headers.get("host"), request.headers.get("x-forwarded-host")}
    if urlsplit(request.headers.get("origin", "")).netloc not in hosts - {None}:
        raise HTTPException(400)
