"""Whatever fails in whatever step, no log, no error and no row of the ledger shows a person or a statement."""

import csv
import re
import shutil
import traceback
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, inspect, text
from tests.daily.campaign_days import CASES, CODE, UNITS, Play, write_campaign

from dondoc.daily import steps
from dondoc.errors import DondocError
from dondoc.installation import ROOT
from dondoc.installation.workplace import Workplace
from dondoc.ledger.tables import run

DAY = "2025-04-24"
PERSON = {
    "Chủ hồ sơ": "Hoàng Yến Canary",
    "Số điện thoại": "0987654321",
    "Địa chỉ": "Số 7 ngõ Canary",
    "Email": "canary@example.vn",
}
STATEMENT = re.compile(r"\b(?:INSERT|SELECT|UPDATE|DELETE) ")
LATE = {"Tên thủ tục": "Cấp phép", "Phòng ban": UNITS["VP"], "Ngày tiếp nhận": "01/04/2025"}
LATE |= {"Ngày hẹn trả": "10/04/2025", "Trạng thái": "Đang xử lý"} | PERSON


@pytest.fixture(scope="module")
def played(tmp_path_factory, new_ledger):
    """Return a day's reference and what its steps pass on, each of them done once, in an installation of its own."""
    folder = tmp_path_factory.mktemp("canary")
    shutil.copytree(ROOT / "include" / "campaigns", folder / "campaigns")
    write_campaign(folder / "campaigns", mail={"mode": "preview", "sender": "don-doc@bql-haiphong.example.vn"})
    new_ledger(folder / "out" / "ledger.sqlite")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_CAMPAIGNS", str(folder / "campaigns"))
        patch.setenv("DONDOC_OUT", str(folder / "out"))
        play = Play(folder / "sources", patch)
        play.turn_to("04-24T08:00")
        play.export({})
        headings = [*CASES, *(name for name in PERSON if name not in CASES)]
        with (play.folder / "cases.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, headings)
            rows.writeheader()
            rows.writerows(LATE | {"Số hồ sơ": f"000.00.12.H24-250401-000{i}"} for i in range(1, 4))
            rows.writerows([LATE | {"Số hồ sơ": "H24-9", "Ngày hẹn trả": on} for on in ("10/04/2025", "11/04/2025")])
            rows.writerow(LATE | {"Số hồ sơ": "H24-8", "Ngày hẹn trả": PERSON["Chủ hồ sơ"]})
        ref = steps.open_day(steps.day_ref(CODE, DAY))
        snapshots = steps.gate(ref, [steps.pull(ref, source) for source in ("cases", "work")])
        found = steps.check(ref, snapshots)
        return folder, (ref, snapshots, found)


@pytest.fixture
def day(played, monkeypatch, turn_to):
    folder, passed_on = played
    monkeypatch.setenv("DONDOC_CAMPAIGNS", str(folder / "campaigns"))
    monkeypatch.setenv("DONDOC_OUT", str(folder / "out"))
    for name in ("cases", "work"):
        monkeypatch.setenv(f"DONDOC_SOURCE_{name.upper()}", str(folder / "sources" / f"{name}.csv"))
    turn_to(DAY)
    return passed_on


@contextmanager
def failing(url, message):
    """Let every change of the ledger fail with `message`."""
    engine = create_engine(url)
    names = [name for name in inspect(engine).get_table_names() if name != "alembic_version"]
    changes = [(name, change) for name in names for change in ("INSERT", "UPDATE", "DELETE")]
    with engine.begin() as connection:
        for name, change in changes:
            said = f"SELECT RAISE(ABORT, '{message}');"
            connection.execute(text(f"CREATE TRIGGER fail_{change}_{name} BEFORE {change} ON {name} BEGIN {said} END"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            for name, change in changes:
                connection.execute(text(f"DROP TRIGGER fail_{change}_{name}"))
        engine.dispose()


STEPS = {
    "open_day": lambda ref, _snapshots, _found: steps.open_day(ref),
    "pull": lambda ref, _snapshots, _found: steps.pull(ref, "cases"),
    "gate": lambda ref, snapshots, _found: steps.gate(ref, snapshots),
    "check": lambda ref, snapshots, _found: steps.check(ref, snapshots),
    "draft_letters": lambda ref, _snapshots, found: steps.draft_letters(ref, found, list(UNITS)),
    "compose_reminders": lambda ref, _snapshots, found: steps.compose_reminders(ref, found, list(UNITS)),
    "compose_digest": lambda ref, _snapshots, found: steps.compose_digest(ref, found),
    "write_report": lambda ref, _snapshots, found: steps.write_report(ref, found),
    "return_rejected": lambda ref, snapshots, _found: steps.return_rejected(ref, snapshots),
    "close_day": lambda ref, _snapshots, found: steps.close_day(ref, found, []),
}


def told(caplog, error):
    return caplog.text + "".join(traceback.format_exception(error))


def assert_says_nothing(words):
    assert [secret for secret in PERSON.values() if secret in words] == []
    assert STATEMENT.findall(words) == []


@pytest.mark.parametrize("step", [name for name in STEPS if name != "compose_digest"])  # done once, it changes nothing
def test_a_ledger_that_refuses_is_told_without_a_statement_or_a_person(day, caplog, step):
    ref, snapshots, found = day
    place = Workplace.of(ref)
    caplog.set_level("INFO")
    with failing(place.installation.ledger_url, f"dup {PERSON['Chủ hồ sơ']}"), pytest.raises(DondocError) as refused:
        STEPS[step](ref, snapshots, found)
    assert_says_nothing(told(caplog, refused.value))
    assert "Lỗi phần mềm ở bước" in str(refused.value)
    assert "IntegrityError" in str(refused.value)


@pytest.mark.parametrize("step", [name for name in STEPS if name != "open_day"])
def test_a_library_that_quotes_a_row_is_told_by_kind_and_place(day, caplog, monkeypatch, step):
    ref, snapshots, found = day

    def quote(*_given, **_named):
        raise ValueError(f"could not convert {PERSON['Chủ hồ sơ']}")

    for name in ("intake.load_profile", "intake.read_snapshot", "check.find_all", "day_records.read_snapshot"):
        monkeypatch.setattr(f"dondoc.daily.{name}", quote)
    for name in (
        "write_report.read_snapshot",
        "compose_reminders.read_snapshot",
        "draft_letters.judged_cases",
        "compose_digest.standing_of",
        "return_rejected.read_snapshot",
    ):
        monkeypatch.setattr(f"dondoc.daily.{name}", quote)
    monkeypatch.setattr("dondoc.daily.opening.write_preview", quote)
    with pytest.raises(DondocError) as refused:
        STEPS[step](ref, snapshots, found)
    assert_says_nothing(told(caplog, refused.value))
    assert re.search(r"Lỗi phần mềm ở bước “[^”_]+”: ValueError\.\n  Ở: .*\w+\.py:\d+", str(refused.value))
    with Workplace.of(ref).ledger.begin() as connection:
        assert_says_nothing(" ".join(row.error or "" for row in connection.execute(run.select())))
