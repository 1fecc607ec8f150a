"""Settings edited while a day runs: the run keeps those it opened with, the next run reads the new ones."""

import io
import shutil
import sys
from datetime import date
from functools import cache

import docx
import pytest
import yaml
from tests.daily.campaign_days import CODE, Play, write_campaign

from dondoc.campaign import load_campaign
from dondoc.daily import opening, preflight, steps
from dondoc.daily.step import step
from dondoc.errors import DondocError, LostFileError, Problem, SettingsError, TemplateError
from dondoc.installation import ROOT, Installation, pinned_settings
from dondoc.installation.pinned_settings import FOLDER, live_settings, pin, to_mend
from dondoc.installation.workplace import Workplace
from dondoc.ledger import runs
from dondoc.ledger.store import open_ledger, upgrade_ledger

FIRST, SECOND = "2025-04-22", "2025-04-23"
OLD_NAME, NEW_NAME = "Phòng Quản lý đầu tư", "Phòng Đầu tư và Đấu thầu"
WORDS = "Mẫu mới của Văn phòng."
DONE = {"VP": 5, "QLDT": 2}
LOST = "bị mất hoặc bị sửa"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Return a function that makes an office of its own, whose settings may be edited, and is played in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preflight, "check", lambda _place: None)  # held elsewhere, and slow
        # Two ledgers have keys and marks of their own; all else of what two days leave is compared.
        patch.setattr("dondoc.daily.reporting.mark_of", lambda _ledger: f"0-0-{'0' * 24}")

        def make(name):
            folder = tmp_path_factory.mktemp(name)
            for part in ("calendars", "campaigns", "regimes", "sources", "templates"):
                shutil.copytree(ROOT / "include" / part, folder / "include" / part)
            write_campaign(folder / "include" / "campaigns", starts_on=date(2025, 4, 22))
            patch.setattr("dondoc.installation.ROOT", folder)
            with pytest.MonkeyPatch.context() as drawn:
                drawn.setattr("secrets.token_hex", lambda length: "0" * (2 * length))
                upgrade_ledger(Installation.from_environment().ledger_url)
            return folder, Play(folder / "sources", patch)

        yield make


@cache
def _edited_report():
    document, saved = docx.Document(ROOT / "include" / "templates" / "report" / "so-lieu-ngay.docx"), io.BytesIO()
    document.add_paragraph(WORDS)
    document.save(saved)
    return saved.getvalue()


def edit(include):
    """Edit all that a day stands on: a target and a unit's name, the calendar, a mail's and a report's template."""
    path = include / "campaigns" / CODE / "campaign.yaml"
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    for unit in described["units"]:
        if unit["name"] == OLD_NAME:
            unit |= {"name": NEW_NAME, "aliases": [OLD_NAME, *unit.get("aliases", [])]}
    path.write_text(yaml.safe_dump(described | {"target": 77.5}, allow_unicode=True), encoding="utf-8")
    path = include / "calendars" / "vn.yaml"
    calendar = yaml.safe_load(path.read_text(encoding="utf-8"))
    calendar["closed"] = {**calendar.get("closed", {}), date(2025, 4, 24): "nghỉ theo quyết định mới"}
    path.write_text(yaml.safe_dump(calendar, allow_unicode=True), encoding="utf-8")
    for name in ("nhac-viec.txt.j2", "bao-cao.txt.j2"):
        with (include / "templates" / "mail" / name).open("a", encoding="utf-8") as file:
            file.write(WORDS)
    (include / "templates" / "report" / "so-lieu-ngay.docx").write_bytes(_edited_report())


def begin(play, on):
    """Play a day up to its checks."""
    play.turn_to(f"{on[5:]} 07:30")
    play.export(DONE)
    ref = steps.open_day(steps.day_ref(CODE, on))
    taken = steps.gate(ref, [steps.pull(ref, source) for source in ("cases", "work")])
    return ref, taken, steps.check(ref, taken)


def end(ref, taken, found):
    """Play the rest of it; return all that the day left, by name."""
    for batch in found["letters"]:
        steps.draft_letters(ref, found, batch["units"])
    for batch in found["reminders"]:
        steps.compose_reminders(ref, found, batch["units"])
    report = steps.write_report(ref, found)
    steps.return_rejected(ref, taken)
    steps.close_day(ref, found, report)
    folder = Workplace.of(ref).folder
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def settings_folders(folder):
    kept = folder / "out" / CODE / FOLDER
    return {path.name for path in kept.iterdir()} if kept.is_dir() else set()


@pytest.fixture(scope="module")
def edited_between(office):
    """Return what two days left of which the settings were edited between them."""
    folder, play = office("between")
    first = end(*begin(play, FIRST))
    edit(folder / "include")
    return first, end(*begin(play, SECOND))


@pytest.fixture(scope="module")
def edited_within(office):
    """Return what the same days left where that edit came in the middle of the first, and where they lie."""
    folder, play = office("within")
    middle = begin(play, FIRST)
    edit(folder / "include")
    first = end(*middle)
    return first, end(*begin(play, SECOND)), folder, middle[0]


