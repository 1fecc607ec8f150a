"""`rehearsal`: which rehearsals there are, and forgetting one."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.commands.terminal import command, group
from dondoc.errors import DondocError, LedgerError

if TYPE_CHECKING:
    from dondoc.installation import Installation

rehearsal = group("Diễn tập: xem các đợt diễn tập, xóa một đợt.")


@command(rehearsal, "list", example="rehearsal list")
def list_rehearsals() -> None:
    """Liệt kê các đợt diễn tập và thư mục của từng đợt."""
    real = _real_installation()
    lines = [f"{name}: {_folder(real) / name}" for name in _names(real)]
    print("\n".join(lines) or "Chưa có đợt diễn tập nào.")


@command(rehearsal, "remove", example="rehearsal remove dien-tap")
def remove(
    name: Annotated[str, typer.Argument(metavar="tên", help="tên đợt diễn tập, như `rehearsal list` in")],
) -> None:
    """Xóa một đợt diễn tập: sổ cái và mọi tệp của riêng nó."""
    real = _real_installation()
    known = _names(real)
    if name not in known:
        raise DondocError(
            f"Không có đợt diễn tập “{name}”.",
            where=_folder(real),
            remedy=f"chọn một đợt đã có: {', '.join(known) or 'chưa có đợt nào'}.",
        )
    # First: nothing is removed that the audit does not tell.
    noted = _audit(real, name)
    _remove(real, name)
    said = "Sổ kiểm toán của sổ cái thật ghi ai đã xóa" if noted else "Chưa có sổ cái thật nên không ghi ở đâu"
    print(f"Đã xóa đợt diễn tập “{name}”. {said}; kết quả thật không đổi.")


def _real_installation() -> "Installation":
    # Also where the environment rehearses: a rehearsal lies in the real installation's folder.
    from dondoc.installation import Installation

    return Installation.real()


def _folder(installation: "Installation") -> Path:
    from dondoc.installation import REHEARSALS

    return installation.out / REHEARSALS


def _names(installation: "Installation") -> list[str]:
    from dondoc.installation import REHEARSAL_NAME

    folder = _folder(installation)
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path.name for path in found if path.is_dir() and re.fullmatch(REHEARSAL_NAME, path.name))


def _audit(installation: "Installation", name: str) -> bool:
    """Enter in the real ledger who removes what; return whether there is one."""
    from dondoc.actor import Actor
    from dondoc.ledger import audit
    from dondoc.ledger.store import may_exist, open_ledger

    if not may_exist(installation.ledger_url):
        return False
    act = audit.Act(Actor.of_process(), "rehearsal.removed", name, {"folder": f"{_folder(installation).name}/{name}"})
    audit.record(open_ledger(installation.ledger_url), act)
    return True


def _remove(installation: "Installation", name: str) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError

    from dondoc.ledger.stages import drop_schema

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
