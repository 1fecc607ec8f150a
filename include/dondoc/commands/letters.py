"""The operator's commands about letters that are held: `python -m dondoc letters --help`."""

import argparse
from typing import Any

from dondoc.actor import Actor
from dondoc.campaign.permissions import Right
from dondoc.commands.mail import add_name_and_reason
from dondoc.installation import Installation
from dondoc.ledger.held import CONFIRM, RETURN, HeldLetterDecision, decide_held, mark_of
from dondoc.ledger.letters import SIGNED, Letter, held_letters
from dondoc.ledger.rights import require_right
from dondoc.ledger.store import now, open_ledger
from dondoc.ledger.transitions import STATE_NAMES
from dondoc.vietnamese.wording import number, short_date

HELD = "held"
HELP = {
    CONFIRM: "xác nhận thư bị giữ vẫn dùng được như đã duyệt, đã ký",
    RETURN: "trả lại thư bị giữ; thư đã ký thì không phát hành (chỉ khi chưa gửi cho người dân)",
}


def add_letter_commands(commands: Any) -> None:
    """Add `letters` and what it can do to the operator's commands."""
    parser = commands.add_parser("letters", help="xem và quyết thư xin lỗi bị giữ vì hồ sơ thay đổi")
    acts = parser.add_subparsers(dest="act", required=True, metavar="việc")
    acts.add_parser(HELD, help="các thư đang bị giữ, lý do và mã để quyết").add_argument("campaign", help="mã đợt")
    for name, text in HELP.items():
        deciding = acts.add_parser(name, help=text)
        deciding.add_argument("campaign", help="mã đợt")
        deciding.add_argument("marks", nargs="+", metavar="mã", help="mã của thư, chép từ `letters held`")
        add_name_and_reason(deciding)


def run_letter_command(installation: Installation, chosen: argparse.Namespace) -> str:
    """Do the chosen act; return what to tell the operator.

    Raises:
        DondocError: it cannot be done.
    """
    campaign = installation.campaign(chosen.campaign)
    ledger = open_ledger(installation.ledger_url)
    if chosen.act == HELD:
        found = held_letters(ledger, campaign=campaign.code, as_of=installation.today(campaign.zone))
        return "\n".join(map(_line, found)) or "Không có thư nào đang bị giữ."
    by = Actor.of_process(chosen.by)
    require_right(ledger, campaign, Right.SIGN, by, subject=campaign.code)
    decision = HeldLetterDecision(chosen.act, by, chosen.reason)
    decided = decide_held(ledger, chosen.marks, decision, campaign=campaign.code, at=now())
    if chosen.act == CONFIRM:
        return f"Đã xác nhận {number(len(decided))} thư: dùng đúng như đã duyệt, đã ký."
    void = [letter.number or "" for letter in decided if letter.state == SIGNED]
    told = f"Đã trả lại {number(len(decided))} thư."
    return told + (f" Không phát hành thư số {', '.join(void)}; số đã cấp không dùng lại." if void else "")


def _line(letter: Letter) -> str:
    signed = f", số {letter.number} ngày {short_date(letter.signed_on)}" if letter.signed_on else ""
    since = f"hồ sơ thay đổi ngày {short_date(letter.stale_on)}" if letter.stale_on else "hồ sơ thay đổi"
    return (
        f"{mark_of(letter)}  {letter.unit:<6} {letter.case_number}  {STATE_NAMES[letter.state]}{signed}; "
        f"{since}: {letter.stale_reason}\n{'':14}{letter.path}"
    )
