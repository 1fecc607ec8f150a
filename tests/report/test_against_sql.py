"""Every figure of the report counted again by SQL, from the snapshots as taken in, the calendar and the campaign alone.

What a case is, whether it is late and by how many days, who answers for it, what is done of an item: all of that is
said once more in `tests/checks/rules_in_sql.py`, and counted here. Of the sample the figures are read from the report's
own workbook; of campaigns drawn at random they are what the report is made of.
"""

from datetime import date, timedelta

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from tests.checks.rules_in_sql import REMEMBER, judge_in_sql, take_cases, take_work

from dondoc.campaign import Rules
from dondoc.campaign.day import Day
from dondoc.checks.registry import find_all
from dondoc.figures import COUNTS, Earlier, day_figures, progress_of, require_sums
from dondoc.installation import Installation
from dondoc.ledger.store import upgrade_ledger
from dondoc.records import FINDING_TITLES
from dondoc.report import sheets
from dondoc.report.annexes import CASE_STATES
from dondoc.report.form_06a import COLUMNS as FORM_COLUMNS
from dondoc.report.form_06a import form_06a
from dondoc.report.specimen import specimen

from .conftest import CAMPAIGN, report_of, run_day
from .drawn import Drawn, database_of
from .witnesses_in_sql import witness_in_sql

