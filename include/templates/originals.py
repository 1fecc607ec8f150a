"""Restore the office's original Word templates: `python include/templates/originals.py`.

Staff edit the .docx files in Word; this writes them anew as they were issued, the same bytes every time.
"""

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path

from docx.document import Document
from original_letters import pending_letter, pending_letter_2025, returned_letter, returned_letter_2025
from original_public_list import public_list
from original_report import addendum, daily_figures, report

HERE = Path(__file__).parent
ISSUED_AT = datetime(2023, 11, 1)  # noqa: DTZ001 (a Word property has no zone)
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
ORIGINALS = {
    "letters/xin-loi-chua-tra.docx": pending_letter,
    "letters/xin-loi-da-tra.docx": returned_letter,
    "letters/xin-loi-chua-tra-2025.docx": pending_letter_2025,
    "letters/xin-loi-da-tra-2025.docx": returned_letter_2025,
    "letters/danh-sach-xin-loi.docx": public_list,
    "report/bao-cao.docx": report,
    "report/so-lieu-ngay.docx": daily_figures,
    "report/dinh-chinh.docx": addendum,
}


def write_originals(folder: Path) -> list[Path]:
    """Write every original template under `folder` and return the paths."""
    paths = []
    for name, build in ORIGINALS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_fixed_bytes(build()))
        paths.append(path)
    return paths


def _fixed_bytes(document: Document) -> bytes:
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = ISSUED_AT
    properties.language, properties.revision = "vi-VN", 1
    saved, fixed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return fixed.getvalue()


if __name__ == "__main__":
    for written in write_originals(HERE):
        print(f"đã khôi phục {written}")
    sys.exit(0)
