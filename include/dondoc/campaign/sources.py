"""Where a campaign's records come from."""

from typing import Literal

from dondoc.campaign.office import Code
from dondoc.configuration import Settings


class Source(Settings):
    """Where records come from: a profile, and a path or glob relative to the campaign's folder."""

    name: Code
    kind: Literal["cases", "work"]
    profile: Code
    path: str
