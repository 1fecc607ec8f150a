"""A workbook that XlsxWriter writes once, and that is filled anew for each reader: other rows, other words, same looks.

XlsxWriter takes 30 ms for a workbook of five sheets; an office of two hundred units needs some hundreds a day that
differ in their rows alone. All but the rows is laid out once, like a letter's template (`docx_package`).

Source: ECMA-376, part 1, 18.3.1.73 (row), 18.3.1.4 (c), 18.3.1.32 (dataValidation).
"""

import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name

from dondoc.office_files.docx_package import DocxPackage
from dondoc.office_files.sheet_rows import LONGEST
from dondoc.office_files.workbook import FIRST_ROW

STRINGS = "xl/sharedStrings.xml"
BOOK = "xl/workbook.xml"
# What stands for a word to come is framed by characters no text of ours holds.
OPENING = "\ue000"
CLOSING = "\ue001"
WORD = re.compile(f"{OPENING}(.*?){CLOSING}")
PATTERN = re.compile(rf'<row r="{FIRST_ROW}".*</row></sheetData>')
ROW = re.compile("<row .*?</row>")
STYLE = re.compile(r' s="(\d+)"')
# The last row of a range: of the sheet, and of its filter, which the book tells once more.
RANGE_END = re.compile(r'(<(?:dimension|autoFilter) ref="A\d+:[A-Z]+)\d+"')
RULES = re.compile("<dataValidations .*</dataValidations>")
RULE = re.compile(rf'<dataValidation [^>]*sqref="([A-Z]+){FIRST_ROW}".*?</dataValidation>')
UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# `_xHHHH_` in a text is an escape of SpreadsheetML (22.4.2.4).
ESCAPE_LIKE = re.compile(r"(?=_x[0-9a-fA-F]{4}_)")
EPOCH = date(1899, 12, 30)


def word_to_come(name: str) -> str:
    """Return what stands in a prepared workbook for the word `name`."""
    return f"{OPENING}{name}{CLOSING}"


@dataclass(frozen=True)
class Rows:
    """The content that fills one sheet.

    Attributes:
        columns: the values of each column, all of one length: text, whole numbers, days; None is an empty cell.
        closed: by place of a column, the rows (from 0) whose cell is closed although the column is to be filled in.
        checked: places of the columns whose check on what is typed applies.
        heights: points of each row; none where the program that opens it is to choose.
    """

    columns: Sequence[Sequence[Any]]
    closed: Mapping[int, Collection[int]] = field(default_factory=dict)
    checked: Collection[int] = ()
    heights: Sequence[int] = ()

    @property
    def last(self) -> int:
        """Return the number of the last row, counted from 1; that of the headings where there is none."""
        return FIRST_ROW - 1 + len(self.columns[0])


class PreparedWorkbook:
    """A workbook laid out once; `build` fills it."""

    def __init__(self, content: bytes, tables: Sequence[str]) -> None:
        """Take apart a workbook.

        Args:
            content: what `workbook.Workbook` wrote; words to come stand in its texts as `word_to_come` gives them.
            tables: the names of its first sheets, as `add_pattern` added them.
        """
        names = {f"xl/worksheets/sheet{i}.xml": name for i, name in enumerate(tables, start=1)}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part: archive.read(part).decode() for part in (STRINGS, BOOK, *names)}
        self._sheets = {name: _Sheet(part, parts[part]) for part, name in names.items()}
        self._strings = WORD.split(parts[STRINGS])
        self._book = parts[BOOK]
        self._package = DocxPackage(content, filled=parts)

    def build(self, words: Mapping[str, str], tables: Mapping[str, Rows]) -> bytes:
        """Return the workbook with `words` by name, and `tables` by sheet, one for each it was prepared with."""
        pieces = [cell_text(words[piece]) if i % 2 else piece for i, piece in enumerate(self._strings)]
        parts = {STRINGS: "".join(pieces)}
        book = self._book
        for name, rows in tables.items():
            sheet = self._sheets[name]
            parts[sheet.part] = sheet.filled(rows)
            filtered = re.compile(rf"(>'?{re.escape(escape(name))}'?!\$A\$\d+:\$[A-Z]+\$)\d+<")
            book = filtered.sub(rf"\g<1>{rows.last}<", book)
        return self._package.build({part: xml.encode() for part, xml in (parts | {BOOK: book}).items()})


class _Sheet:
    """A sheet around its pattern rows."""

    def __init__(self, part: str, xml: str) -> None:
        found = PATTERN.search(xml)
        if found is None:
            raise ValueError(f"no pattern row in {part}")
        self.part = part
        self._styles = [STYLE.findall(row) for row in ROW.findall(found[0])]
        self._before = xml[: found.start()]
        after = xml[found.end() :]
        self._checks = {rule[1]: rule[0] for rule in RULE.finditer(after)}
        self._after = RULES.split(after) if self._checks else [after, ""]

    def filled(self, rows: Rows) -> str:
        before, after = (RANGE_END.sub(rf'\g<1>{rows.last}"', text) for text in (self._before, self._after[0]))
        return f"{before}{self._rows(rows)}</sheetData>{after}{self._checks_of(rows)}{self._after[1]}"

    def _checks_of(self, rows: Rows) -> str:
        wanted = {xl_col_to_name(place) for place in rows.checked}
        checks = [
            rule.replace(f'sqref="{letters}{FIRST_ROW}"', f'sqref="{letters}{FIRST_ROW}:{letters}{rows.last}"')
            for letters, rule in self._checks.items()
            if letters in wanted
        ]
        return f'<dataValidations count="{len(checks)}">{"".join(checks)}</dataValidations>' if checks else ""

    def _rows(self, rows: Rows) -> str:
        columns = [
            _cells(values, xl_col_to_name(i), [styles[i] for styles in self._styles], rows.closed.get(i, ()))
            for i, values in enumerate(rows.columns)
        ]
        numbers = range(FIRST_ROW, rows.last + 1)
        if rows.heights:
            heads = [f'<row r="{n}" ht="{h}" customHeight="1">' for n, h in zip(numbers, rows.heights, strict=True)]
        else:
            heads = [f'<row r="{n}">' for n in numbers]
        return "".join(["".join((*row, "</row>")) for row in zip(heads, *columns, strict=True)])


def _cells(values: Sequence[Any], letters: str, styles: Sequence[str], closed: Collection[int]) -> list[str]:
    cells = []
    for row, value in enumerate(values):
        start = f'<c r="{letters}{FIRST_ROW + row}" s="{styles[row in closed]}"'
        if value is None:
            cells.append(f"{start}/>")
        elif isinstance(value, str):
            # Always an inline string: a source's "=…" must never become a formula.
            cells.append(f'{start} t="inlineStr"><is><t xml:space="preserve">{cell_text(value)}</t></is></c>')
        else:
            shown = (value - EPOCH).days if isinstance(value, date) else value
            cells.append(f"{start}><v>{shown}</v></c>")
    return cells


# Units, officials and procedures come back in row after row.
@lru_cache(maxsize=4096)
def cell_text(text: str) -> str:
    """Return `text` as it stands in a cell's XML: what XML cannot hold left out, what a cell cannot hold cut."""
    printable = ESCAPE_LIKE.sub("_x005F", UNPRINTABLE.sub("", text[:LONGEST]))
    return escape(printable, {"\r": "&#13;"})
