"""The day's steps, one function each: what a DAG task calls. Each can be repeated without doing anything twice."""

from dondoc.daily.intake import gate, pull
from dondoc.daily.judging import check
from dondoc.daily.opening import close_day, day_ref, open_day, why_held
from dondoc.daily.papers import (
    compose_closing,
    compose_digest,
    compose_reminders,
    draft_letters,
    send_mail,
    write_report,
)
from dondoc.daily.returns import return_rejected
from dondoc.daily.stand_in import stand_in
from dondoc.daily.waiting import remind_leader

__all__ = [
    "check",
    "close_day",
    "compose_closing",
    "compose_digest",
    "compose_reminders",
    "day_ref",
    "draft_letters",
    "gate",
    "open_day",
    "pull",
    "remind_leader",
    "return_rejected",
    "send_mail",
    "stand_in",
    "why_held",
    "write_report",
]
