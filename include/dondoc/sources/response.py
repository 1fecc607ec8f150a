"""One request to a source system, and the JSON document it answers with."""

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit

from dondoc.errors import SourceError

JSON_TYPE = re.compile(r"(application|text)/([\w.-]+\+)?json", re.IGNORECASE)


@dataclass(frozen=True, repr=False)
class Call:
    """One request. Its query and body may hold secrets: only host and path are ever printed."""

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Return host and path, for messages."""
        parts = urlsplit(self.url)
        return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


@dataclass(frozen=True)
class HttpResponse:
    """A JSON document, numbers as the server wrote them, and the address its Link header calls next."""

    document: Any
    next_link: str | None


def refusal(call: Call, what: str, remedy: str) -> SourceError:
    """Return the error that tells what is wrong with the answer to `call`; nothing else of the request shows."""
    return SourceError(what, where=call.place, remedy=remedy)


def linked(call: Call, link: str) -> str:
    """Return the whole address of a `link` in the answer to `call`.

    Raises:
        SourceError: it is no address.
    """
    with contextlib.suppress(ValueError):
        return urljoin(call.url, link)
    raise refusal(call, "Liên kết trong câu trả lời không phải địa chỉ.", "báo đơn vị quản lý hệ thống nguồn.")


def printable(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Return a server's words as one short line without our secrets."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()[:200]


def read_document(call: Call, body: bytes, *, content_type: str) -> Any:
    """Return the JSON document in `body`: numbers as written, no key twice, nothing cut off.

    Raises:
        SourceError: it is something else, a login page for one; never an empty document.
    """
    kind = content_type.partition(";")[0].strip()
    if not JSON_TYPE.fullmatch(kind):
        raise refusal(
            call,
            f"Câu trả lời không phải JSON mà là “{printable(kind) or 'không ghi kiểu'}”, có thể là trang đăng nhập.",
            "kiểm tra đường dẫn trong hồ sơ nguồn và tài khoản của kết nối.",
        )
    try:
        return json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_int=str,
            parse_float=str,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        broken = f"{type(error).__name__}, {len(body)} byte"
    raise refusal(
        call,
        f"Câu trả lời không phải JSON trọn vẹn ({broken}).",
        "chạy lại; nếu lặp lại, báo đơn vị quản lý hệ thống nguồn.",
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")
