"""A day on which one unit's letters, and another's reminder, cannot be made, run by Airflow."""

import json
from datetime import date

import pytest
from tests.dags.running import read_dags, run_through
from tests.dags.test_daily import states
from tests.daily.campaign_days import CODE, Play, write_campaign

from dondoc.daily import steps
from dondoc.installation.workplace import Workplace
from dondoc.ledger.days import day_rows

DAY = "2025-04-23"


@pytest.mark.fault(57, 106)
def test_all_that_can_be_made_leaves_and_the_run_is_not_called_done(
    own_campaigns, tmp_path, monkeypatch, catcher, rehearse
):
    write_campaign(own_campaigns)
    rehearse(DAY)
    play = Play(tmp_path / "sources", monkeypatch)
    play.turn_to("04-23T07:30")
    play.export({})
    place = Workplace.of(steps.day_ref(CODE, DAY))
    (place.folder / "letters").mkdir(parents=True)
    (place.folder / "letters" / "DNGS").write_text("không phải thư mục")
    (place.folder / "mail" / f"{CODE}-QLDT-{DAY}.xlsx").mkdir(parents=True)

    run = run_through(read_dags(), CODE, DAY, mode="armed")

    shown = states(run)
    assert {name: str(shown[name]) for name in ("send_reminders", "send_report", "close_day", "watcher")} == {
        "send_reminders": "success", "send_report": "success", "close_day": "success", "watcher": "failed",
    }  # fmt: skip
    assert str(run.state) == "failed"
    assert sorted(message["To"].split("@")[0] for message in catcher) == ["doanh-nghiep", "tong-hop", "van-phong"]
    summary = json.loads((place.folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["letters"]["drafted"] == len(list(place.folder.glob("letters/*/*.docx"))) == 0
    told = [one["reason"].split(".")[0] for one in summary["mails"]["attention"] if one["kind"] == "setback"]
    assert sorted(told) == [
        "Phòng Doanh nghiệp và Giám sát đầu tư: thư xin lỗi chưa soạn được",
        "Phòng Quản lý đầu tư: thư nhắc việc chưa soạn được",
    ]
    ended = day_rows(place.ledger, campaign=CODE)[date(2025, 4, 23)]
    assert (ended.state, "chưa soạn được" in ended.error) == ("failed", True)
