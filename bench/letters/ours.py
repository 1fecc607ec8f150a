"""Letters as the drafting step fills them: the template compiled once, each letter read back for its own words."""

import json
from collections.abc import Callable
from pathlib import Path

from bench.letters.reading import say_the_same
from dondoc.installation import ROOT
from dondoc.letters.draft import MUST_SHOW
from dondoc.office_files.word import WordTemplate

TEMPLATE = ROOT / "include" / "templates" / "letters" / "xin-loi-da-tra.docx"


def run(material: Path, _out: Path, lap: Callable[[str], None]) -> dict[str, int]:
    """Fill every letter; return how many, and what they say."""
    rows = [json.loads(line) for line in (material / "letters.jsonl").open(encoding="utf-8")]
    lap("load")
    template = WordTemplate(TEMPLATE)
    letters = [template.render(row, must_show=MUST_SHOW) for row in rows]
    lap("fill")
    found = say_the_same(letters)
    lap("read back")
    return found
