"""Names of handed-in files as every file system, spreadsheet and log can hold them."""

import re
import unicodedata
from pathlib import PurePath

# What a file system still takes behind it, beside a name: our own ending for an answer, and a number.
MOST_BYTES = 200
# Signs of paths, of shells' and Windows' own; line breaks and other controls; halves of letters, from other bytes.
UNSAFE = re.compile(r'[<>:"|?*/\\\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
NAMELESS = "khong-ten"


def plain_name(name: str) -> str:
    """Return `name` in letters that any folder, cell and log can hold, at most `MOST_BYTES` long; its ending stays."""
    whole = UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .") or NAMELESS
    stem = PurePath(whole).stem
    ending = PurePath(whole).suffix[:20]
    room = MOST_BYTES - len(ending.encode())
    cut = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") or NAMELESS
    return f"_{cut}{ending}" if DEVICES.fullmatch(f"{cut}{ending}") else f"{cut}{ending}"
