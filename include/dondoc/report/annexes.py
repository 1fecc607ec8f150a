"""The report's workbook: the figures, native charts, form II.06a, and every row they were counted from."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.arrays import ArrowExtensionArray

from dondoc.campaign.day import Day
from dondoc.checks import registry
from dondoc.checks.findings import MARKS
from dondoc.figures import DEFINITIONS, OFFICE, OFFICIAL, PROCEDURE, UNIT, evidence_definition, only
from dondoc.frames import array_of
from dondoc.office_files.workbook import BarChart, Column, Workbook
from dondoc.records import CASE_KINDS, FINDING_TITLES, CaseState
from dondoc.report import sheets
from dondoc.report.facts import CLAIMS, LETTER_COUNTS, ReportFacts
from dondoc.report.waived import waived_table
from dondoc.sources.undecided import KINDS, SHEET
from dondoc.vietnamese.wording import PROVISIONAL, short_date

AHEAD = PROVISIONAL.strip("()")
CHANNELS = {"online": "Trực tuyến", "direct": "Trực tiếp", "post": "Bưu chính"}
WORK_STATES = {"open": "Chưa báo cáo", "reported": "Đã báo cáo hoàn thành", "archived": "Đã lưu trữ"}
CASE_STATES = {
    CaseState.NOT_RECEIVED.value: "Chưa tiếp nhận",
    CaseState.IN_TIME.value: "Đang giải quyết trong hạn",
    CaseState.OVERDUE.value: "Đang giải quyết, đã qua ngày hẹn trả",
    CaseState.PAUSED.value: "Tạm dừng",
    CaseState.FINISHED_EARLY.value: "Đã giải quyết trước hạn",
    CaseState.FINISHED_ON_TIME.value: "Đã giải quyết đúng hạn",
    CaseState.FINISHED_LATE.value: "Đã giải quyết quá hạn",
    CaseState.WITHDRAWN.value: "Rút hồ sơ",
}
WITNESSES = ("Hệ thống và sổ thư", "Chỉ hệ thống", "Chỉ sổ thư", "Chỉ đơn vị báo")
NOBODY = "Chưa có"
CHARTS = (
    BarChart("Tỷ lệ chung của từng đơn vị", ("rate",)),
    BarChart("Hồ sơ quá hạn phải xin lỗi và đã xin lỗi", ("apologies_due", "apologies_done")),
    BarChart("Công việc được giao và đạt cả hai yêu cầu", ("work_total", "work_done")),
)


def report_workbook(facts: ReportFacts, *, missing: Sequence[str] = ()) -> bytes:
    """Return the workbook: figures per unit, procedure and official, the form, the rows, definitions and sources.

    Args:
        facts: what the report says.
        missing: what the report had to do without, a line each.
    """
    book = Workbook()
    as_of = f"số liệu đến ngày {short_date(facts.day.business_date)}"
    as_of = f"CHƯA ĐỦ SỐ LIỆU, {as_of}" if missing else as_of
    _add_figures(book, facts, as_of)
    _add_rows(book, facts, as_of)
    traces = pd.DataFrame(sheets.TRACES)
    book.add_table("Truy nguyên", traces, sheets.TRACE_COLUMNS, title="Con số lấy từ đâu: lọc trang nào, cột nào")
    chosen = evidence_definition(facts.day.campaign.apology_evidence)
    notes = [*(f"Còn thiếu: {line}" for line in missing), *DEFINITIONS, chosen, *facts.sources]
    book.add_notes("Cách tính", [*notes, _fingerprint(facts)], title="Cách tính và nguồn số liệu")
    return book.to_bytes()


def _add_figures(book: Workbook, facts: ReportFacts, as_of: str) -> None:
    figures = facts.figures.merge(facts.progress[["scope", "code", "remaining", "needed"]], on=["scope", "code"])
    units = only(figures, UNIT).merge(facts.letters, on="code", how="left")
    columns: tuple[Column, ...] = (*sheets.SUMMARY, *sheets.LETTERS)
    summed: list[str] = list(LETTER_COUNTS)
    if facts.claimed is not None:
        units = units.merge(facts.claimed, on="code", how="left")
        columns = (*columns, *sheets.CLAIMED)
        summed = [*summed, *CLAIMS]
    units[summed] = units[summed].fillna(0)
    total = only(figures, OFFICE).assign(code="", **{name: units[name].sum() for name in summed})
    table = pd.concat([units, total], ignore_index=True)
    title = f"{facts.day.campaign.title}, {as_of}{facts.replacing}"
    book.add_table("Tổng hợp", table, columns, title=title, has_total=True)
    book.add_charts("Biểu đồ", CHARTS, of="Tổng hợp", names="name", columns=columns, rows=len(units))
    book.add_table("Tình trạng hồ sơ", table, sheets.STATES, title=f"Tình trạng hồ sơ, {as_of}", has_total=True)
    procedures = only(facts.figures, PROCEDURE)
    officials = only(facts.figures, OFFICIAL)
    book.add_details("Theo thủ tục", procedures, sheets.PROCEDURES, title=f"Theo thủ tục, {as_of}")
    named = officials.assign(unit_name=officials["unit"].map(_unit_names(facts.day)))
    book.add_details("Theo cán bộ", named, sheets.OFFICIALS, title=f"Theo cán bộ, {as_of}")
    title = f"Biểu số II.06a/VPCP/KSTT, {as_of}"
    book.add_table("II.06a", facts.form, sheets.FORM, title=title, has_total=True)


def _add_rows(book: Workbook, facts: ReportFacts, as_of: str) -> None:
    names = _unit_names(facts.day)
    if len(facts.undecided):
        undecided = facts.undecided.assign(kind_words=_words(facts.undecided["kind"], KINDS))
        title = f"{SHEET} vì dòng bị loại, {as_of}"
        book.add_details(SHEET, undecided, sheets.UNDECIDED, title=title)
    late = facts.late_cases
    late = late.assign(
        unit_name=_words(late["unit"], names),
        apologised_words=_yes(late["apologised"]),
        days_note=_days_note(late, facts.day),
        witness_words=_witnesses(late),
        waiting_words=_yes(late["waiting"]),
    )
    book.add_details("Hồ sơ quá hạn", late, sheets.LATE_CASES, title=f"Hồ sơ quá hạn và việc xin lỗi, {as_of}")
    listed = facts.findings.assign(
        unit_name=_words(facts.findings["unit"], names),
        kind_name=_words(facts.findings["kind"], {kind.value: title for kind, title in FINDING_TITLES.items()}),
        rule_words=_words(facts.findings["rule"], registry.RULES),
        days_note=_days_note(facts.findings, facts.day),
    )
    listed = listed[facts.findings["waived_by"].isna()]
    is_case = listed["kind"].isin(CASE_KINDS)
    book.add_details("Tồn tại về hồ sơ", listed[is_case], sheets.FINDINGS, title=f"Tồn tại về hồ sơ, {as_of}")
    book.add_details("Tồn tại về công việc", listed[~is_case], sheets.FINDINGS, title=f"Tồn tại về công việc, {as_of}")
    waived = waived_table(facts)
    if len(waived):
        title = f"Được tạm miễn, không tính là còn tồn tại, vẫn nằm trong mẫu số của tỷ lệ, {as_of}"
        book.add_table("Được tạm miễn", waived, sheets.WAIVED, title=title)
    book.add_details("Hồ sơ", _case_rows(facts, names), sheets.CASES, title=f"Mọi hồ sơ của nguồn, {as_of}")
    book.add_details("Công việc", _work_rows(facts, names), sheets.WORK, title=f"Mọi công việc của nguồn, {as_of}")


def _case_rows(facts: ReportFacts, names: dict[str, str]) -> pd.DataFrame:
    cases = facts.cases
    return cases.assign(
        unit_name=_words(cases["unit"], names),
        channel_words=_words(cases["channel"], CHANNELS),
        counted_words=_yes(cases["counted"]),
        state_words=_words(cases["state"], CASE_STATES),
        late_words=_yes(cases["late"]),
        days_note=_days_note(cases, facts.day),
        apologised_words=_yes(cases["apologised"]),
        in_time_words=_yes(cases["apologised_in_time"]),
        witness_words=_witnesses(cases),
        waiting_words=_yes(cases["waiting"]),
    )


def _work_rows(facts: ReportFacts, names: dict[str, str]) -> pd.DataFrame:
    work = facts.work
    return work.assign(
        unit_name=_words(work["unit"], names),
        counted_words=_yes(work["counted"]),
        state_words=_words(work["status"], WORK_STATES),
        reported_words=_yes(work["reported"]),
        filed_words=_yes(work["filed"]),
        done_words=_yes(work["reported"] & work["filed"]),
        days_note=_days_note(work, facts.day),
    )


def _days_note(rows: pd.DataFrame, day: Day) -> ArrowExtensionArray:
    """Return in words how far the days of each row are to be trusted; null of most."""
    older = f"từ số ngày này trở lên (đếm từ {short_date(day.calendar.first)})"
    at_least, provisional = (rows[name].fillna(False).to_numpy(bool) for name in MARKS)
    notes = np.full(len(rows), None, object)
    notes[provisional] = AHEAD
    notes[at_least] = older
    notes[at_least & provisional] = f"{older}; {AHEAD}"
    return ArrowExtensionArray(pa.array(notes, pa.string()))


def _words(codes: pd.Series, words: Mapping[str, str]) -> ArrowExtensionArray:
    """Return the word of each code, looked up once a code; null for one that has none."""
    encoded = pa.table({"code": array_of(codes)}).column(0).combine_chunks().dictionary_encode()
    known = pa.array([words.get(code) for code in encoded.dictionary.to_pylist()], pa.string())
    return ArrowExtensionArray(known.take(encoded.indices))


def _witnesses(cases: pd.DataFrame) -> ArrowExtensionArray:
    """Return who says that each case was apologised for, as the figures count it; nobody is said of none."""
    system, register, claimed = (cases[name].to_numpy(bool) for name in ("by_system", "by_register", "by_claim"))
    place = np.select([system & register, system, register, claimed], range(len(WITNESSES)), len(WITNESSES))
    return ArrowExtensionArray(pa.array([*WITNESSES, NOBODY]).take(pa.array(place)))


def _yes(flags: pd.Series) -> ArrowExtensionArray:
    return ArrowExtensionArray(pc.if_else(pa.array(flags.to_numpy(bool)), "Có", "Không"))


def _unit_names(day: Day) -> dict[str, str]:
    return {code: unit.name for code, unit in day.campaign.unit_by_code.items()}


def _fingerprint(facts: ReportFacts) -> str:
    words = {"data": "số liệu", "rules": "quy tắc", "calendar": "lịch", "template": "mẫu", "ledger": "sổ cái"}
    return "Mã kiểm tra: " + ", ".join(f"{words[name]} {value}" for name, value in facts.fingerprint.items()) + "."
