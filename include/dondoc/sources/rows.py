"""The rows of a source, still as text: the one shape that files and interfaces hand to the intake."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

# Why a row cannot be used, the field at fault, and which rows; the first that applies to a row counts.
Fault = tuple[str, str, np.ndarray]


@dataclass(frozen=True)
class RawRows:
    """The data rows of one source, every cell as text.

    Attributes:
        table: one string column a field that was found: NFC, trimmed, empty is null. A list of pauses may stand as
            JSON text in the column `pauses`.
        rows: int64, the row of each record as the file's reader counts it, from 1.
        file: the file's name, or one per row.
        sheet: the sheet's name, empty for csv, or one per row.
        headings: the file's own heading by field, for messages.
        unknown: the file's headings that are no field's.
        lacking: a file without a column that other files of the source have, by field.
        faults: what the reader already knows to be wrong; reasons are keys of `refusals.REASONS`.
        details: rows of list facts kept apart from the records, by list field; each has the record's key in `number`.
    """

    table: pa.Table
    rows: np.ndarray
    file: str | pa.Array
    sheet: str | pa.Array
    headings: dict[str, str]
    unknown: tuple[str, ...] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    details: Mapping[str, "RawRows"] = field(default_factory=dict)

    def files(self) -> pa.Array:
        """Return the file's name of each row."""
        return self.file if isinstance(self.file, pa.Array) else pa.repeat(pa.scalar(self.file, pa.string()), len(self))

    def sheets(self) -> pa.Array:
        """Return the sheet's name of each row."""
        return (
            self.sheet if isinstance(self.sheet, pa.Array) else pa.repeat(pa.scalar(self.sheet, pa.string()), len(self))
        )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)


def join_rows(parts: list[RawRows]) -> RawRows:
    """Return the rows of several files as one source, each row still knowing its file and sheet."""
    if len(parts) == 1:
        return parts[0]
    table = pa.concat_tables([part.table for part in parts], promote_options="default").combine_chunks()
    lengths = [len(part) for part in parts]
    starts = np.cumsum([0, *lengths])
    faults = []
    for part, start in zip(parts, starts, strict=False):
        for reason, name, mask in part.faults:
            whole = np.zeros(int(starts[-1]), bool)
            whole[start : start + len(mask)] = mask
            faults.append((reason, name, whole))
    names = {name for part in parts for name in part.details}
    headings = {field: heading for part in reversed(parts) for field, heading in part.headings.items()}
    lacking = {name: part for part in reversed(parts) for name in headings if len(part) and name not in part.headings}
    return RawRows(
        table,
        np.concatenate([part.rows for part in parts]),
        file=pa.concat_arrays([part.files() for part in parts]),
        sheet=pa.concat_arrays([part.sheets() for part in parts]),
        headings=headings,
        unknown=tuple(dict.fromkeys(heading for part in parts for heading in part.unknown)),
        lacking={name: part.files()[0].as_py() for name, part in lacking.items()},
        faults=tuple(faults),
        details={name: join_rows([part.details[name] for part in parts if name in part.details]) for name in names},
    )
