"""All that a Word document can print, whatever part of it says so: lines of text, and what is no text but prints."""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from dondoc.errors import UntrustedError
from dondoc.files import sha256_of

MOST_UNPACKED, MOST_MEMBERS = 100_000_000, 2_000
BODY = "thân thư"
PLACES = {
    "document": BODY,
    "hdr": "đầu trang",
    "ftr": "chân trang",
    "footnotes": "chú thích cuối trang",
    "endnotes": "chú thích cuối văn bản",
    "comments": "ý kiến bên lề",
}
ELSEWHERE = "hình vẽ, biểu đồ"
BLANKS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
# What is deleted, or only said to programs, does not print.
SILENT = {"del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr"}
UNPRINTED = {"styles", "settings", "fonts", "webSettings", "theme", "people", "glossaryDocument", "Types"}
OWN_FIELDS = {"PAGE", "NUMPAGES"}
# What prints, or changes what prints, without being text of its own.
EXTRAS = {
    "ins": "đoạn thêm chưa chấp nhận",
    "del": "đoạn xóa chưa chấp nhận",
    "altChunk": "văn bản nhúng",
    "subDoc": "văn bản nhúng",
    "dataBinding": "ô lấy nội dung từ dữ liệu ẩn",
    "object": "đối tượng nhúng",
    "control": "nút điều khiển",
    "oMath": "công thức",
}
LABEL = re.compile(r"%\d")
# White on white, or too small to be seen.
WHITE, LEAST_SIZE = re.compile(r"f[0-9a-f]f[0-9a-f]f[0-9a-f]", re.IGNORECASE), 8


@dataclass
class Printed:
    """What a document prints.

    Attributes:
        lines: place and text of each paragraph that is not blank, parts in their order.
        extras: what is no text but prints or changes what prints, in words, with how often.
    """

    lines: list[tuple[str, str]] = field(default_factory=list)
    extras: Counter[str] = field(default_factory=Counter)


def printed(content: bytes) -> Printed:
    """Return all that the Word document `content` can print.

    Raises:
        UntrustedError: it is no Word document, is protected, or unpacks beyond all measure.
    """
    found, parts = Printed(), list[Any]()
    for _, member in sorted(_members(content).items()):
        if member.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
            parts.append(_parsed(member))
        else:
            found.extras[f"hình hoặc đối tượng {sha256_of(member)[:12]}"] += 1
    unseen = {style for part in parts if _name(part) == "styles" for style in _hidden_styles(part)}
    for part in parts:
        _read_part(part, unseen, found)
    if not any(place == BODY for place, _ in found.lines):
        raise _unreadable("trong tệp không có thân văn bản Word")
    return found


