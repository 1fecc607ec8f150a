"""The words a Word document prints, line by line, and what of it may print otherwise than it reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dondoc.errors import UntrustedError
from dondoc.letters.print_check import find_unshown, margins_of
from dondoc.letters.print_check.elements import name_of
from dondoc.letters.print_check.fields import Fields
from dondoc.letters.print_check.package import WORD, WordPackage

BODY = "thân thư"
MARGINS = {"hdr": "đầu trang", "ftr": "chân trang"}
BLANKS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}


@dataclass(frozen=True)
class Printed:
    """What a document prints.

    Attributes:
        lines: place and text of each paragraph that is not blank; body, headers and footers.
        unshown: what of it may print otherwise than it reads, in words.
        pictures: hashes of the pictures in it.
    """

    lines: tuple[tuple[str, str], ...]
    unshown: frozenset[str]
    pictures: frozenset[str]


def printed(content: bytes) -> Printed:
    """Return what the Word document `content` prints.

    Raises:
        UntrustedError: there is no Word document to be read in it.
    """
    package = WordPackage(content)
    document = package.document
    if document is None:
        raise UntrustedError(
            "Trong tệp không có văn bản Word đọc được.",
            where="tệp Word",
            remedy="mở tệp bằng Word, lưu lại dạng .docx không mật khẩu, rồi đặt lại.",
        )
    parts = [(BODY, document), *((MARGINS[name_of(root)], root) for root in margins_of(package, document))]
    lines = [(place, line) for place, root in parts for line in map(_line, root.iter(f"{WORD}p")) if line]
    return Printed(tuple(lines), frozenset(find_unshown(content)), package.pictures)


def _line(paragraph: Any) -> str:
    return " ".join("".join(_words(paragraph, Fields.of(paragraph))).split())


def _words(holder: Any, fields: Fields) -> Iterator[str]:
    """Yield the text in `holder`, paragraphs within it aside: they are lines of their own."""
    for element in holder:
        name = name_of(element)
        if element in fields.hidden or name == "p":
            continue
        if name == "t":
            yield element.text or ""
        elif name in BLANKS:
            yield BLANKS[name]
        else:
            yield from _words(element, fields)
