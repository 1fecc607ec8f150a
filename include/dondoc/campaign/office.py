"""The office that runs a campaign: who it is, who signs, which units it has, how it writes."""

from email.headerregistry import Address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

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


class Mail(Settings):
    """`preview` only writes mails as files; `armed` sends them."""

    mode: Literal["preview", "armed"] = "preview"
    sender: MailAddress


class Unit(Settings):
    """A unit of the office, every name it goes by, and who is written to."""

    code: Code
    name: str
    aliases: tuple[str, ...] = ()
    emails: tuple[MailAddress, ...] = ()
