"""The cases both sides judge: 1,000,000, received over two years, finished around their due day or still open."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

CASES = 1_000_000
FIRST_DAY, DAYS = np.datetime64("2022-01-03"), 650


def prepare(folder: Path) -> None:
    """Write `cases.parquet` into `folder`, the same each time."""
    chance = np.random.default_rng(20231114)
    received = FIRST_DAY + chance.integers(0, DAYS, CASES)
    due = received + chance.integers(1, 40, CASES)
    finished = due + chance.integers(-10, 25, CASES)
    is_open = chance.random(CASES) < 0.15
    finished = np.where(is_open, np.datetime64("NaT", "D"), np.maximum(finished, received))
    frame = pd.DataFrame(
        {
            "case_number": [f"H24-{i:07d}" for i in range(CASES)],
            "received_at": received.astype("datetime64[us]"),
            "due_at": due.astype("datetime64[us]"),
            "finished_at": finished.astype("datetime64[us]"),
            "status": np.where(is_open, 4, 9).astype("int8"),
        }
    )
    frame.to_parquet(folder / "cases.parquet", index=False)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
