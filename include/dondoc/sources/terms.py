"""The term of a procedure as exports write it: "20 ngày làm việc", "5 ngày", "8 giờ làm việc"."""

import re

import pyarrow as pa

from dondoc.sources.profile import TermUnit
from dondoc.vietnamese.names import fold

TERM = re.compile(r"(\d{1,4})(?:[.,]0+)?\s*(.*)")
# A working hour is the only hour a term is counted in; "ngày" alone is a day of the calendar.
UNITS: dict[str, TermUnit] = {
    "ngay lam viec": "working_day",
    "ngay lv": "working_day",
    "ngay": "day",
    "ngay lich": "day",
    "gio lam viec": "working_hour",
    "gio": "working_hour",
}


def term_columns(text: pa.ChunkedArray, default: TermUnit | None) -> dict[str, pa.Array]:
    """Return `term_length` and `term_unit` of each text, both null where it is no term."""
    encoded = text.combine_chunks().dictionary_encode()
    terms = [_term(word, default) for word in encoded.dictionary.to_pylist()]
    lengths = pa.array([length for length, _ in terms], pa.int32())
    units = pa.array([unit for _, unit in terms], pa.string())
    return {"term_length": lengths.take(encoded.indices), "term_unit": units.take(encoded.indices)}


def _term(text: str, default: TermUnit | None) -> tuple[int | None, TermUnit | None]:
    match = TERM.fullmatch(text)
    unit = None if match is None else UNITS.get(fold(match[2]), None if match[2] else default)
    return (int(match[1]), unit) if match and unit else (None, None)
