"""Thư: the mails of a day, each read as it is; stop and resume all, and decide those in doubt."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi import Path as PathId
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine, Row, select

from dondoc.campaign import Campaign
from dondoc.daily import mail_administration
from dondoc.ledger.control import read_switch
from dondoc.ledger.days import day_rows
from dondoc.ledger.outbox import UNKNOWN, list_mails, list_uneasy
from dondoc.ledger.runs import MISSED
from dondoc.ledger.tables import attempt, outbox
from dondoc.mail.words import BOUNCED, KINDS, STATES
from dondoc.pages.access import MAILS, Role
from dondoc.pages.context import PageContext
from dondoc.pages.forms import Filled, confirmed_reason, form_secret, keep_secret, seen_after, token_of
from dondoc.pages.mail_view import SANDBOX, read_mail
from dondoc.pages.outcomes import unit_name

Key = Annotated[int, PathId(ge=1, lt=2**31)]


@dataclass(frozen=True)
class MailLine:
    """A mail with what a page says of it."""

    row: Row[Any]
    unit: str

    @property
    def kind(self) -> str:
        """Return its kind in words."""
        return KINDS[self.row.kind]

    @property
    def state(self) -> str:
        """Return its state in words."""
        return STATES[BOUNCED if self.row.bounced_at else self.row.state]

    @property
    def choices(self) -> dict[str, str]:
        """Return what a person may decide about it, in words; nothing where nothing is open."""
        if self.row.conflict_open:
            return {word: mail_administration.WORDS[word] for word in ("keep", "resend")}
        if self.row.state == UNKNOWN:
            return {word: mail_administration.WORDS[word] for word in ("sent", "resend")}
        return {}


def mails_router(desk: PageContext) -> APIRouter:
    """Return the routes that show mails and that decide about them."""
    router = APIRouter()
    _add_pages(router, desk)
    _add_acts(router, desk)
    return router


def _add_pages(router: APIRouter, desk: PageContext) -> None:
    Who = Annotated[Any, Depends(desk.user)]  # noqa: N806  a type

    @router.get("/mails")
    def show_mails(request: Request, who: Who) -> HTMLResponse:
        allowed = desk.campaigns(who, Role.OPERATOR)
        found = [(one, uneasy_lines(desk.ledger, one), days_of(desk.ledger, one)) for one in allowed]
        secret = form_secret(request)
        shown: dict[str, Any] = {"campaigns": found, "switch": read_switch(desk.ledger)}
        shown["token"] = token_of(secret, desk.login(who))
        page = desk.page(request, "mails.html.j2", who=who, here=MAILS, **shown)
        keep_secret(request, page, secret)
        return page

    @router.get("/mails/{code}/{on}")
    def show_day_mails(request: Request, code: str, on: date, who: Who) -> HTMLResponse:
        campaign = desk.campaign(who, Role.OPERATOR, code)
        rows = list_mails(desk.ledger, campaign=code, business_date=on)
        lines = [MailLine(row, unit_name(campaign, row.unit)) for row in rows]
        return desk.page(request, "day_mails.html.j2", who=who, here=MAILS, campaign=campaign, on=on, lines=lines)

    @router.get("/mails/{code}/{on}/{mail_id}")
    def show_mail(request: Request, code: str, on: date, mail_id: Key, who: Who) -> HTMLResponse:
        campaign = desk.campaign(who, Role.OPERATOR, code)
        row = _mail(desk.ledger, mail_id, code, on)
        read = read_mail(desk.installation.out / row.path, row.payload_sha256)
        tries = [(one.at.astimezone(campaign.zone), one) for one in attempts_of(desk.ledger, row.id)]
        line = MailLine(row, unit_name(campaign, row.unit))
        shown: dict[str, Any] = {"line": line, "on": on, "code": code, "mail": read, "tries": tries}
        return desk.page(request, "mail.html.j2", who=who, here=MAILS, **shown)

    @router.get("/mails/{code}/{on}/{mail_id}/body")
    def show_body(code: str, on: date, mail_id: Key, who: Who) -> HTMLResponse:
        desk.campaign(who, Role.OPERATOR, code)
        row = _mail(desk.ledger, mail_id, code, on)
        read = read_mail(desk.installation.out / row.path, row.payload_sha256)
        return HTMLResponse(read.html, headers={"Content-Security-Policy": SANDBOX})


def _add_acts(router: APIRouter, desk: PageContext) -> None:
    Who = Annotated[Any, Depends(desk.user)]  # noqa: N806  a type

    @router.post("/mails/stop")
    def stop_mail(request: Request, who: Who, form: Filled) -> Response:
        desk.campaigns(who, Role.OPERATOR)
        reason = confirmed_reason(request, form, desk.login(who))
        mail_administration.stop(desk.installation, by=desk.actor(who), reason=reason)
        return seen_after("../mails")

    @router.post("/mails/resume")
    def resume_mail(request: Request, who: Who, form: Filled) -> Response:
        desk.campaigns(who, Role.OPERATOR)
        reason = confirmed_reason(request, form, desk.login(who))
        mail_administration.resume(desk.installation, by=desk.actor(who), reason=reason)
        return seen_after("../mails")

    @router.post("/mails/resolve")
    def resolve_mail(request: Request, who: Who, form: Filled) -> Response:
        allowed = desk.campaigns(who, Role.OPERATOR)
        reason = confirmed_reason(request, form, desk.login(who))
        key = form.get("key", "")
        word = form.get("word", "")
        mine = {line.row.dedupe_key for one in allowed for line in uneasy_lines(desk.ledger, one)}
        if key not in mine or word not in mail_administration.WORDS:
            raise HTTPException(404)
        mail_administration.resolve(desk.installation, key=key, word=word, by=desk.actor(who), reason=reason)
        return seen_after("../mails")


def uneasy_lines(ledger: Engine, campaign: Campaign) -> list[MailLine]:
    """Return the mails of a campaign that a person should look at."""
    return [MailLine(row, unit_name(campaign, row.unit)) for row in list_uneasy(ledger, campaign=campaign.code)]


def days_of(ledger: Engine, campaign: Campaign) -> list[date]:
    """Return the days of a campaign that were run, the latest first."""
    rows = day_rows(ledger, campaign=campaign.code).values()
    return sorted((row.business_date for row in rows if row.state != MISSED), reverse=True)


def attempts_of(ledger: Engine, mail_id: int) -> list[Row[Any]]:
    """Return the attempts to send a mail, oldest first."""
    with ledger.begin() as connection:
        return list(connection.execute(select(attempt).where(attempt.c.outbox_id == mail_id).order_by(attempt.c.id)))


def _mail(ledger: Engine, key: int, campaign: str, on: date) -> Row[Any]:
    mine = (outbox.c.id == key, outbox.c.campaign == campaign, outbox.c.business_date == on)
    with ledger.begin() as connection:
        row = connection.execute(select(outbox).where(*mine)).one_or_none()
    if row is None:
        raise HTTPException(404)
    return row
