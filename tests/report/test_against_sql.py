"""Every figure of the report counted again by SQL, from the judged records of the sample and of random campaigns.

That a case is in the right state is held in `tests/checks/test_against_sql.py`; here it is that all are counted, once,
under the right heads.
"""

import sqlite3
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from dondoc.campaign import Period
from dondoc.daily.judging import facts_of
from dondoc.day import Day
from dondoc.figures import COUNTS, Earlier, day_figures, progress_of, require_sums
from dondoc.records import CaseState
from dondoc.report.form_06a import COLUMNS as FORM_COLUMNS
from dondoc.report.form_06a import form_06a
from dondoc.report.specimen import specimen
from dondoc.workplace import Workplace

SEEDS = range(60)
COUNTED = """
SELECT {scope} AS scope, coalesce({key}, '') AS key,
  sum(counted) cases_total, sum(late) cases_late, sum(late AND state = 'overdue') cases_overdue,
  sum(late) apologies_due, sum(late AND apologised) apologies_done,
  sum(counted AND state = 'finished_early') cases_early, sum(counted AND state = 'finished_on_time') cases_on_time,
  sum(counted AND state = 'finished_late') cases_ended_late, sum(counted AND state = 'withdrawn') cases_withdrawn,
  sum(counted AND state = 'in_time') cases_in_time, sum(counted AND state = 'overdue') cases_past_due,
  sum(counted AND state = 'paused') cases_paused,
  sum(given) work_total, sum(reported) work_reported, sum(archived) work_archived, sum(filed) work_filed,
  sum(reported AND filed) work_done
FROM (
  SELECT unit, procedure, coalesce(official, '(không ghi cán bộ)') official, state, counted, late, apologised,
         0 given, 0 reported, 0 archived, 0 filed FROM cases
  UNION ALL
  SELECT unit, NULL, coalesce(official, '(không ghi cán bộ)'), '', 0, 0, 0,
         counted, reported, reported AND status = 'archived', filed FROM work
) WHERE {key} IS NOT NULL GROUP BY {key}
"""
SCOPES = {"office": "'office'", "unit": "unit", "procedure": "procedure", "official": "unit || '/' || official"}
FORM = """
SELECT coalesce(field, '(không ghi lĩnh vực)') AS field, count(*) received,
  sum(received_on >= :first AND channel IS 'online') online,
  sum(received_on >= :first AND channel IS NOT 'online') in_person,
  sum(received_on < :first) carried,
  sum(state LIKE 'finished%' OR state = 'withdrawn') settled, sum(state = 'finished_early') early,
  sum(state IN ('finished_on_time', 'withdrawn')) on_time, sum(state = 'finished_late') settled_late,
  sum(state IN ('in_time', 'overdue', 'paused')) open,
  sum(state = 'in_time' OR (state = 'paused' AND NOT late)) in_time,
  sum(state = 'overdue' OR (state = 'paused' AND late)) overdue
FROM cases WHERE counted GROUP BY 1
"""


def database_of(cases, work):
    connection = sqlite3.connect(":memory:")
    told = pd.DataFrame(
        {name: cases[name].astype(object) for name in ("unit", "procedure", "official", "field", "channel")}
    )
    told["state"] = cases["state"].astype(object)
    told["received_on"] = cases["received_at"].dt.strftime("%Y-%m-%d").astype(object)
    marks = ("counted", "late", "apologised")
    flags = {name: cases[name].fillna(False).astype(bool).astype(int).to_numpy() for name in marks}
    told = told.assign(**flags)
    told.where(told.notna(), None).to_sql("cases", connection, index=False)
    given = pd.DataFrame({name: work[name].astype(object) for name in ("unit", "official", "status")})
    marks = ("counted", "reported", "filed")
    given = given.assign(**{name: work[name].astype(bool).astype(int).to_numpy() for name in marks})
    given.where(given.notna(), None).to_sql("work", connection, index=False)
    return connection


def counted_in_sql(connection):
    rows = [
        row
        for scope, key in SCOPES.items()
        for row in connection.execute(COUNTED.format(scope=f"'{scope}'", key=key)).fetchall()
    ]
    table = pd.DataFrame(rows, columns=["scope", "key", *(name for name in order_in_sql())])
    return {
        (row["scope"], row["key"]): [row[name] for name in COUNTS] for row in table.to_dict("records") if any_of(row)
    }


def order_in_sql():
    text = COUNTED.split("FROM (")[0]
    return [
        piece.split(")")[-1].strip() for piece in text.split("key,")[1].replace("\n", " ").split(", ") if ")" in piece
    ]