@pytest.mark.fault(71)
def test_an_edit_in_the_middle_of_a_run_changes_nothing_of_that_run(edited_between, edited_within):
    assert edited_within[0] == edited_between[0]
    assert not any(WORDS.encode() in content for content in edited_within[0].values())


@pytest.mark.fault(71)
def test_the_next_run_is_all_of_the_new(edited_between, edited_within):
    assert edited_within[1] == edited_between[1]
    [summary] = [content.decode() for path, content in edited_within[1].items() if path.name == "summary.json"]
    assert (NEW_NAME in summary, OLD_NAME in summary) == (True, False)


def test_each_run_says_in_the_ledger_which_settings_it_read(edited_within):
    *_, folder, ref = edited_within
    with open_ledger(f"sqlite:///{folder / 'out' / 'ledger.sqlite'}").begin() as connection:
        named = connection.scalars(runs.run.select().with_only_columns(runs.run.c.settings)).all()
    assert named[0] == ref["settings"]
    assert {*named} == settings_folders(folder)
    assert len({*named}) == 2


@pytest.fixture
def opened(office):
    """Return an office on its first day, opened, and the day's reference."""
    folder, play = office("opened")
    play.turn_to("04-22 07:30")
    return folder, play, steps.open_day(steps.day_ref(CODE, FIRST))


def test_the_same_settings_over_three_days_are_one_folder(opened):
    folder, play, ref = opened
    for on in ("2025-04-23", "2025-04-24"):
        play.turn_to(f"{on[5:]} 07:30")
        assert steps.open_day(steps.day_ref(CODE, on))["settings"] == ref["settings"]
    assert settings_folders(folder) == {ref["settings"]}


@pytest.mark.parametrize("harm", ["a byte", "a file", "another file", "all"])
def test_pinned_settings_that_are_not_what_they_were_stop_the_step_and_are_pinned_anew(opened, harm):
    folder, _, ref = opened
    kept = folder / "out" / CODE / FOLDER / ref["settings"]
    template = kept / "templates" / "mail" / "nhac-viec.txt.j2"
    steps.why_held(ref, "reminder")
    _harm(kept, template, harm)
    with pytest.raises(LostFileError, match=LOST) as caught:
        steps.why_held(ref, "reminder")
    assert (str(kept) in str(caught.value), "“Mở ngày”" in str(caught.value)) == (True, True)
    live = Workplace.of(steps.day_ref(CODE, FIRST))
    assert (live.run.state, LOST in (live.run.error or "")) == (runs.FAILED, True)
    assert steps.open_day(steps.day_ref(CODE, FIRST)) == ref
    steps.why_held(ref, "reminder")


def test_a_run_of_a_rehearsal_that_strays_here_leaves_the_day_as_it_is(opened):
    folder, _, ref = opened
    shutil.rmtree(folder / "out" / CODE / FOLDER)
    with pytest.raises(DondocError, match="diễn tập"):
        steps.why_held(ref | {"stage": "tap-huan"}, "reminder")
    assert Workplace.of(steps.day_ref(CODE, FIRST)).run.state == runs.RUNNING


def _harm(kept, template, harm):
    if harm == "a byte":
        content = bytearray(template.read_bytes())
        content[9] ^= 1
        template.write_bytes(bytes(content))
    elif harm == "a file":
        template.unlink()
    elif harm == "another file":
        own = kept / "campaigns" / CODE / "templates" / "letters"
        own.mkdir(parents=True)
        (own / "xin-loi-da-tra.docx").write_bytes(b"")
    else:
        shutil.rmtree(kept)


def test_what_editors_and_file_servers_plant_beside_pinned_files_is_stepped_over(opened):
    folder, _, ref = opened
    planted = folder / "out" / CODE / FOLDER / ref["settings"] / "templates" / "mail"
    for name in ("~$c-viec.docx", ".DS_Store", ".AppleDouble/nhac-viec.txt.j2", "@eaDir/x"):
        (planted / name).parent.mkdir(exist_ok=True)
        (planted / name).write_bytes(b"")
    steps.why_held(ref, "reminder")


@pytest.mark.fault(71)
def test_an_edit_while_the_day_is_being_opened_is_refused(office, monkeypatch):
    folder, play = office("opening")
    play.turn_to("04-22 07:30")
    edited = folder / "include" / "templates" / "mail" / "nhac-viec.txt.j2"
    monkeypatch.setattr(preflight, "check", lambda _place: edited.write_text(WORDS, encoding="utf-8"))
    with pytest.raises(SettingsError, match="đúng lúc đang mở ngày") as caught:
        steps.open_day(steps.day_ref(CODE, FIRST))
    assert "templates/mail/nhac-viec.txt.j2" in str(caught.value)
    assert settings_folders(folder) == set()


