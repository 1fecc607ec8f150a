"""No word of pydantic's reaches a person, whatever a file says; what each message must hold is in test_check.py."""

import json
import re
from datetime import date

import pytest
import yaml
from tests.test_check import ENGLISH

from dondoc.campaign import Campaign
from dondoc.campaign.deadline_words import contradictions
from dondoc.campaign.loading import _CalendarFile
from dondoc.configuration import Settings, read_settings
from dondoc.errors import CampaignError
from dondoc.installation import ROOT
from dondoc.sources.profile import Profile

FILES = {
    "campaigns/hai-phong-2023/campaign.yaml": Campaign,
    "campaigns/boston-311-2015/campaign.yaml": Campaign,
    "sources/one-stop-export.yaml": Profile,
    "sources/national-portal.yaml": Profile,
    "calendars/vn.yaml": _CalendarFile,
}
ODD = [None, True, 7, -1, 3.75, float("nan"), "", "chữ", "x" * 400, "12:99", "2023-99-99", [], [1], {}, {"a": 1}]
OURS = re.compile(r"“[^”]*”|/\S+")


def with_every_leaf(value, odd):
    if isinstance(value, dict):
        return {str(key): with_every_leaf(inner, odd) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_every_leaf(inner, odd) for inner in value]
    return odd


def told(tmp_path, content, model):
    path = tmp_path / "tep.yaml"
    path.write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")
    with pytest.raises(CampaignError) as caught:
        read_settings(path, model)
    return caught.value.problems


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
@pytest.mark.parametrize("file", FILES)
def test_whatever_a_setting_is_given_the_answer_is_vietnamese_and_names_a_line(tmp_path, file, odd):
    content = yaml.safe_load((ROOT / "include" / file).read_text(encoding="utf-8"))
    whole = dict.fromkeys(content, odd)
    for broken in (with_every_leaf(content, odd), whole, odd):
        for problem in told(tmp_path, broken, FILES[file]):
            words = OURS.sub("", str(problem))
            assert not ENGLISH.search(words)
            assert not re.search(r"[{}]|\bNone\b|\bTrue\b", words)
            assert re.search(r"tep\.yaml, dòng \d+, cột \d+$", problem.where)


class Numbered(Settings):
    day: date
    count: int = 0


def test_a_file_kept_of_an_earlier_day_is_read_as_it_was_then(tmp_path):
    path = tmp_path / "tep.yaml"
    path.write_text("day: 2023-11-16\ncount: 1\ncount: 2\n")
    with pytest.raises(CampaignError, match="“count” viết hai lần: dòng 2 và dòng 3"):
        read_settings(path, Numbered)
    assert read_settings(path, Numbered, kept=True).count == 2


@pytest.mark.parametrize(("text", "count"), [("010", 10), ("1_000", 1000), ("-5", -5)])
def test_a_number_is_what_its_author_reads(tmp_path, text, count):
    path = tmp_path / "tep.yaml"
    path.write_text(f"day: 2023-11-16\ncount: {text}\n")
    assert read_settings(path, Numbered).count == count


DEADLINE = date(2023, 11, 16)


@pytest.mark.parametrize(
    "reading",
    [
        "đến hết ngày 16/11/2023",
        "trước ngày 17/11/2023 (thứ Sáu)",
        "trước thứ Sáu, ngày 17/11/2023",
        "trước 17 giờ 00 ngày 16/11/2023",
        "Chậm nhất ngày 16-11-2023",
        "từ ngày 10/11/2023 đến hết ngày 16/11/2023",
        "Thông báo số 12/TB-BQL ngày 08/11/2023 yêu cầu xong trước ngày 17/11/2023",
        "theo Công văn số 61/2018 của Ban ngày 01/11/2023",
        "ngày 16 tháng 11 năm 2023",
        "hết ngày 16/11",
        "kết thúc ngày 17/11/2023, không tính ngày này",
        "khi nào xong",
        "Quyết định 3078/QĐ-UBND, 24/7",
    ],
)
def test_words_that_say_the_deadline_are_let_be(reading):
    assert list(contradictions(reading, DEADLINE)) == []


@pytest.mark.parametrize(
    ("reading", "meant"),
    [
        ("đến hết ngày 17/11/2023", "17/11/2023"),
        ("trước ngày 16/11/2023", "15/11/2023"),
        ("Trước  thứ Năm, ngày 16/11/2023", "15/11/2023"),
        ("chậm nhất là ngày 15/11/2023", "15/11/2023"),
        ("ngày 16 tháng 12 năm 2023", "16/12/2023"),
        ("hết ngày 16/11/2024", "16/11/2024"),
        ("trước ngày 17/11", None),
        ("hết ngày 15/11", "15/11/2023"),
        ("hạn 31/11/2023", "không có ngày 31/11/2023"),
        ("Thông báo ngày 08/11/2023, xong trước ngày 20/11/2023", "19/11/2023"),
    ],
)
def test_words_that_say_another_day_are_told_with_the_day_they_mean(reading, meant):
    found = list(contradictions(reading, DEADLINE))
    assert (len(found) == 1 and meant in found[0]) if meant else found == []