DAYS = ("2023-11-14", "2023-11-15")
SEEDS = range(50)
COUNTED = """
SELECT {key} AS key,
  sum(counted) cases_total, sum(late) cases_late, sum(late AND state = 'overdue') cases_overdue,
  sum(late AND state = 'overdue' AND given_by) cases_overdue_apologised,
  sum(late AND state = 'overdue' AND waiting) cases_overdue_waiting,
  sum(late) apologies_due, sum(late AND given_by) apologies_done,
  sum(late AND in_time) apologies_before_due, sum(late AND given_by AND NOT in_time) apologies_after_due,
  sum(late AND by_system AND by_register) apologies_both, sum(late AND by_system AND NOT by_register) apologies_system,
  sum(late AND by_register AND NOT by_system) apologies_register,
  sum(late AND by_claim AND NOT by_register AND NOT by_system) apologies_claimed, sum(waiting) apologies_waiting,
  sum(counted AND state = 'finished_early') cases_early, sum(counted AND state = 'finished_on_time') cases_on_time,
  sum(counted AND state = 'finished_late') cases_ended_late, sum(counted AND state = 'withdrawn') cases_withdrawn,
  sum(counted AND state = 'in_time') cases_in_time, sum(counted AND state = 'overdue') cases_past_due,
  sum(counted AND state = 'paused') cases_paused,
  sum(given) work_total, sum(reported) work_reported, sum(archived) work_archived, sum(filed) work_filed,
  sum(reported AND filed) work_done,
  -- The sample waives nothing.
  0 apologies_waived, 0 cases_overdue_excused, 0 cases_overdue_waived,
  0 work_waived, 0 work_unreported_waived, 0 work_unfiled_waived
FROM (
  SELECT unit, procedure, coalesce(official, '(không ghi cán bộ)') official, state, counted, late,
         given AS given_by, given_in_time AS in_time, by_system, by_register, by_claim, waiting,
         0 given, 0 reported, 0 archived, 0 filed FROM witnessed
  UNION ALL
  SELECT unit, NULL, coalesce(official, '(không ghi cán bộ)'), '', 0, 0, 0, 0, 0, 0, 0, 0,
         counted, reported, reported AND status = 'archived', filed FROM judged_work
) WHERE {key} IS NOT NULL GROUP BY {key}
"""
SCOPES = {"office": "'office'", "unit": "unit", "procedure": "procedure", "official": "unit || '/' || official"}
FORM = """
SELECT coalesce(field, '(không ghi lĩnh vực)') AS field, count(*) received,
  sum(received >= :first AND channel IS 'online') online,
  sum(received >= :first AND channel IS NOT 'online') in_person,
  sum(received < :first) carried,
  sum(state LIKE 'finished%' OR state = 'withdrawn') settled, sum(state = 'finished_early') early,
  sum(state IN ('finished_on_time', 'withdrawn')) on_time, sum(state = 'finished_late') settled_late,
  sum(state IN ('in_time', 'overdue', 'paused')) open,
  sum(state = 'in_time' OR (state = 'paused' AND NOT late)) in_time,
  sum(state = 'overdue' OR (state = 'paused' AND late)) overdue
FROM judged_cases WHERE counted GROUP BY 1
"""
# How many of each kind a unit has, and how many working days late they are together.
FOUND = """
WITH soon AS (
  SELECT *, (SELECT later.n - now.n FROM days later, days now WHERE now.day = :day AND later.day =
             (SELECT next FROM days WHERE days.day = deciding)) AS days_left
  FROM witnessed WHERE state = 'in_time' AND counted AND deciding IS NOT NULL
), found AS (
  SELECT 'case_overdue' AS kind, unit, days_late FROM judged_cases WHERE late AND state = 'overdue'
  UNION ALL SELECT 'apology_owed', unit, days_late FROM witnessed WHERE late AND NOT given AND NOT waiting
  UNION ALL SELECT 'apology_waiting', unit, days_late FROM witnessed WHERE waiting
  UNION ALL SELECT 'apology_not_in_system', unit, days_late FROM witnessed WHERE late AND by_register AND NOT by_system
    AND EXISTS (SELECT 1 FROM cases WHERE apologised IS NOT NULL)
  UNION ALL SELECT 'apology_not_in_register', unit, days_late FROM witnessed
    WHERE late AND by_system AND NOT by_register AND number IN (SELECT number FROM cases WHERE apologised >= :began)
  UNION ALL SELECT 'apology_incomplete', unit, days_late FROM witnessed
    WHERE late AND by_system AND NOT by_register AND (reason IS NULL OR (new_due IS NULL AND NOT done))
  UNION ALL SELECT 'case_due_soon', unit, 0 FROM soon WHERE days_left <= 5
  UNION ALL SELECT 'apology_due_soon', unit, 0 FROM soon WHERE days_left <= 1 AND NOT given
  UNION ALL SELECT 'work_unreported', unit, days_late FROM judged_work WHERE counted AND NOT reported
  UNION ALL SELECT 'work_unfiled', unit, days_late FROM judged_work WHERE counted AND NOT filed
  UNION ALL SELECT 'work_overdue', unit, days_late FROM judged_work WHERE days_late > 0
)
SELECT kind, unit, count(*) AS found, sum(days_late) AS days_late FROM found GROUP BY kind, unit
"""
SAID = (
    *("case_overdue", "apology_owed", "apology_incomplete", "case_due_soon", "apology_due_soon"),
    *("apology_not_in_system", "apology_not_in_register"),
    *("work_unreported", "work_unfiled", "work_overdue"),
)
# What is done, of what is due.
SHARES = {
    "apology_rate": (("apologies_done",), ("apologies_due",)),
    "work_rate": (("work_done",), ("work_total",)),
    "rate": (("apologies_done", "work_done"), ("apologies_due", "work_total")),
}
YES = {"Có": True, "Không": False}


def figures_in_sql(connection):
    """Return the counts by scope and key, those without any left out."""
    rows = [(scope, row) for scope, key in SCOPES.items() for row in connection.execute(COUNTED.format(key=key))]
    counts = {(scope, row["key"]): {name: row[name] for name in COUNTS} for scope, row in rows}
    return nonzero(counts)


def form_in_sql(connection, period):
    rows = connection.execute(FORM, {"first": str(period.first)})
    return {row["field"]: [row[name] for name in FORM_COLUMNS] for row in rows}


def found_in_sql(connection, on, began):
    rows = connection.execute(FOUND, {"day": str(on), "began": str(began)})
    return {(row["kind"], row["unit"]): (row["found"], row["days_late"]) for row in rows}


def found_by_us(findings):
    """Return how many findings each kind and unit has, and how many days late they are together."""
    told = findings.groupby(["kind", "unit"], observed=True)["days_late"].agg(["size", "sum"])
    return {key: (int(size), int(days)) for key, size, days in told.itertuples()}


