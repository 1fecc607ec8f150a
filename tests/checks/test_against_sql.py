"""The classification held against the same rules said in SQL, over a window of days of generated cases."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from tests.checks.rules_in_sql import judge_in_sql, open_database, take_cases

from dondoc.campaign import Period
from dondoc.checks.overdue import judge_cases
from dondoc.records import CASES, PAUSE, to_frame

CASES_COUNT = 100_000
DAYS = [date(2023, 5, 4), date(2023, 11, 14), date(2024, 2, 15)]
PERIOD = Period(first=date(2023, 1, 1), last=date(2023, 12, 31))


@pytest.fixture(scope="module")
def cases():
    random = np.random.default_rng(61)

    def days_after(start, low, high, missing):
        moved = start + random.integers(low, high, CASES_COUNT).astype("timedelta64[D]")
        return np.where(random.random(CASES_COUNT) < missing, np.datetime64("NaT", "D"), moved)

    received = np.datetime64("2023-01-03") + random.integers(0, 330, CASES_COUNT).astype("timedelta64[D]")
    status = random.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], CASES_COUNT, p=[0.02, *[0.1] * 6, 0.08, 0.15, 0.15])
    due = days_after(received, 1, 40, 0.05)
    finished = np.where(status >= 9, days_after(received, 0, 70, 0), np.datetime64("NaT", "D"))
    asked = days_after(received, 0, 45, 0.7)
    asked = np.where(finished < asked, np.datetime64("NaT", "D"), asked)
    answered = np.minimum(
        days_after(asked, 0, 30, 0.3), np.where(np.isnat(finished), np.datetime64("2030-01-01"), finished)
    )
    number = [f"{i:06d}" for i in range(CASES_COUNT)]
    columns = {"received": received, "due": due, "finished": finished, "asked": asked, "answered": answered}
    return pd.DataFrame({"number": number, "status": status} | columns)


@pytest.fixture(scope="module")
def taken(cases):
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
    return pa.table({name: columns[name] for name in CASES.names})


@pytest.fixture(scope="module")
def database(taken, vietnam):
    connection = open_database(vietnam)
    take_cases(connection, taken)
    yield connection
    connection.close()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_rules_said_in_sql_agree_on_every_case(taken, database, vietnam, day):
    judged = judge_cases(to_frame(taken), as_of=day, period=PERIOD, by_timestamp=False, calendar=vietnam)
    judge_in_sql(database, day, PERIOD)
    rows = database.execute("SELECT number, state, late, days_late FROM judged_cases ORDER BY number").fetchall()
    said = pd.DataFrame(rows).astype({2: bool}).to_numpy(object)
    ours = judged[["case_number", "state", "late", "days_late"]].to_numpy(object)
    differ = (ours != said).any(axis=1)
    assert judged["state"].nunique() == 8
    assert (differ.sum(), ours[differ][:3].tolist(), said[differ][:3].tolist()) == (0, [], [])
