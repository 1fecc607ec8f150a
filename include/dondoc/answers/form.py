"""The workbook a unit fills in and sends back: its own rows alone, open only where it is asked something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dondoc.answers.claims import answered, told_of
from dondoc.answers.columns import (
    APOLOGISED_ON,
    APOLOGY_NUMBER,
    CASES,
    CHOSEN,
    FILE_CODE,
    FIRST_ROW,
    HIDDEN,
    IDENTITY_LABEL,
    NEW_DUE_ON,
    REASON,
    REPORTED_ON,
    SHEETS,
    WORDS,
    WORK,
    Sheet,
)
from dondoc.answers.guards import days_to_promise, guard
from dondoc.campaign import Unit
from dondoc.campaign.answers import OTHER
from dondoc.day import Day
from dondoc.files import sha256_of
from dondoc.ledger.workbooks import SHOWN_LENGTH, Issued, Line, line_key
from dondoc.records import FINDING_TITLES, OWED_CASES, FindingKind
from dondoc.sources.text import clean_text
from dondoc.wording import short_date
from dondoc.workbook import Column, Workbook

LACKING = {FindingKind.WORK_UNREPORTED: "báo cáo hoàn thành", FindingKind.WORK_UNFILED: "hồ sơ công việc"}
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
# The hash of a cell that says nothing.
BLANK = sha256_of(b"")[:SHOWN_LENGTH]
RECORDED = "hệ thống đã ghi ngày hẹn trả mới"
LINE_POINTS, HEADING_POINTS, MOST_LINES, GUIDE_WIDTH = 15, 62, 8, 110
# Widening a column or hiding a row harms nothing; moving and sorting locked cells would.
MAY = {"format_columns": True, "format_rows": True, "autofilter": True}
SHORT_ADVICE = "Chỉ điền ô màu vàng; ô xám không phải điền. Xem trang “Cách điền”. Lưu rồi gửi lại chính tệp này."


@dataclass(frozen=True)
class Said:
    """What is filled in beforehand.

    Attributes:
        answers: what was accepted until the day, schema `claims.ANSWERS`.
        promised: new dates the source records, by case number; like an accepted one, never asked for again.
    """

    answers: pd.DataFrame
    promised: Mapping[str, date]


def unit_workbook(day: Day, unit: Unit, findings: pd.DataFrame, said: Said) -> tuple[bytes, Issued]:
    """Return the workbook of a unit, and what the ledger must know to recognise it when it comes back.

    Args:
        day: the business day.
        unit: whose it is.
        findings: the unit's findings alone, schema `records.FINDINGS`.
        said: what was answered before.
    """
    frames = {CASES: _cases(findings, said, day.campaign.answers.reasons), WORK: _work(findings, said.answers)}
    lines = [line for sheet in SHEETS for line in _lines(sheet, frames[sheet.kind])]
    issued = Issued(day.campaign.code, unit.code, day.business_date, tuple(lines))
    book = Workbook()
    for sheet in SHEETS:
        keys = [line_key(issued.identity, sheet.kind, number) for number in frames[sheet.kind]["number"]]
        _add_sheet(book, sheet, frames[sheet.kind].assign(key=keys), day=day, unit=unit)
    _add_advice(book, findings, unit)
    _add_guide(book, _guide(day, issued.identity), unit)
    days = days_to_promise(day)
    told = (IDENTITY_LABEL, "Đợt", "Đơn vị", "Ngày"), (issued.identity, *_names(issued))
    book.add_hidden(HIDDEN, [*told, (*day.campaign.answers.reasons, OTHER), days])
    return book.to_bytes(), issued


def _names(issued: Issued) -> tuple[str, str, str]:
    return issued.campaign, issued.unit, issued.business_date.isoformat()


def _cases(findings: pd.DataFrame, said: Said, reasons: Sequence[str]) -> pd.DataFrame:
    owed = findings[findings["kind"].isin(OWED_CASES)]
    cases = owed.drop_duplicates("number")
    unsaid = set(owed.loc[owed["kind"] == FindingKind.APOLOGY_OWED, "number"])
    apology = (APOLOGY_NUMBER, APOLOGISED_ON)
    known = answered(said.answers, CASES, (REASON, NEW_DUE_ON, *apology)).reindex(cases["number"])
    recorded = pd.Series({number: day.isoformat() for number, day in said.promised.items()}, dtype=object)
    own = known.copy()
    known[NEW_DUE_ON] = known[NEW_DUE_ON].fillna(recorded.reindex(cases["number"]))
    postponable = cases["ended_on"].isna().to_numpy(bool) & known[NEW_DUE_ON].isna().to_numpy(bool)
    asked = [
        (REASON, *[NEW_DUE_ON] * bool(may), *(apology if number in unsaid else ()))
        for number, may in zip(cases["number"], postponable, strict=True)
    ]
    parts = [_parts_of(reason, reasons) for reason in known[REASON]]
    by_source = known[NEW_DUE_ON].notna() & own[NEW_DUE_ON].isna()
    told = [
        "; ".join([told_of(one)] * bool(told_of(one)) + [RECORDED] * recorded)
        for one, recorded in zip(_values(own).to_dict("records"), by_source, strict=True)
    ]
    chosen, words = [part for part, _ in parts], [part for _, part in parts]
    return _with_known(cases, known, asked).assign(**{CHOSEN: chosen, WORDS: words, "told": told})


def _parts_of(reason: object, reasons: Sequence[str]) -> tuple[str | None, str | None]:
    """Return a reason as its two cells say it: one of the list, and what was added."""
    if not isinstance(reason, str):
        return None, None
    chosen = next((one for one in reasons if reason == one or reason.startswith(f"{one}: ")), None)
    return chosen, (reason[len(chosen) + 2 :] or None) if chosen else reason


def _work(findings: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return one row an item, `missing` naming what it lacks; an item that lacks both has two findings."""
    items = findings[findings["kind"].isin(list(LACKING))].drop_duplicates("number")
    numbers = {kind: set(findings.loc[findings["kind"] == kind, "number"]) for kind in LACKING}
    lacking = [[kind for kind in LACKING if number in numbers[kind]] for number in items["number"]]
    known = answered(answers, WORK, (REPORTED_ON, FILE_CODE)).reindex(items["number"])
    asked = [tuple(ASKED_BY[kind] for kind in kinds) for kinds in lacking]
    missing = ["; ".join(LACKING[kind] for kind in kinds) for kinds in lacking]
    return _with_known(items, known, asked).assign(missing=missing)


