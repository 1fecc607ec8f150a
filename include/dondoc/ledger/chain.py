"""Rows chained by hash: each covers the one before it, and a head states where they end."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Protocol

from dondoc.files import sha256_of

START = "0" * 64


class Link(Protocol):
    """A row of a chain: a dataclass whose `hash` covers all its other fields, in their order."""

    @property
    def seq(self) -> int:
        """Return its number, from 1."""

    @property
    def prev_hash(self) -> str:
        """Return the hash of the row before."""

    @property
    def hash(self) -> str:
        """Return its own hash."""


@dataclass(frozen=True)
class Chain:
    """What following a chain found: the rows that stand, the hash they end in, and the first seq that is wrong."""

    count: int
    head: str
    broken_at: int | None


def follow(rows: Iterable[Link], *, stated: tuple[int, str] | None) -> Chain:
    """Return what following the chain from its start finds.

    Args:
        rows: in the order of their seq.
        stated: seq and hash the chain must end in; None when the ledger no longer says.
    """
    count = 0
    last = START
    for row in rows:
        if row.seq != count + 1 or row.prev_hash != last or row.hash != hash_of(row):
            return Chain(count, last, count + 1)
        count = row.seq
        last = row.hash
    if stated == (count, last):
        return Chain(count, last, None)
    # Cut short, or rows added that nobody recorded.
    return Chain(count, last, min(count, stated[0] if stated else count) + 1)


def hash_of(row: Any) -> str:
    """Return the hash of a row's content and its place in the chain."""
    content = [getattr(row, field.name) for field in fields(row) if field.name != "hash"]
    return sha256_of(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
