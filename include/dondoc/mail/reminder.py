"""A unit's reminder: what it owes, most urgent first, and the workbook it answers with."""

from typing import Any

import pandas as pd

from dondoc.campaign import Unit
from dondoc.day import Day
from dondoc.files import sha256_of
from dondoc.mail.changes import Changes, changes_values
from dondoc.mail.countdown import countdown, days_to_deadline, pace_needed, past_deadline
from dondoc.mail.ladder import Addressee
from dondoc.records import FINDING_TITLES, OWED_KINDS, FindingKind
from dondoc.wording import date_in_words, number
from dondoc.workbook import Column, Workbook

SHOWN_PER_KIND = 10
WAIVED_TITLE = "Được lãnh đạo cho phép tạm miễn (vẫn tính trong tỷ lệ)"
OWED_CASES = (FindingKind.CASE_OVERDUE, FindingKind.APOLOGY_OWED)
OWED_WORK = (FindingKind.WORK_UNREPORTED, FindingKind.WORK_UNFILED)

CASES = (
    Column("Số hồ sơ", "number", width=28),
    Column("Thủ tục hành chính", "subject", width=48),
    Column("Cán bộ", "official", width=20),
    Column("Ngày hẹn trả", "due_on", "date"),
    Column("Ngày kết thúc", "ended_on", "date"),
    Column("Số ngày làm việc chậm", "days_late", "integer"),
    Column("Lý do quá hạn (đơn vị điền)", None, "fill", width=36),
    Column("Ngày hẹn trả mới (đơn vị điền)", None, "fill", width=16),
    Column("Số văn bản xin lỗi (đơn vị điền)", None, "fill", width=18),
    Column("Ngày xin lỗi (đơn vị điền)", None, "fill", width=16),
)
WORK = (
    Column("Số đến", "number", width=12),
    Column("Trích yếu", "subject", width=60),
    Column("Người chủ trì", "official", width=20),
    Column("Hạn giải quyết", "due_on", "date"),
    Column("Số ngày làm việc chậm", "days_late", "integer"),
    Column("Còn thiếu", "missing", width=34),
    Column("Ngày báo cáo hoàn thành (đơn vị điền)", None, "fill", width=18),
    Column("Mã hồ sơ công việc (đơn vị điền)", None, "fill", width=22),
)
ADVICE = (
    Column("Nội dung", "kind_name", width=44),
    Column("Số", "number", width=28),
    Column("Trích yếu", "subject", width=48),
    Column("Hạn", "due_on", "date"),
    Column("Số ngày làm việc còn lại", "days_left", "integer"),
    Column("Số ngày làm việc chậm", "days_late", "integer"),
    Column("Ghi chú", "note", width=44),
)


def reminder_subject(day: Day, unit: Unit, findings: pd.DataFrame) -> str:
    """Return the subject, numbers first for a phone: what is owed, how long is left, whose. No case, no person."""
    cases, items = owed_numbers(findings)
    counts = [f"{number(count)} {what}" for count, what in ((cases, "hồ sơ"), (items, "công việc")) if count]
    marks = "[DIỄN TẬP] " if day.rehearsal else ""
    return f"{marks}{', '.join(counts)}, {countdown(day)} – đôn đốc {unit.name}"


def addressed(who: Addressee, unit: Unit) -> dict[str, Any]:
    """Return the fields that say whom a reminder addresses: the unit, or who stands above it."""
    contact = who.contact
    return {"addressee": contact.salutation if contact else unit.name, "escalated": contact is not None}


def owed_hash(findings: pd.DataFrame) -> str:
    """Return what tells apart two mails of a day about different facts: a hash of what is owed, not of its wording."""
    owed = findings.loc[findings["kind"].isin(OWED_KINDS), ["kind", "number", "due_on", "waived_by"]]
    return sha256_of(owed.to_csv(index=False).encode())[:12]


