"""A YAML file as values, and where in the file each of them stands."""

import errno
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dondoc.configuration.syntax import syntax_problem
from dondoc.errors import CampaignError, Problem
from dondoc.files import why_unreadable
from dondoc.vietnamese.names import guess

# The one in C where PyYAML has it: a campaign of 200 units is read ten times faster.
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A day, an hour or a code is what its author reads: YAML 1.1 takes 10:00 for 600 and 010 for 8.
DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)\Z")
INT = "tag:yaml.org,2002:int"
TIMESTAMP = "tag:yaml.org,2002:timestamp"
# A dictionary's own key at fault, as pydantic points at it.
KEY = "[key]"

Loc = Sequence[str | int]


class _Loader(SAFE_LOADER):  # type: ignore[misc, valid-type]
    """The safe loader, for which a number is decimal and a day that does not exist is text, to be refused as a day."""

    yaml_implicit_resolvers = {  # noqa: RUF012  PyYAML's own form
        first: [resolver for resolver in resolvers if resolver[0] != INT]
        for first, resolvers in SAFE_LOADER.yaml_implicit_resolvers.items()
    }


def _day_or_text(loader: Any, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_implicit_resolver(INT, DECIMAL, list("-+0123456789"))
_Loader.add_constructor(TIMESTAMP, _day_or_text)


@dataclass(frozen=True)
class Document:
    """What a file says.

    Attributes:
        value: mappings, lists and scalars.
        root: the same as nodes, which know their lines; None for an empty file.
        repeated: a problem for each key written twice in one mapping, of which YAML silently keeps the last.
    """

    value: Any
    root: yaml.Node | None
    repeated: tuple[Problem, ...]

    def line_of(self, loc: Loc) -> str:
        """Return line and column of what stands at `loc`, or of the nearest that is there, as “dòng 3, cột 5”."""
        mark = _node_at(self.root, loc).start_mark if self.root else None
        return _in_words(mark) if mark else "dòng 1, cột 1"

    def text_at(self, loc: Loc) -> str | None:
        """Return the scalar at `loc` as it is written, None where there is none or something else."""
        node = _node_at(self.root, loc) if self.root else None
        return node.value if isinstance(node, yaml.ScalarNode) else None


def read_document(path: Path) -> Document:
    """Return what the YAML file at `path` says.

    Raises:
        CampaignError: it is not there, cannot be read, or is no YAML; names line, column and the likely cause.
    """
    text = _read_text(path)
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        value = loader.construct_document(root) if root else None
    except (yaml.YAMLError, ValueError) as error:
        raise CampaignError.of([syntax_problem(text, path, error)]) from error
    finally:
        loader.dispose()
    return Document(value, root, tuple(_repeated(root, path)))


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CampaignError.of([_unreadable(path, error)]) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CampaignError(
            "Tệp cấu hình không phải chữ Unicode (UTF-8).",
            where=f"{path}, dòng {line}",
            remedy="mở bằng Notepad, chọn Save As, mục Encoding chọn UTF-8, lưu đè.",
        ) from error


def _unreadable(path: Path, error: OSError) -> Problem:
    reason, remedy = why_unreadable(error)
    near = _near(path) if error.errno == errno.ENOENT else ""
    return Problem(f"Không đọc được tệp cấu hình {path.name}: {reason}.{near}", str(path), remedy)


def _near(path: Path) -> str:
    try:
        names = [one.name for one in path.parent.iterdir()]
    except OSError:
        return ""
    return guess(path.name, names)


def _node_at(node: yaml.Node, loc: Loc) -> yaml.Node:
    """Return the node at `loc`, the key itself where only that is meant, or the deepest one on the way."""
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if _is_named(pair[0], part)), None)
            if found is None:
                continue
            node = found[0] if loc[-1] == KEY and part == loc[-2] else found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
    return node


def _is_named(key: yaml.Node, part: str | int) -> bool:
    return isinstance(key, yaml.ScalarNode) and key.value == str(part)


def _repeated(root: yaml.Node | None, path: Path) -> Iterator[Problem]:
    waiting = [root] if root else []
    seen = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(node, yaml.CollectionNode):
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield from _twice(node, path)
            waiting.extend(value for _, value in reversed(node.value))
        else:
            waiting.extend(reversed(node.value))


def _twice(node: yaml.MappingNode, path: Path) -> Iterator[Problem]:
    first: dict[str, yaml.Mark] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.value in first:
            yield Problem(
                f"Mục “{key.value}” viết hai lần: dòng {first[key.value].line + 1} và dòng {key.start_mark.line + 1}.",
                f"{path}, {_in_words(key.start_mark)}",
                "giữ một dòng, bỏ dòng kia.",
            )
        first.setdefault(key.value, key.start_mark)


def _in_words(mark: yaml.Mark) -> str:
    return f"dòng {mark.line + 1}, cột {mark.column + 1}"
