"""The kinds of mail, one row each: how a kind is named, and what the outbox does with its mails.

It stands with the outbox, whose queries ask it; templates are `include/templates/mail/<template>.*.j2`. A new kind is a
row here, its templates, and the function that plans its mails.
"""

from dataclasses import dataclass
from enum import Enum

from dondoc.ledger.runs import ANSWERS, DAILY

REMINDER = "reminder"
REPORT = "report"
FINAL = "final"
QUARANTINE = "quarantine"
SIGNOFF = "signoff"
CLOSING = "closing"
RECEIPT = "receipt"


class End(Enum):
    """Which end of the campaign a mail tells of."""

    REPORT = "the day the final report is wanted on"
    DEADLINE = "the deadline"


@dataclass(frozen=True)
class MailKind:
    """One kind of mail.

    Attributes:
        key: what the outbox calls it; never shown to a person.
        name: what a person reads.
        reader: who gets it.
        templates: names of its templates; a kind of several has one for each occasion.
        file_name: what its files' names begin with.
        run: the kind of run whose arming and gates its mails wait for.
        own_gate: whether only the final report's own gate holds it: neither the day's gates nor a cap do, and it may
            leave until midnight.
        counted_as: what its mails are called in the day's caps; kinds of one name are counted together.
        tells_end: the end it tells of, so that another is owed when that is moved.
        once_per_day: whether a unit and recipient have one such mail a day at most.
        by_any_run: whether it is the same mail whichever of the last day's two runs makes it.
    """

    key: str
    name: str
    reader: str
    templates: tuple[str, ...]
    file_name: str
    run: str = DAILY
    own_gate: bool = False
    counted_as: str = "thư"
    tells_end: End | None = None
    once_per_day: bool = True
    by_any_run: bool = True


MAIL_KINDS = {
    kind.key: kind
    for kind in (
        MailKind(REMINDER, "nhắc việc", "đơn vị, lãnh đạo", ("nhac-viec", "hoan-thanh", "tong-hop"), "nhac-viec"),
        MailKind(REPORT, "báo cáo", "Văn phòng", ("bao-cao",), "bao-cao"),
        MailKind(
            FINAL,
            "báo cáo cuối cùng",
            "Văn phòng",
            ("bao-cao",),
            "bao-cao-cuoi-cung",
            own_gate=True,
            tells_end=End.REPORT,
            by_any_run=False,
        ),
        MailKind(QUARANTINE, "trả lại dòng bị loại", "người xuất nguồn", ("tra-lai",), "tra-lai"),
        MailKind(SIGNOFF, "nhắc trình ký", "người ký", ("trinh-ky",), "trinh-ky"),
        MailKind(
            CLOSING, "kết thúc đợt", "đơn vị", ("ket-thuc",), "ket-thuc", tells_end=End.DEADLINE, by_any_run=False
        ),
        MailKind(
            RECEIPT,
            "báo nhận trả lời",
            "đơn vị",
            ("bao-nhan",),
            "bao-nhan",
            run=ANSWERS,
            counted_as="thư báo nhận",
            once_per_day=False,
            by_any_run=False,
        ),
    )
}


def kinds_with(**traits: object) -> frozenset[str]:
    """Return the keys of the kinds whose attributes have these values."""
    wanted = traits.items()
    return frozenset(
        kind.key for kind in MAIL_KINDS.values() if all(getattr(kind, name) == value for name, value in wanted)
    )
