"""What Airflow calls when a deadline passes; it loads this file each time it reads the DAG that has the deadline."""

from collections.abc import Mapping
from typing import Any


def tell_by_deadline(campaign: str, context: Mapping[str, Any] | None = None) -> None:
    """Look at the campaign now, as `dondoc.watch.alarm` does."""
    from dondoc.watch import alarm

    alarm.tell_by_deadline(campaign, context)
