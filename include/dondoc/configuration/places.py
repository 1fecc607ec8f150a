"""Where in a configuration something stands, as its author would say it: “đơn vị LH, mục emails thứ 2”."""

from collections.abc import Mapping
from typing import Any

from dondoc.configuration.documents import KEY, Loc

# Lists whose items have a word of their own, and the fields that name one, the first that is filled in.
ITEMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "units": ("đơn vị", ("code", "name")),
    "sources": ("nguồn", ("name",)),
    "waivers": ("miễn trừ", ("number",)),
    "criteria": ("tiêu chí", ("code", "name")),
    "leadership": ("lãnh đạo", ("name", "position")),
    "ladder": ("bậc thang nhắc việc", ()),
    "every_year": ("kỳ nghỉ hằng năm", ("reason",)),
    "hours": ("buổi làm việc", ()),
}


def spoken(loc: Loc, value: Any) -> str:
    """Return the place `loc` in words; empty for the whole file.

    Args:
        loc: keys and positions, as pydantic gives them.
        value: the whole configuration, by which items are named.
    """
    words: list[str] = []
    keys: list[str] = []
    for part in loc:
        if part == KEY or isinstance(value, str | int | float):
            break
        if isinstance(value, Mapping) and part not in value:
            # Not written, or what pydantic adds to tell the members of a union apart: no place either way.
            continue
        if isinstance(part, int) and keys and isinstance(value, list):
            words.append(_item(keys, part, value))
            keys = []
        else:
            keys.append(str(part))
        value = _inside(value, part)
    words += [f"mục {'.'.join(keys)}"] * bool(keys)
    return ", ".join(words)


def _item(keys: list[str], position: int, items: list[Any]) -> str:
    word, names = ITEMS.get(keys[-1], ("", ()))
    item = items[position] if position < len(items) else None
    given = [item[name] for name in names if isinstance(item, Mapping) and item.get(name)]
    if not word:
        return f"mục {'.'.join(keys)}, giá trị thứ {position + 1}"
    if not given:
        return f"{word} thứ {position + 1}"
    return f"{word} “{given[0]}”"


def _inside(value: Any, part: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return value
