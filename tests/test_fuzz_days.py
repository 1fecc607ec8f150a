"""A few of the odd days of `tests.fuzz_days`; `.ci/run` plays a thousand, `make fuzz` two thousand."""

import os

import pytest
from tests.fuzz_days import fuzz, tell

DAYS = int(os.environ.get("DONDOC_TEST_FUZZ_DAYS", "6"))


@pytest.mark.fault(97)
def test_no_row_stops_a_day_and_none_is_lost():
    _, failure = fuzz(DAYS, seed=1)
    assert failure is None, tell(failure)
