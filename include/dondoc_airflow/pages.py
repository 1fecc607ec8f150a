"""Our pages inside Airflow, behind its login: what a person may do there says what they may do here.

Every process of Airflow loads this file; the pages and Airflow's own security load in the one that is asked for a page.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from dondoc.pages.access import Role
from dondoc_airflow.answering import AIRFLOW_APP, answer_request

if TYPE_CHECKING:
    from airflow.api_fastapi.auth.managers.base_auth_manager import ResourceMethod
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity


async def user(request: Request) -> Any:
    """Return who asks, by Airflow's cookie or bearer token.

    Raises:
        HTTPException: 401, nobody is logged in.
    """
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user

    return await get_user(request, None, await bearer_scheme(request))


def may(user: Any, role: Role, campaign: str) -> bool:
    """Return whether `user` has `role` in a campaign, by the very check Airflow makes of the like.

    A viewer may see the daily DAG, an operator start its runs, a leader answer the sign-off's requests, and an
    administrator change the accounts mail is sent by.
    """
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity

    if role is Role.ADMINISTRATOR:
        return get_auth_manager().is_authorized_connection(method="PUT", user=user)
    rights: dict[Role, tuple[ResourceMethod, DagAccessEntity | None, str]] = {
        Role.VIEWER: ("GET", None, "daily"),
        Role.OPERATOR: ("POST", DagAccessEntity.RUN, "daily"),
        Role.LEADER: ("PUT", DagAccessEntity.HITL_DETAIL, "signoff"),
    }
    return _may_dag(user, *rights[role], campaign)


def _may_dag(user: Any, method: ResourceMethod, entity: DagAccessEntity | None, kind: str, campaign: str) -> bool:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
    from airflow.models.dag import DagModel

    dag_id = f"{campaign}.{kind}"
    details = DagDetails(id=dag_id, team_name=DagModel.get_team_name(dag_id))
    return get_auth_manager().is_authorized_dag(method=method, access_entity=entity, details=details, user=user)


def login_of(user: Any) -> str:
    """Return the name the user logged in by: what Airflow records of whoever triggers a run or answers a request."""
    return str(user.get_name())


@cache
def app() -> FastAPI:
    """Return the pages, made once."""
    from dondoc.pages.app import create_app

    return create_app(user, may, login_of, answer_request)


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with the pages."""
    found = await run_in_threadpool(app)
    # The app that is asked first: its API takes what a page answers in Airflow.
    scope[AIRFLOW_APP] = scope["app"]
    await found(scope, receive, send)
