"""A column that is gone: when what it decides can no longer be told, and when nothing is lost."""

from datetime import date

import pytest

from dondoc.checks.columns import ColumnPresence, missing_columns

MONDAY = date(2023, 11, 13)
CASES = {"case_number", "unit", "status", "due_at", "term_length", "finished_at"}
WORK = {"item_number", "unit", "status", "due_at", "file_code"}


def lost(kind, every, *fields, before=(), absent=True):
    headings = {field: [f"Cột {field}"] for field in fields} if absent else {}
    had = {field: (f"Cột {field}", MONDAY) for field in before}
    return missing_columns(kind, ColumnPresence(every - set(fields), headings, before=had))


@pytest.mark.fault(98)
@pytest.mark.parametrize(
    ("kind", "every", "gone", "is_open"),
    [
        pytest.param("cases", CASES, ["due_at"], True, id="no due date beside a term"),
        pytest.param("cases", CASES, ["term_length"], True, id="no term beside a due date"),
        pytest.param("cases", CASES, ["due_at", "term_length"], False, id="neither due date nor term"),
        pytest.param("cases", CASES, ["finished_at"], False, id="no finish"),
        pytest.param("cases", CASES, ["status"], False, id="no status"),
        pytest.param("cases", CASES, ["unit"], False, id="no unit"),
        pytest.param("cases", CASES | {"pauses"}, ["pauses"], False, id="no pauses though the profile names them"),
        pytest.param("cases", CASES | {"phone"}, ["phone"], True, id="a column that decides nothing"),
        pytest.param("work", WORK, ["file_code"], False, id="no file code"),
        pytest.param("work", WORK, ["due_at"], False, id="work without due dates"),
        pytest.param("statistics", {"unit"}, ["unit"], True, id="a kind whose columns are all required"),
    ],
)
def test_a_column_the_profile_names_must_be_there(kind, every, gone, is_open):
    assert (lost(kind, every, *gone) == []) is is_open


def test_what_the_profile_does_not_name_is_missed_only_when_it_was_there():
    assert lost("work", WORK, "due_at", absent=False) == []
    assert lost("work", WORK, "due_at", absent=False, before=["due_at"]) == [
        "mất cột “Cột due_at” (hạn giải quyết), ngày 13/11/2023 còn có"
    ]


def test_a_due_date_that_was_there_is_missed_beside_a_term_and_a_term_not_beside_a_due_date():
    assert lost("cases", CASES, "due_at", before=["due_at"]) != []
    assert lost("cases", CASES, "term_length", before=["term_length"]) == []


def test_one_file_of_several_without_the_column_is_named():
    said = missing_columns("cases", ColumnPresence(CASES, lacking={"due_at": "thang-10.csv"}))
    assert said == ["tệp thang-10.csv không có cột cho hạn trả kết quả, các tệp khác có"]
