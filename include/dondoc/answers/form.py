"""What stands in the workbook a unit fills in and sends back: its own rows alone, and where it is asked something."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from dondoc.answers.claims import told_of
from dondoc.answers.columns import (
    APOLOGISED_ON,
    APOLOGY_NUMBER,
    CASES,
    CHOSEN,
    FILE_CODE,
    NEW_DUE_ON,
    REASON,
    REPORTED_ON,
    SHEETS,
    WORDS,
    WORK,
    FormSheet,
)
from dondoc.campaign import Unit
from dondoc.campaign.day import Day
from dondoc.files import sha256_of
from dondoc.ledger.workbooks import SHOWN_LENGTH, Issued, IssuedRow
from dondoc.records import OWED_CASES, FindingKind
from dondoc.records.unit_findings import Finding
from dondoc.sources.text import clean_text
from dondoc.vietnamese.wording import short_date

LACKING = {FindingKind.WORK_UNREPORTED: "báo cáo hoàn thành", FindingKind.WORK_UNFILED: "hồ sơ công việc"}
ASKED_BY = {FindingKind.WORK_UNREPORTED: REPORTED_ON, FindingKind.WORK_UNFILED: FILE_CODE}
APOLOGY = (APOLOGY_NUMBER, APOLOGISED_ON)
# The hash of a cell that says nothing.
BLANK = sha256_of(b"")[:SHOWN_LENGTH]
LAPSING = "sắp hết hạn: không kịp trả đúng hạn thì điền lý do, ngày hẹn trả mới"
RECORDED = "hệ thống đã ghi ngày hẹn trả mới"
WAITING = "thư xin lỗi đã đủ nội dung, đang chờ ký"


@dataclass(frozen=True)
class Said:
    """What is filled in beforehand.

    Attributes:
        values: the accepted values that count, by kind and number, by field.
        promised: new dates the source records, by case number; like an accepted one, never asked for again.
    """

    values: Mapping[tuple[str, str], Mapping[str, str]]
    promised: Mapping[str, date]

    def of(self, kind: str, number: str) -> Mapping[str, str]:
        """Return what was accepted of a case or item."""
        return self.values.get((kind, number), {})


@dataclass(frozen=True)
class FormRow:
    """A case or item as its row shows it: cells by the field of their column, and the fields the unit is asked for."""

    cells: Mapping[str, Any]
    asked: tuple[str, ...]

    @property
    def number(self) -> str:
        """Return the number of the case or item."""
        return str(self.cells["number"])


Form = Mapping[str, Sequence[FormRow]]  # rows by kind of sheet


def form_of(day: Day, findings: Sequence[Finding], said: Said) -> Form:
    """Return the rows of a unit's workbook.

    Args:
        day: the business day.
        findings: the unit's findings alone.
        said: what was answered before.
    """
    return {
        CASES: _case_rows(day, findings, said),
        WORK: _work_rows(findings, said),
    }


def issued_as(day: Day, unit: Unit, form: Form) -> Issued:
    """Return what the ledger must know of a unit's workbook to recognise it when it comes back."""
    lines = [line for sheet in SHEETS for line in _lines(sheet, form[sheet.kind])]
    return Issued(day.campaign.code, unit.code, day.business_date, tuple(lines))


def _case_rows(day: Day, findings: Sequence[Finding], said: Said) -> list[FormRow]:
    asked = (*OWED_CASES, FindingKind.APOLOGY_DUE_SOON) if day.campaign.letters.before_lapse else OWED_CASES
    owed = [one for one in findings if one.kind in asked]
    reasons = day.campaign.answers.reasons
    lapsing = {one.number for one in owed if one.kind == FindingKind.APOLOGY_DUE_SOON}
    unsaid = {one.number for one in owed if one.kind == FindingKind.APOLOGY_OWED}
    waiting = {one.number for one in findings if one.kind == FindingKind.APOLOGY_WAITING}
    rows = [
        _case_row(one, said.of(CASES, one.number), said.promised.get(one.number), reasons, one.number in unsaid)
        for one in _first_of_each(owed)
    ]
    notes = dict.fromkeys(lapsing, LAPSING) | dict.fromkeys(waiting, WAITING)
    return [_told(row, notes[row.number]) if row.number in notes else row for row in rows]