def owed_numbers(findings: pd.DataFrame) -> tuple[int, int]:
    """Return how many cases and how many work items are owed, each once however much it lacks."""
    cases = findings.loc[findings["kind"].isin(OWED_CASES), "number"].nunique()
    items = findings.loc[findings["kind"].isin(OWED_WORK), ["source_file", "source_row"]].drop_duplicates()
    return int(cases), len(items)


def reminder_values(
    day: Day, unit: Unit, *, figures: pd.Series, findings: pd.DataFrame, changes: Changes
) -> dict[str, Any]:
    """Return the fields of the reminder's templates; whom it addresses is `addressed`'s to say.

    Args:
        day: the business day.
        unit: who is written to.
        figures: the unit's row of `unit_figures`.
        findings: the unit's findings alone, schema `records.FINDINGS`, most urgent first.
        changes: what changed for the unit since the last earlier day.
    """
    waived = findings["waived_by"].notna()
    named = {FINDING_TITLES[kind]: findings[~waived & (findings["kind"] == kind)] for kind in FindingKind}
    named[WAIVED_TITLE] = findings[waived]
    cases, items = owed_numbers(findings)
    return {
        "office": day.campaign.office.model_dump(),
        "campaign_title": day.campaign.title,
        "unit_name": unit.name,
        "as_of": date_in_words(day.business_date),
        "deadline_reading": day.campaign.deadline_reading,
        "working_days_left": day.working_days_left,
        "days_left": days_to_deadline(day),
        "past_deadline": past_deadline(day),
        "countdown": countdown(day),
        "target": day.campaign.target,
        "figures": figures.to_dict(),
        "cases_owed": cases,
        "work_owed": items,
        "pace": pace_needed(cases + items, day),
        "changes": changes_values(changes),
        "groups": [_group(title, rows, new=changes.new) for title, rows in named.items() if len(rows)],
        "rehearsal": day.rehearsal,
    }


def _group(title: str, rows: pd.DataFrame, *, new: pd.DataFrame) -> dict[str, Any]:
    shown = rows.head(SHOWN_PER_KIND).astype(object)
    marked = shown.where(shown.notna(), None).assign(new=shown.index.isin(new.index))
    return {
        "title": title,
        "count": len(rows),
        "late": int((rows["days_late"] > 0).sum()),
        "rows": marked.to_dict("records"),
        "more": max(len(rows) - SHOWN_PER_KIND, 0),
    }


def unit_workbook(unit: Unit, findings: pd.DataFrame) -> bytes:
    """Return the workbook a unit fills in and sends back: its own rows, with cells for what only the unit knows."""
    book = Workbook()
    is_case, is_work = findings["kind"].isin(OWED_CASES), findings["kind"].isin(OWED_WORK)
    cases = findings[is_case].drop_duplicates("number")
    book.add_table("Hồ sơ quá hạn", cases, CASES, title=f"{unit.name}: hồ sơ quá hạn")
    book.add_table("Công việc", _missing_by_item(findings[is_work]), WORK, title=f"{unit.name}: công việc")
    advice = findings[~is_case & ~is_work]
    if len(advice):
        titled = advice.assign(kind_name=advice["kind"].map({kind.value: FINDING_TITLES[kind] for kind in FindingKind}))
        book.add_table("Lưu ý", titled, ADVICE, title=f"{unit.name}: nội dung cần lưu ý")
    return book.to_bytes()


def _missing_by_item(work: pd.DataFrame) -> pd.DataFrame:
    """Return one row an item, `missing` naming what it lacks; an item that lacks both has two findings."""
    lacks = {FindingKind.WORK_UNREPORTED.value: "báo cáo hoàn thành", FindingKind.WORK_UNFILED.value: "hồ sơ công việc"}
    words = work["kind"].map(lacks).astype(object)
    joined = words.groupby(work["source_row"].to_numpy()).agg("; ".join)
    items = work.drop_duplicates("source_row")
    return items.assign(missing=items["source_row"].map(joined).to_numpy(object))
