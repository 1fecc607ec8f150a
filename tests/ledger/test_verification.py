"""Whatever is changed by SQL in a table of acts, the verification names it; the database itself refuses most of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import and_, create_engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from tests.mail import post

from dondoc.actor import Actor, KnownBy
from dondoc.ledger import (
    answers,
    batches,
    claims,
    control,
    corrections,
    deadlines,
    digests,
    gates,
    journal,
    outbox,
    reports,
    retakes,
    signed_files,
    transitions,
    verdicts,
    waivers,
)
from dondoc.ledger.answer_tables import answer
from dondoc.ledger.batch_tables import batch
from dondoc.ledger.claims import ClockReading, SendResult
from dondoc.ledger.digest_tables import digest
from dondoc.ledger.ending_tables import deadline
from dondoc.ledger.letters import NewLetter, latest_letters, record_drafts
from dondoc.ledger.report_tables import report
from dondoc.ledger.store import MIGRATIONS, open_ledger, upgrade_ledger
from dondoc.ledger.tables import attempt, audit, gate_override, letter, letter_event, run
from dondoc.ledger.tables import outbox as outbox_table
from dondoc.ledger.verification import (
    ADDED,
    CHANGED,
    GONE,
    GUARDED,
    NAMES,
    UNFOUNDED,
    mark_of,
    stands_for,
    verify_ledger,
)

LE_VAN_A = Actor(KnownBy.ACCOUNT, "le.van.a")
DAY, AT = date(2023, 11, 14), datetime(2023, 11, 14, 2, tzinfo=UTC)
WHO = {"by": "Trần Thị B", "at": AT}
NEW = NewLetter("c", "HS-1", 1, "VP", (), "c/a.docx", "1" * 64, "2" * 64, {}, "3" * 64, DAY, DAY)
LEASE, MOMENT = timedelta(minutes=20), post.moment()
ACCEPTED = SendResult(claims.SENT, "reply", 250, "250 queued")
DROPPED = SendResult(claims.UNKNOWN, "reply", None, "rớt")

BEFORE = "0018"  # the last migration without the chain of digests
OLD_RUN = (
    "INSERT INTO run (id, campaign, business_date, kind, mode, state, attempts, started_at) "
    "VALUES (1, 'c', '2023-11-13', 'daily', 'preview', 'done', 1, '2023-11-13 00:30:00')"
)


@pytest.fixture
def plan(ledger, tmp_path):
    def enter(key):
        mail = post.a_mail(tmp_path, key)
        outbox.plan_mails(ledger, [outbox.Entry(mail, None, "khac.eml")])

    return enter


def settle(ledger, result):
    """Offer the one mail that waits, as a sender would that is killed before it has chained what came of it."""
    (mail,) = claims.claim(ledger, post.job(), MOMENT, limit=1, lease=LEASE)
    assert claims.begin(ledger, mail, MOMENT, lease=LEASE)
    claims.settle(ledger, mail, result, MOMENT)
    return mail.id


@pytest.fixture
def lived(ledger, plan, hai_phong, tmp_path):
    """Return a ledger with a row in every table of acts, and mails that were taken, dropped and not yet offered."""
    post.arm(ledger)
    record_drafts(ledger, [replace(NEW, case_number=case, path=case) for case in ("HS-1", "HS-2")], **WHO)
    found = list(latest_letters(ledger, campaign="c").values())
    transitions.put_up(ledger, {one.id: one.sha256 for one in found}, **WHO)
    verdict = signed_files.FileVerdict("7" * 64, accepted=True, verdict="chữ ký hợp lệ", signatures=[{"name": "A"}])
    with ledger.begin() as connection:
        signed_files.record_verdict(connection, found[0], verdict, at=AT)
    batches.open_batch(ledger, found, unit="VP", asked_in="r", at=AT)
    plan("taken")
    journal.write_batch(ledger, tmp_path, [settle(ledger, ACCEPTED)])
    plan("dropped")
    settle(ledger, DROPPED)
    plan("waiting")
    gates.override_gate(ledger, gates.Override("c", DAY, "freshness", "đã gọi điện"), by=LE_VAN_A)
    control.set_switch(ledger, stopped=False, by=LE_VAN_A, why="thử")
    deadlines.keep_deadline(ledger, hai_phong, on=DAY)
    reports.record_version(ledger, reports.ReportVersion("c", DAY, "report", "1" * 64, "2" * 64))
    retakes.decide_retake(ledger, retakes.Retake("c", DAY, "cases", LE_VAN_A, "tệp sai"))
    excused = waivers.AppliedWaiver("apology_owed", "HS-9", "A", "đã gặp", DAY)
    waivers.keep_waivers(ledger, campaign="c", on=post.DAY, valid=[excused], applied=[excused])
    arrival = answers.ReceivedFile("c", "5" * 64, "a@b.vn", "tay", "x.xlsx", DAY, False, AT)
    cell = answers.JudgedCell("cases", "HS-1", "reason", "thiếu giấy", answers.ACCEPTED)
    promise = answers.JudgedCell("cases", "HS-1", corrections.NEW_DUE_ON, "2023-12-01", answers.ACCEPTED)
    answers.record_file(ledger, arrival, answers.Outcome(unit="VP", cells=[cell, promise]))
    wish = {"corrected_by": LE_VAN_A, "reason": "gõ nhầm", "business_date": DAY, "at": AT}
    corrections.correct_promise(ledger, corrections.Correction("c", "HS-1", date(2023, 12, 8), **wish))
    return ledger


def differences(ledger):
    return list(verify_ledger(ledger).differences)


def take_triggers_away(connection):
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return
    for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def by_sql(ledger, *statements):
    """Do what somebody does who may do anything with the database: the triggers are taken away first."""
    with ledger.begin() as connection:
        take_triggers_away(connection)
        for statement in statements:
            connection.execute(statement)


def test_a_ledger_that_only_acts_changed_is_whole(lived):
    found = verify_ledger(lived)
    assert (found.whole, found.differences) == (True, [])
    with lived.begin() as connection:
        for table in GUARDED:
            assert connection.execute(select(table)).first() is not None, table.name


def another(column, value):
    kind = column.type.python_type
    if isinstance(value, list):
        return [{"name": "kẻ khác"}]
    if kind is bool:
        return not value
    if kind is int:
        return (value or 0) + 7
    if kind is date:
        return DAY + timedelta(days=99)
    if kind is str:
        return f"{(value or '?')[:-1]}~"
    return value.replace(microsecond=77) if value else AT


@pytest.mark.fault(95)
def test_any_field_of_any_act_that_is_edited_changes_its_digest(lived):
    with lived.connect() as connection, connection.begin() as edits:
        take_triggers_away(connection)
        for table in GUARDED:
            row = connection.execute(select(table).order_by(*table.primary_key)).first()
            mine = and_(*(column == row._mapping[column] for column in table.primary_key))
            before = digests.row_digests(connection, table, mine)
            fixed = {*(column.name for column in table.primary_key), *digests.PASSING.get(table.name, set())}
            for column in table.columns:
                if column.name in fixed or column.foreign_keys:
                    continue
                kept = row._mapping[column]
                connection.execute(update(table).where(mine).values({column.name: another(column, kept)}))
                assert digests.row_digests(connection, table, mine) != before, f"{table.name}.{column.name}"
                connection.execute(update(table).where(mine).values({column.name: kept}))
            assert digests.row_digests(connection, table, mine) == before
        edits.rollback()


@pytest.mark.fault(95)
def test_acts_that_are_deleted_are_named_in_office_words(lived):
    tables = ["rung", "letter_event", "attempt", "answer_notice", *(table.name for table in GUARDED[::-1])]
    order = sorted(tables, key=lambda name: name in {"letter", "batch", "outbox", "answer_file", "run"})
    by_sql(lived, *(text(f"DELETE FROM {name}") for name in order))  # noqa: S608
    gone = {line.partition(" số ")[0] for line in differences(lived) if line.endswith(GONE)}
    assert gone == set(NAMES.values())


@pytest.mark.fault(95)
def test_what_was_played_by_sql_is_told_in_office_words(lived):
    by_sql(lived, update(letter).where(letter.c.case_number == "HS-1").values(state="approved", approved_at=AT))
    by_sql(lived, update(run).values(mode="preview", armed_by="kẻ khác"))
    by_sql(lived, text("UPDATE batch SET state = 'approved', decided_by = 'kẻ khác'"))
    by_sql(lived, update(outbox_table).where(outbox_table.c.state == "sent").values(state="planned", attempts=0))
    told = differences(lived)
    assert f"thư xin lỗi của hồ sơ HS-1, đợt c: {CHANGED}" in told
    assert any(line.startswith("lượt chạy ngày") and CHANGED in line for line in told)
    assert f"tập trình ký số 1 của đơn vị VP, đợt c: {CHANGED}" in told
    assert any(line.startswith("thư điện tử số 1") and UNFOUNDED in line for line in told)


@pytest.mark.fault(95)
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        pytest.param(
            update(outbox_table).where(outbox_table.c.state == "sent").values(state="planned"), UNFOUNDED, id="sent"
        ),
        pytest.param(
            update(outbox_table).where(outbox_table.c.state == "unknown").values(state="planned"),
            UNFOUNDED,
            id="unknown",
        ),
        pytest.param(
            update(outbox_table).where(outbox_table.c.dedupe_key == "waiting").values(state="sent"),
            UNFOUNDED,
            id="never offered",
        ),
        pytest.param(
            update(outbox_table).where(outbox_table.c.dedupe_key == "waiting").values(recipient="x@y.vn"),
            CHANGED,
            id="recipient",
        ),
        pytest.param(delete(attempt).where(attempt.c.code == 250), CHANGED, id="attempt deleted"),
        pytest.param(update(attempt).where(attempt.c.code == 250).values(answer="451"), CHANGED, id="attempt edited"),
    ],
)
def test_a_mails_state_must_follow_from_its_attempts(lived, statement, told):
    by_sql(lived, statement)
    assert [line.rpartition(": ")[2] for line in differences(lived)] == ([told] if told else [])


def test_a_mail_whose_sender_was_killed_before_it_chained_the_answer_is_no_edit(lived):
    with lived.begin() as connection:
        assert (
            connection.scalar(select(outbox_table.c.state).where(outbox_table.c.dedupe_key == "dropped")) == "unknown"
        )
    assert verify_ledger(lived).whole
    (doubt,) = verdicts.list_doubts(lived)
    verdicts.settle_doubt(lived, doubt, sent=True, evidence="nhật ký")
    claims.tidy(lived, ClockReading(MOMENT.today, MOMENT.office_at + 2 * LEASE, MOMENT.at + 2 * LEASE))
    assert verify_ledger(lived).whole


@pytest.mark.fault(95)
def test_a_row_nobody_entered_is_named(lived):
    with lived.begin() as connection:
        row = dict(connection.execute(select(outbox_table)).first()._mapping)
    by_sql(lived, insert(outbox_table).values(**row | {"id": 99, "dedupe_key": "giả", "recipient": "x@y.vn"}))
    assert differences(lived) == [f"thư điện tử số 99 ngày 24/11/2026 cho VP, đợt c: {ADDED}"]


@pytest.mark.fault(95)
def test_a_letters_state_must_follow_from_its_events(lived):
    with lived.begin() as connection:
        last = connection.scalars(select(letter_event.c.id).order_by(letter_event.c.id.desc())).first()
    by_sql(
        lived,
        delete(letter_event).where(
            letter_event.c.letter_id
            == select(letter_event.c.letter_id).where(letter_event.c.id == last).scalar_subquery()
        ),
    )
    assert [line.rpartition(": ")[2] for line in differences(lived)] == [UNFOUNDED]


@pytest.mark.fault(95)
@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        pytest.param("UPDATE digest SET at = 'x' WHERE seq = 3", 3, id="edited"),
        pytest.param("DELETE FROM digest WHERE seq = 2", 2, id="deleted"),
        pytest.param("DELETE FROM digest WHERE seq > 5", 6, id="tail cut"),
    ],
)
def test_the_chain_of_digests_is_itself_held(lived, statement, broken_at):
    by_sql(lived, text(statement))
    assert verify_ledger(lived).digests.broken_at == broken_at


@pytest.mark.fault(95)
def test_an_audit_cut_with_its_head_is_seen_by_the_digests(lived):
    by_sql(lived, text("DELETE FROM audit WHERE seq > 1"))
    by_sql(lived, text("UPDATE audit_head SET seq = 1, hash = (SELECT hash FROM audit WHERE seq = 1)"))
    found = verify_ledger(lived)
    assert (found.audit.broken_at, [line[:13] for line in found.differences]) == (None, ["sổ kiểm toán,"])


@pytest.mark.fault(95)
def test_the_database_refuses_to_replace_or_empty_what_acts_left(lived):
    growing = [audit, digest, attempt, letter_event]
    if lived.dialect.name == "sqlite":
        tables = [*growing, letter, outbox_table, run, report, deadline, answer, batch, gate_override]
        forms = [f"INSERT OR REPLACE INTO {table.name} SELECT * FROM {table.name} LIMIT 1" for table in tables]  # noqa: S608
    else:
        forms = [f"TRUNCATE {table.name} CASCADE" for table in [*growing, *GUARDED]]
    for form in forms:
        with pytest.raises(DBAPIError, match=r"never|append-only|grows"), lived.begin() as connection:
            connection.exec_driver_sql(form)
    assert verify_ledger(lived).whole


@pytest.mark.fault(95)
def test_nothing_is_chained_of_what_is_rolled_back(lived):
    before = verify_ledger(lived).digests
    with lived.connect() as connection, connection.begin() as whole:
        digests.note(connection, run, run.c.id > 0)
        whole.rollback()
    with lived.begin() as connection:
        connection.execute(select(run))
    assert verify_ledger(lived).digests == before


def test_a_mark_stands_while_the_ledger_grows_and_no_longer_when_it_is_cut(lived):
    marks = [mark_of(lived)]
    control.set_switch(lived, stopped=True, by=LE_VAN_A, why="thử")
    marks.append(mark_of(lived))
    assert [stands_for(lived, mark) for mark in marks] == [True, True]
    assert not stands_for(lived, marks[0][:-1] + ("0" if marks[0][-1] != "0" else "1"))
    by_sql(lived, text("DELETE FROM digest WHERE seq = (SELECT max(seq) FROM digest)"))
    assert [stands_for(lived, mark) for mark in marks] == [True, False]


def test_an_older_ledger_is_chained_as_it_stands_when_it_is_upgraded(tmp_path):
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        connection.execute(text(OLD_RUN))
    engine.dispose()
    upgrade_ledger(url)
    upgrade_ledger(url)
    found = verify_ledger(open_ledger(url))
    assert (found.whole, found.digests.count) == (True, 1)
