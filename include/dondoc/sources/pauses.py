"""The pauses of a case's clock, from the text a source lists them in."""

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dondoc.records import PAUSE
from dondoc.sources.text import clean_text

PAUSE_FIELDS = tuple(field.name for field in PAUSE)
MOMENTS = tuple(name for name in PAUSE_FIELDS if name != "reason")


def read_pauses(text: pa.ChunkedArray, instants: Callable[[pa.ChunkedArray], pa.Array]) -> pa.Array:
    """Return the lists of pauses that `text` writes as JSON, null where it does not write one.

    Args:
        text: a JSON list of objects with the keys of `records.PAUSE`, moments as the source writes them; or null.
        instants: reads moments, null where they are none.

    Returns:
        One list a row, in order of their beginnings; null where a pause has no beginning, a moment that is none, or
        an end before its beginning.
    """
    lists = [_listed(value) for value in text.to_pylist()]
    owners = [row for row, pauses in enumerate(lists) for _ in pauses or ()]
    flat = [pause for pauses in lists for pause in pauses or ()]
    columns = {name: _texts(flat, name) for name in PAUSE_FIELDS}
    moments = {name: instants(columns[name]) for name in MOMENTS}
    bad = moments["from_at"].is_null()
    for name in MOMENTS:
        bad = pc.or_(bad, pc.and_(columns[name].combine_chunks().is_valid(), moments[name].is_null()))
    bad = pc.or_(bad, pc.fill_null(pc.less(moments["to_at"], moments["from_at"]), False))
    kept: list[list[dict[str, Any]] | None] = [None if pauses is None else [] for pauses in lists]
    read = pa.table({**columns, **moments}).select(PAUSE_FIELDS).to_pylist()
    for row, pause, is_bad in zip(owners, read, bad.to_pylist(), strict=True):
        pauses = kept[row]
        if is_bad or pauses is None:
            kept[row] = None
        else:
            pauses.append(pause)
    return pa.array([pauses and sorted(pauses, key=lambda pause: pause["from_at"]) for pauses in kept], pa.list_(PAUSE))


def _listed(text: str | None) -> list[dict[str, str | None]] | None:
    """Return the pauses in `text`, None when it is no list of objects with texts."""
    try:
        pauses = json.loads(text) if text else None
    except ValueError:
        return None
    well_formed = isinstance(pauses, list) and all(
        isinstance(pause, dict) and all(value is None or isinstance(value, str) for value in pause.values())
        for pause in pauses
    )
    return pauses if well_formed else None


def _texts(pauses: list[dict[str, str | None]], name: str) -> pa.ChunkedArray:
    # Escapes in the JSON may hide what no text holds, and half a surrogate pair.
    texts = [(pause.get(name) or "").encode("utf-8", "replace").decode() for pause in pauses]
    return pa.chunked_array([clean_text(pa.chunked_array([pa.array(texts, pa.string())]))])
