"""Immutable snapshots: what a source said on a day, as Parquet named by its content."""

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dondoc.files import sha256_of, write_whole
from dondoc.records import to_frame

HASH_IN_NAME = 16


def write_snapshot(frame: pd.DataFrame, schema: pa.Schema, *, folder: Path, name: str) -> Path:
    """Write `frame` under `folder` and return its path; the same rows make the same file, written once."""
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    content = buffer.getvalue()
    path = folder / f"{name}-{sha256_of(content)[:HASH_IN_NAME]}.parquet"
    write_whole(path, content)
    return path


def read_snapshot(path: Path, schema: pa.Schema) -> pd.DataFrame:
    """Return the Arrow-backed frame that was written at `path`."""
    return to_frame(pq.read_table(path, schema=schema))