def share_holds(name, percent, counts):
    """Return whether a rate is what its counts make it: none of nothing, and 100 only where all is done."""
    done, due = (sum(counts[of] for of in names) for names in SHARES[name]) if counts else (0, 0)
    if percent is None or not due:
        return percent is None and not due
    return abs(percent - 100 * done / due) <= 0.01 and (percent == 100) == (done == due)


def nonzero(figures):
    return {key: counts for key, counts in figures.items() if any(counts.values())}


@pytest.fixture(scope="module")
def sample(tmp_path_factory, hai_phong, vietnam):
    """Return, by day, the report's workbook as its reader opens it, and the database of what was taken in by then."""
    out, known = tmp_path_factory.mktemp("out"), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_OUT", str(out))
        upgrade_ledger(Installation.from_environment().ledger_url)
        for on in DAYS:
            day, _ = run_day(on)
            connection = database_of(hai_phong, vietnam)
            for earlier in known:
                take_cases(connection, snapshot_of(out, earlier, "cases"))
                connection.execute(REMEMBER)
            take_cases(connection, snapshot_of(out, on, "cases"))
            take_work(connection, snapshot_of(out, on, "work"))
            judge_in_sql(connection, on, hai_phong.period)
            witness_in_sql(connection, on, snapshot_of(out, on, "apologies"))
            known[on] = openpyxl.load_workbook(report_of(day)[1], read_only=True), connection
    return known


def snapshot_of(out, on, name):
    return pq.read_table(next(out.glob(f"{CAMPAIGN}/{on}/snapshots/{name}-[0-9a-f]*.parquet")))


def rows_of(book, name, columns):
    """Return the rows below a sheet's headings, by field; rates in percent."""
    fields = [column.field for column in columns]
    rows = [dict(zip(fields, row, strict=True)) for row in book[name].iter_rows(min_row=4, values_only=True)]
    rates = [name for name in SHARES if name in fields]
    return [row | {name: None if row[name] is None else 100 * row[name] for name in rates} for row in rows]


def tables_of(book, codes):
    """Yield the report's tables of figures: scope and key of each row, and the row."""
    for name, columns in (("Tổng hợp", (*sheets.SUMMARY, *sheets.LETTERS)), ("Tình trạng hồ sơ", sheets.STATES)):
        units = rows_of(book, name, columns)
        yield [(("unit", row["code"]) if row["code"] else ("office", "office"), row) for row in units]
    yield [(("procedure", row["name"]), row) for row in rows_of(book, "Theo thủ tục", sheets.PROCEDURES)]
    officials = rows_of(book, "Theo cán bộ", sheets.OFFICIALS)
    yield [(("official", f"{codes[row['unit_name']]}/{row['name']}"), row) for row in officials]


@pytest.mark.parametrize("on", DAYS)
def test_every_figure_of_the_samples_workbook_is_what_sql_counts(sample, hai_phong, on):
    book, connection = sample[on]
    counted = figures_in_sql(connection)
    for table in tables_of(book, {unit.name: unit.code for unit in hai_phong.units}):
        names, scopes = table[0][1].keys() & set(COUNTS), {scope for (scope, _), _ in table}
        expected = {key: {name: counts[name] for name in names} for key, counts in counted.items() if key[0] in scopes}
        assert nonzero({key: {name: row[name] for name in names} for key, row in table}) == nonzero(expected)
        assert all(
            share_holds(name, row[name], counted.get(key)) for key, row in table for name in SHARES if name in row
        )


@pytest.mark.parametrize("on", DAYS)
def test_the_samples_form_is_what_sql_counts(sample, hai_phong, on):
    book, connection = sample[on]
    form = {row["field"]: [row[name] for name in FORM_COLUMNS] for row in rows_of(book, "II.06a", sheets.FORM)}
    total = form.pop("Tổng cộng")
    assert form == form_in_sql(connection, hai_phong.period)
    assert total == [sum(column) for column in zip(*form.values(), strict=True)]


