"""The operator's decisions about a day: to let its mail through a closed gate, to take a source of it anew."""

import argparse
from datetime import date
from typing import Any

from dondoc.actor import Actor
from dondoc.campaign import ALL_GATES, EVERY_GATE, GATES
from dondoc.campaign.permissions import Right
from dondoc.commands.mail import add_name_and_reason
from dondoc.errors import SourceError
from dondoc.installation import Installation
from dondoc.ledger.gates import Override, override_gate
from dondoc.ledger.retakes import Retake, decide_retake
from dondoc.ledger.rights import require_right
from dondoc.ledger.store import open_ledger
from dondoc.vietnamese.wording import short_date

OVERRIDE, RETAKE = "override", "retake"
GATE_NAMES = GATES | {ALL_GATES: EVERY_GATE}


def add_decision_commands(commands: Any) -> None:
    """Add `override` and `retake` to the operator's commands."""
    overriding = commands.add_parser(OVERRIDE, help="cho thư của một ngày đi qua cổng kiểm soát đang đóng")
    retaking = commands.add_parser(RETAKE, help="quyết định lấy lại nguồn cho một ngày đã qua; rồi chạy lại ngày ấy")
    for parser in (overriding, retaking):
        parser.add_argument("campaign", help="mã đợt")
        parser.add_argument("date", type=date.fromisoformat, help="ngày, dạng 2023-11-14")
    overriding.add_argument("gate", help="; ".join(f"{name}: {words}" for name, words in GATE_NAMES.items()))
    retaking.add_argument("source", help="tên nguồn")
    for parser in (overriding, retaking):
        add_name_and_reason(parser)


def run_decision_command(installation: Installation, chosen: argparse.Namespace) -> str:
    """Record the decision in the name of the account that runs the command; return what to tell the operator.

    Raises:
        DondocError: it cannot be taken, or not by them.
    """
    return {OVERRIDE: _override, RETAKE: _retake}[chosen.command](installation, chosen)


def _override(installation: Installation, chosen: argparse.Namespace) -> str:
    campaign, ledger = installation.campaign(chosen.campaign), open_ledger(installation.ledger_url)
    by = Actor.of_process(chosen.by)
    require_right(ledger, campaign, Right.OPEN_GATES, by, subject=f"{campaign.code} {chosen.date}")
    wish = Override(campaign.code, chosen.date, chosen.gate, reason=chosen.reason)
    decided = override_gate(ledger, wish, by=by)
    return (
        f"{decided.campaign}, ngày {short_date(decided.business_date)}: cổng {GATE_NAMES[decided.gate]} mở theo "
        f"quyết định của {decided.decided_by}: {decided.reason}.\nChạy lại cả ngày để thư được gửi."
    )


def _retake(installation: Installation, chosen: argparse.Namespace) -> str:
    named = [source.name for source in installation.campaign(chosen.campaign).sources]
    if chosen.source not in named:
        raise SourceError(
            f"Không có nguồn “{chosen.source}”.", where=chosen.campaign, remedy=f"chọn một nguồn: {', '.join(named)}."
        )
    by = Actor.of_process(chosen.by)
    wish = Retake(chosen.campaign, chosen.date, chosen.source, decided_by=by, reason=chosen.reason)
    decide_retake(open_ledger(installation.ledger_url), wish)
    return f"{chosen.campaign}: lượt chạy tới của ngày {short_date(chosen.date)} lấy lại nguồn {chosen.source}."
