"""A column renamed in an export: the day says which one, and holds its mail."""

import json

import pytest
from tests.daily.campaign_days import CODE, Play, write_campaign

from dondoc.daily import steps
from dondoc.daily.preflight import examine
from dondoc.installation.workplace import Workplace
from dondoc.ledger.gates import gate_results


@pytest.fixture
def play(tmp_path, monkeypatch, own_campaigns, installation):
    write_campaign(own_campaigns, mail={"mode": "preview", "sender": "don-doc@bql-haiphong.example.vn"})
    return Play(tmp_path / "sources", monkeypatch)


def run_day(play, text, rename=()):
    """Run a day on which headings of the cases are renamed; return its summary and its closed gates by source."""
    play.turn_to(f"{text}T08:00")
    play.export({})
    path = play.folder / "cases.csv"
    content = path.read_text(encoding="utf-8")
    for old, new in rename:
        content = content.replace(old, new, 1)
    path.write_text(content, encoding="utf-8")
    ref = steps.day_ref(CODE, f"2025-{text}")
    play.run_day(ref)
    place = Workplace.of(ref)
    summary = json.loads((place.folder / "summary.json").read_text(encoding="utf-8"))
    gates = gate_results(place.ledger, place.run.id)
    return summary, {(one.gate, one.source): one.reason for one in gates if not one.open}


@pytest.mark.fault(98)
def test_a_renamed_due_date_closes_a_gate_that_names_it_and_what_came_instead(play):
    before, closed = run_day(play, "04-23")
    assert (before["total"]["cases_late"], closed.get(("columns", "cases"))) == (1, None)
    after, closed = run_day(play, "04-24", [("Ngày hẹn trả", "Hạn xử lý mới")])
    assert closed["columns", "cases"].startswith(
        "mất cột “Ngày hẹn trả” (hạn trả kết quả), ngày 23/04/2025 còn có; cột lạ của tệp: Hạn xử lý mới"
    )
    source = after["sources"][0]
    assert source["columns"]["absent"]["due_at"][0] == "Ngày hẹn trả"
    assert "không thuộc hồ sơ nguồn: Hạn xử lý mới" in source["columns_words"]


def test_on_the_first_day_the_profile_alone_says_what_is_missing(play):
    _, closed = run_day(play, "04-23", [("Ngày kết thúc xử lý", "Xong ngày")])
    assert "không có cột nào cho ngày kết thúc xử lý (“Ngày kết thúc xử lý”" in closed["columns", "cases"]


def test_check_tells_the_headings_of_every_source(play):
    play.turn_to("04-24T08:00")
    play.export({})
    notes = examine(Workplace.of(steps.day_ref(CODE, "2025-04-24"))).notes
    assert any("nguồn “cases”" in note and "thấy 10 cột" in note and "không thấy: Mã TTHC" in note for note in notes)
