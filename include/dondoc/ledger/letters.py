"""The register of letters: one a case and cause, in versions; the files on disk are held against it.

States, and who moves a letter (each move is one function, guarded in SQL, with an event that cannot be changed):

    drafted ──▶ complete ──approve──▶ approved ──record_signature──▶ signed ──publish──▶ published
       │            │ ▲                  │                             │
       │            └─┼──return_letters──┴──▶ returned ◀─return_held───┘ (held only: it is never issued)
       └─ withdraw ───┴──▶ withdrawn              any version that is not approved ──▶ superseded by a newer one

- An approval is taken back until its letter is signed (`take_back`): the letter is `complete` again, not put up.
- `drafted` lacks something (`missing` says what) and cannot be approved; `complete` can, once it was put up.
- Putting up (`letters/submission.py`) takes the bytes as they lie, edited in Word or not, into the store. What is
  approved is exactly those bytes: `approve` takes the hash of the whole batch shown, and refuses any other.
- Approved bytes, case and version never change and are never deleted; database triggers hold that on both databases.
- An approved or signed letter whose case has changed is held (`stale_reason`) until its case is again as it was, or a
  person decides (`ledger/held.py`): it is confirmed as it stands, or returned. What is held is not signed, not packed,
  not published. Its bytes and its signature stay what they are.
- A signed letter that is returned is void: it left for nobody, its number stays used, and a new version may be drafted.
- What a later day saw of a case (`stale_on`) no re-run of an earlier day undoes.
- One row a case and cause is not `superseded` (`uq_letter_latest`): an approved letter is never drafted again.
- One cause has one letter in all campaigns of an office (`uq_letter_one_a_cause`), withdrawn ones aside.
- The new date promised in an approved letter is the only one a case may be given (`promises`).

Paths are relative to the output folder. `facts` is what lists and pages show of the case: see `letters/draft.py`.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from dondoc.errors import LetterError
from dondoc.ledger.digests import note
from dondoc.ledger.tables import letter, letter_event

DRAFTED = "drafted"
COMPLETE = "complete"
APPROVED = "approved"
SIGNED = "signed"
PUBLISHED = "published"
RETURNED = "returned"
WITHDRAWN = "withdrawn"
SUPERSEDED = "superseded"
OPEN = (DRAFTED, COMPLETE, RETURNED)  # may still be drafted anew or withdrawn
STANDING = (APPROVED, SIGNED, PUBLISHED)  # the office has given its word
HOLDABLE = (APPROVED, SIGNED)  # given, and not yet gone: held when the case changes
OVERDUE = "overdue"


@dataclass(frozen=True)
class NewLetter:
    """A version to be entered.

    Attributes:
        missing: codes of what it lacks (`letters.lacking.MISSING`); empty when it is complete.
        path: where people open it, relative to the output folder.
        sha256: its bytes.
        basis_sha256: template and words it was made of.
        facts: what lists and pages show of the case.
        facts_sha256: what must hold of the case for the letter to be true.
        promised_on: the new date it promises.
        replaces: id of the version it sets aside, None for the first.
        drafted_sha256: the bytes as we drafted them, where a person has edited them since.
        office: whose case it is; one cause has one letter in all campaigns of an office.
    """

    campaign: str
    case_number: str
    version: int
    unit: str
    missing: tuple[str, ...]
    path: str
    sha256: str
    basis_sha256: str
    facts: Mapping[str, Any]
    facts_sha256: str
    promised_on: date | None
    drafted_on: date
    replaces: int | None = None
    drafted_sha256: str = ""
    cause: str = OVERDUE
    office: str | None = None


@dataclass(frozen=True)
class Letter:
    """A version as the register has it."""

    id: int
    campaign: str
    case_number: str
    cause: str
    office: str | None
    version: int
    unit: str
    state: str
    missing: tuple[str, ...]
    path: str
    sha256: str
    drafted_sha256: str
    basis_sha256: str
    facts: Mapping[str, Any]
    facts_sha256: str
    promised_on: date | None
    drafted_on: date
    put_up_at: datetime | None
    approved_at: datetime | None
    number: str | None
    signed_on: date | None
    signer: str | None
    signed_sha256: str | None
    reason: str | None
    stale_reason: str | None
    stale_facts_sha256: str | None
    stale_on: date | None

    @property
    def standing(self) -> bool:
        """Return whether the office has approved it."""
        return self.state in STANDING


COLUMNS = [letter.c[field.name] for field in fields(Letter)]


def latest_letters(ledger: Engine, *, campaign: str, units: Sequence[str] | None = None) -> dict[str, Letter]:
    """Return the latest version of each letter by case number, withdrawn ones too, of `units` or of all."""
    query = _latest(campaign, units)
    with ledger.begin() as connection:
        return {found.case_number: found for found in map(_letter, connection.execute(query))}


def letters_by_id(ledger: Engine, ids: Sequence[int]) -> list[Letter]:
    """Return the letters with these ids, by case number."""
    query = select(*COLUMNS).where(letter.c.id.in_(ids)).order_by(letter.c.case_number)
    with ledger.begin() as connection:
        return [_letter(row) for row in connection.execute(query)]


def letters_awaiting(ledger: Engine, *, campaign: str, unit: str) -> list[Letter]:
    """Return the letters of `unit` that were put up and wait for a decision, by case number.

    `letters.submission.put_up` makes them so; call it first, and show what it returns.
    """
    query = _latest(campaign, [unit]).where(letter.c.state == COMPLETE, letter.c.put_up_at.is_not(None))
    with ledger.begin() as connection:
        return [_letter(row) for row in connection.execute(query.order_by(letter.c.case_number))]


def held_letters(ledger: Engine, *, campaign: str, as_of: date) -> list[Letter]:
    """Return the letters of `campaign` that are held since `as_of` or before, by unit and case number."""
    seen = letter.c.stale_on.is_(None) | (letter.c.stale_on <= as_of)
    with ledger.begin() as connection:
        return [_letter(row) for row in connection.execute(_held(campaign).where(seen))]


def lock_held(connection: Connection, *, campaign: str) -> list[Letter]:
    """Return the held letters of `campaign`, locked until the transaction ends."""
    return [_letter(row) for row in connection.execute(_held(campaign).with_for_update())]


def numbers_given(ledger: Engine, *, campaign: str) -> dict[tuple[str, int], str]:
    """Return the case each number was given to, by number in lower case and year; of letters never issued, too."""
    query = select(letter.c.number, letter.c.signed_on, letter.c.case_number).where(
        letter.c.campaign == campaign, letter.c.number.is_not(None), letter.c.signed_on.is_not(None)
    )
    with ledger.begin() as connection:
        return {(row.number.casefold(), row.signed_on.year): row.case_number for row in connection.execute(query)}


def promises(ledger: Engine) -> dict[str, date]:
    """Return the new date each case was promised in an approved letter of any campaign."""
    query = select(letter.c.case_number, letter.c.promised_on).where(
        letter.c.state.in_(STANDING), letter.c.promised_on.is_not(None)
    )
    with ledger.begin() as connection:
        return {row.case_number: row.promised_on for row in connection.execute(query.order_by(letter.c.approved_at))}


def units_with_open_letters(ledger: Engine, *, campaign: str) -> set[str]:
    """Return the units that have a letter which may have to be drafted anew, withdrawn or held."""
    query = select(letter.c.unit).where(letter.c.campaign == campaign, letter.c.state.in_((*OPEN, *HOLDABLE)))
    with ledger.begin() as connection:
        return set(connection.scalars(query.distinct()))


def letter_units(ledger: Engine, *, campaign: str) -> set[str]:
    """Return the units that ever had a letter, those that are no more too."""
    with ledger.begin() as connection:
        return set(connection.scalars(select(letter.c.unit).where(letter.c.campaign == campaign).distinct()))


def superseded_files(ledger: Engine, *, campaign: str, units: Collection[str]) -> dict[str, set[str]]:
    """Return, by path, the hashes of the versions that were set aside: a file with one of them was left by us."""
    query = select(letter.c.path, letter.c.drafted_sha256).where(
        letter.c.campaign == campaign, letter.c.unit.in_(units), letter.c.state == SUPERSEDED
    )
    found: dict[str, set[str]] = {}
    with ledger.begin() as connection:
        for row in connection.execute(query):
            found.setdefault(row.path, set()).add(row.drafted_sha256)
    return found


def record_drafts(ledger: Engine, drafts: Sequence[NewLetter], *, by: str, at: datetime) -> None:
    """Enter new versions, all or none, and set aside the versions they replace.

    Raises:
        LetterError: a letter was approved meanwhile, or drafted by another campaign; nothing is entered.
    """
    if not drafts:
        return
    try:
        _enter(ledger, drafts, by=by, at=at)
    except IntegrityError as error:
        raise LetterError(
            "Có hồ sơ vừa được soạn thư ở lượt hoặc đợt khác.",
            where="sổ đăng ký thư xin lỗi",
            remedy="chạy lại bước soạn thư: thư đã có được giữ, không soạn lần hai.",
        ) from error


def _enter(ledger: Engine, drafts: Sequence[NewLetter], *, by: str, at: datetime) -> None:
    with ledger.begin() as connection:
        _supersede(connection, [draft.replaces for draft in drafts if draft.replaces is not None])
        ids = connection.scalars(
            insert(letter).returning(letter.c.id, sort_by_parameter_order=True), [_row(draft) for draft in drafts]
        ).all()
        events = [
            {"letter_id": key, "action": "draft", "to_state": _state(draft), "detail": draft.sha256, "by": by, "at": at}
            for key, draft in zip(ids, drafts, strict=True)
        ]
        connection.execute(insert(letter_event), events)
        note(connection, letter, letter.c.id.in_(ids))


def _supersede(connection: Connection, ids: Sequence[int]) -> None:
    free = letter.c.state.in_((*OPEN, WITHDRAWN))
    note(connection, letter, letter.c.id.in_(ids))
    moved = connection.execute(update(letter).where(letter.c.id.in_(ids), free).values(state=SUPERSEDED)).rowcount
    if moved != len(ids):
        raise LetterError(
            "Có thư đã được duyệt trong lúc đang soạn lại.",
            where="sổ đăng ký thư xin lỗi",
            remedy="chạy lại bước soạn thư: thư đã duyệt được giữ nguyên.",
        )


def _state(draft: NewLetter) -> str:
    return DRAFTED if draft.missing else COMPLETE


def _row(draft: NewLetter) -> dict[str, Any]:
    values = {field.name: getattr(draft, field.name) for field in fields(NewLetter) if field.name != "replaces"}
    facts = json.dumps(draft.facts, ensure_ascii=False, sort_keys=True)
    stored = {
        "missing": ",".join(draft.missing),
        "facts": facts,
        "drafted_sha256": draft.drafted_sha256 or draft.sha256,
    }
    return values | stored | {"state": _state(draft)}


def _latest(campaign: str, units: Sequence[str] | None) -> Select[Any]:
    query = select(*COLUMNS).where(letter.c.campaign == campaign, letter.c.state != SUPERSEDED)
    return query if units is None else query.where(letter.c.unit.in_(units))


def _held(campaign: str) -> Select[Any]:
    held = letter.c.stale_reason.is_not(None), letter.c.state.in_(HOLDABLE)
    return _latest(campaign, None).where(*held).order_by(letter.c.unit, letter.c.case_number)


def _letter(row: Row[Any]) -> Letter:
    values = row._asdict()
    missing = values["missing"]
    facts = values["facts"]
    return Letter(**values | {"missing": tuple(missing.split(",")) if missing else (), "facts": json.loads(facts)})
