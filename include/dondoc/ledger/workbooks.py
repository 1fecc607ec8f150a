"""The workbooks that went out to be filled in: what may come back, and of whom it may be said."""

import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Engine, Row, select
from sqlalchemy.dialects import postgresql, sqlite

from dondoc.files import sha256_of
from dondoc.ledger.answer_tables import workbook, workbook_key

IDENTITY_LENGTH = 32
TOKEN_LENGTH = 32
KEY_LENGTH = 16
SHOWN_LENGTH = 6


@dataclass(frozen=True)
class IssuedRow:
    """A row of a workbook as it went out.

    Attributes:
        kind: `cases` or `work`.
        number: number of the case or item.
        due_on: the due date that decides, as it was shown.
        fields: what the unit is asked for.
        shown: short hashes of the cells it may not change, in the order of the sheet's columns.
    """

    kind: str
    number: str
    due_on: date | None
    fields: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Issued:
    """A workbook that went out."""

    campaign: str
    unit: str
    business_date: date
    lines: tuple[IssuedRow, ...]

    @cached_property
    def identity(self) -> str:
        """Return the hash of all that stands in it: what came back is matched by this alone."""
        facts = [self.campaign, self.unit, self.business_date.isoformat(), _plain(self.lines)]
        return sha256_of(json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass"))[:IDENTITY_LENGTH]


def token_of(key: str, issued: Issued) -> str:
    """Return what only those know of a workbook to whom it was sent: bound to campaign, unit and issue by `key`.

    The identity is a hash of what stands in it, which others may know too.
    """
    facts = f"{issued.campaign}|{issued.unit}|{issued.identity}"
    return hmac.new(bytes.fromhex(key), facts.encode(), "sha256").hexdigest()[:TOKEN_LENGTH]


def token_key(ledger: Engine) -> str:
    """Return the secret the tokens of this ledger's workbooks are made from; its migration drew it."""
    with ledger.begin() as connection:
        return connection.execute(select(workbook_key.c.key)).scalar_one()


def line_key(identity: str, kind: str, number: str) -> str:
    """Return the mark each row of a workbook carries, so that it is known wherever it is moved."""
    return sha256_of(f"{identity}|{kind}|{number}".encode("utf-8", "surrogatepass"))[:KEY_LENGTH]


def issue_workbooks(ledger: Engine, workbooks: Sequence[Issued], *, at: datetime) -> None:
    """Enter workbooks before they leave; the same one again is no second."""
    rows = [
        {
            "identity": issued.identity,
            "campaign": issued.campaign,
            "unit": issued.unit,
            "business_date": issued.business_date,
            "lines": json.dumps(_plain(issued.lines), ensure_ascii=False),
            "issued_at": at,
        }
        for issued in workbooks
    ]
    dialect = postgresql if ledger.dialect.name == "postgresql" else sqlite
    if rows:
        with ledger.begin() as connection:
            connection.execute(dialect.insert(workbook).on_conflict_do_nothing(), rows)


def find_workbook(ledger: Engine, identity: str) -> Issued | None:
    """Return the workbook that went out under `identity`, None when none did."""
    with ledger.begin() as connection:
        row = connection.execute(select(workbook).where(workbook.c.identity == identity)).one_or_none()
    return _issued(row) if row else None


def latest_workbooks(ledger: Engine, *, campaign: str) -> list[Issued]:
    """Return the last workbook that went out to each unit, by unit."""
    order = (workbook.c.unit, workbook.c.business_date, workbook.c.issued_at)
    heads = select(workbook.c.unit, workbook.c.identity).where(workbook.c.campaign == campaign).order_by(*order)
    with ledger.begin() as connection:
        latest = {row.unit: row.identity for row in connection.execute(heads)}
        query = select(workbook).where(workbook.c.identity.in_(list(latest.values()))).order_by(workbook.c.unit)
        return [_issued(row) for row in connection.execute(query)]


def _plain(lines: Sequence[IssuedRow]) -> list[list[Any]]:
    return [
        [
            line.kind,
            line.number,
            line.due_on.isoformat() if line.due_on else None,
            list(line.fields),
            "".join(line.shown),
        ]
        for line in lines
    ]


def _cut(shown: str) -> Iterator[str]:
    return (shown[i : i + SHOWN_LENGTH] for i in range(0, len(shown), SHOWN_LENGTH))


def _issued(row: Row[Any]) -> Issued:
    lines = tuple(
        IssuedRow(kind, number, date.fromisoformat(due) if due else None, tuple(fields), tuple(_cut(shown)))
        for kind, number, due, fields, shown in json.loads(row.lines)
    )
    return Issued(row.campaign, row.unit, row.business_date, lines)
