"""The rows as everyone writes them: `pandas.to_excel`, whose default engine is XlsxWriter where it is installed."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from bench.workbook.reading import say_the_same


def run(material: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Write the workbook; return what it says, read back."""
    rows = pd.read_feather(material / "rows.arrow")
    lap("load")
    rows.to_excel(out / "rows.xlsx", sheet_name="Hồ sơ", index=False, startrow=2)
    lap("write")
    return say_the_same(out / "rows.xlsx", lap)
