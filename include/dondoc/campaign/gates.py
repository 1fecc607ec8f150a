"""What must hold of the incoming data before mail may leave: the campaign's thresholds."""

from typing import Annotated

from pydantic import Field

from dondoc.configuration import Settings

Share = Annotated[float, Field(ge=0, le=1)]


class Gates(Settings):
    """Shares of rejected rows above which no mail leaves."""

    quarantined_share: Share
    unknown_unit_share: Share
