"""The workbook that goes to a unit: its own rows, open only where it is asked something."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from dondoc.records import FindingKind

from .conftest import (
    APOLOGISED,
    BOTH,
    CASES,
    ENDED,
    OPEN,
    UNFILED,
    WORK,
    finding,
    findings,
    findings_of,
    heading_of,
    write,
)


def pages(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def cell(book, number, field):
    for sheet in (CASES, WORK):
        page = book[sheet.name]
        places = {cell.value: cell.column for cell in page[3]}
        for row in page.iter_rows(min_row=4):
            if row[0].value == number and heading_of(field) in places:
                return page.cell(row[0].row, places[heading_of(field)])
    raise LookupError(number, field)


@pytest.mark.parametrize(
    ("number", "asked"),
    [
        (OPEN, {"reason_chosen", "reason_words", "new_due_on", "apology_number", "apologised_on"}),
        (ENDED, {"reason_chosen", "reason_words", "apology_number", "apologised_on"}),
        (APOLOGISED, {"reason_chosen", "reason_words", "new_due_on"}),
        (BOTH, {"reported_on", "file_code"}),
        (UNFILED, {"file_code"}),
    ],
)
def test_a_row_is_open_only_where_the_unit_is_asked(day, number, asked):
    book = pages(write(day)[0])
    sheet = WORK if number in {BOTH, UNFILED} else CASES
    assert {field for field in sheet.fills if not cell(book, number, field).protection.locked} == asked
    assert book[sheet.name].protection.sheet
    assert cell(book, number, "told").protection.locked


def test_each_cell_to_fill_carries_its_check(day):
    book = pages(write(day)[0])
    rules = {
        str(rule.sqref): rule for sheet in (CASES, WORK) for rule in book[sheet.name].data_validations.dataValidation
    }
    by_heading = {rule.promptTitle: rule for rule in rules.values()}
    reasons = next(rule for rule in rules.values() if rule.type == "list")
    assert reasons.formula1 == f"dondoc!$C$1:$C${len(day.campaign.answers.reasons) + 1}"
    assert by_heading["Ngày hẹn trả mới"].formula1 == f"COUNTIF(dondoc!$D$1:$D${len(promisable(book))},I4)=1"
    assert by_heading["Ngày xin lỗi"].formula1 == "AND(K4>=D4,K4<=TODAY())"
    assert (by_heading["Mã hồ sơ công việc"].type, by_heading["Mã hồ sơ công việc"].formula1) == ("textLength", "100")


def promisable(book):
    return [cell.value.date() for cell in book["dondoc"]["D"] if cell.value]


def test_a_new_date_can_only_be_a_working_day_after_today(day):
    days = promisable(pages(write(day)[0]))
    assert (days[0], all(map(day.calendar.is_working, days))) == (date(2023, 11, 15), True)
    assert date(2024, 2, 12) not in days  # Tết


def test_the_lists_are_out_of_sight(day):
    assert pages(write(day)[0])["dondoc"].sheet_state == "veryHidden"


@pytest.mark.fault(43)
def test_no_text_of_a_source_becomes_a_formula(day):
    nasty = findings_of(
        finding(FindingKind.APOLOGY_OWED, "=1+1", subject="=cmd|' /C calc'!A0", official="@SUM(A1)"),
        finding(FindingKind.WORK_UNFILED, "+84", subject="-2+3", official="\t=1"),
    )
    content, _ = write(day, rows=nasty)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/")]
    assert not [text for text in sheets if re.search(r"<f[ >]", text)]
    assert cell(pages(content), "=1+1", "subject").data_type == "s"


def test_what_was_answered_is_filled_in_and_its_row_is_not_hidden(day):
    chosen = day.campaign.answers.reasons[0]
    said = {
        ("cases", OPEN): {"reason": f"{chosen}: thêm", "new_due_on": "2023-11-20"},
        ("work", BOTH): {"reported_on": "2023-11-10"},
    }
    book = pages(write(day, said=said)[0])
    assert [cell(book, OPEN, field).value for field in ("reason_chosen", "reason_words")] == [chosen, "thêm"]
    new_date = cell(book, OPEN, "new_due_on")
    assert (new_date.value.date(), new_date.protection.locked) == (date(2023, 11, 20), True)
    assert cell(book, OPEN, "told").value == "đã nhận lý do, ngày hẹn trả mới"
    assert cell(book, BOTH, "told").value == "đơn vị báo: đã báo cáo ngày 10/11/2023; chờ hệ thống xác nhận"
    assert not cell(book, BOTH, "file_code").protection.locked


def test_a_date_the_source_has_promised_is_shown_and_not_asked_for(day):
    book = pages(write(day, promised={OPEN: date(2023, 12, 1)})[0])
    shown = cell(book, OPEN, "new_due_on")
    assert (shown.value.date(), shown.protection.locked) == (date(2023, 12, 1), True)
    assert cell(book, OPEN, "told").value == "hệ thống đã ghi ngày hẹn trả mới"


def test_the_same_facts_make_the_same_bytes_and_another_fact_another_identity(day):
    (one, issued), (two, _) = write(day), write(day)
    assert one == two
    other = findings()
    assert write(day, rows=other[other["number"] != UNFILED])[1].identity != issued.identity
    assert write(day, unit="VP")[1].identity != issued.identity


def test_a_unit_that_owes_only_work_still_gets_both_sheets(day):
    only = findings()
    book = pages(write(day, rows=only[only["number"] == UNFILED])[0])
    assert book["Hồ sơ quá hạn"].max_row == 3
    assert cell(book, UNFILED, "missing").value == "hồ sơ công việc"


@pytest.mark.parametrize("before_lapse", [True, False])
def test_a_unit_is_asked_before_a_case_lapses_where_its_letter_is_drafted_then(place, before_lapse):
    letters = place.day.campaign.letters.model_copy(update={"before_lapse": before_lapse})
    day = replace(place.day, campaign=place.day.campaign.model_copy(update={"letters": letters}))
    rows = findings_of(finding(FindingKind.APOLOGY_DUE_SOON, OPEN, due_on=date(2023, 11, 15), days_late=0))
    _, issued = write(day, rows=rows)
    asked = [(line.number, line.fields) for line in issued.lines]
    assert asked == ([(OPEN, ("reason", "new_due_on"))] if before_lapse else [])
