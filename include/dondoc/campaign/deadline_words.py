"""What a deadline written in words says, held against the day the campaign ends."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

# 17/11/2023, 17-11-2023, ngày 17 tháng 11 năm 2023; the year may be left out after a slash or “tháng”.
DAY = re.compile(
    r"(?<![\d/.-])(?P<day>\d{1,2})(?:\s*[/.-]\s*(?P<month>\d{1,2})\s*[/.-]\s*(?P<year>\d{4})|/(?P<month_only>\d{1,2})"
    r"|\s+tháng\s+(?P<named_month>\d{1,2})(?:\s+năm\s+(?P<named_year>\d{4}))?)(?![\d/])"
)
# Between a word and the day it speaks of: “trước thứ Sáu, ngày 17/11/2023”.
LEADING = r"(?:(?:ngày|thứ\s+\w+|chủ\s+nhật)[\s,(]*)*$"
BEFORE = re.compile(rf"trước\s+{LEADING}")
UNTIL = re.compile(rf"(?:hết|chậm\s+nhất(?:\s+là)?|muộn\s+nhất(?:\s+là)?)\s+{LEADING}")
SINCE = re.compile(rf"(?:kể\s+từ|từ|bắt\s+đầu)\s+{LEADING}")
PAPERS = (
    "công văn",
    "thông báo",
    "quyết định",
    "văn bản",
    "kế hoạch",
    "chỉ thị",
    "tờ trình",
    "công điện",
    "nghị quyết",
)
# A paper's own date, as long as no word of a deadline stands between.
OF_A_PAPER = re.compile(rf"(?:{'|'.join(PAPERS)}|số\s+\S*\d\S*)(?:(?!trước|hết|chậm|muộn|hạn|xong|hoàn)[^;])*?ngày\s*$")


def contradictions(reading: str, deadline: date) -> Iterator[str]:
    """Yield what the words of a deadline say that its day does not.

    Each day written is held against `deadline`: “trước ngày X” means until the end of the day before X, “hết ngày X”
    and “chậm nhất ngày X” mean X; any other mention may be the deadline or the day after it, on which it is over. A
    day that something begins on, and the date of a paper, say nothing of the deadline. Words without a day contradict
    nothing.
    """
    text = reading.casefold()
    read_to = 0
    for found in DAY.finditer(text):
        before = text[read_to : found.start()]
        read_to = found.end()
        if found["month_only"] and not re.search(rf"(?:ngày|trước|hết)\s+{LEADING}", before):
            continue
        if SINCE.search(before) or OF_A_PAPER.search(before):
            continue
        written = reading[found.start() : found.end()]
        day = _day(found, deadline)
        if day is None:
            yield f"không có ngày {written}"
        elif BEFORE.search(before):
            yield from _differs(f"“trước ngày {written}” là đến hết ngày", day - timedelta(days=1), deadline)
        elif UNTIL.search(before) or day != deadline + timedelta(days=1):
            yield from _differs(f"“{written}” là đến hết ngày", day, deadline)


def _day(found: re.Match[str], deadline: date) -> date | None:
    month = found["month"] or found["month_only"] or found["named_month"]
    year = found["year"] or found["named_year"] or deadline.year
    try:
        return date(int(year), int(month), int(found["day"]))
    except ValueError:
        return None


def _differs(words: str, meant: date, deadline: date) -> Iterator[str]:
    if meant != deadline:
        yield f"{words} {meant:%d/%m/%Y}, còn deadline là {deadline:%d/%m/%Y}"
