"""What every page works with: the installation, its ledger and templates, and who asks."""

from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Engine

from dondoc.actor import Actor, KnownBy
from dondoc.campaign import Campaign
from dondoc.campaign.permissions import Right
from dondoc.installation import Installation
from dondoc.ledger.batches import SignoffBatch
from dondoc.ledger.store import open_ledger
from dondoc.pages import reading
from dondoc.pages.access import SECTIONS, LoginOf, May, Role, Section
from dondoc.vietnamese.wording import number, percent, short_date

FOLDER = Path(__file__).parent / "templates"
# Answers the request that waits about a batch, by choice and reason, as whoever sent the page.
AnswerRequest = Callable[[Request, SignoffBatch, str, str], Awaitable[None]]
Wording = Callable[[Any], str]
FILTERS: dict[str, Wording] = {"number": number, "percent": percent, "short_date": short_date}


class PageContext:
    """The installation, its ledger and templates, and who may do what in which campaign."""

    def __init__(self, user: Callable[..., Any], may: May, login_of: LoginOf, answer: AnswerRequest) -> None:
        """Keep who asks, what they may, the name they logged in by, and how a request in Airflow is answered."""
        self.user = user
        self.answer = answer
        self._may = may
        self._login_of = login_of
        self._pages = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
        self._pages.filters |= FILTERS

    @cached_property
    def installation(self) -> Installation:
        """Return the installation, looked up when a page is first asked for."""
        return Installation.from_environment()

    @cached_property
    def ledger(self) -> Engine:
        """Return the ledger, opened when a page first needs it."""
        return open_ledger(self.installation.ledger_url)

    def campaigns(self, user: Any, role: Role) -> list[Campaign]:
        """Return the campaigns in which `user` has `role`.

        Raises:
            HTTPException: 403, there is none.
        """
        allowed = [found for found in reading.campaigns(self.installation) if self._has(user, role, found)]
        if not allowed:
            raise HTTPException(403)
        return allowed

    def campaign(self, user: Any, role: Role, code: str) -> Campaign:
        """Return the campaign `code`.

        Raises:
            HTTPException: 404, there is none in which `user` has `role`; 403, they have it in no campaign.
        """
        found = next((one for one in self.campaigns(user, role) if one.code == code), None)
        if found is None:
            raise HTTPException(404)
        return found

    def actor(self, user: Any) -> Actor:
        """Return who `user` is, as acts are recorded."""
        return self.installation.actor(self._login_of(user))

    def login(self, user: Any) -> str:
        """Return the name `user` logged in by."""
        return self._login_of(user)

    def page(
        self,
        request: Request,
        name: str,
        *,
        who: Any = None,
        here: Section | None = None,
        status: int = 200,
        **values: Any,
    ) -> HTMLResponse:
        """Return the template `name` filled in, with the navigation `who` may use; none where nobody is named."""
        sections = self._sections(who) if who is not None else []
        known = {"base": base_of(request), "sections": sections, "here": here}
        return HTMLResponse(self._pages.get_template(name).render(**known, **values), status_code=status)

    def _sections(self, user: Any) -> list[Section]:
        campaigns = reading.campaigns(self.installation)
        return [one for one in SECTIONS if any(self._has(user, one.role, campaign) for campaign in campaigns)]

    def _has(self, user: Any, role: Role, campaign: Campaign) -> bool:
        actor = self.actor(user)
        refused = campaign.permissions.refusal(Right.SIGN, actor) if role is Role.LEADER else ""
        return actor.known is not KnownBy.NOBODY and not refused and self._may(user, role, campaign.code)


def base_of(request: Request) -> str:
    """Return the way from the page asked for to the pages' own root.

    Relative: whatever prefix a proxy puts before us or takes away, a reader's browser knows where it is.
    """
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    depth = path.count("/") - 1
    return "/".join([".."] * depth) or "."
