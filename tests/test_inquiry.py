"""The operator's questions, asked of days that were run; and the first promised dates kept between them."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dondoc.__main__ import main
from dondoc.daily import steps
from dondoc.daily.first_dates import first_dates_before
from dondoc.installation import ROOT
from dondoc.installation.workplace import Workplace
from dondoc.ledger import runs
from dondoc.records import FINDINGS, FIRST_DATES
from dondoc.sources.snapshot import read_snapshot

CAMPAIGN = "hai-phong-2023"
HEADINGS = "Số hồ sơ,Tên thủ tục hành chính,Phòng ban,Ngày tiếp nhận,Ngày hẹn trả,Trạng thái\n"
ROW = "000.00.12.H24-231002-0001,Cấp phép,Phòng QLĐT,02/10/2023,{due},Đang xử lý\n"


@pytest.fixture
def run(installation, tmp_path, monkeypatch):
    """Return what runs a day up to its findings, with one case due on the day given."""

    def run_day(day, due):
        path = tmp_path / "cases.csv"
        path.write_text(HEADINGS + ROW.format(due=due), encoding="utf-8")
        monkeypatch.setenv("DONDOC_SOURCE_CASES", str(path))
        ref = steps.open_day(steps.day_ref(CAMPAIGN, day))
        found = steps.check(ref, [steps.pull(ref, "cases")])
        place = Workplace.of(ref)
        runs.close_run(place.ledger, place.run.id)
        return found, read_snapshot(place.out / found["findings"], FINDINGS), place

    return run_day


def test_a_due_date_set_anew_overnight_hides_nothing(run):
    run("2023-11-13", "10/11/2023")
    found, findings, _ = run("2023-11-14", "30/11/2023")
    assert found["counts"]["due_moved"] == found["counts"]["case_overdue"] == found["counts"]["apology_owed"] == 1
    assert set(findings["due_on"].astype(str)) == {"2023-11-10"}


def test_an_old_day_run_again_finds_what_it_found(run):
    first, _, _ = run("2023-11-13", "10/11/2023")
    run("2023-11-14", "30/11/2023")
    again, _, _ = run("2023-11-13", "10/11/2023")
    assert (again["findings"], again["figures"]) == (first["findings"], first["figures"])


def rot(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [Path.unlink, rot], ids=["lost", "rotten"])
def test_the_register_is_rebuilt_from_the_snapshots(run, harm):
    run("2023-11-10", "10/11/2023")
    _, _, place = run("2023-11-13", "20/11/2023")
    later = Workplace.of({"campaign": CAMPAIGN, "business_date": "2023-11-14", "kind": "daily"})
    kept = first_dates_before(later)
    latest = runs.previous_snapshot(place.ledger, campaign=CAMPAIGN, source="first-dates", before=date(2023, 11, 14))
    harm(place.out / latest["path"])
    assert first_dates_before(later).equals(kept)
    assert kept["due_at"].tolist() == [pd.Timestamp(2023, 11, 10)]
    assert list(kept.columns) == FIRST_DATES.names


def test_a_case_is_explained_on_its_latest_day(run, capsys):
    run("2023-11-13", "10/11/2023")
    run("2023-11-14", "10/11/2023")
    assert main(["explain", CAMPAIGN, "000.00.12.H24-231002-0001"]) == 0
    told = capsys.readouterr().out
    assert "11/11/2023: nghỉ thứ Bảy" in told
    assert "14/11/2023: ngày làm việc, chậm 2" in told
    assert "Điều 19 Nghị định số 61/2018/NĐ-CP" in told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["explain", CAMPAIGN, "không-có"], "không có hồ sơ, công việc nào"),
        (["explain", CAMPAIGN, "A", "2023-11-10"], "chưa chạy ngày 10/11/2023"),
        (["impact", CAMPAIGN, "2023-11-13", "/nowhere.yaml"], "không có tệp này"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(run, capsys, asked, told):
    run("2023-11-13", "10/11/2023")
    assert main(asked) == 1
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


def test_another_calendar_is_weighed_before_it_is_accepted(run, tmp_path, capsys):
    run("2023-11-13", "10/11/2023")
    decreed = (ROOT / "include" / "calendars" / "vn.yaml").read_text(encoding="utf-8")
    path = tmp_path / "new.yaml"
    path.write_text(decreed.replace("closed:\n", "closed:\n  2023-11-10: Nghỉ bù\n"), encoding="utf-8")
    assert main(["impact", CAMPAIGN, "2023-11-13", str(path)]) == 0
    assert "0 hồ sơ thay đổi" in capsys.readouterr().out
    path.write_text(decreed.replace("worked:\n", "worked:\n  2023-11-11: Làm bù\n"), encoding="utf-8")
    assert main(["impact", CAMPAIGN, "2023-11-13", str(path)]) == 0
    told = capsys.readouterr().out
    assert "1 hồ sơ thay đổi" in told
    assert "chậm 1 → 2 ngày làm việc" in told


def test_a_decree_is_weighed_against_the_provisional_days_it_replaces(run, turn_to, tmp_path, capsys, own_campaigns):
    path = own_campaigns / CAMPAIGN / "campaign.yaml"
    text = path.read_text(encoding="utf-8").replace("last: 2023-12-31", "last: 2027-12-31")
    text = text.replace("starts_on: 2023-11-10", "starts_on: 2026-12-10").replace(
        "deadline: 2023-11-16", "deadline: 2027-01-29"
    )
    text = text.replace("17/11/2023 (thứ Sáu)", "30/01/2027 (thứ Bảy)").replace("16/11/2023", "29/01/2027")
    path.write_text(text.replace("final_report_at: 2023-11-16", "final_report_at: 2027-01-29"), encoding="utf-8")
    turn_to("2027-01-05")
    run("2027-01-05", "30/12/2026")
    decreed = (
        (ROOT / "include" / "calendars" / "vn.yaml").read_text(encoding="utf-8").replace("last: 2026}", "last: 2027}")
    )
    decreed = decreed.replace("known_from:\n", "known_from:\n  2027: Quyết định\n")
    official = tmp_path / "new.yaml"
    official.write_text(decreed.replace("closed:\n", "closed:\n  2027-01-04: Nghỉ bù\n"), encoding="utf-8")
    assert main(["impact", CAMPAIGN, "2027-01-05", str(official)]) == 0
    told = capsys.readouterr().out
    assert "chậm 3 → 2 ngày làm việc" in told
    assert "2 kết luận thôi là lịch dự kiến" in told
