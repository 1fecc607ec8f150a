"""The workbook a unit fills in and sends back: its own rows alone, open only where it is asked something."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from xlsxwriter.worksheet import Worksheet

from dondoc.answers.claims import answered, told_of
from dondoc.answers.columns import (
    APOLOGISED_ON,
    APOLOGY_NUMBER,
    CASES,
    CHOSEN,
    FIELD_NAMES,
    FILE_CODE,
    HIDDEN,
    IDENTITY_LABEL,
    LIMITS,
    NEW_DUE_ON,
    REASON,
    REPORTED_ON,
    SHEETS,
    WORDS,
    WORK,
    Sheet,
)
from dondoc.campaign import Unit
from dondoc.campaign.answers import OTHER
from dondoc.day import Day
from dondoc.files import sha256_of
from dondoc.ledger.workbooks import Issued, Line, line_key
from dondoc.records import FINDING_TITLES, FindingKind
from dondoc.sources.text import clean_text
from dondoc.wording import short_date
from dondoc.workbook import Column, Workbook

OWED_CASES = (FindingKind.CASE_OVERDUE, FindingKind.APOLOGY_OWED)
OWED_WORK = {FindingKind.WORK_UNREPORTED: "báo cáo hoàn thành", FindingKind.WORK_UNFILED: "hồ sơ công việc"}
ASKED_BY = {FindingKind.WORK_UNREPORTED: REPORTED_ON, FindingKind.WORK_UNFILED: FILE_CODE}
ADVICE = (
    Column("Nội dung", "kind_name", width=44),
    Column("Số", "number", width=28),
    Column("Trích yếu", "subject", width=48),
    Column("Hạn", "due_on", "date"),
    Column("Số ngày làm việc còn lại", "days_left", "integer"),
    Column("Số ngày làm việc chậm", "days_late", "integer"),
    Column("Ghi chú", "note", width=44),
)
FIRST_ROW = 3
# Filled in beyond this, a new date is a slip of the keyboard.
HORIZON = timedelta(days=400)
# Widening a column or hiding a row harms nothing; moving and sorting locked cells would.
MAY = {"format_columns": True, "format_rows": True, "autofilter": True}
SHORT_ADVICE = "Chỉ điền ô màu vàng; ô xám không phải điền. Xem trang “Cách điền”. Lưu rồi gửi lại chính tệp này."


def unit_workbook(day: Day, unit: Unit, findings: pd.DataFrame, answers: pd.DataFrame) -> tuple[bytes, Issued]:
    """Return the workbook of a unit, and what the ledger must know to recognise it when it comes back.

    Args:
        day: the business day.
        unit: whose it is.
        findings: the unit's findings alone, schema `records.FINDINGS`.
        answers: what was accepted until the day, schema `claims.ANSWERS`; filled in beforehand.
    """
    frames = {CASES: _cases(findings, answers), WORK: _work(findings, answers)}
    lines = [line for sheet in SHEETS for line in _lines(sheet, frames[sheet.kind])]
    issued = Issued(day.campaign.code, unit.code, day.business_date, tuple(lines))
    book = Workbook()
    for sheet in SHEETS:
        keys = [line_key(issued.identity, sheet.kind, number) for number in frames[sheet.kind]["number"]]
        _add_sheet(book, sheet, frames[sheet.kind].assign(key=keys), day=day, unit=unit)
    _add_advice(book, findings, unit)
    book.add_notes("Cách điền", _guide(day, issued.identity), title=f"{unit.name}: cách điền và gửi lại")
    days = _days_to_promise(day)
    told = (IDENTITY_LABEL, "Đợt", "Đơn vị", "Ngày"), (issued.identity, *_names(issued))
    book.add_hidden(HIDDEN, [*told, (*day.campaign.answers.reasons, OTHER), days])
    return book.to_bytes(), issued


def _names(issued: Issued) -> tuple[str, str, str]:
    return issued.campaign, issued.unit, issued.business_date.isoformat()


def _cases(findings: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    owed = findings[findings["kind"].isin(OWED_CASES)]
    cases = owed.drop_duplicates("number")
    unsaid = set(owed.loc[owed["kind"] == FindingKind.APOLOGY_OWED, "number"])
    apology = (APOLOGY_NUMBER, APOLOGISED_ON)
    asked = [
        (REASON, *[NEW_DUE_ON] * ended, *(apology if number in unsaid else ()))
        for number, ended in zip(cases["number"], cases["ended_on"].isna(), strict=True)
    ]
    known = answered(answers, CASES, (REASON, NEW_DUE_ON, *apology)).reindex(cases["number"])
    return _with_known(cases, known, asked).rename(columns={REASON: WORDS}).assign(**{CHOSEN: None})


def _work(findings: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return one row an item, `missing` naming what it lacks; an item that lacks both has two findings."""
    lacking = findings[findings["kind"].isin(list(OWED_WORK))].astype({"kind": object})
    items = lacking.drop_duplicates("number")
    words = lacking["kind"].map(dict(OWED_WORK)).groupby(lacking["number"].to_numpy(object)).agg("; ".join)
    fields = lacking["kind"].map(dict(ASKED_BY)).groupby(lacking["number"].to_numpy(object)).agg(tuple)
    known = answered(answers, WORK, (REPORTED_ON, FILE_CODE)).reindex(items["number"])
    asked = list(fields.reindex(items["number"].to_numpy(object)))
    return _with_known(items, known, asked).assign(missing=list(words.reindex(items["number"].to_numpy(object))))


