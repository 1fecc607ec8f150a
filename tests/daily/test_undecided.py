"""Rows that contradict each other: refused, and their numbers named wherever the day is read."""

import csv
import json
from datetime import date

import docx
import openpyxl
import pytest
from tests.daily.campaign_days import CASES, CODE, UNITS, Play, write_campaign

from dondoc.commands.outcome import print_outcome
from dondoc.daily import steps

DAY = "2025-04-24"
LATE = {
    "Số hồ sơ": "000.00.12.H24-250401-0007",
    "Tên thủ tục": "Cấp phép",
    "Phòng ban": UNITS["VP"],
    "Ngày tiếp nhận": "01/04/2025",
    "Ngày hẹn trả": "10/04/2025",
    "Chủ hồ sơ": "Nguyễn Thị Hoa",
    "Trạng thái": "Đang xử lý",
}


@pytest.fixture
def folder(tmp_path, monkeypatch, own_campaigns, installation):
    """Return the folder of a day whose cases hold one number twice, with two due dates, and a row without a number."""
    write_campaign(own_campaigns, mail={"mode": "preview", "sender": "don-doc@bql-haiphong.example.vn"})
    play = Play(tmp_path / "sources", monkeypatch)
    play.turn_to("04-24T08:00")
    play.export({})
    with (play.folder / "cases.csv").open("a", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, CASES)
        rows.writerows([LATE, LATE | {"Ngày hẹn trả": "10/05/2025"}, LATE | {"Số hồ sơ": ""}])
    play.run_day(steps.day_ref(CODE, DAY))
    return installation.out / CODE / DAY


def test_nothing_late_disappears_unseen(folder, installation, capsys):
    told = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["undecided"]
    assert [(one["source"], one["count"], one["contradictory"]) for one in told] == [("cases", 2, [LATE["Số hồ sơ"]])]
    words = "2 hồ sơ chưa kết luận được vì dòng bị loại, trong đó 1 hồ sơ trùng số nhưng khác nội dung: 000.00.12"
    assert print_outcome(installation, CODE, date.fromisoformat(DAY)) == 0
    document = docx.Document(str(next(folder.glob("report/bao-cao*.docx"))))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert words in capsys.readouterr().out
    assert words in text
    assert "Hoa" not in text


def test_the_workbook_lists_every_number_that_was_refused(folder):
    book = openpyxl.load_workbook(next(folder.glob("report/bao-cao*.xlsx")))
    rows = list(book["Chưa kết luận được"].iter_rows(min_row=4, values_only=True))
    assert [row[:4] for row in rows] == [
        ("hồ sơ", LATE["Số hồ sơ"], "trùng số nhưng khác nội dung", "Ngày hẹn trả"),
        ("hồ sơ", None, "thiếu số hồ sơ, số công việc", "Số hồ sơ"),
    ]
