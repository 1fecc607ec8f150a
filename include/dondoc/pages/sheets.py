"""Pages of a print as pictures: a reader's browser shows no PDF inside a page without a script."""

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from dondoc.office_files.programs import run_confined
from dondoc.signoff.printing import DRAWER

SECONDS = 20
DOTS_AN_INCH = 120  # A4 is then 992 by 1403, as the page announces it


def can_draw() -> bool:
    """Return whether the program that draws pages is installed."""
    return shutil.which(DRAWER) is not None


@lru_cache(maxsize=32)
def draw_sheet(pdf: bytes, number: int) -> bytes:
    """Return page `number` of `pdf` as PNG.

    Raises:
        ProgramError: there is no such page, or it cannot be drawn.
    """
    looks = ["-png", "-r", str(DOTS_AN_INCH)]
    with tempfile.TemporaryDirectory(prefix="dondoc-trang-") as folder:
        command = [shutil.which(DRAWER) or DRAWER, *looks, "-f", str(number), "-l", str(number), "-"]
        return run_confined(command, folder=Path(folder), seconds=SECONDS, given=pdf)
