"""What is wrong with a profile whose every field is right by itself: names, codes, spellings, formats."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from dondoc.configuration import Loc
from dondoc.records import INSTANT, SCHEMAS
from dondoc.sources.codes import CODES
from dondoc.vietnamese.names import fold

if TYPE_CHECKING:
    from dondoc.sources.profile import Profile

Found = Iterator[tuple[Loc, str]]
# Filled in as a source is read, never by a column of it.
OURS = ("source_file", "source_row", "due_includes_pauses")
SOME_DAY = datetime(2023, 11, 25, 16, 30, 59)  # noqa: DTZ001  the office's wall clock, as sources write it


def contradictions(profile: "Profile") -> Found:
    """Yield where in the profile something contradicts its kind or itself, and what."""
    schema = SCHEMAS[profile.kind]
    known = set(schema.names) - set(OURS)
    for section in ("headings", "values", "constants"):
        yield from _unknown((section,), getattr(profile, section), known)
    for section in ("key", "required"):
        yield from _unlisted(profile, section, getattr(profile, section), known)
    for field in schema:
        given = field.name in profile.constants or field.name in profile.required
        if not (field.nullable or field.name in OURS or given):
            yield ("required",), f"thiếu {field.name}: dòng nào cũng phải có trường này"
    for name in set(profile.constants) & set(profile.headings):
        yield ("constants", name), "đã có tiêu đề cột ở headings: giữ một trong hai"
    if profile.api and profile.api.pauses and "pauses" not in known:
        yield ("api", "pauses"), "chỉ dùng cho hồ sơ (kind: cases)"
    if profile.due_includes_pauses != "detect" and "pauses" not in known:
        yield ("due_includes_pauses",), "chỉ dùng cho hồ sơ (kind: cases)"
    yield from _codes(profile)
    yield from _one_field_a_heading(("headings",), profile.headings, is_api=profile.api is not None)
    yield from _details(profile)
    yield from _formats(profile)


def _unknown(loc: Loc, names: Iterable[str], known: set[str]) -> Found:
    for name in names:
        if name not in known:
            yield (*loc, name), f"không có trường {name}; các trường: {', '.join(sorted(known))}"


def _unlisted(profile: "Profile", section: str, names: tuple[str, ...], known: set[str]) -> Found:
    for i, name in enumerate(names):
        if name not in known:
            yield (section, i), f"không có trường {name}; các trường: {', '.join(sorted(known))}"
        elif name not in profile.headings:
            yield (section, i), f"{name} chưa có tiêu đề cột ở headings"


def _codes(profile: "Profile") -> Found:
    for field, words in profile.values.items():
        spellings: dict[str, str] = {}
        for word, code in words.items():
            yield from _code(profile, ("values", field, word), field, code)
            first = spellings.setdefault(fold(word), word)
            if words[first] != code:
                yield (
                    ("values", field, word),
                    f"“{first}” và “{word}” đọc như một chữ mà mang hai mã {words[first]} và {code}: giữ một mã",
                )
    for field, code in profile.constants.items():
        yield from _code(profile, ("constants", field), field, code)


def _code(profile: "Profile", loc: Loc, field: str, code: str | int) -> Found:
    codes: Mapping[str | int, str] | None = CODES.get((profile.kind, field))
    if codes is not None:
        if code not in codes:
            listed = ", ".join(f"{one} ({word})" for one, word in codes.items())
            yield loc, f"không có mã “{code}”; các mã: {listed}"
        return
    kind = SCHEMAS[profile.kind].field(field).type if field in SCHEMAS[profile.kind].names else None
    if kind == INSTANT or (kind is not None and pa.types.is_list(kind)):
        yield loc, f"trường {field} là ngày hoặc danh sách: không đổi được bằng từ"
    elif kind is not None and pa.types.is_integer(kind) != isinstance(code, int):
        yield loc, f"“{code}” phải là {'số' if pa.types.is_integer(kind) else 'chữ, đặt trong dấu nháy kép'}"


def _one_field_a_heading(loc: Loc, headings: Mapping[str, tuple[str, ...]], *, is_api: bool) -> Found:
    taken: dict[str, str] = {}
    for field, names in headings.items():
        for i, name in enumerate(names):
            # A key's dots are its place in the JSON.
            read = ".".join(map(fold, name.split("."))) if is_api else fold(name)
            if taken.setdefault(read, field) != field:
                yield (*loc, field, i), f"tiêu đề “{name}” đã dùng cho trường {taken[read]}: một cột chỉ là một trường"


def _details(profile: "Profile") -> Found:
    schema = SCHEMAS[profile.kind]
    lists = {field.name for field in schema if pa.types.is_list(field.type)}
    yield from _unknown(("details",), profile.details, lists)
    for name in lists & set(profile.details):
        detail = profile.details[name]
        loc = ("details", name)
        inner = {"number", *schema.field(name).type.value_type.names}
        yield from _unknown((*loc, "headings"), detail.headings, inner)
        for i, field in enumerate(detail.required):
            if field not in inner:
                yield (*loc, "required", i), f"không có trường {field}; các trường: {', '.join(sorted(inner))}"
        for field in ("number", *detail.required):
            if field in inner and field not in detail.headings:
                yield (*loc, "headings"), f"thiếu tiêu đề cột cho {field}"
        yield from _one_field_a_heading((*loc, "headings"), detail.headings, is_api=False)


def _formats(profile: "Profile") -> Found:
    for i, form in enumerate(profile.date_formats):
        if not _reads_days(form):
            yield ("date_formats", i), f"“{form}” không phải dạng ngày; viết %d ngày, %m tháng, %Y năm, ví dụ %d/%m/%Y"
    if profile.pattern is None:
        return
    try:
        re.compile(profile.pattern)
        pc.match_substring_regex(pa.array([""]), f"^(?:{profile.pattern})$")
    except (re.error, pa.ArrowInvalid) as error:
        at = f" ở ký tự thứ {error.pos + 1}" if isinstance(error, re.error) and error.pos is not None else ""
        yield ("pattern",), f"“{profile.pattern}” là biểu thức không hợp lệ{at}"


def _reads_days(form: str) -> bool:
    try:
        read = datetime.strptime(SOME_DAY.strftime(form), form)  # noqa: DTZ007  as above
    except (ValueError, re.error):
        return False
    return read.date() == SOME_DAY.date()
