from datetime import date, datetime

import pytest

from dondoc.vietnamese import wording


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 1, 5), "ngày 05 tháng 01 năm 2024"),
        (date(2023, 2, 28), "ngày 28 tháng 02 năm 2023"),
        (date(2023, 9, 9), "ngày 09 tháng 9 năm 2023"),
        (date(2023, 11, 14), "ngày 14 tháng 11 năm 2023"),
    ],
)
def test_a_leading_zero_only_for_days_below_ten_and_two_months(day, words):
    assert wording.date_in_words(day).replace(wording.NBSP, " ") == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2023, 11, 14), "ngày 14 tháng 11 năm 2023"),
        (datetime(2023, 11, 14, 16, 30), "16 giờ 30, ngày 14 tháng 11 năm 2023"),
    ],
)
def test_the_hour_is_given_only_where_the_source_gave_one(at, words):
    assert wording.instant_in_words(at).replace(wording.NBSP, " ") == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [(None, "Không phát sinh"), (float("nan"), "Không phát sinh"), (95.238, "95,24%"), (100.0, "100%"), (0.0, "0%")],
)
def test_rates_are_written_the_vietnamese_way(rate, words):
    assert wording.percent(rate) == words


def test_thousands_are_parted_by_dots():
    assert wording.number(1234567) == "1.234.567"
