"""The large office's day as everyone writes it: the program of `bench.day`, on the larger exports."""

from collections.abc import Callable
from pathlib import Path

from bench.day.naive import work_through


def run(material: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Do the day's work into `out`; return what was found and written."""
    return work_through(material / "van-phong-lon", out, lap)
