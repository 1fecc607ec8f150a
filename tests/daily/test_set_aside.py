"""What a folder's door did not take, as the day, the operator's commands and the watchdog tell it."""

import json

import pytest
from tests.daily.campaign_days import CODE, Play, write_campaign
from tests.mail.sink import Sink

from dondoc.__main__ import main
from dondoc.daily import replies
from dondoc.installation import Installation
from dondoc.watch.alarm import watch


@pytest.mark.fault(91)
def test_the_day_the_list_and_the_watchdog_tell_of_a_file_that_was_set_aside(
    tmp_path, monkeypatch, own_campaigns, installation, capsys
):
    write_campaign(own_campaigns)
    play = Play(tmp_path / "sources", monkeypatch)
    play.turn_to("04-24 08:00")
    folder = installation.answers_folder(CODE)
    folder.mkdir(parents=True)
    (folder / "tra-loi.xlsx").symlink_to(tmp_path)
    replies.take_folder(CODE)
    with Sink() as sink:
        play.port = sink.port
        play.run("04-24 08:00", {})
    summary = json.loads((installation.out / CODE / "2025-04-24" / "summary.json").read_text(encoding="utf-8"))
    assert summary["set_aside"] == {"answers": 1}
    main(["answers", "list", CODE])
    assert "tệp trong thư mục trả lời từ tài khoản hệ thống" in capsys.readouterr().out
    [found] = watch(Installation.from_environment(), [CODE])
    assert "1 thư, tệp gửi tới không nhận được, để riêng" in " ".join(one.words for one in found.problems)
