"""The operator's `ledger`: made or upgraded, and accepted anew after it was lost or restored."""

import argparse
from typing import Any

from dondoc.actor import Actor
from dondoc.installation import Installation
from dondoc.ledger.journal import accept
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.vietnamese.wording import number


def add_ledger_commands(commands: Any) -> None:
    """Add `ledger` to the command line."""
    keeping = commands.add_parser("ledger", help="tạo sổ cái hoặc nâng cấp lên phiên bản của phần mềm")
    actions = keeping.add_subparsers(dest="action", metavar="việc")
    accepting = actions.add_parser("accept", help="nhận dùng sổ cái này với thư mục kết quả này, sau khi khôi phục")
    accepting.add_argument("--by", required=True, help="họ tên người quyết định")
    accepting.add_argument("--reason", required=True, help="lý do")


def run_ledger_command(installation: Installation, chosen: argparse.Namespace) -> str:
    """Carry out a `ledger` command; return what to tell the person."""
    if chosen.action is None:
        upgrade_ledger(installation.ledger_url, owner_url=installation.ledger_owner_url)
        return ""
    by, ledger = Actor.of_process(chosen.by), open_ledger(installation.ledger_url)
    entered = accept(ledger, installation.out, by=by, reason=chosen.reason)
    return (
        f"Đã nhận sổ cái. {number(entered)} thư đã đưa cho máy chủ thư mà sổ cái này không biết: ghi là chưa rõ đã tới "
        "chưa, không tự gửi lại; xem `python -m dondoc mail list`.\n"
    )
