"""JSON records as a table of text, one column per field: keys are headings, dotted where objects nest."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from dondoc.errors import SourceError
from dondoc.sources.endpoint import PauseKeys
from dondoc.sources.headings import MAX_UNKNOWN, shortened
from dondoc.sources.paging import MISSING, Record, at
from dondoc.sources.pauses import PAUSE_FIELDS
from dondoc.sources.profile import Profile
from dondoc.sources.rows import RawRows
from dondoc.sources.text import clean_text
from dondoc.vietnamese.names import fold


def raw_rows(records: list[Record], profile: Profile, *, name: str) -> RawRows:
    """Return `records` as rows of text, numbered from 1 in the server's order.

    Args:
        records: objects of one list; numbers already as text.
        profile: which keys are which fields.
        name: where they came from, host and path.

    Raises:
        SourceError: there are no records, a required field is in none of them, or two keys read as one.
    """
    if not records:
        raise SourceError(
            "Nguồn không có dòng dữ liệu nào.",
            where=name,
            remedy="kiểm tra tham số trong hồ sơ nguồn và quyền của tài khoản; hỏi đơn vị quản lý hệ thống nguồn.",
        )
    places = list(dict.fromkeys(place for record in records for place in _places(record)))
    keys = _keys_of(places, profile, name)
    columns = {field: _text_column(at(record, key) for record in records) for field, key in keys.items()}
    headings = dict(keys)
    pauses = profile.api.pauses if profile.api else None
    if pauses is not None:
        columns["pauses"] = _pauses_column(records, pauses)
        headings |= {"pauses": pauses.rows} if pauses.rows in places else {}
    rows = np.arange(1, len(records) + 1)
    unknown = _unknown(places, set(headings.values()))
    return RawRows(pa.table(columns), rows, file=name, sheet="", headings=headings, unknown=unknown)


def _unknown(places: list[str], known: set[str]) -> tuple[str, ...]:
    """Return the keys that are no field's, nor hold one."""
    return tuple(place for place in places if not any(f"{one}.".startswith(f"{place}.") for one in known))


def _keys_of(places: list[str], profile: Profile, name: str) -> dict[str, str]:
    """Return the dotted key of each field that some record has."""
    written: dict[str, set[str]] = {}
    for place in places:
        written.setdefault(_fold_place(place), set()).add(place)
    found: dict[str, str] = {}
    for field, headings in profile.headings.items():
        same = next((written[_fold_place(item)] for item in headings if _fold_place(item) in written), set())
        if len(same) > 1:
            raise SourceError(
                f"Hai khóa {' và '.join(sorted(same))} cùng đọc là một trường.",
                where=name,
                remedy="báo đơn vị quản lý hệ thống nguồn: một trường chỉ được có một cách viết.",
            )
        if same:
            found[field] = next(iter(same))
    missing = [" / ".join(profile.headings[field]) for field in profile.required if field not in found]
    if missing:
        raise SourceError(
            f"Nguồn không có đủ trường của hồ sơ nguồn “{profile.title}”: thiếu {'; '.join(missing)}. "
            f"Các khóa của nguồn: {', '.join(map(shortened, places[:MAX_UNKNOWN]))}.",
            where=name,
            remedy="thêm tên khóa của nguồn vào mục headings của hồ sơ nguồn.",
        )
    return found


def _places(record: Record, before: str = "") -> Iterable[str]:
    for key, value in record.items():
        yield before + key
        if isinstance(value, dict):
            yield from _places(value, f"{before}{key}.")


def _fold_place(place: str) -> str:
    return ".".join(fold(part) for part in place.split("."))


def _text_column(values: Iterable[Any]) -> pa.ChunkedArray:
    texts = [_text(value) for value in values]
    try:
        column = pa.array(texts, pa.string())
    except UnicodeEncodeError:
        # Half a surrogate pair is legal in JSON and no text.
        column = pa.array([text and text.encode("utf-8", "replace").decode() for text in texts], pa.string())
    return pa.chunked_array([clean_text(pa.chunked_array([column]))])


def _text(value: Any) -> str | None:
    """Return a scalar as text; what is no scalar as its JSON, so that it is refused and seen, never dropped."""
    if value is None or value is MISSING:
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _pauses_column(records: list[Record], keys: PauseKeys) -> pa.ChunkedArray:
    named = [(name, getattr(keys, name)) for name in PAUSE_FIELDS]
    return _text_column(_pauses(at(record, keys.rows), named) for record in records)


def _pauses(rows: Any, named: list[tuple[str, str]]) -> Any:
    """Return the JSON of a record's pauses under our own names; None where it lists none."""
    if rows in (MISSING, None, "", []):
        return None
    if not isinstance(rows, list):
        return rows
    return json.dumps(
        [{name: _known(at(row, key)) for name, key in named} if isinstance(row, dict) else row for row in rows],
        ensure_ascii=False,
    )


def _known(value: Any) -> Any:
    return None if value is MISSING else value
