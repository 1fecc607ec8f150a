"""Where a campaign's records come from."""

from typing import Literal

from dondoc.campaign.office import Code, MailAddress
from dondoc.configuration import Settings


class Source(Settings):
    """Where records come from: a profile, and a path or glob relative to the campaign's folder."""

    name: Code
    kind: Literal["cases", "work"]
    profile: Code
    path: str
    # Who exports it, and gets its rejected rows back; the Office when none is named.
    contact: MailAddress | None = None
