"""One whole list of records pulled from a source system over HTTP: all of it, or an error."""

import base64
import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dondoc.errors import SourceError
from dondoc.frames import to_frame
from dondoc.sources.account import ApiAccount
from dondoc.sources.documents import raw_rows
from dondoc.sources.endpoint import BasicPassword, BearerToken, Endpoint, HeaderKey, SessionLogin
from dondoc.sources.exchange import Exchange, Patience, UnauthorisedError
from dondoc.sources.paging import Record, ShiftedError, at, check_error_code, read_pages
from dondoc.sources.profile import Profile
from dondoc.sources.response import Call, HttpResponse, refusal
from dondoc.sources.rows import RawRows

log = logging.getLogger(__name__)

PATIENCE = Patience()


@dataclass(frozen=True)
class Pulled:
    """The result of one pull.

    Attributes:
        raw: the records as rows of text; `file` is host and path, rows are numbered from 1 in the server's order.
        sha256: of the records, one a line as JSON with sorted keys; the same list has the same hash whatever its pages.
    """

    raw: RawRows
    sha256: str


def pull_records(profile: Profile, account: Callable[[], ApiAccount], *, patience: Patience = PATIENCE) -> Pulled:
    """Return every record of the list that the profile's `api` section describes.

    A pull is one consistent list: when the server's total changes, a page or a row comes twice, or the session ends
    on the way, it starts again from the first page.

    Args:
        profile: must have an `api` section.
        account: the connection's account; asked again when the server no longer takes the token.
        patience: limits of time and size.

    Raises:
        UnreachableError: the server does not answer in the time allowed.
        SourceError: it refuses, answers no list, an empty one, or none that stays the same.
    """
    if profile.api is None:
        raise ValueError(f"the profile {profile.title} has no api section")
    exchange = Exchange(account(), patience)
    try:
        return _pull(exchange, profile, profile.api, account)
    finally:
        exchange.close()


def _pull(exchange: Exchange, profile: Profile, endpoint: Endpoint, account: Callable[[], ApiAccount]) -> Pulled:
    start = Call(endpoint.method, exchange.account.base_url + endpoint.path)
    renewed = False
    restarts = 0
    while True:
        try:
            return _pulled(_pages(exchange, endpoint), profile, start.place)
        except UnauthorisedError:
            if renewed:
                raise _not_accepted(start, exchange.account) from None
            renewed = True
            exchange.account = account()
            log.info("%s: tài khoản hết phiên; lấy lại từ đầu với phiên mới", start.place)
        except ShiftedError as error:
            restarts += 1
            if restarts > exchange.patience.restarts or not exchange.rest(restarts):
                raise _never_still(start, restarts, error) from None
            log.warning("%s: %s; lấy lại từ đầu", start.place, error)
        except RecursionError:
            raise refusal(start, "Câu trả lời lồng quá nhiều tầng.", "báo đơn vị quản lý hệ thống nguồn.") from None


def _not_accepted(start: Call, account: ApiAccount) -> SourceError:
    return refusal(
        start,
        "Máy chủ nguồn không nhận tài khoản (HTTP 401).",
        f"kiểm tra mục Login, Password của kết nối {account.name} (Airflow, Admin > Connections).",
    )


def _never_still(start: Call, restarts: int, error: ShiftedError) -> SourceError:
    return refusal(
        start,
        f"Danh sách ở nguồn không đứng yên, đã lấy {restarts} lần; lần cuối: {error}.",
        "chạy lại vào lúc ít người cập nhật; nếu lặp lại, đề nghị đơn vị quản lý hệ thống nguồn "
        "sắp danh sách theo một thứ tự cố định.",
    )


def _pages(exchange: Exchange, endpoint: Endpoint) -> list[list[Record]]:
    account = exchange.account
    session = _open_session(exchange, endpoint)
    call = _call(endpoint, account, endpoint.path, {**endpoint.params, **account.sent("params"), **session})

    def ask(asked: Call) -> HttpResponse:
        exchange.check_server(call, asked.url)
        return exchange.ask(asked)

    return read_pages(ask, call, endpoint, most=exchange.patience.pages, secrets=(*account.secrets, *session.values()))


def _open_session(exchange: Exchange, endpoint: Endpoint) -> dict[str, str]:
    """Return what every request of the pull must carry: a fresh session where the server wants one."""
    login = endpoint.authentication
    account = exchange.account
    if not isinstance(login, SessionLogin):
        return {}
    call = _call(endpoint, account, login.path, {"username": account.login or "", "password": account.password or ""})
    document = exchange.ask(call).document
    check_error_code(call, document, endpoint, account.secrets)
    session = at(document, login.field)
    if not isinstance(session, str) or not session:
        raise refusal(
            call,
            f"Máy chủ nguồn không cấp phiên ở “{login.field}”.",
            "kiểm tra mục authentication của hồ sơ nguồn và tài khoản của kết nối.",
        )
    return {login.field: session}


def _call(endpoint: Endpoint, account: ApiAccount, path: str, params: dict[str, str]) -> Call:
    headers = {**account.sent("headers"), **_credentials(endpoint, account)}
    url = account.base_url + path
    if endpoint.method == "POST":
        return Call("POST", url, body=params, headers=headers)
    return Call("GET", url, query=params, headers=headers)


def _credentials(endpoint: Endpoint, account: ApiAccount) -> dict[str, str]:
    kind = endpoint.authentication
    password = account.password or ""
    if isinstance(kind, BearerToken):
        return {"Authorization": f"Bearer {password}"}
    if isinstance(kind, BasicPassword):
        pair = base64.b64encode(f"{account.login or ''}:{password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    if isinstance(kind, HeaderKey):
        return {kind.name: password}
    return {}


def _pulled(pages: list[list[Record]], profile: Profile, name: str) -> Pulled:
    records = [record for page in pages for record in page]
    raw = raw_rows(records, profile, name=name)
    _refuse_rows_on_two_pages(raw, np.repeat(np.arange(len(pages)), [len(page) for page in pages]), profile.key)
    digest = hashlib.sha256()
    for record in records:
        digest.update(json.dumps(record, sort_keys=True).encode() + b"\n")
    return Pulled(raw, digest.hexdigest())


def _refuse_rows_on_two_pages(raw: RawRows, pages: np.ndarray, key: tuple[str, ...]) -> None:
    """Refuse a list one of whose keys stands on two pages: a row that moved between them pushed another out of sight.

    Twice on one page is the source's own slip, which the intake tells apart from a copy.
    """
    keys = to_frame(raw.table.select([name for name in key if name in raw.table.column_names]))
    keys["page"] = pages
    once_a_page = keys[keys[key[0]].notna()].drop_duplicates()
    repeated = int(once_a_page.duplicated(list(keys.columns[:-1])).sum())
    if repeated:
        raise ShiftedError(f"{repeated} dòng có mặt ở hai trang")
