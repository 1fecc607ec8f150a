import pandas as pd
import pytest

from dondoc.figures import COUNTS, total_figures, with_rates


def counts(**given):
    return pd.DataFrame([dict.fromkeys(COUNTS, 0) | given])


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        pytest.param({}, None, id="nothing arises"),
        pytest.param({"apologies_due": 3, "apologies_done": 3}, 100, id="all done"),
        pytest.param({"apologies_due": 3, "apologies_done": 2}, 66.67, id="two of three"),
        pytest.param({"work_total": 100_000, "work_done": 99_999}, 99.99, id="what is not complete is never 100"),
        pytest.param({"work_total": 4, "work_done": 1, "apologies_due": 4, "apologies_done": 4}, 62.5, id="together"),
    ],
)
def test_a_rate_is_what_is_done_of_what_is_owed(given, rate):
    found = with_rates(counts(**given)).iloc[0]["rate"]
    assert (rate is None and pd.isna(found)) or found == rate


def test_totals_are_sums_and_their_rate_is_taken_anew():
    units = with_rates(pd.concat([counts(work_total=1, work_done=1), counts(work_total=3)]))
    total = total_figures(units)
    assert (total["work_total"], total["work_done"], total["work_rate"]) == (4, 1, 25.0)