def test_an_edit_between_reading_and_deciding_is_refused_too(office, monkeypatch):
    folder, play = office("deciding")
    play.turn_to("04-22 07:30")
    whole = opening.live_settings

    def then_edit(*facts):
        found = whole(*facts)
        write_campaign(folder / "include" / "campaigns", starts_on=date(2025, 4, 22), target=12.5)
        return found

    monkeypatch.setattr(opening, "live_settings", then_edit)
    with pytest.raises(SettingsError, match="đúng lúc đang mở ngày"):
        steps.open_day(steps.day_ref(CODE, FIRST))


def test_an_error_in_a_pinned_file_names_the_file_that_people_edit(opened):
    folder, _, ref = opened
    place = Workplace.of(ref)
    for name, live in (
        (place.templates / "mail" / "nhac-viec.txt.j2", folder / "include/templates/mail/nhac-viec.txt.j2"),
        (place.campaign_file, folder / "include" / "campaigns" / CODE / "campaign.yaml"),
    ):
        told = to_mend(Problem("Sai.", f"{name}, dòng 3", "sửa."), place.pinned, place.installation)
        assert told.where == f"{live}, dòng 3"
        assert told.remedy.endswith("“Mở ngày”: các ô sau dùng bản lúc mở ngày.")


def test_a_step_that_fails_on_a_template_says_which_to_mend(opened):
    folder, _, ref = opened

    @step
    def fill(place):
        raise TemplateError("Mẫu sai.", where=place.template("report", "bao-cao.docx"), remedy="sửa mẫu.")

    with pytest.raises(TemplateError) as caught:
        fill(ref)
    assert f"{folder}/include/templates/report/bao-cao.docx" in str(caught.value)
    assert f"{FOLDER}/" not in str(caught.value)


CONTENTS = {"campaigns/a/campaign.yaml": b"code: a", "calendars/vn.yaml": b"years:", "templates/mail/x.txt.j2": b"x"}


class Cut(BaseException):
    """A process killed at a line."""


def _cut_at(line):
    """Return a tracer that kills at the `line`-th line of the code that pins, and counts lines."""
    passed = [0]
    own = {"pin", "write_anew", "clear_folder"}

    def trace(frame, event, _arg):
        if frame.f_code.co_name not in own:
            return None
        if event == "line":
            passed[0] += 1
            if passed[0] == line:
                raise Cut
        return trace

    return trace, passed


@pytest.mark.parametrize("damaged", [False, True], ids=["nothing there", "a damaged one there"])
def test_a_pinning_cut_off_at_any_line_leaves_all_or_nothing_and_heals(tmp_path, damaged):
    line = 0
    while True:
        line += 1
        folder, staging = tmp_path / f"{line}" / FOLDER, tmp_path / f"{line}" / "day" / ".settings"
        whole = pin(tmp_path / "whole" / FOLDER, CONTENTS, staging=tmp_path / "whole" / ".settings")
        if damaged:
            (folder / whole.name).mkdir(parents=True)
            (folder / whole.name / "calendars").write_bytes(b"")
        trace, passed = _cut_at(line)
        sys.settrace(trace)
        try:
            pin(folder, CONTENTS, staging=staging)
        except Cut:
            pass
        finally:
            sys.settrace(None)
        there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        assert there <= {whole.name}
        if there and not damaged:
            assert _files(folder / whole.name) == CONTENTS
        assert _files(pin(folder, CONTENTS, staging=staging)) == CONTENTS
        assert not staging.exists()
        if passed[0] < line:
            break
    assert line > 15


def _files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_another_day_that_pins_the_same_at_the_same_time_is_left_alone(tmp_path, monkeypatch):
    whole = pinned_settings.write_anew

    def meanwhile(fresh, contents):
        monkeypatch.setattr(pinned_settings, "write_anew", whole)
        pin(tmp_path / FOLDER, CONTENTS, staging=tmp_path / "other")
        whole(fresh, contents)

    monkeypatch.setattr(pinned_settings, "write_anew", meanwhile)
    kept = pin(tmp_path / FOLDER, CONTENTS, staging=tmp_path / "mine")
    assert _files(kept) == CONTENTS
    assert not (tmp_path / "mine").exists()


def test_every_file_of_the_settings_counts_and_scripts_do_not(own_campaigns):
    installation = Installation.from_environment()
    own = own_campaigns / CODE / "templates" / "letters"
    own.mkdir(parents=True)
    (own / "xin-loi-da-tra.docx").write_bytes(b"own")
    names = set(live_settings(installation, load_campaign(own_campaigns / CODE)))
    assert {f"campaigns/{CODE}/campaign.yaml", "calendars/vn.yaml", "sources/one-stop-export.yaml"} <= names
    assert {f"campaigns/{CODE}/templates/letters/xin-loi-da-tra.docx", "templates/report/bao-cao.docx"} <= names
    assert not [name for name in names if name.endswith((".py", ".pyc")) or "sample" in name]
