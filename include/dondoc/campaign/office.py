"""The office that runs a campaign: who it is, who signs, which units it has, how it writes."""

import re
from datetime import time
from email.headerregistry import Address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from dondoc.configuration import ContradictionError, Settings, TimeOfDay
from dondoc.files import DEVICE_NAME

NO_ADDRESS = "không phải địa chỉ thư điện tử; viết dạng van-phong@co-quan.gov.vn"


def _mail_address(text: str) -> str:
    try:
        address = Address(addr_spec=text)
    except Exception as error:
        raise ValueError(NO_ADDRESS) from error
    if not (address.username and "." in address.domain):
        raise ValueError(NO_ADDRESS)
    return text


MailAddress = Annotated[
    str, AfterValidator(_mail_address), Field(description="địa chỉ thư, ví dụ van-phong@co-quan.gov.vn")
]


def _file_name(text: str) -> str:
    if DEVICE_NAME.fullmatch(text):
        raise ValueError(f"mã “{text}” là tên thiết bị của Windows, không đặt được cho tệp; chọn mã khác")
    return text


# Codes become file names and task labels.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
Code = Annotated[
    str,
    Field(
        pattern=f"^{CODE.pattern}$",
        description="mã chỉ gồm chữ không dấu, chữ số và gạch nối, tối đa 40 ký tự, ví dụ QLDT",
    ),
    AfterValidator(_file_name),
]


class Office(Settings):
    """The office that answers for the campaign; `unit` is the one that compiles.

    `contact` is whom a letter tells people to call, a desk and its telephone; the office's address where it is empty.
    """

    name: str
    short_name: str
    parent: str
    letterhead_parent: str
    letterhead: str
    symbol: str
    place: str
    unit: Code
    email: MailAddress
    contact: str = ""


# As certificate viewers show it, with colons or without.
Fingerprint = Annotated[
    str,
    AfterValidator(lambda text: re.sub(r"[\s:]", "", text).lower()),
    Field(
        pattern=r"^\s*([0-9A-Fa-f]{2}[\s:]*){32}$",
        description="dấu vân tay SHA-256 của chứng thư số, 64 chữ số 0-9, a-f",
    ),
]


class Signatory(Settings):
    """Who signs: authority line, position and name (Decree 30/2020, annex I, II.7).

    Of those who bear the same name only the holder of `certificates` may sign digitally, where they are given.
    """

    authority: str
    position: str
    name: Annotated[str, Field(min_length=1)]
    certificates: tuple[Fingerprint, ...] = ()


class LetterTemplates(Settings):
    """Word templates under `include/templates/letters`: case still pending, case already returned.

    One that is not named is that of the day's regime (`include/regimes`). `before_lapse` drafts the letter one working
    day before the due day, where the case is not finished by then.
    """

    pending: str | None = None
    returned: str | None = None
    before_lapse: bool = False


class PublicList(Settings):
    """How much the public list of apologies says of an applicant; never phone, address or e-mail."""

    show_organisation: bool = True
    mask_citizen: Literal["initials", "hide"] = "hide"


class Window(Settings):
    """The hours of a working day in which mail may leave."""

    opens: TimeOfDay = time(7, 0)
    closes: TimeOfDay = time(17, 0)

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.closes <= self.opens:
            raise ContradictionError(
                [(("closes",), f"giờ đóng {self.closes:%H:%M} phải sau giờ mở {self.opens:%H:%M} (opens)")]
            )
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
            raise ContradictionError([(("mode",), "“armed” (gửi thật) thì phải ghi tên người cho phép gửi ở armed_by")])
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
    """A unit of the office, every name it goes by, and who is written to: itself, then who answers for it.

    `succeeds` are the codes of the units that are no more whose open things are this one's: renamed, merged, split.
    """

    code: Code
    name: str
    aliases: tuple[str, ...] = ()
    succeeds: tuple[Code, ...] = ()
    emails: tuple[MailAddress, ...] = ()
    deputy: Contact | None = None
    head: Contact | None = None

    @property
    def addresses(self) -> list[str]:
        """Return the unit's own addresses, each once whatever its case: one mailbox is one recipient."""
        first = {address.casefold(): address for address in reversed(self.emails)}
        return [address for address in self.emails if first.pop(address.casefold(), None)]
