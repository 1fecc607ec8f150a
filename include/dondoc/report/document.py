"""The report as text: every field its Word templates may name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from dondoc.campaign import Campaign
from dondoc.campaign.letterhead import office_fields
from dondoc.figures import (
    COUNTS,
    DEFINITIONS,
    OFFICE,
    OFFICIAL,
    PROCEDURE,
    RATES,
    UNIT,
    WAITING,
    beside_sentence,
    evidence_definition,
    is_behind,
    only,
    owed,
    owed_sentence,
    witness_sentence,
)
from dondoc.frames import rows_of
from dondoc.report.facts import CLAIMS, LETTER_COUNTS, ReportFacts
from dondoc.report.form_06a import COLUMNS as FORM_COLUMNS
from dondoc.report.outlook import progress_fields
from dondoc.report.waived import waived_fields
from dondoc.sources.undecided import undecided_lines
from dondoc.vietnamese.wording import date_in_words, days_late_words, number, percent, points, short_date, text

DOCUMENT_TYPE = "BC"
# A Word table of thousands of rows helps nobody; the workbook always holds them all.
ANNEX_ROWS = 500
REASONS_A_UNIT = 5
# The word of whoever is the surest witness: our own letter, the source system, the unit.
APOLOGY_WORDS = (
    ("by_register", "", ("letter_number", "letter_signed_on")),
    ("by_system", "", ("apology_number", "apologised_at")),
    ("by_claim", "đơn vị báo", ("claimed_number", "claimed_on")),
)
PAUSE_CHOICES = {
    False: "Tạm dừng bắt đầu sau ngày hẹn trả không xóa việc quá hạn.",
    True: "Tạm dừng bắt đầu sau ngày hẹn trả được dời ngày hẹn trả, theo lựa chọn của đợt.",
}


def report_values(facts: ReportFacts, *, missing: Sequence[str] = ()) -> dict[str, Any]:
    """Return the fields of the report's templates, the daily one's and the final one's.

    Args:
        facts: what the report says.
        missing: what the report had to do without, a line each; page 1 then says that it is not complete.
    """
    campaign = facts.day.campaign
    total = only(facts.figures, OFFICE).iloc[0]
    units = rows_of(only(facts.figures, UNIT))
    progress = progress_fields(facts)
    return (
        office_fields(campaign, document_type=DOCUMENT_TYPE)
        | _frame_of(facts)
        | _annexes(facts, progress["units"])
        | {
            "totals": _figures(total),
            "units": _numbered(units),
            "work": _numbered(units),
            "progress": progress,
            "incomplete": bool(missing),
            "missing": list(missing),
            **{f"letters_{name}": number(facts.letters[name].sum()) for name in LETTER_COUNTS},
            "waiting": number(total[WAITING]) if total[WAITING] else "",
            "behind": _numbered(filter(is_behind, units)),
            **_reasons(facts.late_cases, campaign),
            **_claims(facts, units),
            **waived_fields(facts),
            "criteria": _criteria(campaign, total),
            "sources": list(facts.sources),
            "undecided": undecided_lines(facts.undecided),
            "definitions": [*DEFINITIONS, *_choices(campaign)],
            "fingerprint": dict(facts.fingerprint),
        }
    )


def _choices(campaign: Campaign) -> list[str]:
    return [evidence_definition(campaign.apology_evidence), PAUSE_CHOICES[campaign.rules.late_pause_clears]]


def _frame_of(facts: ReportFacts) -> dict[str, Any]:
    day = facts.day
    campaign = facts.day.campaign
    return {
        "title": f"{campaign.title} (số liệu đến {date_in_words(day.business_date)}{facts.replacing})",
        "campaign_title": campaign.title,
        "legal_basis": list(campaign.legal_basis),
        "as_of": date_in_words(day.business_date),
        "short_date": short_date(day.business_date),
        "deadline_reading": campaign.deadline_reading + day.mark_to_deadline,
        "working_days_left": number(day.working_days_left),
        "period": f"từ ngày {short_date(campaign.period.first)} đến ngày {short_date(campaign.period.last)}",
        "target": percent(campaign.target),
    }


def _annexes(facts: ReportFacts, told: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    late = facts.late_cases
    procedures = rows_of(only(facts.figures, PROCEDURE))
    return {
        "cases": _case_rows(late.head(ANNEX_ROWS), facts.day.campaign),
        "cases_left_out": number(len(late) - ANNEX_ROWS) if len(late) > ANNEX_ROWS else "",
        "procedures": _numbered(row for row in procedures if row["cases_late"] > 0),
        "form_06a": [
            {"no": row["no"], "field": row["field"]} | {name: number(row[name]) for name in FORM_COLUMNS}
            for row in facts.form.to_dict("records")
        ],
        "unit_annexes": _unit_annexes(facts, told),
    }


def _unit_annexes(facts: ReportFacts, told: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    behind = defaultdict(list)
    for official in rows_of(only(facts.figures, OFFICIAL)):
        if is_behind(official):
            behind[official["unit"]].append(official)
    annexes = []
    for row, progress in zip(rows_of(only(facts.figures, UNIT)), told, strict=True):
        owes = owed_sentence(row)
        words = f"Tỷ lệ xin lỗi: {percent(row['apology_rate'])}; tỷ lệ công việc: {percent(row['work_rate'])}; "
        words += f"tỷ lệ chung: {percent(row['rate'])}. "
        words += f"Xin lỗi: {witness_sentence(row)}. " if witness_sentence(row) else ""
        words += f"{owes[0].upper()}{owes[1:]}. {progress['pace_sentence']}" if is_behind(row) else _settled(row)
        annexes.append({"name": row["name"], "words": words.strip(), "officials": _numbered(behind[row["code"]])})
    return annexes


def _settled(row: Mapping[str, Any]) -> str:
    """Return that a unit owes nothing, and what stands beside, as sentences."""
    beside = beside_sentence(row)
    return "Không còn tồn tại." + (f" Ngoài ra: {beside}." if beside else "")


def _figures(row: Mapping[str, Any]) -> dict[str, str]:
    words = {name: number(row[name]) for name in COUNTS} | {name: percent(row[name]) for name in RATES}
    words |= {kind: number(count) for kind, count in owed(row).items()}
    return words | {"case_overdue": words["cases_overdue"], "apologies_told": witness_sentence(row)}


def _numbered(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [
        {"no": str(i), "name": row["name"], "unit": row["name"], "owes": owed_sentence(row)} | _figures(row)
        for i, row in enumerate(rows, start=1)
    ]


def _reasons(late: pd.DataFrame, campaign: Campaign) -> dict[str, Any]:
    """Return the reasons a unit, most frequent first, and how many late cases nobody explained."""
    given = late["reason"].fillna("").str.strip().str.rstrip(".;")
    told = []
    for unit in campaign.units:
        mine = Counter(reason for reason in given[(late["unit"] == unit.code).to_numpy(bool)] if reason)
        most = sorted(mine.items(), key=lambda item: (-item[1], item[0]))[:REASONS_A_UNIT]
        rest = sum(mine.values()) - sum(count for _, count in most)
        words = [f"“{reason}” ({number(count)} hồ sơ)" for reason, count in most]
        words += [f"lý do khác ({number(rest)} hồ sơ)"] if rest else []
        told += [{"name": unit.name, "reasons": ", ".join(words)}] if words else []
    unexplained = int((given == "").sum())
    return {"reasons": told, "unexplained": number(unexplained) if unexplained else ""}


def _claims(facts: ReportFacts, units: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if facts.claimed is None or not facts.claimed[list(CLAIMS)].to_numpy().any():
        return {"claimed": [], "claimed_total": dict.fromkeys((*CLAIMS, *COUNTS), "")}
    by_unit = facts.claimed.set_index("code")[list(CLAIMS)].reindex([unit["code"] for unit in units], fill_value=0)
    words = [{name: number(count) for name, count in row.items()} for row in by_unit.to_dict("records")]
    total = {name: number(count) for name, count in by_unit.sum().items()}
    seen = [{name: row[name] for name in COUNTS} | {"no": row["no"], "name": row["name"]} for row in _numbered(units)]
    whole = _figures(only(facts.figures, OFFICE).iloc[0])
    return {
        "claimed": [one | claim for one, claim in zip(seen, words, strict=True)],
        "claimed_total": whole | total,
    }


def _criteria(campaign: Campaign, total: pd.Series) -> list[dict[str, str]]:
    return [
        {
            "name": f"{criterion.code} {criterion.name}",
            "rate": percent(total[criterion.figure]),
            "points": points(criterion.points),
            "estimate": points(criterion.estimate(total[criterion.figure])),
        }
        for criterion in campaign.criteria
    ]


def _case_rows(late: pd.DataFrame, campaign: Campaign) -> list[dict[str, str]]:
    return [
        {
            "no": str(i),
            "case_number": case["case_number"],
            "procedure": case["procedure"],
            "unit": campaign.unit_by_code[case["unit"]].name,
            "due_on": short_date(case["due_at"]),
            "finished_on": short_date(case["ended_on"]) or "Đang giải quyết",
            "days_late": days_late_words(
                case["days_late"], of="", at_least=case["days_late_at_least"], provisional=case["provisional"]
            ),
            "apology": _apology(case),
        }
        for i, case in enumerate(late.to_dict("records"), start=1)
    ]


def _apology(case: Mapping[str, Any]) -> str:
    for says, who, names in APOLOGY_WORDS:
        if case[says]:
            return ", ".join(part for part in (who, text(case[names[0]]), short_date(case[names[1]])) if part)
    return "Thư đang chờ ký" if case["waiting"] else "Chưa có"
