"""The export read as everyone reads it."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd


def run(material: Path, _out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Read the export and its dates into a frame; return what it holds."""
    table = pd.read_excel(material / "export.xlsx", header=2, dtype=str)
    lap("read")
    due = pd.to_datetime(table["Ngày hẹn trả"], format="%d/%m/%Y")
    finished = pd.to_datetime(table["Ngày kết thúc xử lý"], format="%d/%m/%Y")
    lap("dates")
    return {"rows": len(table), "unfinished": int(finished.isna().sum()), "finished_late": int((finished > due).sum())}
