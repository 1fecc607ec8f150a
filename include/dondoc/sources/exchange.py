"""A conversation with one source system over HTTP: patient, bounded, on one server only."""

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3

from dondoc.errors import SourceError, UnreachableError
from dondoc.sources.account import ApiAccount
from dondoc.sources.response import Call, HttpResponse, linked, read_document, refusal
from dondoc.sources.server import PORTS, OneServer, server_of

RETRIED = {429, 500, 502, 503, 504}
REDIRECTS = {301, 302, 303, 307, 308}
KEEPING_METHOD = {307, 308}
MAX_REDIRECTS = 5
READ_BYTES = 65_536

# At DEBUG it writes whole addresses, whose query may hold a token.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


def utc_now() -> datetime:
    """Return the instant now, for a Retry-After that names a date."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Patience:
    """How long and how much; seconds unless the name says otherwise. Tests put their own clock in."""

    total_seconds: float = 900
    connect_seconds: float = 10
    read_seconds: float = 120
    first_wait_seconds: float = 1
    longest_wait_seconds: float = 60
    tries: int = 6
    restarts: int = 3
    pages: int = 5_000
    answer_bytes: int = 64 * 2**20
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.SystemRandom().random
    now: Callable[[], datetime] = utc_now


class UnauthorisedError(Exception):
    """The server no longer takes our token: a new one may help."""


class _TryLaterError(Exception):
    """The server cannot answer now; `wait_seconds` when it said how long."""

    def __init__(self, why: str, wait_seconds: float = 0) -> None:
        super().__init__(why)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    next_link: str | None
    body: bytes


class _PlainSession(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return no target: requests would read the whole answer, however long, to find one."""


