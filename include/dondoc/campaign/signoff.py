"""How long a batch of letters may wait for its signature, and who is reminded then."""

from typing import Annotated

from pydantic import Field

from dondoc.campaign.office import MailAddress
from dondoc.configuration import Settings


class SignOff(Settings):
    """The leader who signs is reminded each working day once a batch waits longer; without an address nobody is."""

    remind_after_hours: Annotated[float, Field(gt=0)] = 24
    leader_email: MailAddress | None = None
