"""The examples of docs/rules.md#deadline, read from the page itself: what a lawyer checks is what is tested."""

import re
from datetime import date, datetime

from tests.checks.conftest import case, pause

from dondoc.installation import ROOT
from dondoc.records import CaseState

ROW = re.compile(r"^\| (\d+) \|.*\| ([^|]+) \|$", re.MULTILINE)
DAY = r"(\d\d/\d\d(?: \d\d:\d\d)?)"
PAUSE = re.compile(rf"tạm dừng (?:từ )?{DAY}(?:–{DAY})?(?: \((?:hẹn trước {DAY})?,? ?(?:hẹn mới {DAY})?\))?")
RECEIVED, NOT_SAID = "02/10/2023", "không có ngày hẹn"
PAUSED, DONE = 5, 9
STATES = {
    "trong hạn": CaseState.IN_TIME,
    "quá hạn": CaseState.OVERDUE,
    "đang tạm dừng": CaseState.PAUSED,
    "trước hạn": CaseState.FINISHED_EARLY,
    "đúng hạn": CaseState.FINISHED_ON_TIME,
    "xong muộn": CaseState.FINISHED_LATE,
}


class Example:
    """A case as the page tells it: `case` and the settings it is judged under, and the due date, state, days late."""

    def __init__(self, words):
        told, found = words.split(" → ")
        self.words, self.given, self.pauses, self.first = words, {"received": RECEIVED, "due": None}, [], []
        self.on, self.clears, self.by_hour = date(2023, 11, 14), False, False
        for phrase in told.split("; "):
            self._take(phrase)
        due, state, *rest = found.split(", ")
        late = re.fullmatch(r"(\D+?) (\d+) ngày", rest[0] if rest else state)
        self.due = None if due == NOT_SAID else moment(due)
        self.state = STATES[state if rest or not late else late[1]]
        self.days_late = int(late[2]) if late else 0
        self.case = case(pauses=self.pauses or None, **self.given)

    def _take(self, phrase):
        paused = PAUSE.fullmatch(phrase)
        if paused:
            start, end, before, after = (day and in_2023(day) for day in paused.groups())
            self.pauses.append(pause(start, end, before=before, after=after))
            return
        told = next(told for told in PHRASES if phrase.startswith(told))
        PHRASES[told](self, phrase.removeprefix(told).strip())

    def _remember(self, day):
        self.first = [{"case_number": "A", "due_at": moment(day), "new_due_at": None}]

    def _finish(self, day):
        self.given |= {"status": DONE, "finished": in_2023(day)}

    def _give_term(self, words):
        self.given |= {"term_length": int(words.split()[0]), "term_unit": "working_day"}


PHRASES = {
    "không ghi ngày hẹn": lambda one, _: None,
    "hẹn": lambda one, day: one.given.update(due=in_2023(day)),
    "đã thấy": Example._remember,
    "tiếp nhận": lambda one, day: one.given.update(received=in_2023(day)),
    "thời hạn": Example._give_term,
    "gia hạn": lambda one, day: one.given.update(extension_due_at=moment(day)),
    "xong": Example._finish,
    "đang tạm dừng": lambda one, _: one.given.update(status=PAUSED),
    "nguồn tự dời": lambda one, _: one.given.update(due_includes_pauses=True),
    "tính đến": lambda one, day: setattr(one, "on", moment(day).date()),
    "late_pause_clears": lambda one, _: setattr(one, "clears", True),
    "theo giờ": lambda one, _: setattr(one, "by_hour", True),
}


def in_2023(day):
    return f"{day[:5]}/2023{day[5:]}"


def moment(day):
    text = in_2023(day)
    return datetime.strptime(text, "%d/%m/%Y %H:%M" if " " in text else "%d/%m/%Y")


def table_rows():
    """Return the examples' words by row number, as the page gives them."""
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    section = page.split("\n## deadline\n")[1].split("\n## ")[0]
    return {int(number): words.split("<br>") for number, words in ROW.findall(section)}
