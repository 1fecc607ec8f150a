"""Our pages inside Airflow, behind its login: whoever may answer a campaign's sign-off may read its letters.

Every process of Airflow loads this file; the pages and Airflow's own security load in the one that is asked for a page.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from dondoc_airflow.answering import AIRFLOW_APP


async def user(request: Request) -> Any:
    """Return who asks, by Airflow's cookie or bearer token.

    Raises:
        HTTPException: 401, nobody is logged in.
    """
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user

    return await get_user(request, None, await bearer_scheme(request))


def may_sign(user: Any, dag_id: str) -> bool:
    """Return whether `user` may answer this DAG's requests: the very check Airflow makes when they do."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
    from airflow.models.dag import DagModel

    details = DagDetails(id=dag_id, team_name=DagModel.get_team_name(dag_id))
    entity = DagAccessEntity.HITL_DETAIL
    return get_auth_manager().is_authorized_dag(method="PUT", access_entity=entity, details=details, user=user)


def login_of(user: Any) -> str:
    """Return the name the user logged in by: what Airflow records of whoever triggers a run or answers a request."""
    return str(user.get_name())


@cache
def app() -> FastAPI:
    """Return the pages, made once."""
    from dondoc.pages.app import create_app

    return create_app(user, may_sign, login_of)


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with the pages."""
    found = await run_in_threadpool(app)
    # The app that is asked first: its API takes what a page answers in Airflow.
    scope[AIRFLOW_APP] = scope["app"]
    await found(scope, receive, send)
