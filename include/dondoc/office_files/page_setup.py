"""How a sheet is printed: legible on A4 paper lying on its side, whatever its columns and rows."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from dondoc.vietnamese.wording import number

A4 = 9
# Of paper between margins of a centimetre.
POINTS_OF_A_PAGE = (297 - 20) / 25.4 * 72
MARGIN_INCHES = 1 / 2.54
# Words of 11 points are then 6 points high: smaller ones cannot be read.
SMALLEST_SCALE = 0.56
# A list that goes on for a hundred pages helps nobody on paper.
ROWS_PRINTED = 200
MOST_NAMES = 2


def set_up_page(sheet: Worksheet, widths: Sequence[int], *, names: int) -> None:
    """Lay a sheet on as many pages side by side as its columns take to be read, each under the names of its rows.

    Args:
        sheet: what is printed.
        widths: of the columns on paper, in characters.
        names: how many of the first columns name a row; at most `MOST_NAMES` of them come again on each page.
    """
    named = min(names, MOST_NAMES)
    across = _pages_across(widths, named)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=MARGIN_INCHES, right=MARGIN_INCHES, top=MARGIN_INCHES, bottom=2 * MARGIN_INCHES)
    sheet.set_footer("&L&8&A&R&8Trang &P/&N")
    sheet.fit_to_pages(across, 0)
    if across > 1 and named:
        sheet.repeat_columns(0, named - 1)


def printing_note(rows: int) -> str:
    """Return what a list of so many rows says of its printing; empty where all of it is printed."""
    if rows <= ROWS_PRINTED:
        return ""
    shown = number(rows)
    return f"Khi in: chỉ {ROWS_PRINTED} dòng đầu trong {shown} dòng. Muốn in đủ: xóa vùng in (Print Area) của trang."


def _pages_across(widths: Sequence[int], named: int) -> int:
    room = POINTS_OF_A_PAGE / SMALLEST_SCALE
    taken = sum(map(_points, widths))
    if taken <= room:
        return 1
    repeated = sum(map(_points, widths[:named]))
    return int(-(-(taken - repeated) // max(room - repeated, 1)))


def _points(width: int) -> float:
    """Return how wide a column is: seven pixels a digit and five around it, 96 to the inch."""
    return (7 * width + 5) * 0.75
