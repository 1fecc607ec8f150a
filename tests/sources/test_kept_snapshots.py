"""A kept file is read as it was written or not at all."""

import random

import pandas as pd
import pyarrow as pa
import pytest

from dondoc.errors import LostFileError
from dondoc.sources.snapshot import is_whole, read_snapshot, write_snapshot

SCHEMA = pa.schema([pa.field("number", pa.string()), pa.field("count", pa.int64()), pa.field("rate", pa.float64())])
FLIPS = 300


@pytest.fixture
def kept(tmp_path):
    frame = pd.DataFrame({"number": [f"HS-{i:05}" for i in range(500)], "count": range(500)})
    return write_snapshot(frame.assign(rate=frame["count"] / 7), SCHEMA, folder=tmp_path, name="figures")


def flip(path, bit):
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


@pytest.mark.fault(111)
def test_no_flipped_bit_is_read_as_another_value(kept):
    dice, size = random.Random(111), kept.stat().st_size * 8
    for bit in (dice.randrange(size) for _ in range(FLIPS)):
        flip(kept, bit)
        with pytest.raises(LostFileError, match="SHA-256 không khớp"):
            read_snapshot(kept, SCHEMA)
        flip(kept, bit)
    assert len(read_snapshot(kept, SCHEMA)) == 500


def test_what_is_lost_is_told_with_its_file_and_the_remedy(kept):
    kept.write_bytes(kept.read_bytes()[:-1])
    with pytest.raises(LostFileError, match=f"(?s)bị hỏng hoặc bị sửa.*{kept.name}.*khôi phục tệp này từ bản sao lưu"):
        read_snapshot(kept, SCHEMA)
    kept.unlink()
    with pytest.raises(LostFileError, match="không còn đọc được: không có tệp này"):
        read_snapshot(kept, SCHEMA)
    kept.mkdir()
    assert not is_whole(kept)
