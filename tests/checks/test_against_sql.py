"""The decision table held against the same table said in SQL, over days of generated cases most of which are odd.

`DONDOC_TEST_CASES=100000` asks for that many cases a day instead of a handful.
"""

import os
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from tests.checks.drawn_cases import draw_cases
from tests.checks.rules_in_sql import REMEMBER, judge_in_sql, moments, open_database, take_cases

from dondoc.campaign import Period, Rules
from dondoc.checks.deadline import decide_deadlines
from dondoc.checks.overdue import judge_cases
from dondoc.checks.pause_table import PauseRow
from dondoc.checks.promises import carry
from dondoc.frames import to_frame
from dondoc.records import FIRST_DATES, CaseState, empty_frame

CASES_COUNT = int(os.environ.get("DONDOC_TEST_CASES", "2000"))
# Before Tết and after it, May with its holidays, a plain November week, and a swapped Saturday's week.
DAYS = (date(2023, 2, 1), date(2023, 5, 4), date(2023, 11, 14), date(2024, 2, 15), date(2024, 5, 6))
PERIOD = Period(first=date(2023, 1, 1), last=date(2024, 3, 31))
TOLD = "SELECT number, moving, state, late, days_late, days_paused FROM judged_cases ORDER BY number"
# What a table without odd cases would still hold: one pause, closed, in time, no new date; or none at all.
PLAIN = (0, PauseRow.AS_RECORDED, PauseRow.CLOSED, PauseRow.WAITED, PauseRow.TO_NEW_DATE)
# Rows that `Deadlines` does not name: no date at all, an extension, where a pause begins, the state and its days.
ELSEWHERE = {*map(PauseRow, (6, 7, 15, 16, 23, 24, 25, 26, 27, 28))}


class Drawn:
    """A day's cases, and what an earlier day knew of some."""

    def __init__(self, day, calendar):
        self.day, self.calendar = day, calendar
        self.cases = draw_cases(day.toordinal(), CASES_COUNT, day)
        earlier = draw_cases(day.toordinal() + 1, CASES_COUNT, day)
        self.earlier = earlier.filter(np.random.default_rng(7).random(CASES_COUNT) < 0.3)
        self.frame = to_frame(self.cases)
        self.first = carry(empty_frame(FIRST_DATES), to_frame(self.earlier), calendar)

    def judged(self, rules, *, by_hour):
        judged = judge_cases(
            self.frame,
            as_of=self.day,
            period=PERIOD,
            by_timestamp=by_hour,
            calendar=self.calendar,
            rules=rules,
            first_dates=self.first,
        )
        due = pd.Series(moments(pa.array(judged["due_at"])), dtype=object)
        columns = [judged[name] for name in ("state", "late", "days_late", "days_paused")]
        return pd.concat([judged["case_number"], due, *columns], axis=1).astype(object)

    def said(self, rules, *, by_hour):
        connection = open_database(self.calendar)
        take_cases(connection, self.earlier)
        connection.execute(REMEMBER)
        take_cases(connection, self.cases)
        judge_in_sql(connection, self.day, PERIOD, clears=rules.late_pause_clears, by_hour=by_hour)
        rows = connection.execute(TOLD).fetchall()
        connection.close()
        return pd.DataFrame([tuple(row) for row in rows], dtype=object).astype({3: bool}).astype(object)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def drawn(request, vietnam):
    return Drawn(request.param, vietnam)


@pytest.mark.parametrize("by_hour", [False, True], ids=["by date", "by hour"])
@pytest.mark.parametrize("clears", [False, True], ids=["", "late pauses clear"])
def test_the_table_said_in_sql_agrees_on_every_case(drawn, clears, by_hour):
    rules = Rules(late_pause_clears=clears)
    ours, theirs = drawn.judged(rules, by_hour=by_hour), drawn.said(rules, by_hour=by_hour)
    differ = (ours.to_numpy(object) != theirs.to_numpy(object)).any(axis=1)
    first = [(a.tolist(), b.tolist()) for a, b in zip(ours[differ].values[:3], theirs[differ].values[:3], strict=True)]
    assert (int(differ.sum()), first) == (0, [])
    assert len(ours) == CASES_COUNT


def test_every_row_of_the_table_comes_up_and_a_third_of_the_cases_are_odd(drawn):
    deadlines = decide_deadlines(
        drawn.frame, as_of=drawn.day, calendar=drawn.calendar, rules=Rules(), first_dates=drawn.first
    )
    row, rules = deadlines.reading.pauses.row, (deadlines.reading.rule, deadlines.moves.rule)
    met = {*np.unique(np.concatenate([deadlines.first_rule, *rules])).tolist()} - {0}
    odd = ~np.isin(rules, PLAIN).all(axis=0) | deadlines.reading.joined
    share = len(np.unique(row[odd])) / CASES_COUNT
    assert met | ELSEWHERE >= set(PauseRow)
    assert share > 1 / 3
    assert drawn.judged(Rules(), by_hour=False)["state"].nunique() == len(CaseState)
