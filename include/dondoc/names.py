"""Names as offices write them: one unit or heading in many spellings."""

import re
import unicodedata


def fold(text: str) -> str:
    """Return the key under which names and headings are the same: no accents, case, punctuation or doubled spaces.

    Offices write one unit as "P. QLĐT", "p.qlđt" and in decomposed Unicode; all must meet.
    """
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", letters).strip()
