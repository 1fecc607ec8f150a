"""The rows both sides write: 100,000 cases of 12 columns, six of text, four of dates, two of whole numbers."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import feather

ROWS = 100_000
PROCEDURES = ("Cấp Giấy chứng nhận đăng ký đầu tư", "Thẩm định thiết kế xây dựng & dự toán", "Cấp giấy phép lao động")
UNITS = ("Phòng Quản lý đầu tư", "Phòng Doanh nghiệp và Giám sát đầu tư", "Văn phòng Ban Quản lý")
STATES = ("Kết thúc sớm hạn", "Kết thúc đúng hạn", "Kết thúc quá hạn", "Đang giải quyết quá hạn")


def prepare(folder: Path) -> None:
    """Write `rows.arrow` into `folder`; uncompressed, so that loading costs either side little of the memory."""
    random = np.random.default_rng(20231116)
    received = np.datetime64("2023-01-03T07:30:00", "us") + random.integers(0, 320 * 24 * 60, ROWS).astype("m8[m]")
    due = received + random.integers(1, 40, ROWS).astype("m8[D]")
    ended = np.where(
        random.random(ROWS) < 0.2, np.datetime64("NaT", "D"), due + random.integers(-9, 9, ROWS).astype("m8[D]")
    )
    columns = {
        "case_number": [f"000.00.12.H24-230103-{i:06d}" for i in range(ROWS)],
        "procedure": [PROCEDURES[i] for i in random.integers(0, 3, ROWS)],
        "unit": [UNITS[i] for i in random.integers(0, 3, ROWS)],
        "official": [f"Nguyễn Văn {i}" for i in random.integers(0, 60, ROWS)],
        "state": [STATES[i] for i in random.integers(0, 4, ROWS)],
        "apology_number": [f"{i}/PXL-BQL" if i % 3 else None for i in random.integers(0, 900, ROWS)],
        "received_at": received,
        "due_at": due,
        "ended_at": ended,
        "apologised_at": np.where(random.random(ROWS) < 0.7, np.datetime64("NaT", "D"), ended),
        "days_late": random.integers(0, 60, ROWS),
        "source_row": np.arange(ROWS),
    }
    table = pa.Table.from_pandas(pd.DataFrame(columns), preserve_index=False)
    feather.write_feather(table, folder / "rows.arrow", compression="uncompressed")


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
