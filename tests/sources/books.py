"""Files written by the tests, as offices make them and as nobody should."""

import zipfile
from pathlib import Path

import openpyxl

from dondoc.installation import ROOT
from dondoc.sources.profile import load_profile

PROFILES = ROOT / "include" / "sources"
HEADINGS = ["STT", "Số hồ sơ", "Tên thủ tục", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái"]


def case(number=1, **changes):
    cells = [number, f"H24-{number}", "Cấp phép", "P. QLĐT", "02/10/2023", "10/10/2023", "Đang xử lý"]
    row = dict(zip(HEADINGS, cells, strict=True))
    return list((row | changes).values())


def write_book(path: Path, sheets: dict[str, list[list]], hidden=()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def rewrite_member(path: Path, member: str, change) -> Path:
    """Change one member of the archive at `path` in place."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == member else content)
    return path


def profile_of(name: str, **changes):
    return load_profile(PROFILES / f"{name}.yaml").model_copy(update=changes)
