"""An office with letters put up, without sources or Airflow."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import docx
import pytest
from tests.organisation import changed

from dondoc.files import sha256_of
from dondoc.installation import Installation
from dondoc.ledger import transitions
from dondoc.ledger.batches import waiting_batches
from dondoc.ledger.letters import NewLetter, latest_letters, record_drafts
from dondoc.signoff import printing
from dondoc.signoff.request import put_up_batches

AT = datetime(2023, 11, 14, 2, tzinfo=UTC)


# What a draft says besides its own words, as the shipped templates do: blank where registry and signer write.
BLANK = ("Số:        /PXL-BQL", "Hải Phòng, ngày      tháng      năm")
SIGNED_LINES = ("Số: 12/PXL-BQL", "Hải Phòng, ngày 15 tháng 11 năm 2023")
SIGNER = "Bùi Ngọc Hải"


def letter_document(*text, lines=BLANK, header="", footer=""):
    """Return a letter as a Word document: number and day, its `text`, the signer's name."""
    document, file = docx.Document(), io.BytesIO()
    for line in (*lines, *text, SIGNER):
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    document.save(file)
    return file.getvalue()


class Office:
    """A day's place with complete letters; `put_up` asks about them as a run does."""

    def __init__(self, place):
        self.place, self.code = place, place.day.campaign.code

    def draft(self, *numbers, unit="VP", missing=(), text="Kính gửi: …"):
        for number in numbers:
            content = letter_document(f"{text} {number}")
            path = self.place.out / self.code / unit / f"{number}.docx"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            facts, sha256 = {"addressee": f"Ông Trần Văn {number}", "days_late": 3}, sha256_of(content)
            where = path.relative_to(self.place.out).as_posix()
            rest = ("1" * 64, facts, "2" * 64, None, self.place.day.business_date)
            new = NewLetter(self.code, number, 1, unit, missing, where, sha256, *rest)
            record_drafts(self.place.ledger, [new], by="x", at=AT)

    def put_up(self, asked_in="r1", *, most=1024, **given):
        return put_up_batches(self.place, asked_in=asked_in, pages="http://x/dondoc", at=AT, most=most, **given)

    def approve(self):
        """Approve all that was put up, as a leader does in Airflow."""
        for batch in waiting_batches(self.place.ledger, campaign=self.code):
            by = {"by": "Bùi Ngọc Hải", "at": AT}
            transitions.approve(self.place.ledger, list(batch.shown), batch=batch.sha256, **by)

    def without(self, *units, **succeeds):
        """Return the same office after `units` were dissolved; `succeeds` says which unit takes over which."""
        return Office(changed(self.place, *units, **succeeds))

    def edit(self, number):
        path = self.place.out / self.letter(number).path
        document = docx.Document(path)
        document.add_paragraph("sửa")
        document.save(path)

    def letter(self, number):
        return latest_letters(self.place.ledger, campaign=self.code)[number]

    @property
    def inbox(self):
        folder = self.place.out / self.code / "inbox"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@pytest.fixture
def office(ledger_place, ledger_url, monkeypatch, turn_to):
    turn_to("2023-11-20")
    # Printing takes seconds; the tests of it put the program back.
    monkeypatch.setattr(printing, "find_program", lambda: None)
    monkeypatch.setenv("DONDOC_LEDGER_URL", ledger_url)
    return Office(replace(ledger_place, installation=Installation.from_environment()))
