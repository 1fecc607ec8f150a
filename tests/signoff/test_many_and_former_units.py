"""Sign-off when units are many, when one is no more, and when a run was cut off before it asked."""

import pytest

from dondoc.ledger.batches import latest_batches, waiting_batches
from dondoc.mail.office_mails import signoff_values
from dondoc.signoff import request
from dondoc.signoff.request import in_groups


@pytest.mark.fault(119)
@pytest.mark.parametrize(
    ("count", "most", "sizes"),
    [
        (0, 1024, set()),
        (1, 1024, {1}),
        (1024, 1024, {1}),
        (1025, 1024, {1, 2}),
        (5000, 1024, {5}),
        (3, 1, {3}),
    ],
)
def test_no_more_is_asked_at_once_than_airflow_maps(count, most, sizes):
    groups = in_groups(list(range(count)), most=most)
    assert len(groups) <= most
    assert {len(group) for group in groups} == sizes
    assert [one for group in groups for one in group] == list(range(count))


def test_batches_of_several_units_are_one_question_that_names_each(office):
    for unit in ("VP", "TTR", "QLDT"):
        office.draft(f"HS-{unit}", unit=unit)
    first, second = office.put_up(most=2)
    assert [len(asked["batches"]) for asked in (first, second)] == [2, 1]
    assert all(f"/batches/{key})" in first["body"] for key in first["batches"])
    assert "cùng 1 tập khác, tất cả 2 thư" in first["subject"]
    assert office.put_up(most=2) == [first, second]


@pytest.mark.fault(119)
def test_what_a_run_opened_and_never_asked_is_asked_by_the_next(office, monkeypatch):
    office.draft("HS-1")
    with monkeypatch.context() as patch:
        patch.setattr(request, "sign_off_sheet", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            office.put_up("r1")
    [asked] = office.put_up("r2")
    assert ("HS-1" in asked["body"], office.put_up("r3")) == (True, [])
    assert [batch.asked_in for batch in latest_batches(office.place.ledger, campaign=office.code)] == ["r2"]


@pytest.mark.fault(109)
def test_letters_of_a_unit_that_is_no_more_are_put_up_by_its_successor(office):
    office.draft("HS-1", unit="TTR")
    office.draft("HS-2", unit="VPDD")
    [asked] = office.without("TTR", VPDD=("TTR",)).put_up()
    assert asked["subject"] == "Văn phòng đại diện tại các KCN, KKT: 2 thư xin lỗi chờ ký"


@pytest.mark.fault(109)
def test_a_batch_that_waited_for_a_dissolved_unit_is_shown_by_the_offices_name_and_the_others_go_on(office):
    office.draft("HS-1", unit="TTR")
    office.put_up("r1")
    after = office.without("TTR")
    office.draft("HS-2", unit="QLDT")
    [again, new] = after.put_up("r2", again=True)
    assert [one["subject"].split(":")[0] for one in (again, new)] == ["Phòng Quản lý đầu tư", "Văn phòng Ban Quản lý"]
    waiting = waiting_batches(office.place.ledger, campaign=office.code)
    told = signoff_values(after.place.day, waiting, [])["batches"]
    assert sorted(one["unit"] for one in told) == ["Phòng Quản lý đầu tư", "Văn phòng Ban Quản lý"]


def test_a_waiting_batch_of_a_renamed_unit_keeps_its_question_and_bears_the_new_name(office):
    office.draft("HS-1", unit="TTR")
    [before] = office.put_up("r1")
    [after] = office.without("TTR", VPDD=("TTR",)).put_up("r1")
    assert (after["batches"], after["subject"].split(":")[0]) == (
        before["batches"], "Văn phòng đại diện tại các KCN, KKT"
    )  # fmt: skip


def test_a_file_that_may_not_be_read_is_named_and_keeps_no_other_back(office):
    office.draft("HS-1", "HS-2")
    path = office.place.out / office.letter("HS-2").path
    path.unlink()
    path.mkdir()
    [asked] = office.put_up()
    assert ("HS-1" in asked["body"], "HS-2" in asked["body"], "⚠ 1 tệp thư" in asked["body"]) == (True, False, True)
