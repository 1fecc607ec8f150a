"""What a unit's mail lists: each case and item once, under the most urgent of what is to be done about it."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dondoc.records import CASE_KINDS, FINDING_TITLES, OWED_KINDS, OWED_WORK, REMAINING_KINDS, FindingKind
from dondoc.records.unit_findings import Finding
from dondoc.vietnamese.wording import PROVISIONAL, days_late_words

# The most urgent alone: a mail is read on a phone, and the workbook beside it lists all.
MOST_SHOWN = 10
WORK_KINDS = (*OWED_WORK, FindingKind.WORK_OVERDUE)
# Number and date of a letter, and who has yet to enter it, are what the unit has to know.
TOLD_BY_THEIR_NOTE = frozenset(
    {FindingKind.APOLOGY_OWED, FindingKind.APOLOGY_NOT_IN_SYSTEM, FindingKind.APOLOGY_NOT_IN_REGISTER}
)
# A row says itself how late its item is, and when its case is due.
SAID_BY_THE_ROW = frozenset({FindingKind.WORK_OVERDUE, FindingKind.CASE_DUE_SOON})


@dataclass(frozen=True)
class Group:
    """A heading of the list, and the kinds a thing must be found under to stand there; `note` stands beside it."""

    title: str
    kinds: frozenset[str]
    note: str = ""


# The most urgent first: a thing stands in the first that fits. The first five are what remains, each thing once.
REMAINING_GROUPS = (
    Group(
        "Hồ sơ đang giải quyết quá hạn, chưa có văn bản xin lỗi",
        frozenset({FindingKind.CASE_OVERDUE, FindingKind.APOLOGY_OWED}),
    ),
    Group(
        "Hồ sơ đã giải quyết muộn hoặc đang tạm dừng, chưa có văn bản xin lỗi", frozenset({FindingKind.APOLOGY_OWED})
    ),
    Group("Công việc chưa báo cáo hoàn thành, lưu trữ và chưa lập hồ sơ", frozenset(OWED_WORK)),
    Group("Công việc đã lập hồ sơ, chưa báo cáo hoàn thành, lưu trữ", frozenset({FindingKind.WORK_UNREPORTED})),
    Group("Công việc đã báo cáo hoàn thành, lưu trữ, chưa lập hồ sơ", frozenset({FindingKind.WORK_UNFILED})),
)
WAIVED = Group("Được lãnh đạo cho phép tạm miễn", frozenset(), "không tính trong số còn lại, vẫn tính trong tỷ lệ")
# What a witness that does not count says of a case stands in its finding's note.
SAID = "said"
UNCONFIRMED = Group(
    "Hồ sơ quá hạn đã được báo là đã xin lỗi, chưa được ghi nhận", frozenset({FindingKind.APOLOGY_OWED, SAID})
)
WAITING = Group(
    "Hồ sơ đang giải quyết quá hạn, thư xin lỗi đã đủ nội dung, đang chờ ký",
    frozenset({FindingKind.CASE_OVERDUE, FindingKind.APOLOGY_WAITING}),
    "không tính trong số còn lại",
)
APOLOGISED = Group(
    "Hồ sơ đã xin lỗi, còn đang giải quyết quá hạn",
    frozenset({FindingKind.CASE_OVERDUE}),
    "không tính trong số còn lại",
)
ADVICE_NOTES = {FindingKind.APOLOGY_WAITING: "không tính trong số còn lại"}
ADVICE_GROUPS = tuple(
    Group(FINDING_TITLES[kind], frozenset({kind}), ADVICE_NOTES.get(kind, "lưu ý"))
    for kind in FindingKind
    if kind not in {FindingKind.CASE_OVERDUE, FindingKind.APOLOGY_OWED, *OWED_WORK}
)


def listed(findings: Sequence[Finding], *, new: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the groups that hold anything, most urgent first, as the template reads them.

    Each has `title`, `note`, `count`, `late` (work items past their due day), `rows`, and how many `more`. The rows are
    the most urgent of the whole list: the last groups may show none.
    What remains and is waived stands apart, after what remains and is not.

    Args:
        findings: the unit's findings alone, most urgent first.
        new: those whose thing did not remain on the last earlier day.
    """
    fresh = {thing_of(one) for one in new}
    things: dict[Hashable, list[Finding]] = {}
    for one in findings:
        things.setdefault(thing_of(one), []).append(one)
    order = (*REMAINING_GROUPS, UNCONFIRMED, WAIVED, WAITING, APOLOGISED, *ADVICE_GROUPS)
    held: dict[Group, list[dict[str, Any]]] = {group: [] for group in order}
    for thing, found in things.items():
        group = _group_of(found)
        held[_apart(group, found)].append(_row(found, group, new=thing in fresh))
    shown = []
    room = MOST_SHOWN
    for group, rows in held.items():
        if rows:
            shown.append(_shown(group, rows, at_most=room))
            room = max(room - len(rows), 0)
    return shown


