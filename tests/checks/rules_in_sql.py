"""The rules said once more, in SQL, over records as they were taken in: an oracle that shares no rule with ours.

The statements follow how a running provincial system counts (docs/rules.md#overdue), and the decision table of
docs/rules.md#deadline row by row: the numbers in them are the table's. Days come from a table of days, looked up.
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
# Part A without what earlier days saw: rows 2, 3 and 4. The days waited are counted one by one.
FIRST_DATES = """
CREATE INDEX pauses_of ON pauses (number, asked);
CREATE TABLE firsts AS WITH waits AS (
  SELECT number, count(DISTINCT days.day) AS waited FROM pauses JOIN cases USING (number)
  JOIN days ON days.day > max(asked, received) AND days.day <= answered AND works WHERE moves_itself GROUP BY number
), earliest AS (
  SELECT number, min(due_before) AS due_before FROM pauses p
  WHERE asked = (SELECT min(asked) FROM pauses q WHERE q.number = p.number) GROUP BY number
)
SELECT number, CASE WHEN due_before IS NOT NULL THEN due_before
  WHEN waited > 0 THEN (SELECT d.day FROM days d WHERE d.works AND d.n = (SELECT n FROM days WHERE days.day =
    (SELECT next FROM days WHERE days.day = date(due))) - waited) || substr(due, 11)
  ELSE due END AS first
FROM cases LEFT JOIN waits USING (number) LEFT JOIN earliest USING (number);
CREATE UNIQUE INDEX first_of ON firsts (number);
"""
REMEMBER = "INSERT OR IGNORE INTO register SELECT number, first FROM firsts WHERE first IS NOT NULL"
# Part A with rows 1, 5, 6 and 7; part B, rows 8 to 14, then 15 and 16; `at` is the date that part C moves.
READ = """
CREATE TABLE promised AS WITH known AS (
  SELECT cases.*, CASE WHEN register.due IS NOT NULL
           AND NOT (moves_itself AND cases.due IS NOT NULL AND date(register.due) = date(cases.due)) THEN register.due
         ELSE first END AS said, status IN (5, 6, 8) AS stopped,
         coalesce(status IN (9, 10) AND date(finished) <= :day, 0) AS done,
         (SELECT next FROM days WHERE day = date(at, iif(time(at) > '17:00:00', '+1 day', '+0 day'))) AS start
  FROM cases JOIN firsts USING (number) LEFT JOIN register USING (number)
), termed AS (
  SELECT *, coalesce(said, CASE term_unit
      WHEN 'working_day' THEN (SELECT d.day FROM days d WHERE d.works
        AND d.n = term_length + (SELECT n FROM days WHERE days.day = start))
      WHEN 'day' THEN (SELECT next FROM days WHERE days.day = date(start, '+' || term_length || ' day'))
    END || ' 17:00:00') AS first FROM known
)
SELECT *, coalesce(max(first, extension), first, extension) AS moving FROM termed;
CREATE UNIQUE INDEX promised_of ON promised (number);

CREATE TABLE read AS SELECT p.number, p.asked, p.answered, p.due_after, received, first, CASE
  WHEN p.asked > :day THEN 8
  WHEN done AND p.asked > date(finished) THEN 9
  WHEN p.asked < received AND (p.answered <= received OR (p.answered IS NULL AND NOT stopped)) THEN 10
  WHEN p.answered IS NULL AND NOT stopped AND p.due_after IS NULL THEN 11
  WHEN p.answered IS NULL AND NOT stopped THEN 12
  WHEN p.answered IS NULL OR p.answered > :day THEN 13
  ELSE 14 END AS row
FROM pauses p JOIN promised USING (number);

CREATE INDEX read_of ON read (number, row);

