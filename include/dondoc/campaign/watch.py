"""What the watchdog looks for, and whom it tells."""

from datetime import time
from typing import Annotated

from pydantic import Field

from dondoc.campaign.office import MailAddress
from dondoc.configuration import Settings, TimeOfDay


class Watch(Settings):
    """How patient the watchdog is; without an `operator_email` it tells by its output and exit code alone.

    Attributes:
        operator_email: who is told by mail.
        run_by: the hour by which a working day's run must have ended.
        warn_minutes: how long before it is due the final report is missed.
        silent_days: after so many working days without any mail, while units are behind, something is wrong.
    """

    operator_email: MailAddress | None = None
    run_by: TimeOfDay = time(10, 0)
    warn_minutes: Annotated[int, Field(gt=0)] = 45
    silent_days: Annotated[int, Field(gt=0)] = 2