@pytest.mark.parametrize("on", DAYS)
def test_every_row_of_the_samples_workbook_is_judged_as_sql_judges_it(sample, on):
    book, connection = sample[on]
    cases = [
        (row["case_number"], row["state_words"], YES[row["late_words"]], row["days_late"], YES[row["counted_words"]])
        for row in rows_of(book, "Hồ sơ", sheets.CASES)
    ]
    work = [
        (
            row["item_number"],
            *(YES[row[f"{name}_words"]] for name in ("counted", "reported", "filed")),
            row["days_late"],
        )
        for row in rows_of(book, "Công việc", sheets.WORK)
    ]
    judged = connection.execute("SELECT number, state, late, days_late, counted FROM judged_cases").fetchall()
    assert sorted(cases) == sorted((row[0], CASE_STATES[row[1]], *row[2:]) for row in judged)
    judged = connection.execute("SELECT number, counted, reported, filed, days_late FROM judged_work").fetchall()
    assert sorted(work) == sorted(map(tuple, judged))


@pytest.mark.parametrize("on", DAYS)
def test_the_samples_findings_are_what_sql_finds(sample, hai_phong, on):
    book, connection = sample[on]
    kinds = {title: kind.value for kind, title in FINDING_TITLES.items()}
    units = {unit.name: unit.code for unit in hai_phong.units}
    listed = pd.DataFrame(
        [
            {"kind": kinds[row["kind_name"]], "unit": units[row["unit_name"]], "days_late": row["days_late"]}
            for name in ("Tồn tại về hồ sơ", "Tồn tại về công việc")
            for row in rows_of(book, name, sheets.FINDINGS)
        ]
    )
    assert found_by_us(listed) == found_in_sql(connection, on, hai_phong.starts_on)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_of_a_random_campaign_is_what_sql_counts(hai_phong, vietnam, tmp_path, seed):
    campaign = hai_phong.model_copy(update={"rules": Rules(find=SAID)})
    drawn = Drawn(np.random.default_rng(seed), [unit.code for unit in campaign.units], tmp_path)
    facts, connection = drawn.facts(campaign, vietnam), drawn.database(campaign, vietnam)
    counted, figures = figures_in_sql(connection), day_figures(facts.cases, facts.work, campaign.units)
    require_sums(figures)
    shown = figures.astype(object).where(figures.notna(), None).to_dict("records")
    rows = {(row["scope"], row["code"]): row for row in shown}
    assert nonzero({key: {name: row[name] for name in COUNTS} for key, row in rows.items()}) == counted
    assert all(share_holds(name, row[name], counted.get(key)) for key, row in rows.items() for name in SHARES)
    form = form_06a(facts.cases, campaign.period).iloc[:-1].to_dict("records")
    told = {row["field"]: [row[name] for name in FORM_COLUMNS] for row in form}
    assert told == form_in_sql(connection, campaign.period)
    assert found_by_us(find_all(facts)) == found_in_sql(connection, drawn.on, campaign.starts_on)


def test_a_campaign_without_a_case_has_a_form_of_zeros(place):
    facts = specimen(place.day)
    assert form_06a(facts.cases.iloc[:0], place.day.campaign.period)["received"].tolist() == [0]


def test_change_and_pace_are_differences_of_the_days_own_figures(hai_phong, vietnam, tmp_path):
    random, units = np.random.default_rng(5), [unit.code for unit in hai_phong.units]

    def figures():
        facts = Drawn(random, units, tmp_path).facts(hai_phong, vietnam)
        return day_figures(facts.cases, facts.work, hai_phong.units)

    past = [Earlier(date(2023, 11, 6) + timedelta(days=i), figures()) for i in (0, 1, 2)]
    today = figures()
    told = progress_of(today, Day(hai_phong, vietnam, date(2023, 11, 14)), earlier=past).set_index("code")
    done = [
        frame.set_index("code").loc[told.index, ["apologies_done", "work_done"]].sum(axis=1)
        for frame in (*(one.figures for one in past), today)
    ]
    assert told["done_yesterday"].tolist() == (done[-1] - done[2]).tolist()
    assert told["done_since_first"].tolist() == (done[-1] - done[0]).tolist()
    # From Tuesday the 7th to Tuesday the 14th are five working days.
    assert told["pace"].tolist() == ((done[-1] - done[1]) / 5).tolist()
