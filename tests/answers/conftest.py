"""A unit with a workbook in its hands, without sources or Airflow."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pandas as pd
import pytest

from dondoc.answers.claims import answers_frame
from dondoc.answers.columns import SHEETS
from dondoc.answers.form import Said
from dondoc.answers.inbox import take_in_folder
from dondoc.answers.unit_workbook import UnitWorkbooks
from dondoc.installation import Installation
from dondoc.ledger import answers
from dondoc.ledger.answer_tables import answer, answer_file
from dondoc.ledger.workbooks import issue_workbooks, token_key
from dondoc.records import FINDINGS, FindingKind, conform
from dondoc.records.unit_findings import by_unit

AT = datetime(2023, 11, 14, 2, tzinfo=UTC)
CODE, UNIT, TODAY = "hai-phong-2023", "QLDT", date(2023, 11, 14)
OPEN, ENDED, APOLOGISED = "000.00.12.H24-230725-0002", "000.00.12.H24-230118-0003", "000.00.12.H24-230831-0003"
BOTH, UNFILED = "617", "698"
CASES, WORK = SHEETS
# What tokens are made from where no ledger gives it.
KEY = "0" * 64
SERVER = "mx.bql-haiphong.example.vn"


def finding(kind, number, unit=UNIT, **more):
    plain = {"subject": "Cấp Giấy chứng nhận đăng ký đầu tư", "official": "Vũ Đức Phượng", "rule": "r"}
    counts = {"days_late": 9, "days_off": 0, "days_paused": 0, "swapped_days": 0}
    where = {"source_file": "x.xlsx", "source_row": 4, "due_on": date(2023, 11, 1)}
    return {"kind": kind.value, "unit": unit, "number": number} | plain | counts | where | more


def findings_of(*rows):
    return conform(pd.DataFrame(rows, columns=FINDINGS.names).astype(object), FINDINGS)


def findings():
    """Return what the unit owes: a case in process, one finished late, one already apologised for, two items."""
    return findings_of(
        finding(FindingKind.CASE_OVERDUE, OPEN),
        finding(FindingKind.CASE_OVERDUE, APOLOGISED),
        finding(FindingKind.APOLOGY_OWED, OPEN),
        finding(FindingKind.APOLOGY_OWED, ENDED, ended_on=date(2023, 11, 9)),
        finding(FindingKind.WORK_UNREPORTED, BOTH),
        finding(FindingKind.WORK_UNFILED, BOTH),
        finding(FindingKind.WORK_UNFILED, UNFILED, due_on=None, days_late=0),
    )


def write(day, *, unit=UNIT, rows=None, said=None, promised=None, key=KEY):
    """Return the bytes of a unit's workbook and what the ledger keeps of it; `said` is as in `Said.values`."""
    mine = [one for unit_rows in by_unit(findings() if rows is None else rows).values() for one in unit_rows]
    return UnitWorkbooks(day, Said(said or {}, promised or {}), key).of(day.campaign.unit_by_code[unit], mine)


def heading_of(field):
    return next(column.heading for sheet in SHEETS for column in sheet.columns if column.field == field)


def filled(content, fills, *, change=None):
    """Return the workbook with cells filled in: `{number: {field: value}}`; `change` may do more to it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in SHEETS:
        page = book[sheet.name]
        places = {cell.value: cell.column for cell in page[3]}
        rows = {row[0].value: row[0].row for row in page.iter_rows(min_row=4)}
        for number, values in fills.items():
            for field, value in values.items():
                if number in rows and heading_of(field) in places:
                    page.cell(rows[number], places[heading_of(field)]).value = value
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Office:
    """An office on a day that has sent a workbook to a unit; `drop` is the unit's answer in the folder."""

    def __init__(self, place):
        self.place, self.day = place, place.day
        self.content, self.issued = self.issue()

    def issue(self, **given):
        content, issued = write(self.day, key=token_key(self.place.ledger), **given)
        issue_workbooks(self.place.ledger, [issued], at=AT)
        return content, issued

    def on(self, day):
        """Return the same office on another day."""
        found = Office.__new__(Office)
        found.place = replace(self.place, day=replace(self.day, business_date=day))
        found.day, found.content, found.issued = found.place.day, self.content, self.issued
        return found

    @property
    def folder(self):
        folder = self.place.installation.answers_folder(CODE)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def drop(self, fills=None, *, name="tra-loi.xlsx", content=None, change=None):
        content = filled(content or self.content, fills or {}, change=change) if fills or change else content
        (self.folder / name).write_bytes(content)
        return content

    def take(self, fills=None, **given):
        """Drop a file and take it in; return the counts."""
        self.drop(fills, **given)
        return take_in_folder(self.place, at=AT)

    def said(self, as_of=date(2030, 1, 1)):
        """Return the values that count, by number and field."""
        rows = answers.accepted(self.place.ledger, campaign=CODE, as_of=as_of)
        return {(row.number, row.field): row.value for row in rows}

    def known(self, as_of=date(2030, 1, 1)):
        return answers_frame(answers.accepted(self.place.ledger, campaign=CODE, as_of=as_of))

    def rows(self, table=answer):
        with self.place.ledger.begin() as connection:
            return connection.execute(table.select().order_by(table.c.id)).all()

    def files(self):
        return self.rows(answer_file)

    def reasons(self):
        return {(row.number, row.field): row.reason for row in self.rows() if row.state != "accepted"}


@pytest.fixture
def office(ledger_place, ledger_url, monkeypatch, turn_to):
    turn_to(TODAY.isoformat())
    monkeypatch.setenv("DONDOC_LEDGER_URL", ledger_url)
    return Office(believing(replace(ledger_place, installation=Installation.from_environment(), kind="answers")))


def believing(place):
    """Return the place of an office that believes its own mail server."""
    campaign = place.day.campaign
    settings = campaign.answers.model_copy(update={"authserv_id": SERVER})
    campaign = campaign.model_copy(update={"answers": settings})
    return replace(place, day=replace(place.day, campaign=campaign))


@pytest.fixture
def day(place):
    return place.day
