"""The rules said once more, in SQL, over records as they were taken in: an oracle that shares no rule with ours.

The statement follows how a running provincial system counts (docs/rules.md#overdue): by calendar date, the finish
decides, what is dated after the day has not happened. Days come from a table of days, looked up. A case has one pause
at most here; how several join is held in `test_overdue.py`.
"""

import sqlite3
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

# `n` counts the working days up to a day; `next` is the day itself or the first one worked after it.
TABLES = """
CREATE TABLE days (day TEXT PRIMARY KEY, works INTEGER, n INTEGER, next TEXT) WITHOUT ROWID;
CREATE INDEX by_count ON days (n, works);
CREATE TABLE units (code TEXT);
CREATE TABLE register (number TEXT PRIMARY KEY, due TEXT);
CREATE TABLE holders (number TEXT, unit TEXT, since TEXT, until TEXT);
CREATE TABLE work (number, unit, official, status, file_code, assigned, due, finished);
"""
REMEMBER = """
INSERT OR IGNORE INTO register
SELECT number, coalesce(due_before, due) FROM cases WHERE coalesce(due_before, due) IS NOT NULL
"""
JUDGED_CASES = """
CREATE TABLE judged_cases AS WITH begun AS (
  SELECT c.*, register.due AS known, status IN (5, 6, 8) AS stopped, coalesce(asked <= :day, 0) AS asked_by_now,
         (SELECT next FROM days WHERE day = date(at, iif(time(at) > '17:00:00', '+1 day', '+0 day'))) AS start
  FROM cases c LEFT JOIN register USING (number)
), promised AS (
  SELECT *, max(asked, coalesce(answered, iif(stopped, :day, asked))) AS resumed, coalesce(known, due_before, due,
    CASE term_unit
      WHEN 'working_day' THEN (SELECT d.day FROM days d WHERE d.works
        AND d.n = term_length + (SELECT n FROM days WHERE days.day = start))
      WHEN 'day' THEN (SELECT next FROM days WHERE days.day = date(start, '+' || term_length || ' day')) END) AS first
  FROM begun
), moved AS (
  SELECT *, coalesce(max(first, extension), first, extension) AS from_day,
         -- a pause that began late moves nothing
         coalesce(asked_by_now AND asked <= coalesce(max(first, extension), first, extension), 0) AS heeded
  FROM promised
), told AS (
  SELECT *, coalesce(status IN (9, 10) AND finished <= :day, 0) AS done,
         coalesce(asked <= :day AND answered > :day, 0) OR (stopped AND (asked IS NULL OR asked <= :day)) AS paused,
         CASE WHEN NOT heeded THEN from_day WHEN due_after IS NOT NULL THEN due_after
              WHEN (SELECT n FROM days WHERE day = resumed) = (SELECT n FROM days WHERE day = asked) THEN from_day
              ELSE (SELECT d.day FROM days d WHERE d.works AND d.n = (SELECT n FROM days WHERE day = from_day)
                + (SELECT n FROM days WHERE day = resumed) - (SELECT n FROM days WHERE day = asked)) END AS deciding
  FROM moved
), state AS (
  SELECT *, CASE
    WHEN status IN (1, 3) OR received > :day THEN 'not_received'
    WHEN status = 7 THEN 'withdrawn'
    WHEN done AND finished > deciding THEN 'finished_late'
    WHEN done AND finished < deciding THEN 'finished_early'
    WHEN done THEN 'finished_on_time'
    WHEN paused THEN 'paused'
    WHEN deciding < :day THEN 'overdue'
    ELSE 'in_time' END AS state, iif(done, finished, :day) AS ended
  FROM told
), late AS (
  SELECT *, coalesce((state IN ('overdue', 'finished_late') OR (state = 'paused' AND asked_by_now AND asked > deciding))
            AND deciding <= :last AND ended >= :first_day, 0) AS late FROM state
), held AS (
  SELECT number, h.unit AS unit, min(since) AS began,
         sum(max(0, (SELECT n FROM days WHERE day = min(coalesce(until, ended), ended))
           - (SELECT n FROM days WHERE day = max(since, deciding)))) AS days
  FROM late JOIN holders h USING (number)
  WHERE late AND h.unit IN (SELECT code FROM units) AND min(coalesce(until, ended), ended) >= max(since, deciding)
  GROUP BY number, h.unit
), most AS (
  SELECT number, unit, row_number() OVER (PARTITION BY number ORDER BY days DESC, began, unit) AS place FROM held
)
SELECT number, coalesce(most.unit, late.unit) AS unit, procedure, official, field, channel, received, deciding, state,
       done, late, coalesce(apologised <= :day, 0) AS apologised, reason, new_due,
       state <> 'not_received' AND received <= :last AND NOT (done AND finished < :first_day) AS counted,
       CASE WHEN late THEN max(1, (SELECT n FROM days WHERE day = ended) - (SELECT n FROM days WHERE day = deciding)
         -- the days waited have moved the due date already
         - CASE WHEN asked_by_now AND NOT (heeded AND due_after IS NULL)
                THEN max(0, (SELECT n FROM days WHERE day = min(ended, resumed))
                  - (SELECT n FROM days WHERE day = max(asked, deciding))) ELSE 0 END) ELSE 0 END AS days_late
FROM late LEFT JOIN most USING (number) WHERE coalesce(place, 1) = 1 ORDER BY number
"""
JUDGED_WORK = """
CREATE TABLE judged_work AS WITH counted AS (SELECT *, coalesce(assigned <= :day, 1) AS counted FROM work), done AS (
  SELECT *, counted AND status <> 'open' AND NOT coalesce(finished > :day, 0) AS reported,
         counted AND file_code IS NOT NULL AS filed FROM counted
)
SELECT number, unit, official, status, counted, reported, filed,
       CASE WHEN counted AND NOT reported AND due < :day
            THEN max(1, (SELECT n FROM days WHERE days.day = :day) - (SELECT n FROM days WHERE days.day = due))
            ELSE 0 END AS days_late
FROM done
"""
REPLACE = "DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({columns})"
INSERT = "INSERT INTO {table} VALUES ({marks})"
TAKEN = {
    "number": "case_number",
    **{name: name for name in ("unit", "procedure", "official", "field", "channel", "status", "reason")},
    **{name: name for name in ("term_length", "term_unit")},
}
DATES = {
    "received": "received_at",
    "due": "due_at",
    "extension": "extension_due_at",
    "finished": "finished_at",
    "apologised": "apologised_at",
    "new_due": "new_due_at",
}
PAUSE = {"asked": "from_at", "answered": "to_at", "due_before": "due_before_at", "due_after": "due_after_at"}


