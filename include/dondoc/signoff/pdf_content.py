"""The operators of a PDF's content stream, each with its operands: names, numbers, strings as bytes, lists of them."""

import re
from collections.abc import Iterator
from typing import Any

TOKEN = re.compile(
    rb"%[^\r\n]*|(?P<name>/[^\s\0()<>\[\]{}/%]*)|(?P<mark><<|>>|[\[\](){}])|<(?P<hex>[0-9A-Fa-f\s\0]*)>"
    rb"|(?P<word>[^\s\0()<>\[\]{}/%]+)"
)
NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)")
# One character of a string, or a whole escape.
STRING_PIECE = re.compile(rb"\\([0-7]{1,3})|\\(\r\n|[\s\S])|([()])|[^\\()]+")
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\r\n": b"", b"\n": b"", b"\r": b""}
# What may stand before an operator at most; more is no page.
MOST_OPERANDS = 100_000
DEEPEST = 20


class ContentError(Exception):
    """A stream whose operators cannot be told apart: a picture's bytes stand among them, or lists without end."""


def operators(data: bytes) -> Iterator[tuple[str, list[Any]]]:
    """Yield each operator of the content stream `data` with its operands.

    Raises:
        ContentError: a picture stands in the stream itself, or lists stand in lists without measure.
    """
    operands = list[Any]()
    outer = list[list[Any]]()
    at = 0
    while found := TOKEN.search(data, at):
        at = found.end()
        if found["mark"] == b"(":
            text, at = _string(data, at)
            operands.append(text)
        elif found["mark"] == b"[":
            if len(outer) == DEEPEST:
                raise ContentError
            outer.append(operands)
            operands = []
        elif found["mark"] == b"]" and outer:
            operands, inner = outer.pop(), operands
            operands.append(inner)
        elif found["word"] and not NUMBER.fullmatch(found["word"]):
            if found["word"] == b"BI":
                raise ContentError
            yield found["word"].decode("latin-1"), operands
            operands = []
            outer = []
        else:
            operands += _plain_operand(found)
        del operands[MOST_OPERANDS:]


def _plain_operand(found: re.Match[bytes]) -> list[Any]:
    if found["name"]:
        return [found["name"].decode("latin-1")]
    if found["hex"] is not None:
        return [_from_hex(found["hex"])]
    return [float(found["word"])] if found["word"] else []


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the string that begins at `at`, behind its bracket, and where what follows it begins."""
    pieces = list[bytes]()
    deep = 1
    while found := STRING_PIECE.match(data, at):
        at = found.end()
        octal, escaped, bracket = found.groups()
        if octal:
            pieces.append(bytes([int(octal, 8) & 0xFF]))
        elif escaped is not None:
            pieces.append(ESCAPES.get(escaped, escaped))
        else:
            deep += {b"(": 1, b")": -1}.get(bracket, 0)
            if not deep:
                break
            pieces.append(found[0])
    return b"".join(pieces), at


def _from_hex(digits: bytes) -> bytes:
    bare = re.sub(rb"[\s\0]", b"", digits)
    return bytes.fromhex((bare + b"0" * (len(bare) % 2)).decode("ascii"))
