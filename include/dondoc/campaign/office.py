"""The office that runs a campaign: who it is, who signs, which units it has, how it writes."""

from datetime import time
from email.headerregistry import Address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from dondoc.configuration import Settings


def _mail_address(text: str) -> str:
    try:
        address = Address(addr_spec=text)
    except Exception as error:
        raise ValueError("không phải địa chỉ thư điện tử") from error
    if not (address.username and "." in address.domain):
        raise ValueError("không phải địa chỉ thư điện tử")
    return text


MailAddress = Annotated[str, AfterValidator(_mail_address)]
# Codes become file names and task labels.
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")]


class Office(Settings):
    """The office that answers for the campaign; `unit` is the one that compiles."""

    name: str
    short_name: str
    parent: str
    letterhead_parent: str
    letterhead: str
    symbol: str
    place: str
    unit: Code
    email: MailAddress


class Signatory(Settings):
    """Who signs: authority line, position and name (Decree 30/2020, annex I, II.7)."""

    authority: str
    position: str
    name: str


class LetterTemplates(Settings):
    """Word templates under `include/templates/letters`: case still pending, case already returned."""

    pending: str
    returned: str


class PublicList(Settings):
    """How much the public list of apologies says of an applicant; never phone, address or e-mail."""

    show_organisation: bool = True
    mask_citizen: Literal["initials", "hide"] = "hide"


class Window(Settings):
    """The hours of a working day in which mail may leave."""

    opens: time = time(7, 0)
    closes: time = time(17, 0)

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.closes <= self.opens:
            raise ValueError("giờ đóng (closes) phải sau giờ mở (opens)")
        return self


class Caps(Settings):
    """The most mails a day may have, in all and to one unit; more than that is a mistake, and none leaves."""

    day: Annotated[int, Field(gt=0)] = 500
    unit: Annotated[int, Field(gt=0)] = 10


class Mail(Settings):
    """`preview` only writes mails as files; `armed` sends them, in the name of whoever armed it.

    `reply_to` is the address of the mailbox that units' workbooks are read from; none where the Office's own is read.
    """

    mode: Literal["preview", "armed"] = "preview"
    armed_by: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    sender: MailAddress
    reply_to: MailAddress | None = None
    window: Window = Window()
    caps: Caps = Caps()
    domains: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _armed_by_someone(self) -> "Mail":
        if self.mode == "armed" and not self.armed_by:
            raise ValueError("chế độ armed phải ghi tên người cho phép gửi (armed_by)")
        return self

    @model_validator(mode="after")
    def _answers_come_home(self) -> "Mail":
        if self.reply_to and self.reply_to.rpartition("@")[2].lower() not in self.allowed_domains:
            raise ValueError("reply_to: tên miền của địa chỉ nhận trả lời không nằm trong domains")
        return self

    @property
    def allowed_domains(self) -> frozenset[str]:
        """Return the only domains written to: the listed ones, or the sender's own."""
        return frozenset(domain.lower() for domain in self.domains or (self.sender.rpartition("@")[2],))


class Contact(Settings):
    """A person who is written to by name and position."""

    name: Annotated[str, Field(min_length=1)]
    position: Annotated[str, Field(min_length=1)]
    email: MailAddress

    @property
    def salutation(self) -> str:
        """Return how a mail addresses this person, e.g. "đồng chí Trần Văn A, Trưởng phòng"."""
        return f"đồng chí {self.name}, {self.position}"


class Unit(Settings):
    """A unit of the office, every name it goes by, and who is written to: itself, then who answers for it."""

    code: Code
    name: str
    aliases: tuple[str, ...] = ()
    emails: tuple[MailAddress, ...] = ()
    deputy: Contact | None = None
    head: Contact | None = None