def _told(row: FormRow, note: str) -> FormRow:
    told = "; ".join(filter(None, [row.cells["told"], note]))
    return replace(row, cells={**row.cells, "told": told})


def _case_row(
    case: Finding, known: Mapping[str, str], recorded: date | None, reasons: Sequence[str], unsaid: bool
) -> FormRow:
    promised = _day(known.get(NEW_DUE_ON)) or recorded
    told = [told_of(known)] if told_of(known) else []
    if promised and NEW_DUE_ON not in known:
        told.append(RECORDED)
    chosen, words = _parts_of(known.get(REASON), reasons)
    may_postpone = case.ended_on is None and promised is None
    return FormRow(
        case._asdict()
        | {
            "days_late_shown": case.days_late_shown,
            CHOSEN: chosen,
            WORDS: words,
            NEW_DUE_ON: promised,
            APOLOGY_NUMBER: known.get(APOLOGY_NUMBER),
            APOLOGISED_ON: _day(known.get(APOLOGISED_ON)),
            "told": "; ".join(told),
        },
        (REASON, *[NEW_DUE_ON] * may_postpone, *(APOLOGY if unsaid else ())),
    )


def _parts_of(reason: str | None, reasons: Sequence[str]) -> tuple[str | None, str | None]:
    """Return a reason as its two cells say it: one of the list, and what was added."""
    if reason is None:
        return None, None
    chosen = next((one for one in reasons if reason == one or reason.startswith(f"{one}: ")), None)
    return chosen, (reason[len(chosen) + 2 :] or None) if chosen else reason


def _work_rows(findings: Sequence[Finding], said: Said) -> list[FormRow]:
    """Return one row an item, `missing` naming what it lacks; an item that lacks both has two findings."""
    lacking: dict[str, set[str]] = {}
    for one in findings:
        if one.kind in LACKING:
            lacking.setdefault(one.number, set()).add(one.kind)
    items = _first_of_each(one for one in findings if one.kind in LACKING)
    return [
        _work_row(one, said.of(WORK, one.number), [k for k in LACKING if k in lacking[one.number]]) for one in items
    ]


def _work_row(item: Finding, known: Mapping[str, str], lacks: Sequence[FindingKind]) -> FormRow:
    cells = {
        "days_late_shown": item.days_late_shown,
        "missing": "; ".join(LACKING[kind] for kind in lacks),
        REPORTED_ON: _day(known.get(REPORTED_ON)),
        FILE_CODE: known.get(FILE_CODE),
        "told": told_of(known),
    }
    return FormRow(item._asdict() | cells, tuple(ASKED_BY[kind] for kind in lacks))


def _first_of_each(findings: Iterable[Finding]) -> list[Finding]:
    first: dict[str, Finding] = {}
    for one in findings:
        first.setdefault(one.number, one)
    return list(first.values())


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _lines(sheet: FormSheet, rows: Sequence[FormRow]) -> list[IssuedRow]:
    fields = [column.field or "" for column in sheet.shown]
    hashes = shown_texts([_text_of(row.cells[field]) for row in rows for field in fields])
    return [
        IssuedRow(sheet.kind, row.number, row.cells["due_on"], row.asked, tuple(hashes[i : i + len(fields)]))
        for row, i in zip(rows, range(0, len(hashes), len(fields)), strict=True)
    ]


def _text_of(value: Any) -> str | None:
    return None if value is None else short_date(value) if isinstance(value, date) else str(value)


def shown_texts(texts: Sequence[str | None]) -> list[str]:
    """Return a short hash of each cell's text, the same however a spreadsheet program has saved it."""
    clean = clean_text(pa.chunked_array([pa.array(texts, pa.string())])).dictionary_encode()
    hashes = [sha256_of(text.encode())[:SHOWN_LENGTH] for text in clean.dictionary.to_pylist()]
    return [BLANK if place is None else hashes[place] for place in clean.indices.to_pylist()]
