"""What is wrong with a text that is no YAML, in the words of who wrote it."""

import re
from pathlib import Path
from typing import Any

import yaml

from dondoc.errors import Problem

SHOWN = 100
# PyYAML's own words, of the parser in Python: what most likely happened, and what to do about it.
CAUSES = {
    r"found character '\\t'": ("có phím Tab", "thay phím Tab bằng dấu cách: mỗi bậc thụt vào hai dấu cách."),
    r"found character '(?P<it>.)'": ("giá trị bắt đầu bằng ký tự “{it}”", "đặt cả giá trị trong dấu nháy kép."),
    r"mapping values are not allowed": (
        "có dấu hai chấm trong chữ, thiếu dấu cách sau dấu hai chấm, hoặc dòng thụt sai bậc",
        "chữ có dấu hai chấm thì đặt trong dấu nháy kép; "
        "viết “tên: giá trị”, có dấu cách; các mục ngang hàng thụt bằng nhau.",
    ),
    r"found unexpected end of stream": (
        "dấu nháy mở ở dòng {opened} chưa đóng",
        "thêm dấu nháy đóng ở cuối giá trị của dòng {opened}.",
    ),
    r"expected ',' or '\]'": (
        "ngoặc vuông mở ở dòng {opened} chưa đóng, hoặc thiếu dấu phẩy",
        "thêm dấu ] hoặc dấu phẩy.",
    ),
    r"expected ',' or '}}'": (
        "ngoặc nhọn mở ở dòng {opened} chưa đóng, thiếu dấu phẩy, hoặc có dấu hai chấm trong chữ",
        "thêm dấu }} hoặc dấu phẩy; chữ có dấu hai chấm, dấu phẩy thì đặt trong dấu nháy kép.",
    ),
    r"but found '<scalar>'": (
        "dấu nháy ở dòng {odd} chưa đóng, hoặc có chữ thừa sau dấu nháy đóng",
        "thêm dấu nháy đóng ở dòng {odd}, hoặc đặt cả giá trị trong một cặp dấu nháy kép.",
    ),
    r"expected <block end>": (
        "dòng thụt sai bậc, hoặc thiếu dấu “- ” ở đầu",
        "các mục ngang hàng phải thụt bằng nhau.",
    ),
    r"could not find expected ':'": ("dòng {opened} không có dấu hai chấm", "viết dạng “tên: giá trị”."),
    r"undefined alias|scanning an alias": ("giá trị bắt đầu bằng dấu *", "đặt cả giá trị trong dấu nháy kép."),
    r"scanning an anchor|second occurrence": ("giá trị bắt đầu bằng dấu &", "đặt cả giá trị trong dấu nháy kép."),
    r"constructor for the tag|scanning a tag|parsing a node": (
        "giá trị bắt đầu bằng dấu !",
        "đặt cả giá trị trong dấu nháy kép.",
    ),
    r"unknown escape character|escape sequence": (
        "có dấu \\ trong dấu nháy kép",
        "đổi sang dấu nháy đơn, hoặc viết \\\\ thay cho \\.",
    ),
    r"scanning a block scalar": ("giá trị bắt đầu bằng dấu | hoặc >", "đặt cả giá trị trong dấu nháy kép."),
    r"sequence entries are not allowed": (
        "dấu “- ” đứng cùng dòng với tên mục, hoặc thụt sai bậc",
        "xuống dòng trước dấu “- ”; các dấu “- ” của một danh sách thụt bằng nhau.",
    ),
    r"another document": ("có dòng “---” ở giữa tệp", "bỏ dòng đó: mỗi tệp chỉ có một nội dung."),
    r"unhashable key": ("tên mục là một danh sách", "bỏ ngoặc hoặc dấu ? ở tên mục."),
}
UNKNOWN = ("cú pháp YAML sai", "so với tệp mẫu cùng loại trong thư mục include/; sửa dòng nêu trên.")


def syntax_problem(text: str, path: Path, error: Exception) -> Problem:
    """Return why `text` is no YAML: line, column, the line itself, the likely cause and its remedy."""
    told = _in_python(text) or error
    mark = getattr(told, "problem_mark", None)
    if isinstance(told, yaml.reader.ReaderError):
        line, column = _place_of(text, told.position)
        cause = "có ký tự điều khiển không nhìn thấy"
        remedy = "xóa cả dòng rồi gõ lại."
    else:
        line, column = (mark.line, mark.column) if mark else (0, 0)
        cause, remedy = _cause_of(told, line, text)
    shown = text.splitlines()[line].strip()[:SHOWN] if line < len(text.splitlines()) else ""
    at = f", tại “{_printable(shown)}”" if shown else ""
    return Problem(f"Tệp cấu hình không đọc được: {cause}{at}.", f"{path}, dòng {line + 1}, cột {column + 1}", remedy)


def _in_python(text: str) -> yaml.YAMLError | None:
    """Return the error of the parser in Python, whose words are the same everywhere and tell more."""
    try:
        yaml.load(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return error
    except ValueError:
        return None
    return None


def _cause_of(error: Exception, line: int, text: str) -> tuple[str, str]:
    said = " ".join(str(getattr(error, part, None) or "") for part in ("context", "problem"))
    opened = getattr(error, "context_mark", None)
    for pattern, told in CAUSES.items():
        if found := re.search(pattern.replace("}}", "}"), said):
            known: dict[str, Any] = {
                "opened": (opened.line if opened else line) + 1,
                "odd": _odd_quote(text, line),
                **found.groupdict(),
            }
            return told[0].format(**known), told[1].format(**known)
    return UNKNOWN


def _odd_quote(text: str, until: int) -> int:
    """Return the first line with a quote that has no partner on it, up to the line `until`, which it is otherwise."""
    lines = [line.partition(" #")[0] for line in text.splitlines()[: until + 1]]
    odd = (i for i, line in enumerate(lines, start=1) if line.count('"') % 2 or line.count("'") % 2)
    return next(odd, until + 1)


def _place_of(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text)
