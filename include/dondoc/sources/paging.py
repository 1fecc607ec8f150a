"""The pages of one list, proved complete: the declared total, no page twice, no row on two pages."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dondoc.sources.endpoint import Endpoint, LinkedPages, NumberedPages, OffsetPages
from dondoc.sources.response import Call, HttpResponse, linked, printable, refusal

MISSING = object()
Record = dict[str, Any]


class ShiftedError(Exception):
    """The list changed while its pages were read: what was got may lack a row or hold one twice."""


def at(document: Any, place: str) -> Any:
    """Return what lies at the dotted `place`, `MISSING` where nothing does; an empty place is the document itself."""
    for key in place.split(".") if place else ():
        if not isinstance(document, dict) or key not in document:
            return MISSING
        document = document[key]
    return document


@dataclass
class _Tally:
    pages: list[list[Record]] = field(default_factory=list)
    total: int | None = None
    count: int = 0
    seen: set[bytes] = field(default_factory=set)

    def add(self, rows: list[Record], total: int | None) -> None:
        if self.pages and total != self.total:
            raise ShiftedError(f"tổng số đổi từ {self.total} thành {total}")
        self.total = total
        self.pages.append(rows)
        self.count += len(rows)
        digest = hashlib.sha256(json.dumps(rows).encode()).digest()
        if rows and digest in self.seen:
            raise ShiftedError("một trang được trả hai lần")
        self.seen.add(digest)
        if total is not None and self.count > total:
            raise ShiftedError(f"nhận {self.count} dòng, máy chủ báo {total}")

    @property
    def is_full(self) -> bool:
        return not self.pages[-1] or self.count == self.total

    def close(self) -> list[list[Record]]:
        if self.total is not None and self.count != self.total:
            raise ShiftedError(f"nhận {self.count} dòng, máy chủ báo {self.total}")
        return self.pages


def read_pages(
    ask: Callable[[Call], HttpResponse], call: Call, endpoint: Endpoint, *, most: int, secrets: tuple[str, ...]
) -> list[list[Record]]:
    """Return the records of every page, in the server's order.

    Args:
        ask: sends one call.
        call: the request without its page.
        endpoint: where rows and total lie, and how pages follow one another.
        most: pages beyond which the list is taken to have no end.
        secrets: blotted out of the server's own words.

    Raises:
        ShiftedError: the pages do not add up to one list; a new pull may.
        SourceError: an answer is no page, or there is no end of them.
    """
    tally = _Tally()
    next_call: Call | None = _first(call, endpoint)
    while next_call is not None:
        if len(tally.pages) >= most:
            raise refusal(
                call, f"Danh sách dài quá {most} trang.", "kiểm tra mục paging của hồ sơ nguồn, tăng số dòng mỗi trang."
            )
        asked = next_call
        answer = ask(next_call)
        check_error_code(asked, answer.document, endpoint, secrets)
        tally.add(_rows(asked, answer.document, endpoint), _total(asked, answer.document, endpoint))
        next_call = _next(asked, answer, endpoint, tally)
    return tally.close()


def check_error_code(call: Call, document: Any, endpoint: Endpoint, secrets: tuple[str, ...]) -> None:
    """Refuse an answer whose error code is not one of success.

    Raises:
        SourceError: with the code and the server's own words.
    """
    expected = endpoint.error_code
    if expected is None:
        return
    code = at(document, expected.field)
    if code in expected.accepted:
        return
    if not isinstance(code, str):
        raise refusal(
            call,
            f"Câu trả lời không có mã kết quả {expected.field}.",
            "kiểm tra mục error_code của hồ sơ nguồn; báo đơn vị quản lý hệ thống nguồn.",
        )
    words = at(document, expected.message)
    said = printable(words, secrets) if isinstance(words, str) else "không kèm lời giải thích"
    raise refusal(
        call,
        f"Máy chủ nguồn báo lỗi {printable(code, secrets)}: {said}.",
        "kiểm tra tài khoản, tên dịch vụ và tham số của kết nối, hồ sơ nguồn; báo đơn vị quản lý hệ thống nguồn.",
    )


def _rows(call: Call, document: Any, endpoint: Endpoint) -> list[Record]:
    rows = at(document, endpoint.rows)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise refusal(
            call,
            f"Câu trả lời không có danh sách dòng ở “{endpoint.rows or 'gốc'}”.",
            "kiểm tra mục rows của hồ sơ nguồn; báo đơn vị quản lý hệ thống nguồn.",
        )
    asked = getattr(endpoint.paging, "rows", None)
    # The declared total ends the list: a page that repeats a row beyond its size would hide the last one.
    if asked is not None and len(rows) > asked:
        raise refusal(
            call,
            f"Một trang có {len(rows)} dòng, nhiều hơn {asked} dòng đã hỏi.",
            "kiểm tra tham số cỡ trang ở mục paging của hồ sơ nguồn; nguồn trả cả danh sách một lần thì bỏ mục đó.",
        )
    return rows


def _total(call: Call, document: Any, endpoint: Endpoint) -> int | None:
    if endpoint.total is None:
        return None
    total = at(document, endpoint.total)
    if not isinstance(total, str) or not re.fullmatch(r"\d{1,12}", total):
        raise refusal(
            call,
            f"Câu trả lời không ghi tổng số dòng ở “{endpoint.total}”.",
            "kiểm tra mục total của hồ sơ nguồn; báo đơn vị quản lý hệ thống nguồn.",
        )
    return int(total)


def _first(call: Call, endpoint: Endpoint) -> Call:
    paging = endpoint.paging
    if isinstance(paging, NumberedPages):
        return _with(call, {paging.number: str(paging.first), paging.size: str(paging.rows)})
    if isinstance(paging, OffsetPages):
        return _with(call, {paging.offset: "0", paging.limit: str(paging.rows)})
    return call


def _next(call: Call, answer: HttpResponse, endpoint: Endpoint, tally: _Tally) -> Call | None:
    paging = endpoint.paging
    if isinstance(paging, LinkedPages):
        return _linked(call, answer, paging, has_total=endpoint.total is not None)
    # A server may give fewer rows than asked for, so only an empty page or the declared total is the end.
    if paging.by == "none" or tally.is_full:
        return None
    if isinstance(paging, NumberedPages):
        return _with(call, {paging.number: str(paging.first + len(tally.pages))})
    return _with(call, {paging.offset: str(tally.count)})


def _linked(call: Call, answer: HttpResponse, paging: LinkedPages, *, has_total: bool) -> Call | None:
    link = answer.next_link if paging.field is None else at(answer.document, paging.field)
    # Without a total, only a link that says it is empty proves the end.
    if link is None or link == "" or (link is MISSING and has_total):
        return None
    if not isinstance(link, str):
        raise refusal(
            call,
            f"Câu trả lời không có liên kết trang sau ở “{paging.field}”.",
            "kiểm tra mục paging của hồ sơ nguồn; báo đơn vị quản lý hệ thống nguồn.",
        )
    return replace(call, url=linked(call, link), query={})


def _with(call: Call, params: Mapping[str, str]) -> Call:
    if call.body is not None:
        return replace(call, body={**call.body, **params})
    return replace(call, query={**call.query, **params})
