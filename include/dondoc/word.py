"""Word templates that staff edit, rendered strictly: no field missing, no field unknown, nothing in data ever run.

docxtpl heals the tags Word splits over runs; the rest is ours because docxtpl by default cuts text at `&` and `<`,
leaves a missing field blank, and opens the template again for each document.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, meta
from jinja2.sandbox import SandboxedEnvironment, SecurityError

from dondoc.errors import TemplateError

# Zip members carry no time stamp of ours: the same words make the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
FILLED_PARTS = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
TAG = re.compile(r"{[{%]")
# What XML 1.0 cannot hold at all; one such character in a name would otherwise break its whole document.
UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _printable(value: Any) -> Any:
    return UNPRINTABLE.sub("", value) if type(value) is str else value


_ENVIRONMENT = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_printable)


class WordTemplate:
    """A .docx template, healed and compiled once; rendered as many times as there are documents."""

    def __init__(self, path: Path) -> None:
        """Read and compile the template at `path`.

        Raises:
            TemplateError: it is missing, not a Word file, or a tag in it is malformed.
        """
        self.path = path
        self._members: list[tuple[str, bytes]] = []
        self._parts: dict[str, Template] = {}
        self.fields: frozenset[str] = frozenset()
        try:
            self._read()
        except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise TemplateError(
                "Không đọc được mẫu Word.", where=path, remedy="khôi phục mẫu gốc hoặc lưu lại mẫu dạng .docx."
            ) from error
        except TemplateSyntaxError as error:
            raise TemplateError(
                f"Mẫu Word có thẻ viết sai: {error.message}.",
                where=path,
                remedy="sửa thẻ {{ … }} hoặc {% … %} trong mẫu.",
            ) from error

    def render(self, values: Mapping[str, Any]) -> bytes:
        """Return the document filled with `values`.

        Raises:
            TemplateError: the template names a field that is not among `values`, or tries to run code.
        """
        unknown = sorted(self.fields - set(values))
        if unknown:
            raise self._unknown(", ".join(unknown), values)
        try:
            filled = {name: part.render(values).encode("utf-8") for name, part in self._parts.items()}
        except (UndefinedError, SecurityError) as error:
            raise self._unknown(str(error), values) from error
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._members:
                info = zipfile.ZipInfo(name, EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, filled.get(name, content))
        return package.getvalue()

    def _read(self) -> None:
        healer = DocxTemplate(str(self.path))
        with zipfile.ZipFile(self.path) as archive:
            self._members = [(name, archive.read(name)) for name in archive.namelist()]
        fields: set[str] = set()
        for name, content in self._members:
            xml = content.decode("utf-8") if FILLED_PARTS.fullmatch(name) else ""
            if TAG.search(xml):
                healed = healer.patch_xml(xml)
                fields |= meta.find_undeclared_variables(_ENVIRONMENT.parse(healed))
                self._parts[name] = _ENVIRONMENT.from_string(healed)
        self.fields = frozenset(fields)

    def _unknown(self, what: str, values: Mapping[str, Any]) -> TemplateError:
        return TemplateError(
            f"Mẫu Word dùng trường không có: {what}.",
            where=self.path,
            remedy=f"sửa tên trường trong mẫu; các trường dùng được: {', '.join(sorted(values))}.",
        )
