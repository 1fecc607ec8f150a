"""The rows as the report writes them: formatted, filtered, frozen."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pyarrow import feather

from bench.workbook.reading import say_the_same
from dondoc.files import write_whole
from dondoc.frames import to_frame
from dondoc.office_files.workbook import Column, Workbook

INTEGERS, WIDE = {"days_late", "source_row"}, 28


def run(material: Path, out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Write the workbook; return what it says, read back."""
    rows = to_frame(feather.read_table(material / "rows.arrow"))
    lap("load")
    book = Workbook()
    book.add_details("Hồ sơ", rows, [_column(rows, name) for name in rows.columns], title="Hồ sơ")
    write_whole(out / "rows.xlsx", book.to_bytes())
    lap("write")
    return say_the_same(out / "rows.xlsx", lap)


def _column(rows: pd.DataFrame, name: str) -> Column:
    kind = "date" if name.endswith("_at") else "integer" if name in INTEGERS else "text"
    return Column(name, name, kind, WIDE)
