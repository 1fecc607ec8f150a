"""Every example of the decision table in docs/rules.md#deadline, and that the code knows the table's rows."""

import pandas as pd
import pytest
from tests.checks.table_examples import Example, table_rows

from dondoc.campaign import Rules
from dondoc.checks.pause_table import PauseRow

EXAMPLES = [
    pytest.param(words, id=f"row {row} example {n}")
    for row, several in table_rows().items()
    for n, words in enumerate(several, start=1)
]


@pytest.mark.parametrize("words", EXAMPLES)
def test_an_example_of_the_table_comes_out_as_the_page_says(office, words):
    example = Example(words)
    office.campaign = office.campaign.model_copy(update={"precision": "datetime" if example.by_hour else "date"})
    rules = Rules(late_pause_clears=example.clears)
    judged = office.judge(example.case, as_of=example.on, first=example.first, rules=rules).cases.iloc[0]
    due = None if pd.isna(judged["due_at"]) else judged["due_at"].to_pydatetime()
    assert (due, judged["state"], judged["days_late"]) == (example.due, example.state, example.days_late)
    assert judged["late"] == (example.days_late > 0)


def test_the_code_and_the_page_number_the_same_rows():
    assert list(table_rows()) == [row.value for row in PauseRow]
