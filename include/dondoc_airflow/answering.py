"""Answering a sign-off request from our pages: through Airflow's own API, with the login of whoever answers.

So Airflow checks who may answer just as it does in its own pages, and the run goes on as if it were answered there.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dondoc.errors import LetterError

if TYPE_CHECKING:
    import httpx
    from fastapi import Request

    from dondoc.ledger.batches import SignoffBatch

# Where the mounted pages find the app they are mounted in.
AIRFLOW_APP = "dondoc.airflow"
LOGIN_HEADERS = ("authorization", "cookie")
# The embedded database takes one writer at a time: the others are told of an error, and nothing of theirs is written.
TRIES = 6
# How the text of a request names each batch it is about.
NAMED = "mã băm `"
PAUSE_SECONDS = 0.3
SERVER_ERROR = 500
REFUSALS = {
    403: "Airflow giao yêu cầu này cho người khác trả lời.",
    404: "Yêu cầu này không còn trong Airflow.",
    409: "Tập này vừa có người trả lời.",
}
RELOAD = "tải lại trang để xem tập thư nay ra sao."
ASK_ANEW = "chạy DAG “Trình ký” với “Trình lại cả những tập đang chờ”, hoặc chờ một phút rồi tải lại trang."


async def answer_request(request: Request, batch: SignoffBatch, choice: str, reason: str) -> None:
    """Answer the request about `batch` that waits in Airflow, as whoever sent `request`.

    Raises:
        LetterError: none waits, or Airflow does not take the answer.
    """
    async with _client(request) as client:
        path = await _waiting_request(client, batch)
        given = {"chosen_options": [choice], "params_input": {"reason": reason}}
        answered = await _send(client, "PATCH", path, json=given)
        if answered.is_error:
            raise _error(batch, REFUSALS.get(answered.status_code, "Airflow không nhận câu trả lời."), RELOAD)


def _client(request: Request) -> httpx.AsyncClient:
    import httpx

    transport = httpx.ASGITransport(app=airflow_of(request), raise_app_exceptions=False)
    login = {name: request.headers[name] for name in LOGIN_HEADERS if name in request.headers}
    return httpx.AsyncClient(
        transport=transport, base_url=f"{request.url.scheme}://{request.url.netloc}", headers=login
    )


def airflow_of(request: Request) -> Any:
    """Return the app that the pages are mounted in: Airflow's API server."""
    return request.scope[AIRFLOW_APP]


async def _waiting_request(client: httpx.AsyncClient, batch: SignoffBatch) -> str:
    """Return the path of the request that waits for an answer about `batch`: its text names the batch by its hash."""
    run = f"/api/v2/dags/{quote(f'{batch.campaign}.signoff', safe='')}/dagRuns/{quote(batch.asked_in, safe='')}"
    # An answer to a task that does not wait yet would be lost.
    chosen = {"body_search": batch.sha256, "response_received": False, "state": "awaiting_input"}
    found = await _send(client, "GET", f"{run}/hitlDetails", params=chosen)
    if found.is_error:
        raise _error(batch, REFUSALS.get(found.status_code, "Không đọc được yêu cầu trong Airflow."), RELOAD)
    waiting = found.json()["hitl_details"]
    if not waiting:
        raise _error(batch, "Airflow không có yêu cầu nào đang chờ trả lời về tập này.", ASK_ANEW)
    if waiting[-1]["body"].count(NAMED) > 1:
        raise _error(batch, "Yêu cầu này hỏi chung về nhiều tập.", "trả lời trong Airflow, mục Required Actions.")
    asked = waiting[-1]["task_instance"]
    return f"{run}/taskInstances/{quote(asked['task_id'], safe='')}/{asked['map_index']}/hitlDetails"


async def _send(client: httpx.AsyncClient, method: str, path: str, **sent: Any) -> httpx.Response:
    for n in range(TRIES):
        response = await client.request(method, path, **sent)
        if response.status_code < SERVER_ERROR:
            break
        await asyncio.sleep(PAUSE_SECONDS * (n + 1))
    return response


def _error(batch: SignoffBatch, what: str, remedy: str) -> LetterError:
    return LetterError(what, where=f"tập thư số {batch.id}", remedy=remedy)
