"""Who may sign besides the printed signatory, how long a batch may wait for it, and who is reminded then."""

from typing import Annotated

from pydantic import Field

from dondoc.campaign.office import MailAddress, Signatory
from dondoc.configuration import Settings


class SignOff(Settings):
    """The leader who signs is reminded each working day once a batch waits longer; without an address nobody is.

    `signatories` are those entitled to sign the campaign's letters besides the one its letters name.
    """

    remind_after_hours: Annotated[float, Field(gt=0)] = 24
    leader_email: MailAddress | None = None
    signatories: tuple[Signatory, ...] = ()
