"""One letter's signature, or return, given outside Airflow: judged, then recorded; only what was approved is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from dondoc.actor import Actor, KnownBy
from dondoc.campaign import Campaign
from dondoc.errors import LetterError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import audit, transitions
from dondoc.ledger.letters import APPROVED, COMPLETE, PUBLISHED, RETURNED, SIGNED, Letter, numbers_given
from dondoc.ledger.signed_files import FileVerdict, accepted_verdicts, record_verdict
from dondoc.ledger.transitions import STATE_NAMES, Signature
from dondoc.letters.store import keep, read_stored
from dondoc.signoff.sheet_rows import SheetRow
from dondoc.signoff.signed_file import ReturnedFile, Standard, judge

RECORDED = "đã ghi"
KNOWN = "đã ghi từ trước"
REFUSED = "không nhận"
OPEN = "chưa quyết định"
NO_LETTER = "tên tệp không phải mã hồ sơ của thư nào"


@dataclass(frozen=True)
class SigningOutcome:
    """What became of a row: `đã ghi`, `đã ghi từ trước`, `không nhận` with the reason, or `chưa quyết định`.

    Of a signed file that was recorded `why` says by what it was accepted.
    """

    case_number: str
    state: str
    why: str = ""


@dataclass
class SigningRegister:
    """The register as returned rows and files are held against it; numbers given in this sitting count too.

    Attributes:
        place: the office and the day.
        letters: latest versions by case number.
        at: the instant entered in the register.
        files: what came back for a case, by its number.
    """

    place: Workplace
    letters: Mapping[str, Letter]
    at: datetime
    files: Mapping[str, Sequence[ReturnedFile]]
    taken: dict[tuple[str, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note the numbers that are given already."""
        self.taken |= numbers_given(self.place.ledger, campaign=self.place.day.campaign.code)

    def take(self, row: SheetRow) -> SigningOutcome:
        """Record what the row says, with the file that came along, or return why it cannot be."""
        if row.is_blank:
            return SigningOutcome(row.case_number, OPEN)
        campaign = self.place.day.campaign
        letter = self.letters.get(row.case_number)
        if fault := _fault(row, campaign, self.place.installation.today(campaign.zone)):
            return SigningOutcome(row.case_number, REFUSED, fault)
        if letter is None:
            return SigningOutcome(row.case_number, REFUSED, "không có thư của mã hồ sơ này")
        if _said_before(row, letter):
            return self._take_later(letter, row)
        if fault := self._clash(row, letter):
            return SigningOutcome(row.case_number, REFUSED, fault)
        if row.reason or not self.files.get(row.case_number):
            return self._enter(row, letter)
        return self._take_with_file(letter, row)

    def take_file(self, case_number: str) -> SigningOutcome:
        """Record what a file says that came without a row, or return why it cannot be."""
        letter = self.letters.get(case_number)
        if letter is None:
            return SigningOutcome(case_number, REFUSED, NO_LETTER)
        if letter.state in (SIGNED, PUBLISHED):
            return self._take_later(letter, None)
        if fault := _not_to_be_signed(letter):
            return SigningOutcome(case_number, REFUSED, fault)
        return self._take_with_file(letter, None)

    def _take_later(self, letter: Letter, row: SheetRow | None) -> SigningOutcome:
        """Return what becomes of what was recorded before: a file may still join a letter that has none accepted."""
        files = self.files.get(letter.case_number, ())
        strange = [file for file in files if file.sha256 != letter.signed_sha256]
        lacking = letter.state == SIGNED and letter.id not in accepted_verdicts(self.place.ledger, [letter])
        if files and lacking:
            return self._take_with_file(letter, row)
        if strange and letter.state in (SIGNED, PUBLISHED):
            return SigningOutcome(
                letter.case_number, REFUSED, "thư đã ghi là đã ký từ trước: tệp đặt thêm không được nhận"
            )
        return SigningOutcome(letter.case_number, KNOWN)

    def _take_with_file(self, letter: Letter, row: SheetRow | None) -> SigningOutcome:
        """Record what the one file that came for `letter` says, or `row` of it; or return why it cannot be."""
        file, *more = self.files[letter.case_number]
        if more:
            return SigningOutcome(letter.case_number, REFUSED, "có hơn một tệp cho hồ sơ này: đặt lại đúng một tệp")
        installation = self.place.installation
        campaign = self.place.day.campaign
        try:
            approved = read_stored(self.place.out, letter.campaign, letter.sha256)
        except LetterError as error:
            return SigningOutcome(letter.case_number, REFUSED, str(error).splitlines()[0])
        judged = judge(file, row, Standard(campaign, letter, approved, installation.trust_roots, self.at))
        if judged.row is None:
            with self.place.ledger.begin() as connection:
                record_verdict(connection, letter, judged.verdict, at=self.at)
            return SigningOutcome(letter.case_number, REFUSED, judged.verdict.verdict)
        if fault := self._clash(judged.row, letter):
            return SigningOutcome(letter.case_number, REFUSED, fault)
        keep(self.place.out, letter.campaign, [judged.content], suffix=f".signed{file.suffix}")
        return self._enter(judged.row, letter, judged.verdict)

    def _enter(self, row: SheetRow, letter: Letter, file: FileVerdict | None = None) -> SigningOutcome:
        try:
            with self.place.ledger.begin() as connection:
                if file:
                    record_verdict(connection, letter, file, at=self.at)
                self._record(connection, row, letter, file)
        except LetterError as error:
            return SigningOutcome(row.case_number, REFUSED, str(error).splitlines()[0])
        if row.signed_on:
            self.taken[row.number.casefold(), row.signed_on.year] = row.case_number
        return SigningOutcome(row.case_number, RECORDED, file.verdict if file else "")

    def _clash(self, row: SheetRow, letter: Letter) -> str:
        if letter.sha256 != row.sha256:
            return "thư đã thay đổi sau khi trình: bản được ký không còn là bản trong sổ"
        if letter.state == SIGNED:
            return "" if _said_before(row, letter) else "tệp ghi số, ngày hoặc người ký khác với sổ"
        if row.reason:
            return "" if letter.state in (COMPLETE, APPROVED) else f"thư {STATE_NAMES[letter.state]}"
        if fault := _not_to_be_signed(letter):
            return fault
        if not row.signed_on:
            return ""
        if row.signed_on < letter.drafted_on:
            return "ngày ký trước ngày soạn thư: không ghi lùi ngày"
        other = self.taken.get((row.number.casefold(), row.signed_on.year))
        return f"số {row.number} đã cấp cho hồ sơ {other}" if other and other != row.case_number else ""

    def _record(self, connection: Connection, row: SheetRow, letter: Letter, file: FileVerdict | None) -> None:
        if row.reason:
            transitions.return_letters(connection, [letter.id], reason=row.reason, by=row.signer, at=self.at)
            self._audit(connection, row, letter, "letter.returned", file)
            return
        if file and letter.state == SIGNED:
            transitions.attach_signed(connection, letter.id, file.sha256, by=row.signer, at=self.at)
            self._audit(connection, row, letter, "letter.signed_file", file)
            return
        given = Signature(row.number, _day(row), row.signer, file.sha256 if file else None)
        transitions.record_signature(connection, letter.id, given, by=row.signer, at=self.at)
        self._audit(connection, row, letter, "letter.signed", file)

    def _audit(
        self, connection: Connection, row: SheetRow, letter: Letter, action: str, file: FileVerdict | None
    ) -> None:
        detail = {"letter": letter.id, "sha256": row.sha256, "number": row.number, "signed_on": row.date_text}
        detail |= {"reason": row.reason}
        if file:
            detail |= {"file_sha256": file.sha256, "verdict": file.verdict}
        subject = f"{letter.campaign} {letter.unit} {letter.case_number}"
        audit.record(connection, audit.Act(Actor(KnownBy.PAPER, row.signer), action, subject, detail))


def _fault(row: SheetRow, campaign: Campaign, today: date) -> str:
    if not row.signer:
        return "thiếu tên người ký hoặc người trả lại"
    if campaign.signatory_named(row.signer) is None:
        return f"“{row.signer}” không có trong danh sách người ký của đợt"
    if row.reason:
        return "vừa ký vừa trả lại: chỉ điền một trong hai" if row.number or row.date_text else ""
    if not (row.number and row.date_text):
        return "thiếu số hoặc ngày ký"
    if row.signed_on is None:
        return "ngày ký không đọc được: viết dạng 15/11/2023"
    return "ngày ký ở tương lai" if row.signed_on > today else ""


def _not_to_be_signed(letter: Letter) -> str:
    """Return why no signature may be recorded of `letter`: only what was approved here can be signed."""
    if letter.state == COMPLETE:
        waits = "chưa được lãnh đạo duyệt: duyệt tập thư trong Airflow, rồi đặt lại"
        return f"thư {waits}" if letter.put_up_at else "thư chưa được trình"
    if letter.state != APPROVED:
        return f"thư {STATE_NAMES[letter.state]}"
    return f"thư đang bị giữ: {letter.stale_reason}" if letter.stale_reason else ""


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
