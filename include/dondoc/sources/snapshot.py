"""Immutable snapshots: what a source said on a day, as Parquet named by its content."""

import io
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dondoc.errors import LostFileError
from dondoc.files import sha256_of, why_unreadable, write_whole
from dondoc.frames import to_frame, to_table

HASH_IN_NAME = 16
# What a day of a small office leaves is parsed once a process, by its bytes; a large file is not held twice in memory.
SMALL = 64 * 1024
REMEDY = (
    "khôi phục tệp này từ bản sao lưu của thư mục out; nếu là tệp của ngày đang chạy, bấm Clear ở ô “Lấy nguồn” để "
    "lập lại."
)


def write_snapshot(frame: pd.DataFrame, schema: pa.Schema, *, folder: Path, name: str) -> Path:
    """Write `frame` under `folder` and return its path; the same rows make the same file, written once."""
    buffer = io.BytesIO()
    pq.write_table(to_table(frame, schema), buffer, compression="zstd")
    content = buffer.getvalue()
    path = folder / f"{name}-{sha256_of(content)[:HASH_IN_NAME]}.parquet"
    write_whole(path, content)
    return path


def read_snapshot(path: Path, schema: pa.Schema) -> pd.DataFrame:
    """Return the Arrow-backed frame that was written at `path`, parsed from the very bytes its name vouches for.

    Parquet takes most flipped bits for other values without a word.

    Raises:
        LostFileError: the file is gone, cannot be read, or no longer holds what it was written with.
    """
    content = _whole_bytes(path)
    if len(content) > SMALL:
        return to_frame(pq.read_table(pa.BufferReader(content), schema=schema))
    return _parsed(content, schema).copy(deep=False)


@lru_cache(maxsize=32)
def _parsed(content: bytes, schema: pa.Schema) -> pd.DataFrame:
    return to_frame(pq.read_table(pa.BufferReader(content), schema=schema, use_threads=False))


def is_whole(path: Path) -> bool:
    """Return whether the snapshot at `path` is there and holds what it was written with."""
    try:
        _whole_bytes(path)
    except LostFileError:
        return False
    return True


def _whole_bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        why, _ = why_unreadable(error)
        raise LostFileError(f"Bản chụp số liệu không còn đọc được: {why}.", where=path, remedy=REMEDY) from None
    if sha256_of(content)[:HASH_IN_NAME] != path.stem.rpartition("-")[2]:
        raise LostFileError(
            "Bản chụp số liệu bị hỏng hoặc bị sửa: SHA-256 không khớp với tên tệp.", where=path, remedy=REMEDY
        )
    return content
