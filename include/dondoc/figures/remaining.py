"""Count what remains to be done: one number, read off the figures table, for every mail, report, picture and page.

A thing is a case to apologise for or a work item; it remains until it is in the numerator of the rate, and is one thing
whatever it lacks. A letter that waits for its signature stands beside what remains: no unit can do more about it; and
so does what is waived. So all together are what the rate lacks of 100 %: docs/rules.md#remaining.
"""

from collections.abc import Mapping
from typing import Any

from dondoc.figures.columns import RATES, WAITING, WAIVED
from dondoc.vietnamese.wording import number

DONE, DUE = RATES["rate"]


def remaining(figures: Mapping[str, Any]) -> int:
    """Return how many things remain: cases not apologised for, and work items that lack a report or a file.

    A case whose letter waits for its signature is not among them, nor is what is waived.
    """
    beside = (*DONE, WAITING, *WAIVED)
    return int(sum(figures[name] for name in DUE) - sum(figures[name] for name in beside))


def owed(figures: Mapping[str, Any]) -> dict[str, int]:
    """Return what a unit, or the office, still owes: what remains, its two parts, and what each part lacks.

    `remaining` is `apologies_owed` and `work_owed`. What a part lacks may be said of one thing twice: an item neither
    reported nor filed is in `work_unreported` and in `work_unfiled`. `overdue_apologised`, `overdue_waiting` and
    `overdue_excused`, cases whose apology alone is waived, stand beside what remains; so does `waived`, which is not
    owed.
    """
    named = ("cases_overdue_apologised", "cases_overdue_waiting", "cases_overdue_excused")
    apologised, waiting, excused = (int(figures[name]) for name in named)
    overdue = int(figures["cases_overdue"] - figures["cases_overdue_waived"])
    unreported = figures["work_total"] - figures["work_reported"] - figures["work_unreported_waived"]
    unfiled = figures["work_total"] - figures["work_filed"] - figures["work_unfiled_waived"]
    return {
        "remaining": remaining(figures),
        "cases_overdue": overdue,
        "apologies_owed": int(
            figures["apologies_due"] - figures["apologies_done"] - figures[WAITING] - figures["apologies_waived"]
        ),
        "overdue_owed": overdue - apologised - waiting - excused,
        "overdue_apologised": apologised,
        "overdue_waiting": waiting,
        "overdue_excused": excused,
        "work_owed": int(figures["work_total"] - figures["work_done"] - figures["work_waived"]),
        "work_unreported": int(unreported),
        "work_unfiled": int(unfiled),
        "waived": int(sum(figures[name] for name in WAIVED)),
    }


def is_behind(figures: Mapping[str, Any]) -> bool:
    """Return whether a unit still owes something: a thing that remains, or a case not finished, apology or not."""
    counts = owed(figures)
    return bool(counts["remaining"] or counts["cases_overdue"])


def owed_sentence(figures: Mapping[str, Any]) -> str:
    """Return e.g. "còn lại 3 việc: 2 hồ sơ chưa xin lỗi (1 đang giải quyết), 1 công việc chưa đạt (1 chưa lập hồ sơ)".

    Empty where nothing is owed. Its parts add up; what is in brackets is of them, and may be of one thing twice.
    """
    counts = owed(figures)
    parts = [part for part in (_cases(counts), _work(counts)) if part]
    told = f"còn lại {number(counts['remaining'])} việc: {', '.join(parts)}" if parts else ""
    return "; ".join(filter(None, [told, beside_sentence(figures)]))


def beside_sentence(figures: Mapping[str, Any]) -> str:
    """Return what stands beside what remains, e.g. "2 hồ sơ có thư xin lỗi chờ ký; 1 việc được tạm miễn"; or nothing.

    With what remains, letters that wait and what is waived are what the rate lacks.
    """
    counts = owed(figures)
    waiting = f"{number(figures[WAITING])} hồ sơ có thư xin lỗi chờ ký{_still(counts['overdue_waiting'])}"
    waived = f"{number(counts['waived'])} việc được tạm miễn{_still(counts['overdue_excused'])}"
    apologised = f"{number(counts['overdue_apologised'])} hồ sơ đã xin lỗi, còn đang giải quyết quá hạn"
    told = {waiting: figures[WAITING], waived: counts["waived"], apologised: counts["overdue_apologised"]}
    return "; ".join(words for words, count in told.items() if count)


def _still(count: int) -> str:
    return f" ({number(count)} hồ sơ còn đang giải quyết quá hạn)" if count else ""


def _cases(counts: Mapping[str, int]) -> str:
    if not counts["apologies_owed"]:
        return ""
    still = f" ({number(counts['overdue_owed'])} đang giải quyết)" if counts["overdue_owed"] else ""
    return f"{number(counts['apologies_owed'])} hồ sơ quá hạn chưa xin lỗi{still}"


def _work(counts: Mapping[str, int]) -> str:
    if not counts["work_owed"]:
        return ""
    words = {"work_unreported": "chưa báo cáo hoàn thành, lưu trữ", "work_unfiled": "chưa lập hồ sơ"}
    lacking = "; ".join(f"{number(counts[kind])} {what}" for kind, what in words.items() if counts[kind])
    return f"{number(counts['work_owed'])} công việc chưa đạt cả hai yêu cầu ({lacking})"