def open_database(calendar):
    """Return a database that knows the calendar's days and nothing else; its rows are read by name."""
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    connection.executescript(TABLES)
    worked = set(calendar.working_days(calendar.first, calendar.last))
    count, following, rows, day = len(worked), None, [], calendar.last
    while day >= calendar.first:
        following = day.isoformat() if day in worked else following
        rows.append((day.isoformat(), day in worked, count, following))
        count, day = count - (day in worked), day - timedelta(days=1)
    connection.executemany("INSERT INTO days VALUES (?, ?, ?, ?)", rows)
    return connection


def take_cases(connection, cases):
    """Put `cases`, an Arrow table of schema `records.CASES`, in place of the cases there."""
    told = {name: texts(cases[of]) for name, of in TAKEN.items()}
    told |= {name: days(cases[of]) for name, of in DATES.items()}
    told["at"] = pc.strftime(cases["received_at"], "%Y-%m-%d %H:%M:%S").to_pylist()
    pauses, owner = flat(cases, "pauses")
    assert len(set(owner)) == len(owner)
    for name, of in PAUSE.items():
        by_row = dict(zip(owner, days(pauses[of]), strict=True))
        told[name] = [by_row.get(i) for i in range(len(cases))]
    fill(connection, "cases", told)
    connection.execute("DELETE FROM holders")
    holders, owner = flat(cases, "holders")
    numbers = [told["number"][i] for i in owner]
    rows = zip(numbers, texts(holders["unit"]), days(holders["from_at"]), days(holders["to_at"]), strict=True)
    connection.executemany("INSERT INTO holders VALUES (?, ?, ?, ?)", rows)


def take_work(connection, work):
    """Put `work`, an Arrow table of schema `records.WORK`, in place of the items there."""
    names = {"number": "item_number"} | {name: name for name in ("unit", "official", "status", "file_code")}
    dates = {"assigned": "assigned_at", "due": "due_at", "finished": "finished_at"}
    told = {name: texts(work[of]) for name, of in names.items()} | {name: days(work[of]) for name, of in dates.items()}
    fill(connection, "work", told)


def judge_in_sql(connection, day, period):
    """Put what each case and item is on `day` into `judged_cases` and `judged_work`."""
    bounds = {"day": str(day), "first_day": str(period.first), "last": str(period.last)}
    connection.executescript("DROP TABLE IF EXISTS judged_cases; DROP TABLE IF EXISTS judged_work")
    connection.execute(JUDGED_CASES, bounds)
    connection.execute(JUDGED_WORK, bounds)


def flat(cases, name):
    lists = cases[name].combine_chunks()
    return pa.Table.from_struct_array(pc.list_flatten(lists)), pc.list_parent_indices(lists).to_pylist()


def texts(column):
    return column.to_pylist()


def days(column):
    return pc.strftime(column, "%Y-%m-%d").to_pylist()


def fill(connection, table, columns):
    connection.executescript(REPLACE.format(table=table, columns=", ".join(columns)))
    marks = ", ".join("?" * len(columns))
    connection.executemany(INSERT.format(table=table, marks=marks), zip(*columns.values(), strict=True))
