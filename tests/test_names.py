import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.names import fold


@pytest.mark.parametrize(
    "spelling",
    ["P. QLĐT", "p.qlđt", "  P  QLĐT ", unicodedata.normalize("NFD", "P. QLĐT"), "P\u00a0QLDT"],
)
def test_spellings_of_one_name_meet(spelling):
    assert fold(spelling) == "p qldt"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
