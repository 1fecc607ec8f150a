"""The day's units shared out to tasks: each once, and never more tasks than Airflow maps."""

from types import SimpleNamespace

import pytest

from dondoc.daily.check import MAX_BATCHES, _batches


@pytest.mark.fault(119)
@pytest.mark.parametrize("count", [0, 1, MAX_BATCHES, MAX_BATCHES + 1, 1025, 10_000])
def test_any_number_of_units_is_few_tasks(count):
    codes = [f"U{n}" for n in range(count)]
    names = {code: SimpleNamespace(name=code) for code in codes}
    batches = _batches(codes, SimpleNamespace(day=SimpleNamespace(campaign=SimpleNamespace(unit_by_code=names))))
    assert len(batches) <= MAX_BATCHES
    assert [unit for batch in batches for unit in batch["units"]] == codes
