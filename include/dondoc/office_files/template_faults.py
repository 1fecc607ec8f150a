"""Say what is wrong with a template, to the person who edits it; Jinja's own are English and speak of Python."""

import re
import traceback

from jinja2 import TemplateError, TemplateSyntaxError

# What rendering raises when a template does to a value what cannot be done to it.
MISUSE = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)

SAYINGS = {
    r"'(?P<it>[^']+)' is undefined": "không có trường “{it}”",
    r"has no attribute '(?P<it>[^']+)'": "không có trường “{it}”",
    r"has no element (?P<it>\S+)": "danh sách không có phần tử thứ {it}",
    r"attribute '(?P<it>[^']+)' of .* unsafe": "không được dùng “{it}” trong mẫu",
    r"is not safely callable": "không được gọi hàm trong mẫu",
    r"innermost block that needs to be closed is '(?P<it>\w+)'": "thiếu thẻ đóng {{% end{it} %}}",
    r"unknown tag '(?P<it>[^']+)'": "không có lệnh “{it}”",
    r"No (?:filter|test) named '(?P<it>[^']+)'": "không có bộ lọc “{it}”",
    r"unexpected end of template|Unexpected end of template": "thẻ mở ra mà chưa đóng",
    r"expected token .* got '(?P<it>[^']+)'": "thẻ viết sai ở “{it}”",
    r"unexpected '(?P<it>[^']+)'|unexpected char '(?P<that>[^']+)'": "thẻ viết sai ở “{it}”",
}
MALFORMED = "thẻ viết sai"
MISUSED = "mẫu làm một phép không làm được với giá trị của trường"


def fault_of(error: Exception) -> str:
    """Return what is wrong with the template `error` came of: an error of Jinja, or one of `MISUSE`."""
    if not isinstance(error, TemplateError):
        return MISUSED
    for pattern, words in SAYINGS.items():
        if found := re.search(pattern, str(error.message or ""), re.DOTALL):
            given = next((text for text in found.groups() if text), "")
            return words.format(it=given)
    return MALFORMED


def line_of(error: Exception, name: str) -> int | None:
    """Return the line of the template file `name` at which `error` arose, None where that is unknown."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename.endswith(name)]
    return lines[-1] if lines else None
