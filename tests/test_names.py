import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.vietnamese.names import collation_key, fold


@pytest.mark.fault(32)
@pytest.mark.parametrize(
    "spelling",
    ["P. QLĐT", "p.qlđt", "  P  QLĐT ", unicodedata.normalize("NFD", "P. QLĐT"), "P\u00a0QLDT"],
)
def test_spellings_of_one_name_meet(spelling):
    assert fold(spelling) == "p qldt"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_names_stand_in_vietnamese_order():
    wanted = ["An", "ánh", "Ăn", "Ân", "Dân", "Du lịch", "Đầu tư", "Êm", "Hoa", "hòa", "hoà bình", "Ô", "Ơ", "Ư", "Xây"]
    assert sorted([*wanted[7:], *wanted[:7]], key=collation_key) == wanted
    assert sorted(["1 Đ", "A", "Đ"], key=collation_key) == ["1 Đ", "A", "Đ"]
