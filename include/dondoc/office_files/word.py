"""Word templates that staff edit, rendered strictly: no field missing, no field unknown, nothing in data ever run.

docxtpl heals the tags Word splits over runs; the rest is ours because docxtpl by default cuts text at `&` and `<`,
leaves a missing field blank, and opens the template again for each document.
"""

import difflib
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from html import unescape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from dondoc.errors import TemplateError
from dondoc.files import sha256_of, why_unreadable
from dondoc.office_files.docx_package import DocxPackage
from dondoc.office_files.template_faults import MISUSE, fault_of

FILLED_PARTS = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
TAG = re.compile(r"{[{%]")
# A picture of ours stands in a frame whose alternative text is its name; Word keeps that when staff move the frame.
FRAME = re.compile(r'<wp:docPr [^>]*descr="([^"]*)".*?r:embed="([^"]+)"', re.DOTALL)
RELATION = re.compile(r"<Relationship [^>]*>")
DOCUMENT = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
# What XML 1.0 cannot hold at all; one such character in a name would otherwise break its whole document.
UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# Most of what a letter says stands in all of an office's letters: it is escaped once.
@lru_cache(maxsize=1024)
def _escaped(text: str) -> Markup:
    return escape(UNPRINTABLE.sub("", text))


def _printable(value: Any) -> Any:
    return _escaped(value) if type(value) is str else value


_ENVIRONMENT = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_printable)


def word_template(path: Path) -> "WordTemplate":
    """Return the template at `path`: a process compiles each once, and again only if its file changes.

    Raises:
        TemplateError: as `WordTemplate` does.
    """
    try:
        return _compiled(path, sha256_of(path.read_bytes()))
    except OSError:
        return WordTemplate(path)


@lru_cache(maxsize=32)
def _compiled(path: Path, _sha256: str) -> "WordTemplate":
    return WordTemplate(path)


class WordTemplate:
    """A .docx template, healed and compiled once; rendered as many times as there are documents."""

    def __init__(self, path: Path) -> None:
        """Read and compile the template at `path`.

        Raises:
            TemplateError: it is missing, not a Word file, or a tag in it is malformed.
        """
        self.path = path
        self.sha256 = ""
        self.fields: frozenset[str] = frozenset()
        self._parts: dict[str, Template] = {}
        self._pictures: dict[str, str] = {}
        try:
            self._read()
        except OSError as error:
            reason, remedy = why_unreadable(error)
            raise TemplateError(f"Không đọc được mẫu Word {path.name}: {reason}.", where=path, remedy=remedy) from error
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError) as error:
            raise TemplateError(
                f"Không đọc được mẫu Word {path.name}: không phải tệp .docx.",
                where=path,
                remedy="khôi phục mẫu gốc hoặc lưu lại mẫu dạng .docx.",
            ) from error
        except TemplateSyntaxError as error:
            raise TemplateError(
                f"Mẫu Word {path.name} có thẻ viết sai: {fault_of(error)}.",
                where=path,
                remedy="sửa thẻ {{ … }} hoặc {% … %} trong mẫu.",
            ) from error

    def render(
        self,
        values: Mapping[str, Any],
        *,
        must_show: Sequence[str] = (),
        pictures: Mapping[str, bytes] = MappingProxyType({}),
    ) -> bytes:
        """Return the document filled with `values`.

        Args:
            values: the template's fields, and any others.
            pictures: PNG images by the alternative text of the frame they belong in; frames of other names, and
                pictures without a frame, are left as they are.
            must_show: fields whose whole text must stand in the document, where the template names them.

        Raises:
            TemplateError: the template names a field that is not among `values`, tries to run code, or does not print
                a field of `must_show` in full.
        """
        if not self.fields <= values.keys():
            raise self._wrong(f"không có trường {', '.join(sorted(self.fields - values.keys()))}", values)
        try:
            filled = {name: part.render(values) for name, part in self._parts.items()}
        except (JinjaError, *MISUSE) as error:
            raise self._wrong(fault_of(error), values) from error
        for name in must_show:
            if name in self.fields and not _stands_in(filled.values(), values[name]):
                raise TemplateError(
                    f"Mẫu Word không in đủ nội dung của trường “{name}”.",
                    where=self.path,
                    remedy="để trường đứng riêng trong mẫu, không cắt, không đổi chữ, không đặt trong điều kiện.",
                )
        images = {part: pictures.get(name, self._frames[part]) for part, name in self._pictures.items()}
        return self._package.build({name: xml.encode("utf-8") for name, xml in filled.items()} | images)

    def problems(self, provided: Collection[str], *, required: Collection[str] = ()) -> list[str]:
        """Return what is wrong with the template's fields, a sentence each: unknown or misspelt, and missing ones."""
        found = []
        for name in sorted(self.fields - set(provided)):
            near = difflib.get_close_matches(name, sorted(provided), n=1)
            found.append(f"{self.path.name}: không có trường {name}" + (f" (có phải {near[0]}?)" if near else ""))
        missing = sorted(set(required) - self.fields)
        return found + [f"{self.path.name}: thiếu trường bắt buộc {name}" for name in missing]

    def _read(self) -> None:
        healer = DocxTemplate(str(self.path))
        content = self.path.read_bytes()
        self.sha256 = sha256_of(content)
        fields: set[str] = set()
        with zipfile.ZipFile(self.path) as archive:
            for name in filter(FILLED_PARTS.fullmatch, archive.namelist()):
                xml = archive.read(name).decode("utf-8")
                if TAG.search(xml):
                    healed = healer.patch_xml(xml)
                    fields |= meta.find_undeclared_variables(_ENVIRONMENT.parse(healed))
                    self._parts[name] = _ENVIRONMENT.from_string(healed)
            self._pictures = _pictures_of(archive)
            self._frames = {part: archive.read(part) for part in self._pictures}
        self.fields = frozenset(fields)
        self._package = DocxPackage(content, filled={*self._parts, *self._pictures})

    def _wrong(self, what: str, values: Mapping[str, Any]) -> TemplateError:
        return TemplateError(
            f"Mẫu Word {self.path.name} có lỗi: {what}.",
            where=self.path,
            remedy=f"sửa tên trường trong mẫu; các trường dùng được: {', '.join(sorted(values))}.",
        )


def _pictures_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the alternative text of each PNG image of the document, by its member of the package."""
    if RELATIONS not in archive.namelist():
        return {}
    targets = {}
    for relation in RELATION.findall(archive.read(RELATIONS).decode("utf-8")):
        given = dict(re.findall(r'(\w+)="([^"]*)"', relation))
        targets[given["Id"]] = f"word/{given['Target']}"
    named = FRAME.findall(archive.read(DOCUMENT).decode("utf-8"))
    return {targets[key]: unescape(text) for text, key in named if text and targets.get(key, "").endswith(".png")}


def _stands_in(texts: Iterable[str], value: Any) -> bool:
    shown = str(escape(_printable(value)))
    return any(shown in text for text in texts)