def any_of(row):
    return any(row[name] for name in COUNTS)


def counted_by_us(figures):
    return {
        (row["scope"], row["code"]): [int(row[name]) for name in COUNTS]
        for row in figures.to_dict("records")
        if any_of(row)
    }


def form_in_sql(connection, period):
    rows = connection.execute(FORM, {"first": str(period.first)}).fetchall()
    return {row[0]: list(row[1:]) for row in rows}


def form_by_us(form):
    return {row["field"]: [row[name] for name in FORM_COLUMNS] for row in form.iloc[:-1].to_dict("records")}


@pytest.mark.parametrize("on", ["2023-11-14", "2023-11-16"])
def test_every_figure_of_the_sample_is_what_sql_counts(days, on):
    day, found = days[on]
    facts = facts_of(Workplace.of(day), found["snapshots"])
    connection, campaign = database_of(facts.cases, facts.work), facts.day.campaign
    figures = day_figures(facts.cases, facts.work, campaign.units)
    assert counted_by_us(figures) == counted_in_sql(connection)
    assert form_by_us(form_06a(facts.cases, campaign.period)) == form_in_sql(connection, campaign.period)


def draw(random, units):
    """Return judged cases and work of a campaign drawn at random: any state with any flag that can go with it."""
    n, m = int(random.integers(0, 300)), int(random.integers(0, 300))
    state = random.choice([one.value for one in CaseState], n)
    late = np.isin(state, ["overdue", "finished_late", "paused"]) & (random.random(n) < 0.8)
    received = np.datetime64("2022-12-01") + random.integers(0, 330, n).astype("m8[D]")
    cases = pd.DataFrame(
        {
            "unit": random.choice(units, n),
            "procedure": random.choice(["Thủ tục A", "Đăng ký B", "Thủ tục Ă"], n),
            "official": random.choice(np.array(["An", "Ân", None], object), n),
            "field": random.choice(np.array(["Đầu tư", "Lao động", None], object), n),
            "channel": random.choice(np.array(["online", "direct", "post", None], object), n),
            "received_at": received.astype("M8[us]"),
            "state": state,
            "late": late,
            "counted": (state != "not_received") & (random.random(n) < 0.9),
            "apologised": random.random(n) < 0.5,
        }
    )
    work = pd.DataFrame(
        {
            "unit": random.choice(units, m),
            "official": random.choice(np.array(["An", None], object), m),
            "status": random.choice(["open", "reported", "archived"], m),
        }
    )
    counted = random.random(m) < 0.9
    work = work.assign(
        counted=counted, reported=counted & (work["status"] != "open"), filed=counted & (random.random(m) < 0.5)
    )
    return cases.convert_dtypes(dtype_backend="pyarrow"), work.convert_dtypes(dtype_backend="pyarrow")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_of_a_random_campaign_is_what_sql_counts(hai_phong, seed):
    random = np.random.default_rng(seed)
    cases, work = draw(random, [unit.code for unit in hai_phong.units])
    connection = database_of(cases, work)
    figures = day_figures(cases, work, hai_phong.units)
    require_sums(figures)
    period = Period(first=date(2023, 1, 1), last=date(2023, 12, 31))
    assert counted_by_us(figures) == counted_in_sql(connection)
    assert form_by_us(form_06a(cases, period)) == form_in_sql(connection, period)


def test_a_campaign_without_a_case_has_a_form_of_zeros(place):
    facts = specimen(place.day)
    assert form_06a(facts.cases.iloc[:0], place.day.campaign.period)["received"].tolist() == [0]


def test_change_and_pace_are_differences_of_the_days_own_figures(hai_phong, vietnam):
    random, units = np.random.default_rng(5), [unit.code for unit in hai_phong.units]
    past = [
        Earlier(date(2023, 11, 6) + timedelta(days=i), day_figures(*draw(random, units), hai_phong.units))
        for i in (0, 1, 2)
    ]
    today = day_figures(*draw(random, units), hai_phong.units)
    told = progress_of(today, Day(hai_phong, vietnam, date(2023, 11, 14)), earlier=past).set_index("code")
    done = [
        frame.set_index("code").loc[told.index, ["apologies_done", "work_done"]].sum(axis=1)
        for frame in (*(one.figures for one in past), today)
    ]
    assert told["done_yesterday"].tolist() == (done[-1] - done[2]).tolist()
    assert told["done_since_first"].tolist() == (done[-1] - done[0]).tolist()
    # From Tuesday the 7th to Tuesday the 14th are five working days.
    assert told["pace"].tolist() == ((done[-1] - done[1]) / 5).tolist()