def _with_known(rows: pd.DataFrame, known: pd.DataFrame, asked: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    values = known.astype(object).where(known.notna(), None)
    told = [told_of(one) for one in values.to_dict("records")]
    days = {name: pd.to_datetime(values[name], format="%Y-%m-%d") for name in values if name.endswith("_on")}
    given = {name: (days[name] if name in days else values[name]).to_numpy(object) for name in values}
    return rows.assign(**given, told=told, asked=pd.Series(list(asked), index=rows.index, dtype=object))


def _lines(sheet: Sheet, frame: pd.DataFrame) -> list[Line]:
    texts = [shown_texts(_written(frame[column.field], column.kind)) for column in sheet.shown if column.field]
    dues = frame["due_on"].astype(object)
    return [
        Line(sheet.kind, number, None if pd.isna(due) else due, fields, tuple(shown))
        for number, due, fields, *shown in zip(frame["number"], dues, frame["asked"], *texts, strict=True)
    ]


def _written(column: pd.Series, kind: str) -> list[str | None]:
    values = column.astype(object)
    return [None if pd.isna(value) else short_date(value) if kind == "date" else str(value) for value in values]


def shown_texts(texts: Sequence[str | None]) -> list[str]:
    """Return a short hash of each cell's text, the same however a spreadsheet program has saved it."""
    clean = clean_text(pa.chunked_array([pa.array(texts, pa.string())])).to_pylist()
    return [sha256_of((text or "").encode())[:8] for text in clean]


def _add_sheet(book: Workbook, sheet: Sheet, frame: pd.DataFrame, *, day: Day, unit: Unit) -> None:
    title = f"{unit.name}: {sheet.name.lower()}, số liệu ngày {short_date(day.business_date)}"
    page = book.add_table(sheet.name, frame, sheet.columns, title=title)
    page.write_string(1, 0, SHORT_ADVICE, book.style("advice"))
    last = len(sheet.columns) - 1
    page.set_column(last, last, None, None, {"hidden": True})
    page.protect("", MAY)
    for field, place in sheet.fills.items():
        asked = REASON if field in {CHOSEN, WORDS} else field
        open_ = np.array([asked in fields for fields in frame["asked"]], bool)
        for row in np.flatnonzero(~open_):
            page.write_blank(FIRST_ROW + int(row), place, None, book.style("shut"))
        if open_.any():
            _guard(page, field, (FIRST_ROW, place, FIRST_ROW + len(frame) - 1, place), day=day)


def _guard(page: Worksheet, field: str, cells: tuple[int, int, int, int], *, day: Day) -> None:
    """Let a spreadsheet program refuse at once what we would refuse later."""
    reasons, days = len(day.campaign.answers.reasons) + 1, len(_days_to_promise(day))
    rules: dict[str, dict[str, Any]] = {
        # A warning, no refusal: a reason in the unit's own words may stand here too.
        CHOSEN: {"validate": "list", "source": f"={HIDDEN}!$C$1:$C${reasons}", "error_type": "warning"},
        NEW_DUE_ON: {"validate": "custom", "value": f"=COUNTIF({HIDDEN}!$D$1:$D${max(days, 1)},I{FIRST_ROW + 1})=1"},
        APOLOGISED_ON: {
            "validate": "custom",
            "value": f"=AND(K{FIRST_ROW + 1}>=D{FIRST_ROW + 1},K{FIRST_ROW + 1}<=TODAY())",
        },
        REPORTED_ON: {"validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": "=TODAY()"},
    }
    limit = LIMITS.get(REASON if field == WORDS else field, 0)
    rule = rules.get(field) or {"validate": "length", "criteria": "<=", "value": limit}
    page.data_validation(*cells, rule | _words_of(field, limit, day))


def _words_of(field: str, limit: int, day: Day) -> dict[str, str]:
    today = short_date(day.business_date)
    words = {
        CHOSEN: "Chọn một lý do trong danh sách; nói rõ thêm ở ô bên phải. Lý do này được in vào thư xin lỗi.",
        NEW_DUE_ON: f"Ngày làm việc sau ngày {today}, viết dạng ngày/tháng/năm. Chỉ được hẹn lại một lần.",
        APOLOGISED_ON: "Ngày ghi trên văn bản xin lỗi đã ký: không trước ngày hẹn trả, không sau hôm nay.",
        REPORTED_ON: "Ngày đã báo cáo hoàn thành trên hệ thống: không sau hôm nay.",
    }
    message = words.get(field, f"Không quá {limit} ký tự.")
    name = {CHOSEN: REASON, WORDS: REASON}.get(field, field)
    title = FIELD_NAMES[name]
    return {"input_title": title, "input_message": message, "error_title": title, "error_message": message}


def _days_to_promise(day: Day) -> list[date]:
    first, last = day.business_date + timedelta(days=1), min(day.business_date + HORIZON, day.calendar.last)
    return day.calendar.working_days(first, last) if first <= last else []


def _add_advice(book: Workbook, findings: pd.DataFrame, unit: Unit) -> None:
    advice = findings[~findings["kind"].isin([*OWED_CASES, *OWED_WORK])]
    if len(advice):
        titled = advice.assign(kind_name=advice["kind"].map({kind.value: FINDING_TITLES[kind] for kind in FindingKind}))
        page = book.add_table("Lưu ý", titled, ADVICE, title=f"{unit.name}: nội dung cần lưu ý")
        page.protect("", MAY)


def _guide(day: Day, identity: str) -> list[str]:
    office = day.campaign.office
    return [
        "1. Chỉ điền ô màu vàng. Ô xám không phải điền. Các ô khác bị khóa; có sửa cũng không được tính.",
        "2. Lý do quá hạn: chọn trong danh sách, nói rõ thêm ở ô bên cạnh. Lý do được in vào thư gửi người dân, doanh "
        f"nghiệp: viết ngắn, đúng sự thật, không ghi tên người thứ ba. Chọn “{OTHER}” thì phải nói rõ.",
        "3. Ngày hẹn trả mới: chỉ cho hồ sơ chưa giải quyết xong; phải là ngày làm việc sau hôm nay và chắc chắn trả "
        "được, vì mỗi hồ sơ chỉ được hẹn lại một lần. Phải kèm lý do.",
        "4. Đã có văn bản xin lỗi: điền cả số và ngày của văn bản. Không ghi lùi ngày.",
        "5. Công việc: điền ngày đã báo cáo hoàn thành và mã hồ sơ công việc, đồng thời cập nhật trên hệ thống.",
        "6. Ô đã có chữ là câu đơn vị trả lời trước đó: để nguyên nếu không đổi. Xóa trắng không có nghĩa là rút lại.",
        f"7. Lưu tệp (dạng .xlsx), gửi kèm thư trả lời tới {office.email}, từ địa chỉ thư của đơn vị. Đôn Đốc báo lại "
        "ô nào đã nhận, ô nào chưa nhận và vì sao.",
        "8. Sắp xếp, xóa bớt dòng hay thêm cột đều được, miễn là mỗi dòng giữ nguyên số hồ sơ, số đến của nó.",
        f"{IDENTITY_LABEL}: {identity}",
    ]