def _with_known(rows: pd.DataFrame, known: pd.DataFrame, asked: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    values = _values(known)
    told = [told_of(one) for one in values.to_dict("records")]
    days = {name: pd.to_datetime(values[name], format="%Y-%m-%d") for name in values if name.endswith("_on")}
    given = {name: (days[name] if name in days else values[name]).to_numpy(object) for name in values}
    return rows.assign(**given, told=told, asked=pd.Series(list(asked), index=rows.index, dtype=object))


def _values(known: pd.DataFrame) -> pd.DataFrame:
    return known.astype(object).where(known.notna(), None)


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
    clean = clean_text(pa.chunked_array([pa.array(texts, pa.string())])).dictionary_encode()
    hashes = [sha256_of(text.encode())[:SHOWN_LENGTH] for text in clean.dictionary.to_pylist()]
    return [BLANK if place is None else hashes[place] for place in clean.indices.to_pylist()]


def _add_sheet(book: Workbook, sheet: Sheet, frame: pd.DataFrame, *, day: Day, unit: Unit) -> None:
    title = f"{unit.name}: {sheet.name.lower()}, số liệu ngày {short_date(day.business_date)}"
    page = book.add_table(sheet.name, frame, sheet.columns, title=title)
    page.write_string(1, 0, SHORT_ADVICE, book.style("advice"))
    last = len(sheet.columns) - 1
    page.set_column(last, last, None, None, {"hidden": True})
    page.protect("", MAY)
    _set_heights(page, sheet, frame)
    for field, place in sheet.fills.items():
        asked = REASON if field in {CHOSEN, WORDS} else field
        open_ = np.array([asked in fields for fields in frame["asked"]], bool)
        known = frame[field].astype(object).tolist()
        for row in np.flatnonzero(~open_):
            given = known[row]
            value = None if pd.isna(given) else given.to_pydatetime() if isinstance(given, pd.Timestamp) else str(given)
            _shut(page, (FIRST_ROW + int(row), place), value, book.style("shut"))
        if open_.any():
            guard(page, sheet, field, len(frame), day=day)


def _shut(page: Worksheet, cell: tuple[int, int], value: datetime | str | None, look: Format) -> None:
    if value is None:
        page.write_blank(*cell, None, look)
    elif isinstance(value, str):
        page.write_string(*cell, value, look)
    else:
        page.write_datetime(*cell, value, look)


def _set_heights(page: Worksheet, sheet: Sheet, frame: pd.DataFrame) -> None:
    # Not every program makes a row as high as its wrapped text when it opens a file.
    page.set_row(FIRST_ROW - 1, HEADING_POINTS)
    texts = [
        column for column in sheet.columns if column.kind in {"text", "fill"} and column.field not in {None, "key"}
    ]
    lines = np.ones(len(frame), int)
    for column in texts:
        lengths = frame[column.field].astype(object).map(lambda text: 0 if text is None else len(str(text)))
        lines = np.maximum(lines, -(-lengths.to_numpy(int) // max(column.width - 2, 1)))
    for row, count in enumerate(lines):
        page.set_row(FIRST_ROW + row, LINE_POINTS * int(min(count, MOST_LINES)))


def _add_guide(book: Workbook, lines: Sequence[str], unit: Unit) -> None:
    page = book.add_notes("Cách điền", lines, title=f"{unit.name}: cách điền và gửi lại")
    for row, line in enumerate(lines, start=2):
        page.set_row(row, LINE_POINTS * -(-len(line) // GUIDE_WIDTH))
    page.set_column(0, 0, 105)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.protect()


def _add_advice(book: Workbook, findings: pd.DataFrame, unit: Unit) -> None:
    advice = findings[~findings["kind"].isin([*OWED_CASES, *LACKING])]
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
        "8. Trang được khóa không có mật khẩu. Có bỏ khóa để sắp xếp, xóa dòng hay thêm cột thì mỗi dòng vẫn phải giữ "
        "nguyên số hồ sơ, số đến của nó.",
        f"{IDENTITY_LABEL}: {identity}",
    ]
