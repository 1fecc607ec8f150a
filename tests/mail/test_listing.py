"""What a unit's mail lists: each thing once, under the most urgent of what is to be done about it."""

import pytest

from dondoc.mail.listing import MOST_SHOWN, listed
from dondoc.records.unit_findings import Finding

NONE = dict.fromkeys(Finding._fields) | dict.fromkeys(("days_off", "days_paused", "swapped_days"), 0)
OVERDUE, OWED, UNREPORTED, UNFILED = "case_overdue", "apology_owed", "work_unreported", "work_unfiled"


def finding(kind, number, *, row=1, late=0, waived_by=None, note=None):
    told = {"kind": kind, "number": number, "source_row": row, "days_late": late, "waived_by": waived_by, "note": note}
    return Finding(**NONE | {"unit": "A", "subject": "", "rule": "r", "source_file": "f"} | told)


def places(findings, new=()):
    """Return where each number stands, by the words of its group, and what its row says besides."""
    groups = listed(findings, new=new)
    return {row["number"]: (group["title"], row["also"]) for group in groups for row in group["rows"]}


@pytest.mark.parametrize(
    ("kinds", "title"),
    [
        ((OVERDUE, OWED), "Hồ sơ đang giải quyết quá hạn, chưa có văn bản xin lỗi"),
        ((OWED,), "Hồ sơ đã giải quyết muộn hoặc đang tạm dừng, chưa có văn bản xin lỗi"),
        ((OVERDUE,), "Hồ sơ đã xin lỗi, còn đang giải quyết quá hạn"),
        ((UNREPORTED, UNFILED), "Công việc chưa báo cáo hoàn thành, lưu trữ và chưa lập hồ sơ"),
        ((UNREPORTED, "work_overdue"), "Công việc đã lập hồ sơ, chưa báo cáo hoàn thành, lưu trữ"),
        ((UNFILED,), "Công việc đã báo cáo hoàn thành, lưu trữ, chưa lập hồ sơ"),
        (("case_due_soon",), "Hồ sơ sắp đến hạn"),
    ],
)
def test_a_thing_stands_once_where_it_is_most_urgent(kinds, title):
    assert places([finding(kind, "1") for kind in kinds]) == {"1": (title, "")}


def test_what_else_was_found_of_a_thing_stands_in_its_row():
    [(_, also)] = places([finding(kind, "1") for kind in (OVERDUE, OWED, "due_moved")]).values()
    assert also == "Ngày hẹn trả bị đặt lại không có căn cứ"


def test_two_documents_that_bear_one_number_are_two_things():
    [group] = listed([finding(UNFILED, "1", row=1), finding(UNFILED, "1", row=2)], new=[])
    assert group["count"] == 2


def test_what_is_waived_stands_apart_and_says_by_whom():
    found = [
        finding(OVERDUE, "1"),
        finding(OWED, "1", waived_by="Trưởng ban"),
        finding(OWED, "2", waived_by="Trưởng ban"),
    ]
    told = places(found)
    # An apology that is waived is no more among what remains, though the case is still open.
    assert told["1"][0] == told["2"][0] == "Được lãnh đạo cho phép tạm miễn"
    assert told["1"][1].endswith("tạm miễn: Trưởng ban")
    assert told["2"][1] == "tạm miễn: Trưởng ban"


def test_a_thing_is_marked_new_whichever_finding_says_so():
    both = [finding(UNREPORTED, "1"), finding(UNFILED, "1")]
    [group] = listed(both, new=both[1:])
    assert [row["new"] for row in group["rows"]] == [True]


def test_a_group_counts_all_and_shows_a_few_and_how_many_items_are_past_their_day():
    found = [finding(UNREPORTED, str(n), row=n, late=n % 2) for n in range(MOST_SHOWN + 3)]
    [group] = listed(found, new=[])
    assert (group["count"], len(group["rows"]), group["more"], group["late"]) == (13, 10, 3, 6)


def test_a_mail_shows_the_ten_most_urgent_of_all_and_counts_the_rest():
    cases = [finding(kind, f"c{n}") for n in range(4) for kind in (OVERDUE, OWED)]
    items = [finding(UNREPORTED, str(n), row=n) for n in range(MOST_SHOWN)]
    groups = listed([*cases, *items, *(finding(UNFILED, str(n), row=50 + n) for n in range(3))], new=[])
    assert [(group["count"], len(group["rows"]), group["more"]) for group in groups] == [
        (4, 4, 0),
        (10, 6, 4),
        (3, 0, 3),
    ]


def test_a_letter_the_system_does_not_show_is_told_once_with_its_number():
    note = "đã ký thư xin lỗi số 4/PXL ngày 14/11/2023, chưa cập nhật lên hệ thống một cửa"
    told = places([finding(OVERDUE, "1"), finding("apology_not_in_system", "1", note=note)])
    assert told["1"] == ("Hồ sơ đã xin lỗi, còn đang giải quyết quá hạn", note)
    assert places([finding("apology_not_in_system", "2", note=note)])["2"][1] == note


def test_what_a_unit_claims_is_not_called_an_apology_nobody_wrote():
    note = "đơn vị báo đã xin lỗi ngày 13/11/2023, chưa được tính vào tỷ lệ"
    told = places([finding(OVERDUE, "1"), finding(OWED, "1", note=note)])
    assert told["1"] == (
        "Hồ sơ quá hạn đã được báo là đã xin lỗi, chưa được ghi nhận",
        f"Hồ sơ đang giải quyết quá hạn; {note}",
    )


def test_a_letter_that_waits_stands_apart_from_what_remains():
    told = places([finding(OVERDUE, "1"), finding("apology_waiting", "1"), finding("apology_waiting", "2")])
    assert told["1"][0] == "Hồ sơ đang giải quyết quá hạn, thư xin lỗi đã đủ nội dung, đang chờ ký"
    assert told["2"][0] == "Thư xin lỗi đã đủ nội dung, đang chờ ký"
