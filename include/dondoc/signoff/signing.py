"""One letter's signature, or return, given outside Airflow: judged, then recorded as if it had been given there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from dondoc.errors import LetterError
from dondoc.ledger import audit, transitions
from dondoc.ledger.letters import APPROVED, COMPLETE, PUBLISHED, RETURNED, SIGNED, Letter, numbers_given
from dondoc.ledger.transitions import STATE_NAMES, Signature, batch_sha256
from dondoc.signoff.sheet_rows import SheetRow
from dondoc.workplace import Workplace

RECORDED, KNOWN, REFUSED, OPEN = "đã ghi", "đã ghi từ trước", "không nhận", "chưa quyết định"


@dataclass(frozen=True)
class Verdict:
    """What became of a row: `đã ghi`, `đã ghi từ trước`, `không nhận` with the reason, or `chưa quyết định`."""

    case_number: str
    state: str
    why: str = ""


@dataclass
class Desk:
    """The register as returned rows are held against it; numbers given in this sitting count too.

    Attributes:
        place: the office and the day.
        letters: latest versions by case number.
        at: the instant entered in the register.
        files: hash, in the store, of the signed document of a case.
    """

    place: Workplace
    letters: Mapping[str, Letter]
    at: datetime
    files: Mapping[str, str]
    taken: dict[tuple[str, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note the numbers that are given already."""
        self.taken |= numbers_given(self.place.ledger, campaign=self.place.day.campaign.code)

    def take(self, row: SheetRow) -> Verdict:
        """Record what the row says, or return why it cannot be."""
        if row.is_blank:
            return Verdict(row.case_number, OPEN)
        letter = self.letters.get(row.case_number)
        if fault := _fault(row, self.place.installation.today(self.place.day.campaign.zone)):
            return Verdict(row.case_number, REFUSED, fault)
        if letter is None:
            return Verdict(row.case_number, REFUSED, "không có thư của mã hồ sơ này")
        if _said_before(row, letter):
            return Verdict(row.case_number, KNOWN)
        if fault := self._clash(row, letter):
            return Verdict(row.case_number, REFUSED, fault)
        try:
            with self.place.ledger.begin() as connection:
                self._record(connection, row, letter)
        except LetterError as error:
            return Verdict(row.case_number, REFUSED, str(error).splitlines()[0])
        if row.signed_on:
            self.taken[row.number.casefold(), row.signed_on.year] = row.case_number
        return Verdict(row.case_number, RECORDED)

    def _clash(self, row: SheetRow, letter: Letter) -> str:
        if letter.state not in (COMPLETE, APPROVED):
            return f"thư {STATE_NAMES[letter.state]}"
        if letter.put_up_at is None:
            return "thư chưa được trình"
        if letter.sha256 != row.sha256:
            return "thư đã thay đổi sau khi trình: bản được ký không còn là bản trong sổ"
        if letter.stale_reason and not row.reason:
            return f"thư đang bị giữ: {letter.stale_reason}"
        if not row.signed_on:
            return ""
        if row.signed_on < letter.drafted_on:
            return "ngày ký trước ngày soạn thư: không ghi lùi ngày"
        other = self.taken.get((row.number.casefold(), row.signed_on.year))
        return f"số {row.number} đã cấp cho hồ sơ {other}" if other and other != row.case_number else ""

    def _record(self, connection: Connection, row: SheetRow, letter: Letter) -> None:
        if row.reason:
            transitions.return_letters(connection, [letter.id], reason=row.reason, by=row.signer, at=self.at)
            self._audit(connection, row, letter, "letter.returned")
            return
        if letter.state == COMPLETE:
            batch = batch_sha256({letter.id: row.sha256})
            transitions.approve(connection, [letter.id], batch=batch, by=row.signer, at=self.at)
        given = Signature(row.number, _day(row), row.signer, self.files.get(row.case_number))
        transitions.record_signature(connection, letter.id, given, by=row.signer, at=self.at)
        self._audit(connection, row, letter, "letter.signed")

    def _audit(self, connection: Connection, row: SheetRow, letter: Letter, action: str) -> None:
        detail = {"letter": letter.id, "sha256": row.sha256, "approved_here": letter.state == COMPLETE}
        detail |= {"number": row.number, "signed_on": row.date_text, "reason": row.reason}
        subject = f"{letter.campaign} {letter.unit} {letter.case_number}"
        audit.record(connection, audit.Act(row.signer, action, subject, detail))


def _fault(row: SheetRow, today: date) -> str:
    if not row.signer:
        return "thiếu tên người ký hoặc người trả lại"
    if row.reason:
        return "vừa ký vừa trả lại: chỉ điền một trong hai" if row.number or row.date_text else ""
    if not (row.number and row.date_text):
        return "thiếu số hoặc ngày ký"
    if row.signed_on is None:
        return "ngày ký không đọc được: viết dạng 15/11/2023"
    return "ngày ký ở tương lai" if row.signed_on > today else ""


def _said_before(row: SheetRow, letter: Letter) -> bool:
    if letter.sha256 != row.sha256:
        return False
    if row.reason:
        return letter.state == RETURNED and letter.reason == row.reason
    given = (letter.number, letter.signed_on, letter.signer)
    return letter.state in (SIGNED, PUBLISHED) and given == (row.number, row.signed_on, row.signer)


def _day(row: SheetRow) -> date:
    if row.signed_on is None:
        raise ValueError("a row without a day was not refused")
    return row.signed_on
