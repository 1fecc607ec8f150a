"""Records said more than once: exact copies, and one number with different contents."""

import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Letters of other alphabets that look like Latin ones: a number typed with them is the same number to the eye.
LOOKALIKES = str.maketrans("АВЕКМНОРСТХУІЈЅаеорсхуіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν", "ABEKMHOPCTXYIJSaeopcxyijsABEZHIKMNOPTYXoav")


def same_numbers(text: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return the key under which numbers are the same to a reader: no case, spaces or foreign look-alike letters."""
    whole = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    lower = pc.replace_substring(pc.utf8_lower(whole), pattern=" ", replacement="")
    foreign = pc.invert(pc.fill_null(pc.string_is_ascii(whole), fill_value=True))
    if not pc.any(foreign).as_py():
        return lower
    folded = [_fold_number(number) for number in pc.filter(whole, foreign).to_pylist()]
    return pc.replace_with_mask(lower, foreign, pa.array(folded, pa.string()))


def _fold_number(number: str) -> str:
    return unicodedata.normalize("NFKC", number).translate(LOOKALIKES).casefold().replace(" ", "")


def find_repeats(
    typed: pd.DataFrame, raw: pa.Table, faulty: np.ndarray, key: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return two masks: rows that repeat an earlier one exactly, and rows that share a key with different content."""
    copies, conflicts = np.zeros(len(typed), bool), np.zeros(len(typed), bool)
    keys = typed[list(key)].copy()
    keys[key[0]] = pd.Series(same_numbers(raw.column(key[0])), dtype=pd.ArrowDtype(pa.string()))
    keyed = keys[key[0]].notna().to_numpy(bool)
    shared = np.flatnonzero(keys.duplicated(keep=False).to_numpy() & keyed)
    if not len(shared):
        return copies, conflicts
    content = typed.iloc[shared].drop(columns=["source_row", "source_file"]).astype(str)
    # A faulty value is null once typed: such rows are compared as they were written.
    doubtful = faulty[shared]
    content["written"] = ""
    content.loc[doubtful, "written"] = [str(row) for row in raw.take(shared[doubtful]).to_pylist()]
    copies[shared] = content.duplicated().to_numpy()
    left = shared[~copies[shared]]
    conflicts[left] = keys.iloc[left].duplicated(keep=False).to_numpy()
    return copies, conflicts