class Exchange:
    """Asks one server within one allowance of time, whatever the number of requests."""

    def __init__(self, account: ApiAccount, patience: Patience) -> None:
        """Start the clock."""
        self.account = account
        self.patience = patience
        self._ends_at = patience.clock() + patience.total_seconds
        self._session = _PlainSession()
        self._session.auth = _as_written
        for scheme in PORTS:
            self._session.mount(f"{scheme}://", OneServer(account.base_url))

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def ask(self, call: Call) -> HttpResponse:
        """Return the server's JSON answer to `call`.

        Raises:
            UnreachableError: no answer in the time allowed, after several tries.
            UnauthorisedError: 401.
            SourceError: any other refusal, a redirect to another server, an answer that is too big or no JSON.
        """
        attempt = 0
        while True:
            try:
                return self._settle(call, self._follow(call))
            except _TryLaterError as error:
                self._wait(call, attempt, error)
                attempt += 1

    def rest(self, attempt: int) -> bool:
        """Sleep before try number `attempt` + 1; return False, at once, when the time allowed would run out."""
        return self._sleep(self._backoff(attempt))

    def _wait(self, call: Call, attempt: int, error: _TryLaterError) -> None:
        last = attempt + 1 >= self.patience.tries
        if last or not self._sleep(max(self._backoff(attempt), error.wait_seconds)):
            raise UnreachableError(
                f"Máy chủ nguồn không trả lời được ({error}), đã thử {attempt + 1} lần.",
                where=call.place,
                remedy="chờ máy chủ nguồn hoạt động lại; nếu kéo dài, báo đơn vị quản lý hệ thống nguồn.",
            ) from None

    def _backoff(self, attempt: int) -> float:
        longest = min(self.patience.first_wait_seconds * 2**attempt, self.patience.longest_wait_seconds)
        return longest * (0.5 + self.patience.chance() / 2)

    def _sleep(self, seconds: float) -> bool:
        if self.patience.clock() + seconds >= self._ends_at:
            return False
        self.patience.sleep(seconds)
        return True

    def _follow(self, call: Call) -> _Reply:
        for _ in range(MAX_REDIRECTS):
            reply = self._within_time(call)
            if reply.status not in REDIRECTS:
                return reply
            call = self._redirected(call, reply)
        raise refusal(
            call, "Máy chủ nguồn chuyển hướng quá nhiều lần.", "kiểm tra địa chỉ trong kết nối và hồ sơ nguồn."
        )

    def _redirected(self, call: Call, reply: _Reply) -> Call:
        target = linked(call, reply.headers.get("Location", ""))
        self.check_server(call, target)
        if call.method != "GET" and reply.status not in KEEPING_METHOD:
            raise refusal(
                call,
                "Máy chủ nguồn chuyển yêu cầu sang trang khác, có thể là trang đăng nhập.",
                "kiểm tra đường dẫn trong hồ sơ nguồn và tài khoản của kết nối.",
            )
        return Call(call.method, target, body=call.body, headers=call.headers)

    def check_server(self, call: Call, target: str) -> None:
        """Refuse a `target` outside the connection's own scheme, host and port.

        Raises:
            SourceError: the answer leads elsewhere; our token must not follow it.
        """
        found = server_of(target)
        if found is None or found != server_of(self.account.base_url):
            raise refusal(
                call,
                f"Máy chủ nguồn dẫn sang máy chủ khác ({found.host if found else 'không rõ'}).",
                "nếu hệ thống nguồn đã đổi địa chỉ, sửa mục Host của kết nối.",
            )

    def _within_time(self, call: Call) -> _Reply:
        """Return the reply, or give up when time is out; by a thread, for a drip of bytes outlives socket timeouts."""
        kept: list[_Reply | Exception] = []
        thread = threading.Thread(target=lambda: kept.append(self._fetch(call)), daemon=True)
        thread.start()
        thread.join(max(self._ends_at - self.patience.clock(), 0))
        if not kept and thread.is_alive():
            raise _TryLaterError("quá thời gian cho phép")
        if isinstance(kept[0], Exception):
            raise kept[0] from None
        return kept[0]

    def _fetch(self, call: Call) -> _Reply | Exception:
        timeout = (self.patience.connect_seconds, self.patience.read_seconds)
        try:
            with self._session.request(
                call.method,
                call.url,
                params=call.query,
                json=call.body,
                headers={"Accept": "application/json"} | {name: text.encode() for name, text in call.headers.items()},
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                link = response.links.get("next", {}).get("url")
                return _Reply(response.status_code, response.headers, link, self._body(call, response))
        except SourceError as error:
            return error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
            return _failure(call, error)

    def _body(self, call: Call, response: requests.Response) -> bytes:
        parts = []
        size = 0
        while part := response.raw.read1(READ_BYTES, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self.patience.answer_bytes:
                raise refusal(
                    call,
                    f"Câu trả lời dài quá {self.patience.answer_bytes // 2**20} MB.",
                    "giảm số dòng mỗi trang (paging.rows) trong hồ sơ nguồn.",
                )
            if self.patience.clock() > self._ends_at:
                raise requests.Timeout
        return b"".join(parts)

    def _settle(self, call: Call, reply: _Reply) -> HttpResponse:
        if reply.status in RETRIED:
            raise _TryLaterError(f"HTTP {reply.status}", self._asked_wait(reply.headers.get("Retry-After", "")))
        if reply.status == requests.codes.unauthorized:
            raise UnauthorisedError
        if reply.status != requests.codes.ok:
            raise refusal(
                call,
                f"Máy chủ nguồn từ chối (HTTP {reply.status}).",
                "kiểm tra đường dẫn trong hồ sơ nguồn, tài khoản và quyền của kết nối.",
            )
        document = read_document(call, reply.body, content_type=reply.headers.get("Content-Type", ""))
        return HttpResponse(document, reply.next_link)

    def _asked_wait(self, text: str) -> float:
        """Return the seconds that a Retry-After asks for; 0 when it cannot be read."""
        if re.fullmatch(r"\d{1,9}", text.strip()):
            return float(text)
        try:
            until = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return 0
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max((until - self.patience.now()).total_seconds(), 0)


def _as_written(request: requests.PreparedRequest) -> requests.PreparedRequest:
    # Without an auth of its own, requests would put in what a .netrc holds for the host.
    return request


def _failure(call: Call, error: Exception) -> Exception:
    """Return what a failed request means; the library's own words hold the whole address and are dropped."""
    certificate = "CERTIFICATE_VERIFY_FAILED" in str(error)
    answered_wrong = isinstance(error, (requests.exceptions.ContentDecodingError, urllib3.exceptions.DecodeError))
    asked_wrong = isinstance(error, ValueError)  # an address or a header that cannot be sent
    if not (certificate or answered_wrong or asked_wrong):
        return _TryLaterError(type(error).__name__)
    return SourceError(
        "Chứng thư của máy chủ nguồn không hợp lệ." if certificate else f"Trao đổi hỏng ({type(error).__name__}).",
        where=call.place,
        remedy="báo đơn vị quản lý hệ thống nguồn; kiểm tra địa chỉ và chứng thư.",
    )
