"""A report's facts with one of everything, to try templates on before any source is read."""

from dataclasses import replace
from datetime import datetime, time

import pandas as pd
import pyarrow as pa

from dondoc.campaign import Waiver
from dondoc.campaign.day import Day
from dondoc.checks.apologies import judge_apologies
from dondoc.checks.filing import OPEN, judge_work
from dondoc.checks.overdue import judge_cases
from dondoc.figures import Earlier, day_figures
from dondoc.frames import to_frame
from dondoc.records import CASES, FINDINGS, WORK, CaseStatus, FindingKind, conform
from dondoc.report.facts import CLAIMS, LETTER_COUNTS, LETTERS, ReportFacts
from dondoc.sources.undecided import UNDECIDED


def specimen(day: Day) -> ReportFacts:
    """Return facts in which one unit has a late case and an item neither reported nor filed."""
    unit = day.campaign.units[0].code
    finished_at = datetime.combine(day.business_date, time(12))
    due_at = datetime.combine(day.business_date, time(8))
    named = {"unit": unit, "source_file": "tệp", "source_row": 1, "official": "Cán bộ"}
    case = {"case_number": "1", "procedure": "Thủ tục", "received_at": due_at, "due_at": due_at, "reason": "Lý do"}
    case |= {"finished_at": finished_at, "status": int(CaseStatus.FINISHED)}
    dated = judge_cases(
        _one(case | named, CASES),
        as_of=day.business_date,
        period=day.campaign.period,
        by_timestamp=True,
        calendar=day.calendar,
    ).assign(late=True)
    cases = judge_apologies(dated, as_of=day.business_date)
    work = judge_work(
        _one({"item_number": "1", "status": OPEN} | named, WORK), as_of=day.business_date, calendar=day.calendar
    )
    excused = Waiver(
        kind=FindingKind.WORK_UNFILED, number="1", by="Người cho miễn", reason="Lý do", until=day.business_date
    )
    day = replace(day, campaign=day.campaign.model_copy(update={"waivers": (excused,)}))
    figures = day_figures(cases, work, day.campaign.units)
    counts = [{"code": one.code} | dict.fromkeys(LETTER_COUNTS, 0) for one in day.campaign.units]
    return ReportFacts(
        day=day,
        figures=figures,
        cases=cases,
        work=work,
        findings=_waived(unit, excused),
        earlier=[Earlier(day.business_date, figures)],
        letters=conform(pd.DataFrame(counts), LETTERS),
        sources=["Nguồn"],
        fingerprint=dict.fromkeys(("data", "rules", "calendar", "template"), "0" * 12) | {"ledger": "0-0-" + "0" * 24},
        undecided=_one(dict.fromkeys(UNDECIDED.names, "chữ") | {"kind": "cases", "row": 1}, UNDECIDED),
        claimed=pd.DataFrame([{"code": unit} | dict.fromkeys(CLAIMS, 1)]),
    )


def _waived(unit: str, excused: Waiver) -> pd.DataFrame:
    """Return the finding that `excused` is a waiver of."""
    told: dict[str, object] = {
        "kind": excused.kind.value,
        "unit": unit,
        "number": excused.number,
        "subject": "Trích yếu",
    }
    told |= {"rule": "", "waived_by": excused.by, "source_file": "tệp", "source_row": 1}
    return _one(told | dict.fromkeys(("days_late", "days_off", "days_paused", "swapped_days"), 0), FINDINGS)


def _one(values: dict[str, object], schema: pa.Schema) -> pd.DataFrame:
    lists: dict[str, list[object]] = {field.name: [] for field in schema if pa.types.is_list(field.type)}
    row = {name: values.get(name, lists.get(name)) for name in schema.names}
    return to_frame(pa.Table.from_pylist([row], schema=schema))
