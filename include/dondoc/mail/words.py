"""What the kinds and states of mails are called, wherever a person reads of them."""

from collections.abc import Mapping

from dondoc.ledger import outbox
from dondoc.ledger.mail_kinds import MAIL_KINDS

SKIPPED = "skipped"
CONTACT = "contact"
BOUNCED = "bounced"
KINDS = {key: kind.name for key, kind in MAIL_KINDS.items()} | {CONTACT: "gửi tới địa chỉ đã bị trả lại"}
STATES = {
    outbox.PLANNED: "chờ gửi",
    outbox.CLAIMED: "đang gửi",
    outbox.SENDING: "đang gửi",
    outbox.SENT: "đã gửi",
    outbox.DEFERRED: "máy chủ hoãn",
    outbox.HELD: "giữ lại",
    outbox.FAILED: "bị từ chối",
    outbox.UNKNOWN: "chưa rõ đã tới chưa",
    outbox.EXPIRED: "hết giờ mà chưa gửi",
    BOUNCED: "bị trả lại",
    SKIPPED: "người gửi khác đã nhận",
}


def in_words(ended: Mapping[str, int]) -> str:
    """Return how many mails ended in which state, as a person reads it."""
    return ", ".join(f"{count} thư {STATES[state]}" for state, count in ended.items())
