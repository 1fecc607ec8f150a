"""Campaigns drawn at random, as they are taken in: what our rules make of them, and what SQL makes of them."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from tests.checks.rules_in_sql import REMEMBER, judge_in_sql, open_database, take_cases, take_work

from dondoc.campaign.day import Day
from dondoc.checks.apologies import APOLOGIES
from dondoc.checks.promises import carry
from dondoc.daily.check import judge
from dondoc.records import CASES, FIRST_DATES, SCHEMAS, WORK, empty_frame
from dondoc.sources.snapshot import read_snapshot, write_snapshot

from .witnesses_in_sql import witness_in_sql


class Drawn:
    """A campaign drawn at random, taken in: a day, its snapshots, and one of the cases from an earlier day."""

    def __init__(self, random, units, folder):
        self.on = date(2023, 2, 1) + timedelta(days=int(random.integers(0, 380)))
        cases = draw_cases(random, units)
        known = cases[random.random(len(cases)) < 0.6]
        moved = known["due_at"] + pd.to_timedelta(random.integers(-10, 10, len(known)), "D")
        known = known.assign(due_at=known["due_at"].where(random.random(len(known)) < 0.7, moved))
        self.apologies = write_snapshot(
            draw_apologies(random, cases["case_number"]), APOLOGIES, folder=folder, name="apologies"
        )
        self.cases, self.work, self.earlier = (
            write_snapshot(frame, schema, folder=folder, name=name)
            for name, frame, schema in (
                ("cases", cases, CASES),
                ("work", draw_work(random, units), WORK),
                ("earlier", known, CASES),
            )
        )

    def facts(self, campaign, calendar):
        """Return what our rules make of it."""
        first = carry(empty_frame(FIRST_DATES), read_snapshot(self.earlier, CASES), calendar)
        records = {"cases": read_snapshot(self.cases, CASES), "work": read_snapshot(self.work, WORK)}
        none = {kind: empty_frame(schema) for kind, schema in SCHEMAS.items()}
        told = read_snapshot(self.apologies, APOLOGIES)
        return judge(Day(campaign, calendar, self.on), none | records, first, told)

    def database(self, campaign, calendar):
        """Return what SQL makes of it."""
        connection = database_of(campaign, calendar)
        take_cases(connection, pq.read_table(self.earlier))
        connection.execute(REMEMBER)
        take_cases(connection, pq.read_table(self.cases))
        take_work(connection, pq.read_table(self.work))
        judge_in_sql(connection, self.on, campaign.period)
        witness_in_sql(connection, self.on, pq.read_table(self.apologies))
        return connection


def draw_cases(random, units):
    """Return cases of any status and any date it can have, some paused, extended, or passed from hand to hand."""
    n = int(random.integers(1, 300))
    status = random.integers(1, 11, n)
    received = np.datetime64("2022-12-01T07:00") + random.integers(0, 330 * 24 * 60, n).astype("m8[m]")
    day = received.astype("M8[D]")
    due, finished = after(random, day, 1, 60, missing=0.1), after(random, day, 0, 90)
    asked = after(random, day, 0, 60, missing=0.5)
    answered = after(random, asked, 0, 25, missing=0.3)
    columns = {
        "received_at": received,
        "due_at": due,
        "extension_due_at": after(random, due, 3, 20, missing=0.9),
        "finished_at": np.where(status >= 9, finished, np.datetime64("NaT", "D")),
        "apologised_at": after(random, due, 0, 40, missing=0.5),
        "new_due_at": after(random, due, 20, 60, missing=0.6),
    }
    before, behind = after(random, day, 1, 30, missing=0.8), after(random, asked, 5, 30, missing=0.7)
    pauses = zip(asked, answered, before, behind, strict=True)
    return frame_of(CASES, n).assign(
        case_number=[f"H{i:04d}" for i in range(n)],
        status=status,
        unit=random.choice(units, n),
        procedure=random.choice(["Thủ tục A", "Đăng ký B", "Thủ tục Ă"], n),
        official=random.choice(np.array(["An", "Ân", None], object), n),
        field=random.choice(np.array(["Đầu tư", "Lao động", None], object), n),
        channel=random.choice(np.array(["online", "direct", "post", None], object), n),
        reason=random.choice(np.array(["Phức tạp", None], object), n),
        term_length=random.integers(1, 30, n),
        term_unit=random.choice(np.array(["working_day", "day", None], object), n),
        pauses=[None if np.isnat(one[0]) else [pause_of(one)] for one in pauses],
        holders=[held(random, start, [*units, "NGOÀI"]) for start in day],
        **{name: values.astype("M8[us]") for name, values in columns.items()},
    )


def draw_apologies(random, numbers):
    """Return what is known of apologies beside the source: signed letters, claims, letters that wait; of some cases."""
    told = np.array([*numbers, "ELSEWHERE"], object)
    told = told[random.random(len(told)) < 0.6]
    anywhere = np.full(len(told), np.datetime64("2023-01-01"))
    return pd.DataFrame(
        {
            "case_number": told,
            "letter_number": "1/PXL",
            "letter_signed_on": after(random, anywhere, 0, 500, missing=0.5).astype("M8[us]"),
            "claimed_number": "2",
            "claimed_on": after(random, anywhere, 0, 500, missing=0.5).astype("M8[us]"),
            "waiting": random.random(len(told)) < 0.4,
        }
    )


def draw_work(random, units):
    m = int(random.integers(1, 300))
    assigned = after(random, np.full(m, np.datetime64("2022-12-01")), 0, 400, missing=0.1)
    columns = {
        "assigned_at": assigned,
        "due_at": after(random, assigned, 1, 60, missing=0.3),
        "finished_at": after(random, assigned, 0, 90, missing=0.4),
    }
    return frame_of(WORK, m).assign(
        item_number=[str(i) for i in range(m)],
        unit=random.choice(units, m),
        official=random.choice(np.array(["An", None], object), m),
        status=random.choice(["open", "reported", "archived"], m),
        file_code=random.choice(np.array(["H24.01", None], object), m),
        **{name: values.astype("M8[us]") for name, values in columns.items()},
    )


def after(random, days, low, high, *, missing=0.0):
    """Return days from `low` to below `high` days after `days`, none where there is no day or one is `missing`."""
    moved = days + random.integers(low, high, len(days)).astype("m8[D]")
    return np.where(random.random(len(days)) < missing, np.datetime64("NaT", "D"), moved).astype("M8[D]")


def frame_of(schema, rows):
    blank = pd.DataFrame({name: pd.Series([None] * rows, dtype=object) for name in schema.names})
    return blank.assign(source_file="a.xlsx", source_row=range(rows))


def pause_of(days):
    names = ("from_at", "to_at", "due_before_at", "due_after_at")
    return {"reason": None} | {name: day_or_none(day) for name, day in zip(names, days, strict=True)}


def held(random, start, units):
    """Return up to three stretches with a unit each, some of them lasting."""
    begun = start + np.sort(random.integers(0, 80, int(random.integers(0, 4)))).astype("m8[D]")
    until = after(random, begun, 0, 40, missing=0.2)
    return [
        {"unit": random.choice(units), "from_at": day_or_none(since), "to_at": day_or_none(end)}
        for since, end in zip(begun, until, strict=True)
    ]


def day_or_none(day):
    return None if np.isnat(day) else day.astype("M8[us]").item()


def database_of(campaign, calendar):
    """Return a database that knows the calendar and the campaign's units."""
    connection = open_database(calendar)
    connection.executemany("INSERT INTO units VALUES (?)", [(unit.code,) for unit in campaign.units])
    return connection
