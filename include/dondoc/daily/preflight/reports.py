"""The reports' templates, filled with a specimen of all they may show."""

from collections.abc import Iterator, Mapping
from typing import Any

from dondoc.daily.report_making import ADDENDUM_TEMPLATE, DAILY_TEMPLATE, FINAL_TEMPLATE
from dondoc.errors import DondocError, Problem
from dondoc.installation.workplace import Workplace
from dondoc.office_files.word import word_template
from dondoc.report.addendum import addendum_values
from dondoc.report.changes import DayChanges, FigureChange, ListChange
from dondoc.report.document import report_values
from dondoc.report.specimen import specimen


def check_reports(place: Workplace) -> Iterator[Problem]:
    """Yield what is wrong with the templates of the daily and the final report, and of the correction of one."""
    facts = specimen(place.day)
    values = report_values(facts, missing=["nguồn"])
    changes = DayChanges((FigureChange("đơn vị", "số liệu", 1, 2),), (ListChange("tồn tại", ("1",), ("2",)),))
    correction = addendum_values(facts, changes, sent_file="bao-cao.docx", sent=b"")
    for name, filled in ((FINAL_TEMPLATE, values), (DAILY_TEMPLATE, values), (ADDENDUM_TEMPLATE, correction)):
        yield from _filled(place, name, filled)


def _filled(place: Workplace, name: str, values: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        word_template(place.template("report", name)).render(values)
    except DondocError as error:
        yield from error.problems
