"""How a source system answers over HTTP: the `api` section of its profile."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from dondoc.configuration import ContradictionError, Settings

PathOnServer = Annotated[
    str, Field(pattern=r"^/[^?#\s]*$", description="đường dẫn bắt đầu bằng /, không có ? và #, ví dụ /ho-so/danh-sach")
]
Name = Annotated[str, Field(min_length=1)]
PageRows = Annotated[int, Field(ge=1, le=100_000)]


class NoPages(Settings):
    """The whole list comes in one answer."""

    by: Literal["none"] = "none"


class NumberedPages(Settings):
    """Pages are asked for by number; `rows` is how many a page should hold."""

    by: Literal["page"]
    number: Name
    first: Literal[0, 1] = 1
    size: Name
    rows: PageRows


class OffsetPages(Settings):
    """Pages are asked for by how many rows to pass over."""

    by: Literal["offset"]
    offset: Name
    limit: Name
    rows: PageRows


class LinkedPages(Settings):
    """Each answer names the next: in `field`, or in the Link header where `field` is left out."""

    by: Literal["link"]
    field: Name | None = None


class NoToken(Settings):
    """The server asks for no account."""

    kind: Literal["none"] = "none"


class BearerToken(Settings):
    """The connection's password goes as a bearer token."""

    kind: Literal["bearer"]


class BasicPassword(Settings):
    """The connection's login and password go by HTTP Basic."""

    kind: Literal["basic"]


class HeaderKey(Settings):
    """The connection's password goes in the header `name`."""

    kind: Literal["header"]
    name: Name


class SessionLogin(Settings):
    """Login and password buy a session at `path`; `field` names it in that answer and in every later request."""

    kind: Literal["session"]
    path: PathOnServer
    field: Name


class ErrorCode(Settings):
    """A field of every answer that tells success from failure whatever the HTTP status."""

    field: Name
    accepted: Annotated[tuple[str, ...], Field(min_length=1)]
    message: Name


class PauseKeys(Settings):
    """Where a record lists the pauses of its clock, and the keys of one pause."""

    rows: Name
    from_at: Name
    to_at: Name
    reason: Name
    due_before_at: Name
    due_after_at: Name


class Endpoint(Settings):
    """One list of records behind an HTTP API. Places in an answer are dotted keys.

    Attributes:
        path: appended to the connection's address.
        params: sent with each request: in the query of a GET, in the JSON body of a POST.
        rows: where the records lie; empty when the answer itself is the list.
        total: where the server says how many there are.
    """

    path: PathOnServer
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str] = Field(default_factory=dict)
    rows: str
    total: Name | None = None
    paging: Annotated[NoPages | NumberedPages | OffsetPages | LinkedPages, Field(discriminator="by")] = NoPages()
    authentication: Annotated[
        NoToken | BearerToken | BasicPassword | HeaderKey | SessionLogin, Field(discriminator="kind")
    ] = NoToken()
    error_code: ErrorCode | None = None
    pauses: PauseKeys | None = None

    @model_validator(mode="after")
    def _possible(self) -> "Endpoint":
        if self.paging.by == "link" and self.method != "GET":
            raise ContradictionError([(("paging",), "trang nối bằng liên kết chỉ dùng với method GET")])
        if self.authentication.kind == "session" and self.method != "POST":
            raise ContradictionError([(("authentication",), "phiên (session) chỉ dùng với method POST")])
        return self
