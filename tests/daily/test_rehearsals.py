"""A rehearsal is another world: nothing it does is seen by the real campaign, and one command forgets it."""

import pytest
from sqlalchemy import create_engine, inspect, select
from tests.conftest import new_database
from tests.daily.campaign_days import CODE, Play, write_campaign
from tests.mail.sink import Sink

from dondoc.__main__ import main
from dondoc.actor import Actor
from dondoc.daily import replies, steps
from dondoc.daily.final_report import has_left
from dondoc.errors import DondocError
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.ledger.tables import audit, metadata

LAST = "2025-04-29"


@pytest.fixture
def play(tmp_path, monkeypatch, own_campaigns, installation, new_ledger):
    """The small campaign; its rehearsal has a ledger of its own, at hand as soon as it begins."""
    write_campaign(own_campaigns)
    new_ledger(installation.out / "_dien-tap" / "dien-tap" / "ledger.sqlite")
    return Play(tmp_path / "sources", monkeypatch)


@pytest.fixture
def server(play):
    with Sink() as sink:
        play.port = sink.port
        yield sink


@pytest.fixture
def rehearsal(monkeypatch):
    monkeypatch.setenv("DONDOC_REHEARSAL", LAST)


def contents(installation):
    with open_ledger(installation.ledger_url).begin() as connection:
        return {table.name: connection.execute(select(table)).all() for table in metadata.sorted_tables}


def files(installation):
    found = (path for path in installation.out.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in found if "_dien-tap" not in path.parts and "sqlite" not in path.name}


@pytest.mark.fault(103)
def test_an_armed_rehearsal_of_the_last_day_leaves_the_real_campaign_untouched(play, server, monkeypatch):
    installation = Installation.from_environment()
    play.port = 1
    play.run("04-24 08:00", {})
    before = contents(installation), files(installation)
    assert {row.state for row in before[0]["outbox"]} == {"deferred"}, "real mail waits"
    play.port = server.port
    monkeypatch.setenv("DONDOC_REHEARSAL", LAST)
    play.run("04-29 16:30", {})
    assert has_left(Installation.from_environment(), CODE), "the rehearsal does what the real last day does"
    rehearsed = len(server.accepted)
    monkeypatch.delenv("DONDOC_REHEARSAL")
    assert (contents(installation), files(installation)) == before
    play.run("04-29 16:30", {})
    assert has_left(Installation.from_environment(), CODE), "the real last day sends its report all the same"
    assert len(server.accepted) > rehearsed > 0


@pytest.mark.fault(103)
def test_a_run_opened_in_a_rehearsal_goes_no_further_in_the_real_campaign(play, monkeypatch, rehearsal):
    play.turn_to("04-29 08:00")
    ref = steps.open_day(steps.day_ref(CODE, LAST))
    monkeypatch.delenv("DONDOC_REHEARSAL")
    with pytest.raises(DondocError, match="mở trong đợt diễn tập “dien-tap”, còn máy đang làm việc thật"):
        steps.close_day(ref, {}, [])


def test_a_rehearsal_leaves_the_mailbox_of_real_answers_alone(play, own_campaigns, monkeypatch, rehearsal):
    write_campaign(own_campaigns, answers={"mailbox": "dondoc_answers"})
    play.turn_to("04-29 08:00")
    assert replies.take_mail(CODE, lambda _name: pytest.fail("the mailbox was opened")) is None
    monkeypatch.setenv("DONDOC_ANSWERS", "/real/answers")
    monkeypatch.setenv("DONDOC_ARCHIVE_MAILBOX", "imaps://real")
    staged = Installation.from_environment()
    assert (staged.archive_mailbox, staged.answers_folder(CODE)) == ("", staged.out / CODE / "tra-loi")


def test_a_rehearsal_has_a_name_that_can_be_a_folder(monkeypatch, rehearsal):
    monkeypatch.setenv("DONDOC_REHEARSAL_NAME", "tap-huan-1")
    assert Installation.from_environment().out.parts[-2:] == ("_dien-tap", "tap-huan-1")
    monkeypatch.setenv("DONDOC_REHEARSAL_NAME", "../that")
    with pytest.raises(DondocError, match="Tên đợt diễn tập"):
        Installation.from_environment()


@pytest.mark.parametrize("set_", ["DONDOC_REHEARSAL", "DONDOC_OTHER"])
def test_one_command_forgets_a_rehearsal(play, installation, monkeypatch, capsys, set_):
    (installation.out / "real.txt").write_text("x")
    monkeypatch.setenv(set_, LAST)
    assert main(["rehearsal", "list"]) == 0
    assert "dien-tap: " in capsys.readouterr().out
    assert main(["rehearsal", "remove", "tap-huan"]) == 1
    assert "Không có đợt diễn tập “tap-huan”" in capsys.readouterr().err
    assert main(["rehearsal", "remove", "dien-tap"]) == 0
    assert list((installation.out / "_dien-tap").iterdir()) == []
    assert (installation.out / "real.txt").exists()
    assert "ghi ai đã xóa" in capsys.readouterr().out
    assert removals(installation) == [("dien-tap", Actor.of_process().words)]
    assert main(["rehearsal", "list"]) == 0
    assert "Chưa có đợt diễn tập nào" in capsys.readouterr().out


def removals(real):
    """Return which rehearsals were removed, and by whom, as the real ledger's audit tells."""
    with open_ledger(real.ledger_url).begin() as connection:
        rows = connection.execute(audit.select().where(audit.c.action == "rehearsal.removed")).all()
    return [(row.subject, row.actor) for row in rows]


def test_a_rehearsal_is_removed_where_no_real_ledger_was_ever_made(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DONDOC_OUT", str(tmp_path / "out"))
    (tmp_path / "out" / "_dien-tap" / "thu").mkdir(parents=True)
    assert main(["rehearsal", "remove", "thu"]) == 0
    assert "Chưa có sổ cái thật" in capsys.readouterr().out
    assert not (tmp_path / "out" / "ledger.sqlite").exists()


@pytest.mark.fault(103)
@pytest.mark.postgres
def test_on_postgresql_a_rehearsal_is_a_schema_of_its_own(installation, monkeypatch, capsys, rehearsal):
    with new_database() as url:
        monkeypatch.setenv("DONDOC_LEDGER_URL", url)
        upgrade_ledger(url)
        staged = Installation.from_environment()
        assert main(["ledger", "upgrade"]) == 0
        ref = steps.day_ref(CODE, "2023-11-14")
        place = Workplace.of(ref)
        assert (place.installation, len(contents(staged)["run"])) == (staged, 0)
        engine = create_engine(url)
        names = [inspect(engine).get_table_names(schema=name) for name in ("public", "dien_tap_dien_tap")]
        assert sorted(names[0]) == sorted(names[1])
        staged.out.mkdir(parents=True)
        place.ledger.dispose()
        assert main(["rehearsal", "remove", "dien-tap"]) == 0
        assert "dien_tap_dien_tap" not in inspect(engine).get_schema_names()
        assert removals(Installation.real()) == [("dien-tap", Actor.of_process().words)]
        assert sorted(inspect(engine).get_table_names()) == sorted(names[0])
        engine.dispose()
