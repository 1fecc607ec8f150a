"""The day's steps, one function each: what a DAG task calls. Each can be repeated without doing anything twice."""

from dondoc.daily.check import check
from dondoc.daily.compose_closing import compose_closing
from dondoc.daily.compose_digest import compose_digest
from dondoc.daily.compose_reminders import compose_reminders
from dondoc.daily.draft_letters import draft_letters
from dondoc.daily.intake import gate, pull
from dondoc.daily.opening import close_day, day_ref, open_day, why_held
from dondoc.daily.remind_leader import remind_leader
from dondoc.daily.return_rejected import return_rejected
from dondoc.daily.send_mail import send_mail
from dondoc.daily.stand_in import stand_in
from dondoc.daily.write_report import write_report

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
