"""Dates as the sources write them, by declared forms only; nothing is ever guessed."""

import re
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dondoc.installation import ZONE
from dondoc.records import INSTANT

# How fastexcel writes a cell that Excel itself knows as a date.
EXCEL_INSTANT = "%Y-%m-%d %H:%M:%S"
# ISO 8601 can mean one thing only; OpenDocument writes its dates so.
CLEAR = (EXCEL_INSTANT, f"{EXCEL_INSTANT}.%f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d")
# ISO 8601 with the distance from Greenwich: an instant of any clock, which the office reads on its own.
ZONED = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M%z", f"{EXCEL_INSTANT}%z")
ZONED_WORD = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+ ?(?:Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)$"
# A date outside these years is a slip of the keyboard, not a date.
FIRST_INSTANT = pd.Timestamp(2000, 1, 1)
LAST_INSTANT = pd.Timestamp(2100, 1, 1)
# A day number of those years has five digits on either base; eight digits are a written date.
SERIAL = r"^[1-9][0-9]{4}(?:\.[0-9]+)?$"


def to_instants(text: pa.ChunkedArray | pa.Array, formats: tuple[str, ...], zone: ZoneInfo = ZONE) -> pa.Array:
    """Return the instants that `text` writes in one of `formats`, or as Excel's own dates; null where in none.

    Args:
        text: as the source writes it.
        formats: strptime formats, tried in order.
        zone: the office's time zone: an instant with an offset becomes the office's time.
    """
    encoded = _encode(text)
    words = encoded.dictionary
    parsed = np.full(len(words), np.datetime64("NaT", "us"), "datetime64[us]")
    lengths = pc.utf8_length(words).to_numpy(zero_copy_only=False)
    zoned = pc.any(pc.match_substring_regex(words, ZONED_WORD)).as_py()
    for form in (*CLEAR, *(ZONED if zoned else ()), *formats):
        open_ = np.isnat(parsed) & (lengths <= _longest(form)) & (lengths >= _shortest(form))
        for sign in SIGNS.intersection(form) if open_.any() else ():
            open_ &= pc.match_substring(words, pattern=sign).to_numpy(zero_copy_only=False)
        if open_.any():
            parsed[open_] = _parse(words.filter(pa.array(open_)), form, zone)
    # Excel keeps a time as a fraction of a day: 16:30 comes back as 16:29:59.999.
    instants = pd.Series(parsed).dt.round("s")
    instants = instants.where((instants >= FIRST_INSTANT) & (instants < LAST_INSTANT))
    return pa.Array.from_pandas(instants, type=INSTANT).take(encoded.indices)


def _parse(words: pa.Array, form: str, zone: ZoneInfo) -> np.ndarray:
    """Return the instants `words` write in `form`, NaT where they do not.

    Of days and of times of day there are few, of their pairs many: each half is read once.
    """
    timed = TIMED.fullmatch(form)
    if timed is None:
        return _strptime(words, form, zone)
    parsed = np.full(len(words), np.datetime64("NaT", "us"), "datetime64[us]")
    parted = pc.match_substring(words, pattern=timed["sign"])
    halves = pc.split_pattern(words.filter(parted), pattern=timed["sign"], max_splits=1, reverse=True)
    day, time = (_strptime(pc.list_element(halves, i), timed[name], zone) for i, name in enumerate(("day", "time")))
    parsed[parted.to_numpy(zero_copy_only=False)] = day + (time - time.astype("datetime64[D]"))
    return parsed


def _strptime(words: pa.Array, form: str, zone: ZoneInfo) -> np.ndarray:
    encoded = words.dictionary_encode()
    distinct = encoded.dictionary.to_pandas().astype(object)
    if "%z" in form:
        aware = pd.to_datetime(distinct, format=form, errors="coerce", utc=True)
        parsed = aware.dt.tz_convert(zone).dt.tz_localize(None).to_numpy("datetime64[us]")
    else:
        parsed = pd.to_datetime(distinct, format=form, errors="coerce").to_numpy("datetime64[us]")
    return parsed[encoded.indices.to_numpy()]


def _encode(text: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    whole = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    return whole.dictionary_encode()


# A day, a space or T, and a time of day.
TIMED = re.compile(r"(?P<day>.*%Y.*|.*%y.*)(?P<sign>[ T])(?P<time>%H:%M(?::%S)?(?:\.%f)?)")
# Of the signs between the parts of a date, each that a form has stands in whatever is written in it.
SIGNS = frozenset("/-:.")
WIDTHS = {"%Y": 4, "%p": 2, "%f": 6, "%z": 6, "%B": 9, "%b": 3, "%A": 9, "%a": 3, "%j": 3}


def _longest(form: str) -> int:
    codes = [form[i : i + 2] for i, sign in enumerate(form) if sign == "%"]
    return len(form) + sum(WIDTHS.get(code, 2) - 2 for code in codes)


def _shortest(form: str) -> int:
    codes = [form[i : i + 2] for i, sign in enumerate(form) if sign == "%"]
    if 2 * len(codes) == len(form):
        # Without separators only full width tells where one part ends: 2023101 is no date.
        return _longest(form)
    return len(form) - 2 * len(codes) + sum(4 if code == "%Y" else 1 for code in codes)


def write_serials(text: pa.Array, epoch: date | None) -> pa.Array:
    """Return `text` with each day number since `epoch` written as Excel's own date; None leaves all alone."""
    serial = pc.fill_null(pc.match_substring_regex(text, SERIAL), fill_value=False)
    if epoch is None or not pc.any(serial).as_py():
        return text
    numbers = pc.filter(text, serial).cast(pa.float64()).to_numpy(zero_copy_only=False)
    # Excel keeps a fraction of a day: the nearest second is what a person wrote.
    instants = np.datetime64(epoch, "s") + np.rint(numbers * 86_400).astype("timedelta64[s]")
    written = pd.Series(instants).dt.strftime(EXCEL_INSTANT)
    return pc.replace_with_mask(text, serial, pa.array(written, pa.string()))
