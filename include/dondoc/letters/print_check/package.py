"""The parts of a Word file by their relationships, read once for those who check it and those who show it."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from dondoc.files import sha256_of
from dondoc.letters.print_check.pictures import is_plain_image

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
CONTENT_TYPES = "[Content_Types].xml"
DOCUMENT = "word/document.xml"
DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OVERRIDE = f"{{http://schemas.openxmlformats.org/package/2006/content-types}}Override[@PartName='/{DOCUMENT}']"
MOST_BYTES = 30_000_000
MOST_PARTS = 200
ROOTS = {"officeDocument": "document", "header": "hdr", "footer": "ftr", "styles": "styles", "settings": "settings"}
# Parts that hold nothing a printed page shows, and those that are looked into.
KNOWN = {
    *("officeDocument", "header", "footer", "styles", "settings", "theme", "numbering", "footnotes", "endnotes"),
    *("core-properties", "extended-properties", "custom-properties", "thumbnail", "stylesWithEffects", "webSettings"),
    *("fontTable", "customXml", "customXmlProps"),
}
# Only words of these leave the file, and nothing of what they point to comes in.
LINKS = ("http://", "https://", "mailto:")
UNKNOWN = {
    "image": "hình ảnh không nhúng trong tệp, hoặc không phải PNG, JPEG",
    "aFChunk": "tệp khác chèn vào văn bản",
    "subDocument": "văn bản con",
    "attachedTemplate": "mẫu Word ở ngoài tệp",
    "oleObject": "đối tượng nhúng",
    "package": "đối tượng nhúng",
    "control": "nút hoặc ô điều khiển",
    "vbaProject": "macro",
    "keyMapCustomizations": "macro",
    "attachedToolbars": "macro",
    "comments": "ý kiến bên lề",
    "chart": "biểu đồ",
    "font": "phông chữ nhúng trong tệp",
    "mailMergeSource": "trộn thư",
    "glossaryDocument": "khối văn bản dựng sẵn",
    "frame": "khung trang của tệp khác",
}
BROKEN = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    LookupError,
    ValueError,
    etree.XMLSyntaxError,
)
# What a print shows, and a page of words does not.
PICTURE = "hình ảnh"
DAMAGED = "tệp Word hỏng, hoặc ghép không đúng cách"


@dataclass(frozen=True)
class Relationship:
    """Where a part points: the last word of the relationship's type, and a part's name or an address outside."""

    kind: str
    target: str
    outside: bool


class WordPackage:
    """A Word file by its parts; `faults` are what of them is not known to print as it reads, in words.

    Attributes:
        relationships: of each part, by id; of the file itself under the empty name.
    """

    def __init__(self, content: bytes) -> None:
        """Read the file; what cannot be read is a fault."""
        self.faults: set[str] = set()
        self._parts: dict[str, bytes] = {}
        self.relationships: dict[str, dict[str, Relationship]] = {}
        try:
            self._read(content)
        except BROKEN:
            self.faults.add(DAMAGED)
            return
        self.faults.update(self._strange_parts())

    @property
    def document(self) -> Any:
        """Return the document's root element, None where there is none to be trusted."""
        starts = [one for one in self.relationships.get("", {}).values() if one.kind == "officeDocument"]
        if [one.target for one in starts] != [DOCUMENT] or not self._is_plain_document():
            return None
        return self._root(DOCUMENT, "document")

    def root(self, kind: str) -> Any:
        """Return the root element of the document's one part of this kind, None where there is none."""
        named = [one.target for one in self.relationships.get(DOCUMENT, {}).values() if one.kind == kind]
        if len(named) > 1:
            self.faults.add(DAMAGED)
        return self._root(named[0], ROOTS.get(kind)) if len(named) == 1 else None

    def referenced(self, key: str, kind: str) -> Any:
        """Return the root element of the header or footer with this relationship id, None where it is not one."""
        found = self.relationships.get(DOCUMENT, {}).get(key)
        if found is None or found.kind != kind or found.outside:
            self.faults.add(DAMAGED)
            return None
        return self._root(found.target, ROOTS[kind])

    @property
    def pictures(self) -> frozenset[str]:
        """Return the hashes of the pictures in the file."""
        kept = {one.target for found in self.relationships.values() for one in found.values() if one.kind == "image"}
        return frozenset(sha256_of(self._parts[name]) for name in kept & set(self._parts))

    def _root(self, name: str, wanted: str | None) -> Any:
        try:
            found = parse_xml(self._parts[name]) if name == DOCUMENT else _parse_kept(self._parts[name])
        except BROKEN:
            found = None
        if found is None or (wanted and found.tag != f"{WORD}{wanted}"):
            self.faults.add(DAMAGED)
            return None
        return found

    def _read(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            names = [one.filename.casefold() for one in members]
            too_large = len(members) > MOST_PARTS or sum(one.file_size for one in members) > MOST_BYTES
            if too_large or len(set(names)) < len(names):
                self.faults.add("tệp Word quá lớn" if too_large else DAMAGED)
                return
            self._parts = {one.filename: archive.read(one) for one in members}
        for name in list(self._parts):
            if name.endswith(".rels"):
                given = list(_relationships(name, _parse_kept(self._parts[name])))
                self.relationships[_source(name)] = dict(given)
                # Of two of one id nobody knows which a program takes.
                self.faults |= {DAMAGED} if len(dict(given)) < len(given) else set()

    def _is_plain_document(self) -> bool:
        types = _parse_kept(self._parts.get(CONTENT_TYPES, b"<Types/>"))
        return types.find(OVERRIDE) is not None and types.find(OVERRIDE).get("ContentType") == DOCUMENT_TYPE

    def _strange(self, link: Relationship) -> Iterator[str]:
        if link.outside and not (link.kind == "hyperlink" and link.target.lower().startswith(LINKS)):
            yield UNKNOWN.get(link.kind, "liên kết lấy nội dung ngoài tệp")
        elif link.kind == "image" and is_plain_image(self._parts.get(link.target, b"")):
            yield PICTURE
        elif not link.outside and link.kind not in KNOWN:
            yield UNKNOWN.get(link.kind, f"thành phần chưa biết “{link.kind}”")

    def _strange_parts(self) -> Iterator[str]:
        targets = {CONTENT_TYPES}
        for source, found in self.relationships.items():
            for one in found.values():
                targets.add("" if one.outside else one.target)
                yield from self._strange(one)
            if source and source not in self._parts:
                yield DAMAGED
        for name in self._parts:
            if name not in targets and not name.endswith(".rels"):
                yield f"tệp lạ “{posixpath.basename(name)}” bên trong tệp Word"


def parse_xml(content: bytes) -> Any:
    """Return the root element: no entity, no document type, no network, comments left out.

    Raises:
        XMLSyntaxError: it is malformed, or declares a document type.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise etree.XMLSyntaxError("a document type", 0, 0, 0)
    return root


# The parts of a template are the same bytes in each of its letters.
_parse_kept = lru_cache(maxsize=64)(parse_xml)


def _source(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.normpath(posixpath.join(folder, "..", file.removesuffix(".rels"))) if file != ".rels" else ""


def _relationships(name: str, root: Any) -> Iterator[tuple[str, Relationship]]:
    folder = posixpath.dirname(_source(name))
    given: Mapping[str, str]
    for given in (element.attrib for element in root.iterchildren(RELATIONSHIP)):
        outside = given.get("TargetMode") == "External"
        target = given.get("Target", "")
        inside = target.removeprefix("/") if target.startswith("/") else posixpath.join(folder, target)
        kind = given.get("Type", "").rpartition("/")[2]
        yield given.get("Id", ""), Relationship(kind, target if outside else posixpath.normpath(inside), outside)
