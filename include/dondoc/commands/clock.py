"""The operator's `clock`: what the ledger knows of the time, and a person's word for this machine's clock."""

import argparse
from typing import Any

from dondoc.actor import Actor
from dondoc.installation import ZONE, Installation
from dondoc.ledger import clock
from dondoc.ledger.store import open_ledger


def add_clock_commands(commands: Any) -> None:
    """Add `clock` to the command line."""
    telling = commands.add_parser("clock", help="đồng hồ: xem giờ sổ cái biết, hoặc xác nhận giờ của máy là đúng")
    actions = telling.add_subparsers(dest="action", required=True, metavar="việc")
    actions.add_parser("show", help="in giờ của máy và lần làm việc gần nhất ghi trong sổ cái")
    confirming = actions.add_parser("confirm", help="xác nhận giờ của máy là đúng, sau một lần nhảy giờ bị từ chối")
    confirming.add_argument("--by", required=True, help="họ tên người xác nhận")
    confirming.add_argument("--reason", required=True, help="lý do")


def run_clock_command(installation: Installation, chosen: argparse.Namespace) -> str:
    """Carry out a `clock` command; return what to tell the person."""
    ledger, now = open_ledger(installation.ledger_url), installation.now(ZONE)
    if chosen.action == "confirm":
        by = Actor.of_process(chosen.by)
        clock.confirm(ledger, now, by=by, reason=chosen.reason)
        return f"Đã ghi: {by.words} xác nhận bây giờ là {now:%H:%M ngày %d/%m/%Y}. Chạy lại ô đỏ."
    held = clock.known(ledger)
    lines = [f"Đồng hồ của máy: {now:%H:%M ngày %d/%m/%Y}"]
    if held.database_at:
        lines.append(f"Máy chủ cơ sở dữ liệu: {held.database_at.astimezone(ZONE):%H:%M ngày %d/%m/%Y}")
    seen = f"{held.seen_at.astimezone(ZONE):%H:%M ngày %d/%m/%Y}" if held.seen_at else "chưa có"
    return "\n".join([*lines, f"Lần làm việc gần nhất ghi trong sổ cái: {seen}"])
