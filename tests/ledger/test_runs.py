"""What the ledger remembers of a campaign's earlier days."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dondoc.ledger import runs
from dondoc.ledger.store import now
from dondoc.ledger.tables import run as table

DAYS = [date(2023, 11, day) for day in (6, 7, 8, 9, 10, 13, 14)]
TODAY = DAYS[-1]


@pytest.fixture
def take(ledger):
    def take_snapshot(on, *, sha="f", rows=10, kind="daily", campaign="c"):
        run = runs.open_run(ledger, campaign=campaign, business_date=on, kind=kind, mode="preview", hold_reason=None)
        counts = {"rows_in": rows, "accepted": rows, "quarantined": 0, "duplicates": 0}
        row = {"source": "cases", "kind": "cases", "file_sha256": sha, "path": f"{on}-{sha}"} | counts
        runs.record_snapshot(ledger, run.id, row)
        runs.record_profile(ledger, run.id, source="cases", path=row["path"], profile={"unit_rows": {"VP": rows}})
        return run.id

    return take_snapshot


@pytest.mark.fault(54)
def test_a_day_opened_twice_is_one_run(ledger):
    given = {"campaign": "c", "business_date": TODAY, "kind": "daily", "mode": "preview", "hold_reason": None}
    assert runs.open_run(ledger, **given).id == runs.open_run(ledger, **given | {"mode": "armed"}).id
    with ledger.begin() as connection:
        [row] = connection.execute(select(table)).all()
    assert (row.attempts, row.mode) == (2, "armed")


@pytest.mark.fault(54)
def test_the_database_itself_refuses_a_second_run_of_a_day(ledger, take):
    take(TODAY)
    again = {"campaign": "c", "business_date": TODAY, "kind": "daily", "mode": "preview", "state": "running"}
    with pytest.raises(IntegrityError), ledger.begin() as connection:
        connection.execute(table.insert().values(**again, attempts=1, started_at=now()))


def earlier(ledger, before=TODAY):
    return runs.earlier_snapshots(ledger, campaign="c", source="cases", before=before, days=5)


def test_the_latest_five_days_before_are_the_past(ledger, take):
    for rows, on in enumerate(DAYS):
        take(on, rows=rows)
    found = {one.business_date: one.rows_in for one in earlier(ledger)}
    assert list(found.items()) == [(DAYS[i], i) for i in (5, 4, 3, 2, 1)]
    assert earlier(ledger)[0].profile == {"unit_rows": {"VP": 5}}
    assert earlier(ledger, before=DAYS[0]) == []


def test_a_day_counts_as_it_was_last_taken(ledger, take):
    for sha in ("first", "second", "first"):
        take(DAYS[5], sha=sha)
    assert [one.file_sha256 for one in earlier(ledger)] == ["first"]


@pytest.mark.parametrize("other", [{"kind": "backfill"}, {"campaign": "other"}])
def test_other_runs_are_not_the_past(ledger, take, other):
    take(DAYS[5], **other)
    assert earlier(ledger) == []


def test_a_snapshot_whose_profile_was_never_recorded_has_none(ledger, take):
    run = take(DAYS[5])
    counts = dict.fromkeys(("rows_in", "accepted", "quarantined", "duplicates"), 1)
    runs.record_snapshot(ledger, run, {"source": "cases", "kind": "cases", "file_sha256": "x", "path": "y"} | counts)
    assert earlier(ledger)[0].profile is None


def test_the_late_cases_of_the_day_before_are_the_latest_counted(ledger, take):
    for count, on in enumerate(DAYS[:3]):
        runs.record_late_cases(ledger, take(on), count)
    take(DAYS[3])
    assert runs.late_cases_before(ledger, campaign="c", before=TODAY) == (DAYS[2], 2)
    assert runs.late_cases_before(ledger, campaign="c", before=DAYS[0]) is None
