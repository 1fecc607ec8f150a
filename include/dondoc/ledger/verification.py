"""Whether the ledger is what its acts left: both chains whole, every row of an act as it was last chained."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, select, true

from dondoc.files import sha256_of
from dondoc.ledger import audit, digests
from dondoc.ledger.answer_tables import answer, answer_file, promise_correction
from dondoc.ledger.batch_tables import batch, batch_letter
from dondoc.ledger.chain import START, Chain, follow
from dondoc.ledger.claims import CLAIMED, DEFERRED, FAILED, HELD, PLANNED, SENDING, SENT, UNKNOWN
from dondoc.ledger.digest_tables import digest, digest_head
from dondoc.ledger.digests import Left
from dondoc.ledger.ending_tables import deadline
from dondoc.ledger.letters import SUPERSEDED
from dondoc.ledger.report_tables import report
from dondoc.ledger.retakes import retake
from dondoc.ledger.signed_files import signed_file
from dondoc.ledger.tables import audit_head, control, gate_override, letter, letter_event, outbox, run
from dondoc.ledger.waiver_tables import waiver
from dondoc.vietnamese.wording import short_date

# What the tables of acts are to an officer, by the row at hand.
WORDS: dict[Table, Callable[[Any], str]] = {
    run: lambda row: f"lượt chạy ngày {short_date(row.business_date)} của đợt {row.campaign}",
    letter: lambda row: f"thư xin lỗi của hồ sơ {row.case_number}, đợt {row.campaign}",
    signed_file: lambda row: f"kết luận số {row.id} về một bản đã ký",
    batch: lambda row: f"tập trình ký số {row.id} của đơn vị {row.unit}, đợt {row.campaign}",
    batch_letter: lambda row: f"thư trong tập trình ký số {row.batch_id}",
    outbox: lambda row: (
        f"thư điện tử số {row.id} ngày {short_date(row.business_date)} cho {row.unit}, đợt {row.campaign}"
    ),
    gate_override: lambda row: f"quyết định mở cổng kiểm soát ngày {short_date(row.business_date)}",
    retake: lambda row: f"quyết định lấy lại nguồn {row.source} ngày {short_date(row.business_date)}",
    control: lambda _row: "công tắc dừng mọi thư",
    waiver: lambda row: f"việc miễn cho số {row.number}, đợt {row.campaign}",
    deadline: lambda row: f"hạn chót của đợt {row.campaign}",
    report: lambda row: f"phiên bản báo cáo ngày {short_date(row.business_date)} của đợt {row.campaign}",
    answer_file: lambda row: f"tệp trả lời số {row.id} của đợt {row.campaign}",
    answer: lambda row: f"ô trả lời về số {row.number}, đợt {row.campaign}",
    promise_correction: lambda row: f"việc sửa ngày hẹn của hồ sơ {row.number}, đợt {row.campaign}",
}
GUARDED = tuple(WORDS)
# What a table's row is where none is left to read.
NAMES = {
    "run": "lượt chạy",
    "letter": "thư xin lỗi",
    "signed_file": "kết luận về bản đã ký",
    "batch": "tập trình ký",
    "batch_letter": "thư trong tập trình ký",
    "outbox": "thư điện tử",
    "gate_override": "quyết định mở cổng kiểm soát",
    "retake": "quyết định lấy lại nguồn",
    "control": "công tắc dừng thư",
    "waiver": "việc miễn",
    "deadline": "hạn chót",
    "report": "phiên bản báo cáo",
    "answer_file": "tệp trả lời",
    "answer": "ô trả lời",
    "promise_correction": "việc sửa ngày hẹn",
}
CHANGED = "bị sửa ngoài phần mềm"
ADDED = "được thêm ngoài phần mềm"
GONE = "bị xóa ngoài phần mềm"
UNFOUNDED = "có trạng thái không khớp với các việc đã ghi"
# How far an attempt got that may have delivered the mail, unless the server said otherwise.
UNANSWERED = ("dot", "reply", "lease")
# Answers of a mail server from here on say that it did not take the mail.
REFUSING = 400
MARK_LENGTH = 24
# The ledger's mark, as reports print it.
MARK = re.compile(rf"\b\d{{1,9}}-\d{{1,9}}-[0-9a-f]{{{MARK_LENGTH}}}\b")
# A mail that was chained in one of these moves on only by an act that chains it again.
UNDER_WAY = (PLANNED, DEFERRED, CLAIMED, SENDING)


@dataclass(frozen=True)
class VerificationResult:
    """What was found: of the audit's chain, of the chain of digests, and of the rows, a line each that differs."""

    audit: Chain
    digests: Chain
    differences: Sequence[str]

    @property
    def whole(self) -> bool:
        """Return whether nothing was changed."""
        return self.audit.broken_at is None and self.digests.broken_at is None and not self.differences


