"""Vietnamese text in the encodings of old fonts, TCVN3 (ABC, .VnTime) and VNI, which no decoder complains of.

The tables are those of TCVN 5712:1993 (VN3) and of VNI for Windows, as their bytes look when read as Latin letters.
"""

import re
import unicodedata

TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_SHAPES = dict(
    zip(
        "âáàåãäêéèúüë",
        [f"\u0302{tone}" for tone in ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")]
        + [f"\u0306{tone}" for tone in ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")],
        strict=True,
    )
)
_WHOLE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "ô": "ơ", "ö": "ư"}
VNI_PAIR = re.compile(r"([aeoôuöy])([ùøûõïâáàåãäêéèúüë])|[íìæóòîñôö]", re.IGNORECASE)

ONSET = r"(?:ngh?|nh|gh?|gi|kh|ph|th|tr|ch|qu|[bcdđhklmnprstvx])?"
RHYME = (
    r"(?:a(?:ch|n[gh]|[cimnoptuy])?|ă(?:ng|[cmnpt])|â(?:ng|[cmnptuy])|e(?:ng|[cmnopt])?|ê(?:ch|nh|[mnptu])?"
    r"|i(?:ch|nh|[amnptu])?|iê(?:ng|[cmnptu])|o(?:ng|[cimnpt])?|oo(?:ng|c)|oa(?:ch|n[gh]|[cimnoptyu])?|oă(?:ng|[cmnt])"
    r"|oe(?:[nmot])?|ô(?:ng|[cimnpt])?|ơ(?:[imnpt])?|u(?:ng|[acimnpt])?|uâ(?:ng|[nty])|uê(?:ch|nh|n)?|uơ|uô(?:ng|[cimnt])"
    r"|uy(?:ch|nh|[antpu]|ê[nt])?|ư(?:ng|[acimntu])?|ươ(?:ng|[cimnptu])|y|yê(?:ng|[mnptu]))"
)
SYLLABLE = re.compile(ONSET + RHYME)
TONE_SIGNS = "\u0300\u0301\u0303\u0309\u0323"
ABBREVIATION = re.compile(r"[A-ZĐĂÂÊÔƠƯ]{1,6}")
WORD = re.compile(r"[^\s\d.,;:/()\-–“”\"'+&%_]+")
SIGNS_ONLY = re.compile(r"[\u00a1-\u00bf\u00d7\u00f7\u2010-\u2bff]+")
INNER_SIGN = re.compile(r"\w[¡-¬\u00ad®µ¶·¸»¼½¾×÷]|[¡-¬\u00ad®µ¶·¸»¼½¾×÷]\w")


def from_tcvn3(text: str) -> str:
    """Return `text`, written for a TCVN3 font, in Unicode; a word typed in a capitals' font becomes capitals."""
    return re.sub(r"\S+", lambda match: _as_typed(match[0], match[0].translate(TCVN3)), text)


def from_vni(text: str) -> str:
    """Return `text`, written for a VNI font, in Unicode."""
    return VNI_PAIR.sub(_from_pair, text)


def _as_typed(typed: str, converted: str) -> str:
    plain = [letter for letter in typed if letter.isascii() and letter.isalpha()]
    capitals = len(plain) > 1 and all(letter.isupper() for letter in plain)
    return converted.upper() if capitals else converted


def _from_pair(match: re.Match[str]) -> str:
    vowel = match[1]
    sign = match[2]
    if not vowel:
        whole = _WHOLE[match[0].lower()]
        return whole.upper() if match[0].isupper() else whole
    marks = _TONES.get(sign.lower()) or _SHAPES[sign.lower()]
    base = _WHOLE.get(vowel.lower(), vowel.lower())
    composed = unicodedata.normalize("NFC", base + marks)
    return composed.upper() if vowel.isupper() else composed


def is_syllable(word: str) -> bool:
    """Return whether `word` can be one syllable of Vietnamese: its onset, rhyme and tone may stand together."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [sign for sign in parts if sign in TONE_SIGNS]
    plain = unicodedata.normalize("NFC", "".join(sign for sign in parts if sign not in TONE_SIGNS))
    if len(tones) > 1 or not SYLLABLE.fullmatch(plain):
        return False
    stopped = plain.endswith(("c", "p", "t", "ch"))
    return not stopped or tones in (["\u0301"], ["\u0323"])


def is_vietnamese(text: str) -> bool:
    """Return whether `text` is plain and at least one word of it can only be Vietnamese."""
    return any(map(is_syllable, _marked_words(text))) and is_plain(text)


def is_plain(text: str) -> bool:
    """Return whether every word of `text` is ASCII, can be Vietnamese as it stands, or is an abbreviation."""
    return all(is_syllable(word) or ABBREVIATION.fullmatch(word) is not None for word in _marked_words(text))


def _marked_words(text: str) -> set[str]:
    return {word for word in WORD.findall(text) if not word.isascii() and not SIGNS_ONLY.fullmatch(word)}


def readings(text: str) -> list[str]:
    """Return `text` and, where it may be written for an old font, what it then says."""
    if text.isascii() or is_vietnamese(text):
        return [text]
    return [text, *(read for read in (from_tcvn3(text), from_vni(text)) if read != text and is_vietnamese(read))]
