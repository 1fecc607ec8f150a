"""An office with letters put up, without sources or Airflow."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import docx
import pytest
from tests.organisation import changed

from dondoc.files import sha256_of
from dondoc.installation import Installation
from dondoc.ledger.letters import NewLetter, latest_letters, record_drafts
from dondoc.signoff import printing
from dondoc.signoff.request import put_up_batches

AT = datetime(2023, 11, 14, 2, tzinfo=UTC)


class Office:
    """A day's place with complete letters; `put_up` asks about them as a run does."""

    def __init__(self, place):
        self.place, self.code = place, place.day.campaign.code

    def draft(self, *numbers, unit="VP", missing=(), text="Kính gửi: …"):
        for number in numbers:
            document, file = docx.Document(), io.BytesIO()
            document.add_paragraph(f"{text} {number}")
            document.save(file)
            path = self.place.out / self.code / unit / f"{number}.docx"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.getvalue())
            facts, sha256 = {"addressee": f"Ông Trần Văn {number}", "days_late": 3}, sha256_of(file.getvalue())
            where = path.relative_to(self.place.out).as_posix()
            rest = ("1" * 64, facts, "2" * 64, None, self.place.day.business_date)
            new = NewLetter(self.code, number, 1, unit, missing, where, sha256, *rest)
            record_drafts(self.place.ledger, [new], by="x", at=AT)

    def put_up(self, asked_in="r1", *, most=1024, **given):
        return put_up_batches(self.place, asked_in=asked_in, pages="http://x/dondoc", at=AT, most=most, **given)

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