def verify_ledger(ledger: Engine) -> VerificationResult:
    """Return whether both chains are whole and every row of an act is as the last act on it left it."""
    audited = audit.verify(ledger)
    with ledger.begin() as connection:
        # Locked, so that nothing is chained between the reading of the chain and of the rows.
        stated = connection.execute(select(digest_head.c.seq, digest_head.c.hash).with_for_update()).one_or_none()
        links = list(read_links(connection))
        chain = follow(links, stated=(stated.seq, stated.hash) if stated else None)
        differences = [*_of_rows(connection, _last_left(links)), *_of_letters(connection), *_audit_moved(connection)]
    return VerificationResult(audited, chain, differences)


def mark_of(ledger: Engine) -> str:
    """Return the ledger's mark: how long its two chains are, and a hash of what they end in.

    Printed on what leaves, it holds the whole ledger up to then, whoever may write in the database.
    """
    with ledger.begin() as connection:
        audited = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one()
        chained = connection.execute(select(digest_head.c.seq, digest_head.c.hash)).one()
    return _mark(audited.seq, audited.hash, chained.seq, chained.hash)


def stands_for(ledger: Engine, mark: str) -> bool:
    """Return whether the ledger still holds what it held when it bore `mark`."""
    audited, chained = (int(part) for part in mark.split("-")[:2])
    with ledger.begin() as connection:
        audit_hash, digest_hash = (
            START if seq == 0 else connection.scalar(select(table.c.hash).where(table.c.seq == seq)) or ""
            for table, seq in ((audit.audit, audited), (digest, chained))
        )
    return _mark(audited, audit_hash, chained, digest_hash) == mark


def _mark(audited: int, audit_hash: str, chained: int, digest_hash: str) -> str:
    return f"{audited}-{chained}-{sha256_of(f'{audit_hash}{digest_hash}'.encode())[:MARK_LENGTH]}"


def read_links(connection: Connection) -> Iterator[Left]:
    """Yield the rows of the chain of digests, in their order."""
    columns = [digest.c[name] for name in Left.__dataclass_fields__]
    for row in connection.execute(select(*columns).order_by(digest.c.seq)):
        yield Left(**row._mapping)


def _last_left(links: Iterable[Left]) -> dict[str, dict[str, str]]:
    left: dict[str, dict[str, str]] = {}
    for link in links:
        for name, found in json.loads(link.digests).items():
            left.setdefault(name, {}).update(found)
    return left


def _of_rows(connection: Connection, left: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for table, words in WORDS.items():
        kept = left.get(table.name, {})
        found = digests.row_digests(connection, table, true())
        tried = digests.attempts_of(connection, true()) if table is outbox else {}
        for row in connection.execute(select(table).order_by(*table.primary_key)):
            key = digests.key_of(table, row)
            if key not in kept:
                yield f"{words(row)}: {ADDED}"
            elif table is outbox and (why := _mail_differs(kept[key], found[key], row, tried.get(key, []))):
                yield f"{words(row)}: {why}"
            elif table is not outbox and kept[key] != found[key]:
                yield f"{words(row)}: {CHANGED}"
        for key in sorted(kept.keys() - found.keys()):
            yield f"{NAMES[table.name]} số {key}: {GONE}"


def _mail_differs(kept: str, found: str, row: Row[Any], tried: Sequence[Row[Any]]) -> str:
    """Return how a mail differs from what was last chained of it, empty where sending alone explains it."""
    was, state, count, attempts = kept.split(":")
    if was != found.split(":")[0] or digests.attempts_digest(tried[: int(count)]) != attempts:
        return CHANGED
    since = tried[int(count) :]
    if state not in UNDER_WAY:
        return "" if row.state == state else UNFOUNDED
    return "" if row.state in _possible([one for one in since if one.fence == row.fence]) else UNFOUNDED


def _possible(since: Sequence[Row[Any]]) -> set[str]:
    """Return the states a mail may be in after these attempts, which nobody chained yet."""
    if not since:
        return {PLANNED, DEFERRED, CLAIMED, SENDING, HELD, FAILED}
    last = since[-1]
    if last.code is None:
        return {UNKNOWN} if last.stage in UNANSWERED else {PLANNED, DEFERRED}
    return {SENT, UNKNOWN} if last.code < REFUSING else {PLANNED, DEFERRED, FAILED}


def _of_letters(connection: Connection) -> Iterator[str]:
    """Yield the letters whose state is not the one their last event led to."""
    events = select(letter_event.c.letter_id, letter_event.c.to_state).order_by(letter_event.c.id)
    led_to = {row.letter_id: row.to_state for row in connection.execute(events)}
    columns = letter.c.id, letter.c.case_number, letter.c.campaign, letter.c.state
    for row in connection.execute(select(*columns).where(letter.c.state != SUPERSEDED).order_by(letter.c.id)):
        if led_to.get(row.id) != row.state:
            yield f"{WORDS[letter](row)}: {UNFOUNDED}"


def _audit_moved(connection: Connection) -> Iterator[str]:
    """Yield what no longer is the audit that acts ended in when they were chained."""
    ends = {row.seq: row.hash for row in connection.execute(select(audit.audit.c.seq, audit.audit.c.hash))}
    for link in read_links(connection):
        if link.audit_seq and ends.get(link.audit_seq) != link.audit_hash:
            yield f"sổ kiểm toán, dòng {link.audit_seq}: {CHANGED}"
            return