def _members(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > MOST_MEMBERS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise _unreadable("tệp nén bung ra lớn bất thường")
            if len({entry.filename for entry in entries}) != len(entries):
                raise _unreadable("hai thành phần cùng tên")
            return {entry.filename: package.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _unreadable("không phải tệp .docx, hoặc có mật khẩu") from error


def _parsed(member: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(member, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unreadable("XML bên trong hỏng") from error
    if root.getroottree().docinfo.doctype:
        raise _unreadable("XML bên trong có khai báo DTD")
    return root


def _unreadable(why: str) -> UntrustedError:
    return UntrustedError(
        f"Không đọc được tệp Word: {why}.",
        where="tệp trả về",
        remedy="mở tệp bằng Word, lưu lại dạng .docx không mật khẩu, rồi đặt lại.",
    )


def _read_part(part: Any, unseen: Set[str], found: Printed) -> None:
    kind = _name(part)
    if kind == "Relationships":
        _read_links(part, found)
    elif kind == "numbering":
        _read_labels(part, found)
    elif kind not in UNPRINTED:
        _Walk(PLACES.get(kind, ELSEWHERE), unseen, found).follow(part)


def _hidden_styles(styles: Any) -> Iterator[str]:
    for style in styles:
        if _hides(_child(style, "rPr")):
            yield _attribute(style, "styleId")


def _read_links(root: Any, found: Printed) -> None:
    for link in root:
        if link.get("TargetMode") == "External" and not str(link.get("Type")).endswith("/hyperlink"):
            found.extras[f"nội dung lấy từ ngoài: {link.get('Target')}"] += 1


def _read_labels(root: Any, found: Printed) -> None:
    for label in root.iter():
        text = _value(label) if _name(label) == "lvlText" else ""
        if any(char.isalnum() for char in LABEL.sub("", text)):
            found.extras[f"số thứ tự tự động “{text}”"] += 1


@dataclass
class _Walk:
    """One part, walked from its start to its end."""

    place: str
    unseen: Set[str]
    found: Printed
    open: list[list[str]] = field(default_factory=list)
    # The codes of the fields we stand in, and whether their results are ours to skip.
    fields: list[list[Any]] = field(default_factory=list)
    fallback: int = 0
    spare: list[str] = field(default_factory=list)

    def follow(self, root: Any) -> None:
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            name = _name(element)
            if event == "end":
                self._leave(name)
                continue
            if name in EXTRAS:
                self.found.extras[EXTRAS[name]] += 1
            if name == "instrText" and self.fields:
                self.fields[-1][0] += element.text or ""
            if name in SILENT or self._is_hidden(name, element) or self._own_field(name, element):
                steps.skip_subtree()
            self._enter(name, element)
        self._keep_spare()

    def _is_hidden(self, name: str, element: Any) -> bool:
        if name not in ("p", "r"):
            return False
        properties = _child(element, f"{name}Pr")
        style = _child(properties, f"{name}Style")
        named = style is not None and _value(style) in self.unseen
        return named or (name == "r" and _hides(properties))

    def _own_field(self, name: str, element: Any) -> bool:
        code = _attribute(element, "instr") if name == "fldSimple" else ""
        if not code:
            return False
        self._count(code)
        return _is_own(code)

    def _enter(self, name: str, element: Any) -> None:
        self.fallback += name == "Fallback"
        if name == "p":
            self.open.append([])
        elif name == "fldChar":
            self._field(_attribute(element, "fldCharType"))
        elif self.open and not any(skipped for _, skipped in self.fields):
            if name == "t":
                self.open[-1].append(element.text or "")
            elif name == "sym":
                self.open[-1].append(f"[{_attribute(element, 'font')} {_attribute(element, 'char')}]")
            else:
                self.open[-1].append(BLANKS.get(name, ""))

    def _leave(self, name: str) -> None:
        self.fallback -= name == "Fallback"
        if name == "p" and self.open:
            line = " ".join("".join(self.open.pop()).split())
            if line and self.fallback:
                self.spare.append(line)
            elif line:
                self.found.lines.append((self.place, line))

    def _keep_spare(self) -> None:
        """Keep what only a program of another kind prints, unless it says what the others print too."""
        said = {line for place, line in self.found.lines if place == self.place}
        self.found.lines += [(self.place, line) for line in self.spare if line not in said]

    def _field(self, step: str) -> None:
        if step == "begin":
            self.fields.append(["", False])
        elif step == "separate" and self.fields:
            self.fields[-1][1] = _is_own(self.fields[-1][0])
        elif step == "end" and self.fields:
            self._count(self.fields.pop()[0])

    def _count(self, code: str) -> None:
        if not _is_own(code):
            self.found.extras[f"trường tự động {' '.join(code.split())}"] += 1


def _is_own(code: str) -> bool:
    return code.split()[:1] in [[own] for own in OWN_FIELDS]


def _child(element: Any, name: str) -> Any:
    return next((child for child in element if _name(child) == name), None) if element is not None else None


def _hides(properties: Any) -> bool:
    """Return whether text of these properties cannot be seen on paper."""
    for found in properties if properties is not None else ():
        name, value = _name(found), _value(found)
        if name == "vanish" and value not in ("0", "false", "off"):
            return True
        if name == "color" and WHITE.fullmatch(value):
            return True
        if name == "sz" and value.isdecimal() and int(value) < LEAST_SIZE:
            return True
    return False


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _value(element: Any) -> str:
    return _attribute(element, "val")


def _attribute(element: Any, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
