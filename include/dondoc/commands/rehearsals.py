"""The operator's commands about rehearsals: which there are, and forgetting one."""

import argparse
import re
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from dondoc.errors import DondocError, LedgerError
from dondoc.installation import REHEARSAL_NAME, REHEARSALS, Installation
from dondoc.ledger.stages import drop_schema


def add_rehearsal_commands(commands: Any) -> None:
    """Add `rehearsal` and its actions to the parser's commands."""
    rehearsing = commands.add_parser("rehearsal", help="xem các đợt diễn tập, xóa một đợt")
    actions = rehearsing.add_subparsers(dest="action", required=True, metavar="việc")
    actions.add_parser("list", help="liệt kê các đợt diễn tập")
    removing = actions.add_parser("remove", help="xóa một đợt diễn tập: sổ cái và mọi tệp của riêng nó")
    removing.add_argument("name", help="tên đợt diễn tập")


def run_rehearsal_command(installation: Installation, chosen: argparse.Namespace) -> str:
    """Run the chosen action and return what to print.

    Args:
        installation: the real one.
        chosen: the parsed command.

    Raises:
        DondocError: there is no such rehearsal.
        LedgerError: its ledger cannot be reached.
    """
    known = _names(installation)
    if chosen.action == "list":
        return "\n".join(f"{name}: {_folder(installation) / name}" for name in known) or "Chưa có đợt diễn tập nào."
    if chosen.name not in known:
        raise DondocError(
            f"Không có đợt diễn tập “{chosen.name}”.",
            where=_folder(installation),
            remedy=f"chọn một đợt đã có: {', '.join(known) or 'chưa có đợt nào'}.",
        )
    _remove(installation, chosen.name)
    return f"Đã xóa đợt diễn tập “{chosen.name}”. Sổ cái thật và kết quả thật không đổi."


def _folder(installation: Installation) -> Path:
    return installation.out / REHEARSALS


def _names(installation: Installation) -> list[str]:
    folder = _folder(installation)
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path.name for path in found if path.is_dir() and re.fullmatch(REHEARSAL_NAME, path.name))


def _remove(installation: Installation, name: str) -> None:
    # The folder last: while it stands, the command can be given again.
    if not installation.ledger_url.startswith("sqlite"):
        engine = create_engine(installation.ledger_owner_url or installation.ledger_url, hide_parameters=True)
        try:
            with engine.connect() as connection:
                drop_schema(connection, name)
        except SQLAlchemyError as error:
            raise LedgerError(
                "Không xóa được sổ cái của đợt diễn tập.",
                where=engine.url.render_as_string(hide_password=True),
                remedy="kiểm tra máy chủ cơ sở dữ liệu, quyền xóa lược đồ (DONDOC_LEDGER_OWNER_URL), rồi gõ lại.",
            ) from error
        finally:
            engine.dispose()
    shutil.rmtree(_folder(installation) / name)