CREATE TABLE counted AS WITH spans AS (
  SELECT *, max(asked, received) AS since,
         max(asked, received, CASE row WHEN 13 THEN :day WHEN 14 THEN answered ELSE asked END) AS until
  FROM read WHERE row IN (12, 13, 14)
), turns AS (
  SELECT *, row_number() OVER one_by_one AS turn,
         max(until) OVER (one_by_one ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
  FROM spans WINDOW one_by_one AS (PARTITION BY number ORDER BY since, due_after IS NULL, until, due_after)
)
SELECT number, turn, since, until, due_after, coalesce(since <= reached, 0) AS joined,
       max(since, coalesce(reached, since)) AS own, 0 AS barred,
       max(0, (SELECT n FROM days WHERE day = until)
         - (SELECT n FROM days WHERE day = max(since, coalesce(reached, since)))) AS waited,
       coalesce(date(due_after) >= until AND date(due_after) >= coalesce(date(first), date(due_after)), 0) AS usable
FROM turns;
CREATE UNIQUE INDEX turn_of ON counted (number, turn);
CREATE INDEX by_turn ON counted (turn);
"""
# Part C, a turn at a time: rows 17 and 18 (or 23), then 19 and 20, then 21 and 22.
BAR = """
UPDATE counted SET barred = NOT :clears AND coalesce(
  CASE WHEN joined THEN (SELECT barred FROM counted c WHERE c.number = counted.number AND c.turn = counted.turn - 1)
  ELSE since > (SELECT date(moving) FROM promised p WHERE p.number = counted.number) END, 0)
WHERE turn = :turn
"""
MOVE = """
UPDATE promised SET moving = CASE
  WHEN usable AND (moving IS NULL OR due_after > moving) THEN due_after
  WHEN usable OR waited = 0 THEN moving
  ELSE (SELECT d.day FROM days d WHERE d.works AND d.n = waited + (SELECT n FROM days WHERE day = date(moving)))
    || substr(moving, 11) END
FROM counted WHERE counted.number = promised.number AND turn = :turn AND NOT barred
"""
# Part D, and what a case is.
JUDGED_CASES = """
CREATE TABLE judged_cases AS WITH told AS (
  SELECT *, date(moving) AS deciding,
         EXISTS (SELECT 1 FROM read WHERE read.number = promised.number AND row = 13) OR (stopped AND NOT EXISTS
           (SELECT 1 FROM read WHERE read.number = promised.number AND row = 8)) AS paused,
         EXISTS (SELECT 1 FROM counted WHERE counted.number = promised.number AND barred) AS lapsed,
         iif(:by_hour, finished, date(finished)) AS ending, iif(:by_hour, moving, date(moving)) AS due_by
  FROM promised
), state AS (
  SELECT *, CASE
    WHEN status IN (1, 3) OR received > :day THEN 'not_received'
    WHEN status = 7 THEN 'withdrawn'
    WHEN done AND ending > due_by THEN 'finished_late'
    WHEN done AND ending < due_by THEN 'finished_early'
    WHEN done THEN 'finished_on_time'
    WHEN paused THEN 'paused'
    WHEN deciding < :day THEN 'overdue'
    ELSE 'in_time' END AS state, iif(done, date(finished), :day) AS ended
  FROM told
), late AS (
  SELECT *, coalesce((state IN ('overdue', 'finished_late') OR (state = 'paused' AND lapsed))
            AND deciding <= :last AND ended >= :first_day, 0) AS late FROM state
), stood AS (
  SELECT number, sum(max(0, (SELECT n FROM days WHERE day = min(ended, until))
    - (SELECT n FROM days WHERE day = max(own, deciding)))) AS days
  FROM late JOIN counted USING (number) WHERE late AND barred GROUP BY number
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
SELECT number, coalesce(most.unit, late.unit) AS unit, procedure, official, field, channel, received, deciding, moving,
       state, done, late, coalesce(apologised <= :day, 0) AS apologised, apologised AS apologised_on, reason, new_due,
       state <> 'not_received' AND received <= :last AND NOT (done AND date(finished) < :first_day) AS counted,
       CASE WHEN late THEN max(1, (SELECT n FROM days WHERE day = ended) - (SELECT n FROM days WHERE day = deciding)
         - coalesce(stood.days, 0)) ELSE 0 END AS days_late, coalesce(stood.days, 0) AS days_paused
FROM late LEFT JOIN most USING (number) LEFT JOIN stood USING (number)
WHERE coalesce(place, 1) = 1 ORDER BY number
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
DATES = {"received": "received_at", "apologised": "apologised_at", "new_due": "new_due_at"}
MOMENTS = {"due": "due_at", "extension": "extension_due_at", "finished": "finished_at", "at": "received_at"}
PAUSE_DAYS = {"asked": "from_at", "answered": "to_at"}
PAUSE_MOMENTS = {"due_before": "due_before_at", "due_after": "due_after_at"}
MADE = ("firsts", "promised", "read", "counted", "judged_cases", "judged_work")


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
    told |= {name: moments(cases[of]) for name, of in MOMENTS.items()}
    told["moves_itself"] = pc.fill_null(cases["due_includes_pauses"], fill_value=False).to_pylist()
    fill(connection, "cases", told)
    pauses, owner = flat(cases, "pauses")
    stood = {"number": [told["number"][i] for i in owner]}
    stood |= {name: days(pauses[of]) for name, of in PAUSE_DAYS.items()}
    stood |= {name: moments(pauses[of]) for name, of in PAUSE_MOMENTS.items()}
    fill(connection, "pauses", stood)
    connection.execute("DELETE FROM holders")
    holders, owner = flat(cases, "holders")
    numbers = [told["number"][i] for i in owner]
    rows = zip(numbers, texts(holders["unit"]), days(holders["from_at"]), days(holders["to_at"]), strict=True)
    connection.executemany("INSERT INTO holders VALUES (?, ?, ?, ?)", rows)
    connection.execute("CREATE UNIQUE INDEX case_of ON cases (number)")
    drop(connection, "firsts")
    connection.executescript(FIRST_DATES)


def take_work(connection, work):
    """Put `work`, an Arrow table of schema `records.WORK`, in place of the items there."""
    names = {"number": "item_number"} | {name: name for name in ("unit", "official", "status", "file_code")}
    dates = {"assigned": "assigned_at", "due": "due_at", "finished": "finished_at"}
    told = {name: texts(work[of]) for name, of in names.items()} | {name: days(work[of]) for name, of in dates.items()}
    fill(connection, "work", told)


def judge_in_sql(connection, day, period, *, clears=False, by_hour=False):
    """Put what each case and item is on `day` into `judged_cases` and `judged_work`."""
    bounds = {"day": str(day), "first_day": str(period.first), "last": str(period.last)}
    bounds |= {"clears": clears, "by_hour": by_hour}
    drop(connection, *MADE[1:])
    for statement in (*READ.split(";\n"), *[JUDGED_WORK]):
        connection.execute(statement, bounds)
    (turns,) = connection.execute("SELECT coalesce(max(turn), 0) FROM counted").fetchone()
    for turn in range(1, turns + 1):
        connection.execute(BAR, {"turn": turn, "clears": clears})
        connection.execute(MOVE, {"turn": turn})
    connection.execute(JUDGED_CASES, bounds)


def drop(connection, *tables):
    connection.executescript(";".join(f"DROP TABLE IF EXISTS {table}" for table in tables))


def flat(cases, name):
    lists = cases[name].combine_chunks()
    return pa.Table.from_struct_array(pc.list_flatten(lists)), pc.list_parent_indices(lists).to_pylist()


def texts(column):
    return column.to_pylist()


def days(column):
    return pc.strftime(column, "%Y-%m-%d").to_pylist()


def moments(column):
    return pc.strftime(column.cast(pa.timestamp("s")), "%Y-%m-%d %H:%M:%S").to_pylist()


def fill(connection, table, columns):
    connection.executescript(REPLACE.format(table=table, columns=", ".join(columns)))
    marks = ", ".join("?" * len(columns))
    connection.executemany(INSERT.format(table=table, marks=marks), zip(*columns.values(), strict=True))
