"""Numbers too large for their column: a row is set aside for them, the day goes on."""

import pyarrow as pa
import pytest

from dondoc.installation import ROOT
from dondoc.records import CASES, FILES
from dondoc.sources.columns import ColumnTyper
from dondoc.sources.profile import load_profile

PROFILE = load_profile(ROOT / "include" / "sources" / "one-stop-export.yaml")


@pytest.mark.fault(97)
@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        (CASES.field("postponed_times"), "32767", 32767),
        (CASES.field("postponed_times"), "32768", None),
        (CASES.field("postponed_times"), "999999999", None),
        (FILES.field("year"), "1998", 1998),
        (FILES.field("year"), "3", None),
        (FILES.field("year"), "999999999", None),
    ],
)
def test_a_number_its_column_cannot_hold_is_refused(field, written, meant):
    typed, reason = ColumnTyper(PROFILE, {}).typed(pa.chunked_array([[written]]), field)
    assert (typed.to_pylist(), reason) == ([meant], "bad_number")
