"""What a past day is computed from, whatever lies in the sources' folder now, and the order of remembered days."""

import json
import os
from datetime import date

import pytest
from sqlalchemy import select
from tests.daily.campaign_days import CODE, Play, write_campaign

from dondoc.__main__ import main
from dondoc.actor import Actor
from dondoc.daily import steps
from dondoc.daily.first_dates import first_dates_before
from dondoc.errors import SourceError
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger.store import open_ledger
from dondoc.ledger.tables import audit

LATE = "000.00.12.H24-250401-0001"


@pytest.fixture
def play(tmp_path, monkeypatch, own_campaigns):
    write_campaign(own_campaigns, mail={"mode": "preview", "sender": "don-doc@bql-haiphong.example.vn"})
    return Play(tmp_path / "sources", monkeypatch)


def due(play, on):
    """Let the source say that the late case is due on another day."""
    path = play.folder / "cases.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("10/04/2025", on), encoding="utf-8")
    os.utime(path, (play.at.timestamp(), play.at.timestamp()))


def take(play, day, *, backfill=False):
    """Run the day up to its checks; return what was taken of the cases."""
    ref = steps.open_day(steps.day_ref(CODE, day, backfill=backfill))
    taken = [steps.pull(ref, source) for source in ("cases", "work")]
    steps.check(ref, steps.gate(ref, taken))
    return taken[0]


def own_day(play, text, *, on="10/04/2025"):
    play.turn_to(text)
    play.export({})
    due(play, on)
    return take(play, f"2025-{text[:5]}")


def first_due(day):
    """Return the first date ever promised for the late case, as the days before `day` left it."""
    register = first_dates_before(Workplace.of(steps.day_ref(CODE, day)))
    return register.set_index("case_number")["due_at"].get(LATE)


@pytest.mark.fault(112)
@pytest.mark.parametrize("backfill", [False, True])
def test_a_past_day_run_again_uses_what_was_taken_for_it(play, backfill):
    before = own_day(play, "04-24 08:00")
    own_day(play, "04-25 08:00", on="30/05/2025")
    assert take(play, "2025-04-24", backfill=backfill) == before
    assert first_due("2025-04-26").date() == date(2025, 4, 10), "the promise of the first day stands"


@pytest.mark.fault(39)
def test_while_it_is_still_the_day_a_mended_file_comes_in(play):
    before = own_day(play, "04-24 08:00")
    assert own_day(play, "04-24 09:00", on="30/05/2025")["sha256"] != before["sha256"]


def test_a_person_decides_with_name_and_reason_to_take_a_past_day_anew(play, capsys):
    before = own_day(play, "04-24 08:00")
    own_day(play, "04-25 08:00", on="30/05/2025")
    wish = ["source", "retake", CODE, "2025-04-24", "cases", "--by", "Lê Văn A", "--reason"]
    assert main([*wish, " "]) == 2
    assert "không được để trống" in capsys.readouterr().err
    assert main([*wish[:4], "case", *wish[5:], "x"]) == 1
    assert "chọn một nguồn: cases, work" in capsys.readouterr().err
    assert take(play, "2025-04-24") == before
    assert main([*wish, "tệp cũ thiếu hồ sơ"]) == 0
    anew = take(play, "2025-04-24")
    assert anew["sha256"] != before["sha256"]
    assert take(play, "2025-04-24") == anew, "what was taken anew is what is used from then on"
    ledger = open_ledger(Installation.from_environment().ledger_url)
    with ledger.begin() as connection:
        [act] = connection.execute(select(audit).where(audit.c.action == "source.retaken"))
    assert (act.actor, json.loads(act.detail)["reason"]) == (Actor.of_process("Lê Văn A").words, "tệp cũ thiếu hồ sơ")


@pytest.mark.fault(112)
def test_a_missed_day_is_never_made_of_the_file_of_another(play):
    own_day(play, "04-24 08:00")
    own_day(play, "04-26 08:00", on="30/05/2025")
    ref = steps.open_day(steps.day_ref(CODE, "2025-04-25", backfill=True))
    with pytest.raises(SourceError, match="Không có tệp nguồn nào của ngày 25/04/2025 trở về trước"):
        steps.pull(ref, "cases")


@pytest.mark.parametrize("dated", ["name", "time"])
def test_a_missed_day_is_made_of_the_newest_file_that_lay_there_then(play, monkeypatch, dated):
    own_day(play, "04-24 08:00")
    for day in ("04-23", "04-25", "04-26"):
        play.turn_to(f"{day} 07:00")
        play.export({})
        name = f"ho-so-{day[3:]}-{day[:2]}-2025.csv" if dated == "name" else f"ho-so-{day[-1]}.csv"
        file = (play.folder / "cases.csv").rename(play.folder / name)
        if dated == "name":
            os.utime(file, (0, 0))
    monkeypatch.setenv("DONDOC_SOURCE_CASES", str(play.folder / "ho-so-*.csv"))
    play.turn_to("04-28 08:00")
    taken = steps.pull(steps.open_day(steps.day_ref(CODE, "2025-04-25", backfill=True)), "cases")
    assert taken["file"] == ("ho-so-25-04-2025.csv" if dated == "name" else "ho-so-5.csv")


@pytest.mark.fault(112)
def test_a_case_first_seen_on_a_day_computed_later_is_promised_from_that_day(play):
    own_day(play, "04-22 08:00")
    own_day(play, "04-24 08:00", on="30/05/2025")
    number = "000.00.12.H24-250423-0002"
    play.turn_to("04-23 07:00")
    play.export({})
    own_day(play, "04-25 08:00", on="30/05/2025")
    assert number not in set(first_dates_before(Workplace.of(steps.day_ref(CODE, "2025-04-26")))["case_number"])
    play.turn_to("04-23 07:00")
    play.export({})
    play.turn_to("04-25 09:00")
    take(play, "2025-04-23", backfill=True)
    register = first_dates_before(Workplace.of(steps.day_ref(CODE, "2025-04-26")))
    assert number in set(register["case_number"]), "the days after it are folded anew, in the order of days"
    assert register.set_index("case_number")["due_at"][LATE].date() == date(2025, 4, 10)
