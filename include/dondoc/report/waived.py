"""Waived cases and items: listed apart from what is still owed, with who, why and until when."""

from typing import Any

import pandas as pd

from dondoc.records import FINDING_TITLES, FindingKind
from dondoc.report.facts import ReportFacts
from dondoc.vietnamese.wording import number, short_date

COLUMNS = ("kind_name", "unit_name", "number", "subject", "due_on", "by", "reason", "until")


def waived_table(facts: ReportFacts) -> pd.DataFrame:
    """Return one row, COLUMNS, a finding that is waived on the day, in the order of the findings."""
    if not facts.day.campaign.waivers:
        return pd.DataFrame(columns=list(COLUMNS))
    waived = facts.findings[facts.findings["waived_by"].notna()]
    given = {(one.kind.value, one.number): one for one in facts.day.campaign.waivers}
    units = facts.day.campaign.unit_by_code
    rows = [
        {
            "kind_name": FINDING_TITLES[FindingKind(row["kind"])],
            "unit_name": units[row["unit"]].name,
            "number": row["number"],
            "subject": row["subject"],
            "due_on": row["due_on"],
            **given[row["kind"], row["number"]].model_dump(include={"by", "reason", "until"}),
        }
        for row in waived.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def waived_fields(facts: ReportFacts) -> dict[str, Any]:
    """Return the fields of the report's templates about what is waived."""
    rows = waived_table(facts).to_dict("records")
    told = [
        {name: str(row[name]) for name in ("kind_name", "unit_name", "number", "by", "reason")}
        | {"no": str(i), "until": short_date(row["until"])}
        for i, row in enumerate(rows, start=1)
    ]
    return {"waived": told, "waived_count": number(len(told))}
