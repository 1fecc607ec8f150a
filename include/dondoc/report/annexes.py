"""The report's workbook: the figures a unit, and every row they were counted from."""

from collections.abc import Sequence

import pandas as pd

from dondoc.checks import registry
from dondoc.day import Day
from dondoc.figures import DEFINITIONS
from dondoc.records import CASE_KINDS, FINDING_TITLES
from dondoc.wording import short_date
from dondoc.workbook import Column, Workbook

SUMMARY = (
    Column("Mã", "code", width=9),
    Column("Đơn vị", "name", width=38),
    Column("Hồ sơ trong kỳ", "cases_total", "integer"),
    Column("Hồ sơ quá hạn", "cases_late", "integer"),
    Column("Đang giải quyết quá hạn", "cases_overdue", "integer"),
    Column("Phải xin lỗi", "apologies_due", "integer"),
    Column("Đã xin lỗi", "apologies_done", "integer"),
    Column("Tỷ lệ xin lỗi", "apology_rate", "percent"),
    Column("Công việc được giao", "work_total", "integer"),
    Column("Đã báo cáo hoàn thành, lưu trữ", "work_reported", "integer"),
    Column("Đã lập hồ sơ", "work_filed", "integer"),
    Column("Đạt cả hai", "work_done", "integer"),
    Column("Tỷ lệ công việc", "work_rate", "percent"),
    Column("Tỷ lệ chung", "rate", "percent"),
)
LATE_CASES = (
    Column("Số hồ sơ", "case_number", width=28),
    Column("Thủ tục hành chính", "procedure", width=48),
    Column("Đơn vị", "unit_name", width=30),
    Column("Cán bộ", "official", width=20),
    Column("Ngày tiếp nhận", "received_at", "date"),
    Column("Ngày hẹn trả", "due_at", "date"),
    Column("Ngày kết thúc", "ended_on", "date"),
    Column("Số ngày làm việc chậm", "days_late", "integer"),
    Column("Số ngày nghỉ đã trừ", "days_off", "integer"),
    Column("Số văn bản xin lỗi", "apology_number"),
    Column("Ngày xin lỗi", "apologised_at", "date"),
    Column("Dòng trong tệp nguồn", "source_row", "integer"),
)
FINDINGS = (
    Column("Tồn tại", "kind_name", width=34),
    Column("Đơn vị", "unit_name", width=30),
    Column("Số hồ sơ, số đến", "number", width=28),
    Column("Nội dung", "subject", width=60),
    Column("Cán bộ", "official", width=20),
    Column("Hạn", "due_on", "date"),
    Column("Số ngày làm việc chậm", "days_late", "integer"),
    Column("Số ngày làm việc còn lại", "days_left", "integer"),
    Column("Căn cứ", "rule_words", width=40),
    Column("Ghi chú", "note", width=40),
    Column("Được miễn bởi", "waived_by", width=30),
    Column("Dòng trong tệp nguồn", "source_row", "integer"),
)


def report_workbook(
    day: Day,
    *,
    units: pd.DataFrame,
    total: pd.Series,
    late_cases: pd.DataFrame,
    findings: pd.DataFrame,
    sources: Sequence[str],
) -> bytes:
    """Return the workbook: figures a unit, late cases with their apologies, all findings, definitions and sources.

    Args:
        day: the business day.
        units: what `unit_figures` returns.
        total: what `total_figures` returns.
        late_cases: late cases as `judge_cases` returns them.
        findings: schema `records.FINDINGS`.
        sources: one line a source.
    """
    names = {code: unit.name for code, unit in day.campaign.unit_by_code.items()}
    as_of = f"số liệu đến ngày {short_date(day.business_date)}"
    table = pd.concat([units, total.to_frame().T.assign(code="", name="Tổng cộng")], ignore_index=True)
    book = Workbook()
    book.add_table("Tổng hợp", table, SUMMARY, title=f"{day.campaign.title}, {as_of}", has_total=True)
    named = late_cases.assign(unit_name=late_cases["unit"].map(names))
    book.add_table("Hồ sơ quá hạn", named, LATE_CASES, title=f"Hồ sơ quá hạn và việc xin lỗi, {as_of}")
    listed = findings.assign(
        unit_name=findings["unit"].map(names),
        kind_name=findings["kind"].map({kind.value: title for kind, title in FINDING_TITLES.items()}),
        rule_words=findings["rule"].map(registry.RULES),
    )
    is_case = listed["kind"].isin(CASE_KINDS)
    book.add_table("Tồn tại về hồ sơ", listed[is_case], FINDINGS, title=f"Tồn tại về hồ sơ, {as_of}")
    book.add_table("Tồn tại về công việc", listed[~is_case], FINDINGS, title=f"Tồn tại về công việc, {as_of}")
    book.add_notes("Cách tính", [*DEFINITIONS, *sources], title="Cách tính và nguồn số liệu")
    return book.to_bytes()
