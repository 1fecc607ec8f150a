"""Cases, items and days as the rules' tests write them."""

from datetime import date, datetime

import pandas as pd
import pytest

from dondoc.campaign import Rules
from dondoc.campaign.apologies import COUNTED
from dondoc.campaign.day import Day
from dondoc.checks.apologies import APOLOGIES
from dondoc.checks.registry import find_all
from dondoc.daily.check import judge
from dondoc.records import CASES, FIRST_DATES, SCHEMAS, FindingKind, conform, empty_frame

TODAY = date(2023, 11, 14)


def at(text):
    return datetime.strptime(text, "%d/%m/%Y %H:%M" if " " in text else "%d/%m/%Y") if text else None


def pause(start, end=None, *, before=None, after=None):
    return {
        "from_at": at(start),
        "to_at": at(end),
        "reason": None,
        "due_before_at": at(before),
        "due_after_at": at(after),
    }


def case(status=4, due="10/11/2023", finished=None, *, number="A", **given):
    dates = {"received_at": given.pop("received", "02/10/2023"), "due_at": due, "finished_at": finished}
    blank = dict.fromkeys(CASES.names) | {"source_file": "a.xlsx", "source_row": 7, "unit": "QLDT"}
    base = {"case_number": number, "procedure": "Cấp phép", "status": status}
    return blank | base | {name: at(text) for name, text in dates.items()} | given


def table(schema, *rows):
    return conform(pd.DataFrame([dict.fromkeys(schema.names) | row for row in rows], columns=schema.names), schema)


class Office:
    """A day of the sample campaign with every rule on."""

    def __init__(self, campaign, calendar):
        self.campaign, self.calendar = campaign, calendar

    def judge(self, *cases, as_of=TODAY, first=(), rules=None, waivers=(), told=(), counting=COUNTED, **records):
        given = {"rules": rules or Rules(find=tuple(FindingKind)), "waivers": tuple(waivers)}
        given["apology_evidence"] = counting
        day = Day(self.campaign.model_copy(update=given), self.calendar, as_of)
        tables = {kind: empty_frame(schema) for kind, schema in SCHEMAS.items()}
        tables |= {kind: table(SCHEMAS[kind], *rows) for kind, rows in records.items()}
        tables |= {"cases": table(CASES, *cases)} if cases else {}
        beside = table(APOLOGIES, *({"waiting": False} | one for one in told))
        return judge(day, tables, table(FIRST_DATES, *first), beside)

    def find(self, *cases, **given):
        return find_all(self.judge(*cases, **given))

    def kinds(self, *cases, **given):
        return set(self.find(*cases, **given)["kind"])


@pytest.fixture
def office(hai_phong, vietnam):
    return Office(hai_phong, vietnam)
