"""Letters that cannot be drafted for one unit: the others' are, and what is counted is what is there."""

import pytest

from dondoc.daily.publication import count_letters
from dondoc.daily.setbacks import letters_undrafted
from dondoc.errors import DondocError
from dondoc.ledger import runs

from .conftest import CASE

OTHER = {"case_number": "000.00.12.H24-231001-0002", "unit": "VP"}


@pytest.fixture
def blocked(office):
    """Return what stands where the folder of a unit's letters should be."""
    place = office.place
    day = {"campaign": place.day.campaign.code, "business_date": place.day.business_date}
    runs.open_run(place.ledger, **day, kind="daily", mode="preview", hold_reason=None)
    path = place.folder / "letters" / "QLDT"
    path.parent.mkdir(parents=True)
    path.write_text("không phải thư mục")
    return path


def counted(office):
    counts = count_letters(office.place, {CASE["case_number"], OTHER["case_number"]})
    return counts["drafted"], len(office.files)


@pytest.mark.fault(106)
def test_the_other_units_letters_are_drafted_and_the_counts_are_true(office, blocked):
    with pytest.raises(DondocError, match="Phòng Quản lý đầu tư: thư xin lỗi chưa soạn được"):
        office.draft({}, OTHER, units=("QLDT", "VP"))
    assert (office.files, counted(office)) == ([f"{OTHER['case_number']}.docx"], (1, 1))
    assert [line.split(".")[0] for line in letters_undrafted(office.place)] == [
        "Phòng Quản lý đầu tư: thư xin lỗi chưa soạn được"
    ]


@pytest.mark.fault(106)
def test_the_next_try_drafts_what_was_set_aside(office, blocked):
    with pytest.raises(DondocError):
        office.draft({}, OTHER, units=("QLDT", "VP"))
    blocked.unlink()
    office.draft({}, OTHER, units=("QLDT", "VP"))
    assert (counted(office), letters_undrafted(office.place)) == ((2, 2), [])
