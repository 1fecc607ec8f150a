"""Text columns as the record's types; what does not fit is null, and said to be at fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.installation import ZONE
from dondoc.records import INSTANT, SCHEMAS
from dondoc.sources.cells import TOO_LONG, UNCALCULATED
from dondoc.sources.dates import to_instants
from dondoc.sources.profile import Profile
from dondoc.sources.refusals import note
from dondoc.sources.rows import Fault, RawRows
from dondoc.sources.terms import term_columns
from dondoc.vietnamese.names import fold

# What Excel shows in a cell without a value, also when it is saved as text.
ERRORS = pa.array(
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", UNCALCULATED, TOO_LONG]
)
# A long number as Excel shows it: its last digits are gone for good.
SCIENTIFIC = r"^[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{2}$"
WHOLE_NUMBER = r"^[0-9]{1,9}$"
# 1.234.567 as Vietnam writes it.
GROUPED_NUMBER = r"^[0-9]{1,3}(?:\.[0-9]{3})+$"

# A work file's year outside these is a slip of the keyboard; sheets of figures hold no day before them either.
RANGES = {"year": (1900, 2099)}


@dataclass(frozen=True)
class ColumnTyper:
    """How to type a source's columns: its profile, the campaign's unit codes by folded name, the office's time zone."""

    profile: Profile
    units: Mapping[str, str]
    zone: ZoneInfo = ZONE

    def typed(self, text: pa.ChunkedArray, field: pa.Field) -> tuple[pa.Array | pa.ChunkedArray, str]:
        """Return `text` in the field's type, null where it does not fit, and the reason such a row is refused for."""
        if field.name == "unit":
            return _by_word(text, self.units, field.type), "unknown_unit"
        if field.name in self.profile.values:
            words = {fold(word): code for word, code in self.profile.values[field.name].items()}
            return _by_word(text, words, field.type), "unknown_value"
        if field.type == INSTANT:
            return to_instants(text, self.profile.date_formats, self.zone), "bad_date"
        if pa.types.is_integer(field.type):
            return _integers(text, RANGES.get(field.name) or _range_of(field.type), field.type), "bad_number"
        return text, "unknown_value"


def type_columns(raw: RawRows, reader: ColumnTyper) -> tuple[pa.Table, list[Fault]]:
    """Return the columns of the record's schema but its lists, and what is wrong with which rows."""
    profile = reader.profile
    count = len(raw)
    faults = list(raw.faults)
    _note_damage(raw.table, profile, faults)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "source_row": pa.array(raw.rows, pa.int64()),
        "source_file": raw.files(),
    }
    for field in SCHEMAS[profile.kind]:
        if field.name in columns or pa.types.is_list(field.type):
            continue
        if field.name in profile.constants:
            columns[field.name] = pa.repeat(pa.scalar(profile.constants[field.name], field.type), count)
        elif field.name not in raw.table.column_names:
            columns[field.name] = pa.nulls(count, field.type)
        elif field.name == "term_length":
            columns |= term_columns(raw.table.column(field.name), profile.default_term_unit)
            note(faults, "bad_term", **{field.name: _lost(raw.table.column(field.name), columns[field.name])})
        else:
            columns[field.name] = _type_column(raw.table.column(field.name), field, reader, faults)
    return pa.table(columns), faults


def _type_column(
    text: pa.ChunkedArray, field: pa.Field, reader: ColumnTyper, faults: list[Fault]
) -> pa.Array | pa.ChunkedArray:
    typed, reason = reader.typed(text, field)
    profile = reader.profile
    if field.name in profile.required:
        absent = "missing_key" if field.name in profile.key else "missing_value"
        note(faults, absent, **{field.name: _mask(text.is_null())})
    note(faults, reason, **{field.name: _lost(text, typed)})
    return typed


def _note_damage(table: pa.Table, profile: Profile, faults: list[Fault]) -> None:
    for name in table.column_names:
        if pa.types.is_string(table.schema.field(name).type):
            note(faults, "unreadable", **{name: _mask(pc.is_in(table.column(name), value_set=ERRORS))})
    key = table.column(profile.key[0])
    damaged = _matches(key, SCIENTIFIC)
    if profile.pattern:
        damaged |= _mask(key.is_valid()) & ~_matches(key, f"^(?:{profile.pattern})$")
    note(faults, "damaged_key", **{profile.key[0]: damaged})


def _by_word(text: pa.ChunkedArray, codes: Mapping[str, str | int], dtype: pa.DataType) -> pa.Array:
    """Return the code of each word; the few distinct words are folded once, whatever the number of rows."""
    encoded = _whole(text).dictionary_encode()
    translated = pa.array([codes.get(fold(word)) for word in encoded.dictionary.to_pylist()], dtype)
    return translated.take(encoded.indices)


def _integers(text: pa.ChunkedArray, span: tuple[int, int], dtype: pa.DataType) -> pa.Array:
    text = _whole(text)
    plain = pc.if_else(
        pc.match_substring_regex(text, GROUPED_NUMBER), pc.replace_substring(text, pattern=".", replacement=""), text
    )
    fits = pc.match_substring_regex(plain, WHOLE_NUMBER)
    numbers = pc.if_else(fits, plain, pa.scalar(None, pa.string())).cast(pa.int64())
    within = pc.and_(pc.greater_equal(numbers, span[0]), pc.less_equal(numbers, span[1]))
    return pc.if_else(within, numbers, pa.scalar(None, pa.int64())).cast(dtype)


def _range_of(dtype: pa.DataType) -> tuple[int, int]:
    most = 2 ** (dtype.bit_width - 1) - 1
    return -most - 1, most


def _whole(text: pa.ChunkedArray | pa.Array) -> pa.Array:
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text


def _lost(text: pa.ChunkedArray, typed: pa.Array | pa.ChunkedArray) -> np.ndarray:
    return _mask(text.is_valid()) & _mask(typed.is_null())


def _matches(text: pa.ChunkedArray, pattern: str) -> np.ndarray:
    return _mask(pc.fill_null(pc.match_substring_regex(text, pattern), fill_value=False))


def _mask(flags: pa.ChunkedArray | pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(_whole(flags), fill_value=False).to_numpy(zero_copy_only=False))
