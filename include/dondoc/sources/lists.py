"""List facts of records, such as pauses and holders: typed and hung on the record they belong to."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.records import SCHEMAS
from dondoc.sources.columns import ColumnTyper
from dondoc.sources.refusals import any_of, note, quarantine
from dondoc.sources.repeats import same_numbers
from dondoc.sources.rows import Fault, RawRows


def join_details(
    raw: RawRows, field: pa.Field, records: RawRows, *, reader: ColumnTyper, source: str
) -> tuple[pa.Array, np.ndarray, pd.DataFrame]:
    """Return the list column of `records`, the mask of those with a refused detail, and the refused details."""
    key = reader.profile.key[0]
    owners = same_numbers(records.table.column(key))
    owner = pc.index_in(same_numbers(raw.table.column("number")), value_set=owners).fill_null(-1)
    owner = owner.to_numpy(zero_copy_only=False)
    faults: list[Fault] = list(raw.faults)
    note(faults, "missing_key", number=np.asarray(raw.table.column("number").is_null()))
    note(faults, "unknown_record", number=owner < 0)
    children = []
    for inner in field.type.value_type:
        known = inner.name in raw.table.column_names
        text = raw.table.column(inner.name).combine_chunks() if known else pa.nulls(len(raw), pa.string())
        typed, reason = reader.typed(text, inner)
        note(faults, reason, **{inner.name: np.asarray(text.is_valid()) & np.asarray(typed.is_null())})
        if not inner.nullable:
            note(faults, "missing_value", **{inner.name: np.asarray(text.is_null())})
        children.append(typed)
    starts, ends = (field.type.value_type.get_field_index(name) for name in ("from_at", "to_at"))
    ended = pc.less(pc.floor_temporal(children[ends], unit="day"), pc.floor_temporal(children[starts], unit="day"))
    note(faults, "date_order", to_at=np.asarray(pc.fill_null(ended, fill_value=False)))
    bad = any_of(faults, len(raw))
    order = np.flatnonzero(~bad)
    order = order[np.argsort(owner[order], kind="stable")]
    values = pa.StructArray.from_arrays(
        [child.take(pa.array(order)) for child in children], fields=list(field.type.value_type)
    )
    counts = np.bincount(owner[order], minlength=len(records))
    refused = quarantine(raw, faults, source=source, key="number", ignore=np.zeros(len(raw), bool))
    doubtful = np.bincount(owner[bad & (owner >= 0)], minlength=len(records)).astype(bool)
    return _lists(counts, values, field, empty_is_null=counts == 0), doubtful, refused


def list_fields(kind: str) -> list[pa.Field]:
    """Return the fields of a record kind that hold lists."""
    return [field for field in SCHEMAS[kind] if pa.types.is_list(field.type)]


def _lists(counts: np.ndarray, values: pa.StructArray, field: pa.Field, *, empty_is_null: np.ndarray) -> pa.Array:
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    return pa.ListArray.from_arrays(offsets, values, type=field.type, mask=pa.array(empty_is_null))
