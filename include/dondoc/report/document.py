"""The report as text: every field its Word template may name."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dondoc.campaign import Campaign
from dondoc.day import Day
from dondoc.figures import COUNTS, DEFINITIONS, RATES, is_behind, owed, owed_sentence
from dondoc.letterhead import office_fields
from dondoc.wording import date_in_words, number, percent, short_date, text

DOCUMENT_TYPE = "BC"
# A Word table of thousands of rows helps nobody; the workbook always holds them all.
ANNEX_ROWS = 500
PAUSE_CHOICES = {
    False: "Tạm dừng bắt đầu sau ngày hẹn trả không xóa việc quá hạn.",
    True: "Tạm dừng bắt đầu sau ngày hẹn trả được dời ngày hẹn trả, theo lựa chọn của đợt.",
}


def report_values(
    day: Day,
    *,
    units: pd.DataFrame,
    total: pd.Series,
    late_cases: pd.DataFrame,
    sources: Sequence[str],
    letters: Mapping[str, int],
    missing: Sequence[str] = (),
    final: bool = False,
) -> dict[str, Any]:
    """Return the fields of the report's template.

    Args:
        day: the business day.
        units: what `unit_figures` returns.
        total: what `total_figures` returns.
        late_cases: the late cases as `judge_cases` returns them, in the order to print.
        sources: one line a source: what it gave and what was rejected.
        letters: counts `drafted` and `incomplete`.
        missing: what the figures are short of, a sentence each; page 1 says so.
        final: whether this is the campaign's final report.
    """
    campaign = day.campaign
    return office_fields(campaign, document_type=DOCUMENT_TYPE) | {
        "title": f"{campaign.title} (số liệu đến {date_in_words(day.business_date)})",
        "legal_basis": list(campaign.legal_basis),
        "as_of": date_in_words(day.business_date),
        "deadline_reading": campaign.deadline_reading,
        "period": f"từ ngày {short_date(campaign.period.first)} đến ngày {short_date(campaign.period.last)}",
        "target": percent(campaign.target),
        "totals": _figures(total),
        "units": [
            {"no": str(i), "name": row["name"]} | _figures(row) for i, (_, row) in enumerate(units.iterrows(), start=1)
        ],
        "final": final,
        "incomplete": bool(missing),
        "missing": list(missing),
        "letters_drafted": number(letters["drafted"]),
        "letters_incomplete": number(letters["incomplete"]),
        "behind": [{"name": row["name"], "owes": owed_sentence(row)} for _, row in units.iterrows() if is_behind(row)],
        "cases": _case_rows(late_cases.head(ANNEX_ROWS), campaign),
        "cases_left_out": number(len(late_cases) - ANNEX_ROWS) if len(late_cases) > ANNEX_ROWS else "",
        "work": [
            {"no": str(i), "unit": row["name"]} | _figures(row) for i, (_, row) in enumerate(units.iterrows(), start=1)
        ],
        "sources": list(sources),
        "definitions": [*DEFINITIONS, PAUSE_CHOICES[campaign.rules.late_pause_clears]],
        "fingerprint": f"Đợt {campaign.code}, ngày {day.business_date.isoformat()}",
    }


def _figures(row: pd.Series) -> dict[str, str]:
    words = {name: number(row[name]) for name in COUNTS} | {name: percent(row[name]) for name in RATES}
    words |= {kind: number(count) for kind, count in owed(row).items()}
    return words | {"case_overdue": words["cases_overdue"]}


def _case_rows(late: pd.DataFrame, campaign: Campaign) -> list[dict[str, str]]:
    return [
        {
            "no": str(i),
            "case_number": case["case_number"],
            "procedure": case["procedure"],
            "unit": campaign.unit_by_code[case["unit"]].name,
            "due_on": short_date(case["due_at"]),
            "finished_on": short_date(case["ended_on"]) or "Đang giải quyết",
            "days_late": number(case["days_late"]),
            "apology": _apology(case),
        }
        for i, case in enumerate(late.to_dict("records"), start=1)
    ]


def _apology(case: Mapping[str, Any]) -> str:
    if not case["apologised"]:
        return "Chưa có"
    return ", ".join(part for part in (text(case["apology_number"]), short_date(case["apologised_at"])) if part)
