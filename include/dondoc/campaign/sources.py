"""Where a campaign's records come from."""

from typing import Annotated

from pydantic import Field, model_validator

from dondoc.campaign.office import Code, MailAddress
from dondoc.configuration import ContradictionError, Settings
from dondoc.vocabulary import RecordKind

CONNECTION = "tên kết nối Airflow: chữ không dấu, chữ số, dấu . _ -, ví dụ dondoc_nguon"


class Source(Settings):
    """Where records come from: a profile, and either a file or a server.

    Attributes:
        path: path or glob relative to the campaign's folder.
        connection: id of the Airflow connection under which the profile's `api` is asked.
    """

    name: Code
    kind: RecordKind
    profile: Code
    path: str | None = None
    connection: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$", description=CONNECTION)] | None = None
    # Who exports it, and gets its rejected rows back; the Office when none is named.
    contact: MailAddress | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "Source":
        if (self.path is None) == (self.connection is None):
            raise ContradictionError(
                [((), "cần đúng một trong hai mục: path (tệp) hoặc connection (tên kết nối Airflow)")]
            )
        return self
