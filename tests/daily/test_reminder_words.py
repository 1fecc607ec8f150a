"""What the day's reminders, thanks and digest say, read as a mail program reads them."""

import shutil
from dataclasses import replace

import pytest
from tests.daily.reminded import body, compose, live, mail

from dondoc.daily.preflight.mails import check_mails

FRIDAY, MONDAY, TUESDAY = "2023-11-10", "2023-11-13", "2023-11-14"
WEDNESDAY, DEADLINE, AFTER = "2023-11-15", "2023-11-16", "2023-11-17"
OWED = {"QLDT": ["A", "B", "C"], "TNMT": ["D"]}


@pytest.fixture
def day(rehearse):
    """Compose a day as if it were today."""

    def run(when, owed=OWED):
        rehearse(when)
        return compose(when, owed)

    return run


def test_the_reminder_says_what_is_new_and_what_was_done(day):
    day(FRIDAY)
    place = day(TUESDAY, {"QLDT": ["B", "C", "E"]})
    text = body(place, "nhac-viec-QLDT")
    assert "So với ngày 10/11/2023" in text
    assert "- Đã xong: 1 việc\n   Hồ sơ: 1 (A)" in text
    assert "- Mới phát sinh: 1 việc\n   Hồ sơ: 1 (E)" in text
    assert "[MỚI] E" in text
    assert "[MỚI] B" not in text


def test_an_old_day_run_again_compares_with_the_day_before_it(day):
    for when, owed in ((MONDAY, ["A"]), (TUESDAY, ["A", "B"]), (WEDNESDAY, ["C"])):
        day(when, {"QLDT": owed})
    place = compose(TUESDAY, {"QLDT": ["A", "B"]})
    assert "So với ngày 13/11/2023" in body(place, "nhac-viec-QLDT")
    assert "Mới phát sinh: 1 việc" in body(place, "nhac-viec-QLDT")


def test_the_first_day_compares_with_nothing(day):
    assert "So với ngày" not in body(day(MONDAY), "nhac-viec-QLDT")


@pytest.mark.parametrize(
    ("when", "left", "pace"),
    [
        (TUESDAY, "còn 2 ngày làm việc", "; cần xong 2 việc mỗi ngày làm việc"),
        (DEADLINE, "hôm nay là hạn cuối", ""),
        (AFTER, "đã quá hạn của đợt 1 ngày làm việc", ""),
    ],
)
def test_the_subject_puts_numbers_first_and_the_mail_says_the_pace(day, when, left, pace):
    place = day(when)
    assert mail(place, "nhac-viec-QLDT")["Subject"] == f"[DIỄN TẬP] 3 hồ sơ, {left} – đôn đốc Phòng Quản lý đầu tư"
    assert f"Còn lại 3 việc: 3 hồ sơ chưa xin lỗi; {left}{pace}." in body(place, "nhac-viec-QLDT")


def test_whoever_stands_above_is_addressed_by_name_and_told_that_the_unit_knows(day):
    text = body(day(DEADLINE), "nhac-viec-QLDT-truong")
    assert text.lstrip().splitlines()[2] == "Kính gửi: đồng chí Vũ Thị Mai, Trưởng phòng"
    assert "đơn vị cũng nhận thư này" in text


def test_the_digest_has_counts_and_no_case(day):
    place = day(DEADLINE, {"QLDT": ["SO-A", "SO-B"], "TNMT": ["SO-C"]})
    digest = mail(place, "tong-hop-lanh-dao")
    assert digest["Subject"] == "[DIỄN TẬP] 2/12 đơn vị chưa xong, hôm nay là hạn cuối – tổng hợp đôn đốc"
    assert list(digest.iter_attachments()) == []
    for form in ("plain", "html"):
        text = body(place, "tong-hop-lanh-dao", form)
        assert text.index("Phòng Quản lý đầu tư") < text.index("Phòng Tài nguyên và Môi trường")
        assert "SO-" not in text


@pytest.mark.fault(21)
def test_a_mail_holds_its_own_units_cases_alone(day):
    place = day(DEADLINE, {"QLDT": ["SO-A"], "TNMT": ["SO-D"]})
    for stem in [stem for stems in live(place).values() for stem in stems]:
        own = {"SO-A"} if "QLDT" in stem else {"SO-D"} if "TNMT" in stem else set()
        for form in ("plain", "html"):
            assert {number for number in ("SO-A", "SO-D") if number in body(place, stem, form)} == own


MAILS = ["nhac-viec", "hoan-thanh", "tong-hop", "bao-cao", "tra-lai", "ket-thuc", "trinh-ky", "bao-nhan"]


@pytest.mark.fault(74)
@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("form", ["txt", "html"])
def test_a_misspelt_field_of_a_template_stops_the_day_before_any_source_is_read(place, tmp_path, name, form):
    include = tmp_path / "include"
    template = shutil.copytree(place.templates / "mail", include / "templates" / "mail") / f"{name}.{form}.j2"
    template.write_text(template.read_text() + "{% if campaign_title %}{{ campaign_titel }}{% endif %}")
    problems = list(check_mails(replace(place, installation=replace(place.installation, include=include))))
    assert problems
    assert {name in problem.where and "campaign_titel" in problem.what for problem in problems} == {True}
    assert "campaign_title" in problems[0].remedy


@pytest.mark.fault(75)
def test_a_name_with_markup_is_words(day):
    place = day(TUESDAY, {"QLDT": ["<b>1</b> & {{ 7 * 7 }}"]})
    assert "&lt;b&gt;1&lt;/b&gt; &amp; {{ 7 * 7 }}" in body(place, "nhac-viec-QLDT", "html")
