"""Letters as everyone fills them: one DocxTemplate a letter, escaped so that no name is lost."""

import io
import json
from collections.abc import Callable
from pathlib import Path

from docxtpl import DocxTemplate

from bench.letters.reading import say_the_same

TEMPLATE = Path(__file__).resolve().parents[2] / "include" / "templates" / "letters" / "xin-loi-da-tra.docx"


def run(material: Path, _out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Fill every letter; return how many, and what they say."""
    rows = [json.loads(line) for line in (material / "letters.jsonl").open(encoding="utf-8")]
    lap("load")
    letters = [fill(row) for row in rows]
    lap("fill")
    found = say_the_same(letters)
    lap("read back")
    return found


def fill(values: dict[str, str]) -> bytes:
    """Return one letter."""
    template = DocxTemplate(TEMPLATE)
    template.render(values, autoescape=True)
    buffer = io.BytesIO()
    template.save(buffer)
    return buffer.getvalue()
