"""What is new and what was done since an earlier day, counted as things, not as rows."""

from collections import Counter
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.mail.changes import changes_values, find_changes
from dondoc.records import FINDINGS, conform

YESTERDAY = date(2023, 11, 13)
CASE, ITEM, ADVICE = "apology_owed", "work_unfiled", "case_due_soon"
UNREPORTED, OVERDUE = "work_unreported", "case_overdue"


def findings(things):
    """Return findings for `(unit, kind, number)`, in the order given."""
    rows = pd.DataFrame(list(things), columns=["unit", "kind", "number"])
    nothing = dict.fromkeys(set(FINDINGS.names) - set(rows), None)
    counts = dict.fromkeys(("days_late", "days_off", "days_paused", "swapped_days"), 0)
    texts = {"subject": "", "rule": "", "source_file": "", "source_row": range(len(rows))}
    return conform(rows.assign(**nothing | counts | texts), FINDINGS)


def changed(before, after):
    changes = find_changes(findings(before), findings(after), since=YESTERDAY)
    return [
        sorted(zip(part["unit"], part["kind"], part["number"], strict=True)) for part in (changes.new, changes.done)
    ]


A1, A2, B1 = ("A", CASE, "1"), ("A", CASE, "2"), ("B", CASE, "1")


@pytest.mark.parametrize(
    ("before", "after", "new", "done"),
    [
        pytest.param([A1], [A1], [], [], id="nothing"),
        pytest.param([], [A1], [A1], [], id="new"),
        pytest.param([A1, A2], [A2], [], [A1], id="done"),
        pytest.param([A1], [("A", ITEM, "1")], [("A", ITEM, "1")], [A1], id="another kind is another thing"),
        pytest.param([A1], [B1], [B1], [], id="moved: new for one, done for none"),
        pytest.param([A1, A1], [A1], [], [A1], id="one of two documents that bear a number"),
        pytest.param([A1, B1], [B1], [], [A1], id="one number in two units"),
        pytest.param([], [("A", ADVICE, "1")], [], [], id="advice is not owed"),
        pytest.param(
            [("A", OVERDUE, "1"), A1], [("A", OVERDUE, "1")], [], [A1], id="apologised for: it remains no more"
        ),
        pytest.param([("A", UNREPORTED, "1"), A1], [A1, ("A", ITEM, "1")], [], [], id="half done is not done"),
        pytest.param([], [], [], [], id="no findings at all"),
    ],
)
def test_what_changed(before, after, new, done):
    assert changed(before, after) == [new, done]


things = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from([CASE, ITEM]), st.sampled_from("123")), max_size=12)


@given(things, things)
@settings(max_examples=50)
def test_new_is_what_goes_beyond_before_whatever_the_order(before, after):
    new, done = changed(before, after)
    assert Counter(new) == Counter(after) - Counter(before)
    assert Counter(done) <= Counter(before) - Counter(after)
    assert (new, done) == tuple(changed(before[::-1], after[::-1]))


def test_an_item_that_lacks_both_is_one_thing():
    both = findings([("A", UNREPORTED, "1"), ("A", ITEM, "1")]).assign(source_row=7)
    values = changes_values(find_changes(findings([]), both, since=YESTERDAY).of("A"))
    assert (values["new_count"], [group["title"] for group in values["new"]]) == (1, ["Công việc"])


def test_the_mail_names_a_few_and_counts_all():
    after = [("A", CASE, str(n)) for n in range(5)]
    values = changes_values(find_changes(findings([]), findings(after), since=YESTERDAY).of("A"))
    [group] = values["new"]
    assert (group["count"], group["numbers"], group["more"]) == (5, ["0", "1", "2"], 2)
    assert (values["new_count"], values["done_count"], values["since"]) == (5, 0, YESTERDAY)
