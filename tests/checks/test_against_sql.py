"""The classification held against the same rules said in SQL, over a window of days of generated cases.

The statement follows how a running provincial system counts (docs/rules.md#overdue): by calendar date, the finish
decides, a supplement asked later than the day has not been asked. Days late come from a table of days, joined.
"""

import sqlite3
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from dondoc.campaign import Period
from dondoc.checks.overdue import judge_cases
from dondoc.records import CASES, PAUSE, to_frame

CASES_COUNT = 100_000
DAYS = [date(2023, 5, 4), date(2023, 11, 14), date(2024, 2, 15)]
PERIOD = Period(first=date(2023, 1, 1), last=date(2023, 12, 31))

SQL = """
WITH waiting AS (
  SELECT c.*, :day AS day,
         coalesce((SELECT n FROM days WHERE days.day = coalesce(answered, iif(status IN (5, 6, 8), :day, asked)))
                  - (SELECT n FROM days WHERE days.day = asked), 0) AS waited
  FROM cases c
), told AS (
  SELECT *, status IN (9, 10) AND finished <= day AS done,
         (asked <= day AND answered > day) OR (status IN (5, 6, 8) AND (asked IS NULL OR asked <= day)) AS paused,
         -- a pause that began late moves nothing
         CASE WHEN asked IS NULL OR asked > day OR due IS NULL OR asked > due OR waited = 0 THEN due
              ELSE (SELECT d.day FROM days d WHERE d.works
                    AND d.n = waited + (SELECT n FROM days WHERE days.day = due)) END AS deciding
  FROM waiting
), state AS (
  SELECT *, CASE
    WHEN status IN (1, 3) OR received > day THEN 'not_received'
    WHEN status = 7 THEN 'withdrawn'
    WHEN done AND finished > deciding THEN 'finished_late'
    WHEN done AND finished < deciding THEN 'finished_early'
    WHEN done THEN 'finished_on_time'
    WHEN paused THEN 'paused'
    WHEN deciding < day THEN 'overdue'
    ELSE 'in_time' END AS state, iif(done, finished, day) AS ended
  FROM told
), late AS (
  SELECT *, (state IN ('overdue', 'finished_late') OR (state = 'paused' AND asked <= day AND asked > due))
            AND deciding <= :last AND ended >= :first AS late FROM state
)
SELECT number, state, coalesce(late, 0) AS late,
       CASE WHEN late THEN max(1, (SELECT n FROM days WHERE days.day = ended)
         - (SELECT n FROM days WHERE days.day = deciding)
         - CASE WHEN asked <= late.day AND asked > due
                THEN max(0, (SELECT n FROM days WHERE days.day = min(ended, coalesce(answered,
                       iif(status IN (5, 6, 8), late.day, asked))))
                     - (SELECT n FROM days WHERE days.day = asked)) ELSE 0 END) ELSE 0 END AS days_late
FROM late ORDER BY number
"""


@pytest.fixture(scope="module")
def cases():
    random = np.random.default_rng(61)

    def days_after(start, low, high, missing):
        moved = start + random.integers(low, high, CASES_COUNT).astype("timedelta64[D]")
        return np.where(random.random(CASES_COUNT) < missing, np.datetime64("NaT"), moved)

    received = np.datetime64("2023-01-03") + random.integers(0, 330, CASES_COUNT).astype("timedelta64[D]")
    status = random.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], CASES_COUNT, p=[0.02, *[0.1] * 6, 0.08, 0.15, 0.15])
    due = days_after(received, 1, 40, 0.05)
    finished = np.where(status >= 9, days_after(received, 0, 70, 0), np.datetime64("NaT"))
    asked = days_after(received, 0, 45, 0.7)
    asked = np.where(finished < asked, np.datetime64("NaT"), asked)
    answered = np.minimum(
        days_after(asked, 0, 30, 0.3), np.where(np.isnat(finished), np.datetime64("2030-01-01"), finished)
    )
    number = [f"{i:06d}" for i in range(CASES_COUNT)]
    columns = {"received": received, "due": due, "finished": finished, "asked": asked, "answered": answered}
    return pd.DataFrame({"number": number, "status": status} | columns)


@pytest.fixture(scope="module")
def records(cases):
    pauses = pa.StructArray.from_arrays(
        [
            pa.array(cases["asked"].to_numpy("datetime64[us]")),
            pa.array(cases["answered"].to_numpy("datetime64[us]")),
            *(pa.nulls(CASES_COUNT, field.type) for field in list(PAUSE)[2:]),
        ],
        fields=[pa.field(field.name, field.type) for field in PAUSE],
    )
    given = cases["asked"].notna().to_numpy()
    offsets = pa.array(np.concatenate([[0], np.cumsum(given)]).astype("int32"))
    columns = {field.name: pa.nulls(CASES_COUNT, field.type) for field in CASES}
    columns |= {"case_number": pa.array(cases["number"]), "status": pa.array(cases["status"].astype("int8"))}
    for name, of in {"received_at": "received", "due_at": "due", "finished_at": "finished"}.items():
        columns[name] = pa.array(cases[of].to_numpy("datetime64[us]"))
    columns["pauses"] = pa.ListArray.from_arrays(offsets, pauses.filter(pa.array(given)))
    return to_frame(pa.table({name: columns[name] for name in CASES.names}))


@pytest.fixture(scope="module")
def database(cases, vietnam):
    connection = sqlite3.connect(":memory:")
    texts = cases.assign(**{name: cases[name].dt.strftime("%Y-%m-%d") for name in cases.columns[2:]})
    texts.astype(object).where(texts.notna(), None).to_sql("cases", connection, index=False)
    connection.execute("CREATE TABLE days (day TEXT PRIMARY KEY, works INTEGER, n INTEGER)")
    day, n = vietnam.first, 0
    while day <= vietnam.last:
        n += vietnam.is_working(day)
        connection.execute("INSERT INTO days VALUES (?, ?, ?)", (day.isoformat(), vietnam.is_working(day), n))
        day += timedelta(days=1)
    connection.execute("CREATE INDEX by_count ON days (n, works)")
    yield connection
    connection.close()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_rules_said_in_sql_agree_on_every_case(records, database, vietnam, day):
    judged = judge_cases(records, as_of=day, period=PERIOD, by_timestamp=False, calendar=vietnam)
    bounds = {"day": str(day), "first": str(PERIOD.first), "last": str(PERIOD.last)}
    said = pd.DataFrame(database.execute(SQL, bounds).fetchall(), columns=["number", "state", "late", "days_late"])
    ours = judged[["case_number", "state", "late", "days_late"]].to_numpy(object)
    differ = (ours != said.astype({"late": bool}).to_numpy(object)).any(axis=1)
    assert said["state"].nunique() == 8
    assert (differ.sum(), ours[differ][:3].tolist(), said[differ][:3].to_numpy().tolist()) == (0, [], [])