def thing_of(finding: Finding) -> Hashable:
    """Return what tells the case, item or file of a finding apart: documents of two books can bear one number."""
    if finding.kind in CASE_KINDS:
        return "case", finding.number
    if finding.kind in WORK_KINDS:
        return "work", finding.source_file, finding.source_row
    return finding.kind, finding.number, finding.source_file, finding.source_row


def _group_of(found: Sequence[Finding]) -> Group:
    kinds = {one.kind for one in found}
    kinds |= {SAID for one in found if one.kind == FindingKind.APOLOGY_OWED and one.note}
    order = (UNCONFIRMED, *REMAINING_GROUPS, WAITING, APOLOGISED, *ADVICE_GROUPS)
    return next(group for group in order if group.kinds <= kinds)


def _apart(group: Group, found: Sequence[Finding]) -> Group:
    """Return the group itself, or that of what is waived: what keeps the thing where it stands is excused."""
    remains = group in (*REMAINING_GROUPS, UNCONFIRMED)
    asked = [one for one in found if one.kind in (REMAINING_KINDS if remains else (FindingKind.CASE_OVERDUE,))]
    may_be = remains or group in (WAITING, APOLOGISED)
    return WAIVED if may_be and all(one.waived_by is not None for one in asked) else group


def _row(found: Sequence[Finding], group: Group, *, new: bool) -> dict[str, Any]:
    """Return a thing as one row: what it is, and in `also` what else was found of it."""
    first = next(one for one in found if one.kind in group.kinds)
    said = group.kinds | SAID_BY_THE_ROW
    waived_by = next((one.waived_by for one in found if one.waived_by is not None), None)
    still = [one for one in found if waived_by and one.waived_by is None and one.kind in OWED_KINDS]
    also = filter(None, [_also(one, unsaid=one.kind not in said or one in still) for one in found])
    latest = max(found, key=lambda one: one.days_late)
    notes = [*dict.fromkeys(also), *([f"tạm miễn: {waived_by}"] if waived_by else [])]
    told = _words(latest, ahead=any(one.provisional for one in found))
    return first._asdict() | told | {"new": new, "days_late": latest.days_late, "also": "; ".join(notes)}


def _also(finding: Finding, *, unsaid: bool) -> str:
    """Return what a row adds of a finding: its note where that says more than its title; empty where all is said."""
    if finding.kind in TOLD_BY_THEIR_NOTE and finding.note:
        return finding.note
    return FINDING_TITLES[FindingKind(finding.kind)] if unsaid else ""


def _words(latest: Finding, *, ahead: bool) -> dict[str, str]:
    """Return how late a thing is as a mail says it, empty where it is not, and the mark of its due day."""
    if not latest.days_late:
        return {"late_words": "", "late_short": "", "due_mark": f" {PROVISIONAL}" * ahead}
    marks = {"at_least": latest.days_late_at_least, "provisional": latest.provisional}
    words, short = (days_late_words(latest.days_late, of=of, **marks) for of in ("ngày làm việc", "ngày"))
    return {"late_words": words, "late_short": short, "due_mark": ""}


def _shown(group: Group, rows: Sequence[Mapping[str, Any]], *, at_most: int) -> dict[str, Any]:
    is_work = bool(group.kinds) and group.kinds <= set(OWED_WORK)
    return {
        "title": group.title,
        "note": group.note,
        "count": len(rows),
        "late": sum(row["days_late"] > 0 for row in rows) if is_work else 0,
        "rows": rows[:at_most],
        "more": max(len(rows) - at_most, 0),
    }
