"""The operator's commands about answers."""

from datetime import datetime

import pytest

from dondoc.__main__ import main
from dondoc.ledger.tables import outbox

from .conftest import BOTH, CODE, ENDED, OPEN, Office


@pytest.fixture
def ledger_url(tmp_path, new_ledger):
    """One database is enough here: `test_inbox` and `test_kills` hold both to the same."""
    return new_ledger(tmp_path / "ledger.sqlite")


@pytest.fixture
def run(capsys):
    def one(*words):
        assert main(["answers", *words, CODE]) == 0
        return capsys.readouterr().out

    return one


def test_taking_in_by_hand_says_what_came_of_it(office, run):
    office.drop({OPEN: {"reason_words": "chờ"}, BOTH: {"reported_on": datetime(2030, 1, 1)}})
    told = run("take")
    assert "1 ô đã nhận" in told
    assert "1 ô không nhận" in told
    assert "1 thư báo nhận hôm nay" in told
    assert len(office.rows(outbox)) == 1
    assert "không có tệp nào; 1 thư" in run("take")


def test_the_list_names_what_is_refused_and_how_much_is_awaited(office, run):
    office.drop({OPEN: {"reason_words": "chờ"}, ENDED: {"apology_number": "1"}})
    office.drop(content=Office(office.place).content, name="trong.xlsx")
    run("take")
    told = run("list")
    assert f"{ENDED}, Số văn bản xin lỗi: phải điền cả số và ngày" in told
    assert "trong.xlsx: không có ô nào được điền" in told
    assert "QLDT   tệp ngày 14/11/2023: 5 dòng, đã trả lời 1, còn chờ 4" in told


def test_before_anything_was_sent_the_list_says_so(ledger_place, ledger_url, monkeypatch, run):
    monkeypatch.setenv("DONDOC_LEDGER_URL", ledger_url)
    assert run("list") == "Chưa có tệp nào gửi cho đơn vị.\n"
