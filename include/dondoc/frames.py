"""Arrow tables and the frames they back, either way."""

from typing import Any

import pandas as pd
import pyarrow as pa


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Return `table` as an Arrow-backed frame: no copy of strings, nulls stay nulls."""
    # As `Table.to_pandas` with a mapper does, which takes three times as long over a few rows.
    arrays = zip(table.column_names, table.columns, strict=True)
    return pd.DataFrame({name: pd.arrays.ArrowExtensionArray(column) for name, column in arrays}, copy=False)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of `frame` as records of plain values, None where there is none."""
    columns = {str(name): array_of(column).to_pylist() for name, column in frame.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def to_table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Return the columns of `schema` from `frame` as an Arrow table, in its order and types.

    Raises:
        KeyError: a column is not there.
        pa.ArrowInvalid: a value does not fit its column; a programming error, never an operator's.
        ValueError: a value is null that must not be; likewise.
    """
    return pa.Table.from_arrays([_column_of(frame[field.name], field) for field in schema], schema=schema)


def _column_of(column: pd.Series, field: pa.Field) -> pa.Array | pa.ChunkedArray:
    array = array_of(column, field.type)
    if not field.nullable and array.null_count:
        raise ValueError(f"column {field.name} has {array.null_count} nulls")
    return array


def array_of(column: pd.Series, dtype: pa.DataType | None = None) -> pa.Array | pa.ChunkedArray:
    """Return `column` as Arrow has it, of type `dtype` if one is given; NaN and NaT are null."""
    backing = column.array
    if isinstance(backing, pd.arrays.ArrowExtensionArray):
        array = backing.__arrow_array__()
        return array if dtype in {None, array.type} else pa.array(backing, type=dtype, from_pandas=True)
    # What backs it, not the column: for a whole column Arrow asks pandas first, ten times as long as a few rows take.
    return pa.array(backing if hasattr(backing, "__arrow_array__") else column.to_numpy(), dtype, from_pandas=True)
