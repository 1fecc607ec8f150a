"""Letters put up as they print: what may print other words is not offered, and what is offered is printed once."""

import os
import shutil
import subprocess

import pytest
from tests.pages.papers import TRIES
from tests.people import LE_VAN_A
from tests.signoff.conftest import AT

from dondoc.errors import LetterError
from dondoc.ledger.batches import find_batch, latest_batches
from dondoc.ledger.prints import find_print, unoffered_letters
from dondoc.letters import submission
from dondoc.letters.store import FOLDER, read_stored
from dondoc.signoff import printing
from dondoc.signoff.answer import LeaderAnswer, apply_answer
from dondoc.signoff.comparison import TextDifferences, compare_pages
from dondoc.signoff.pdf_reading import read_pdf

GIVEN = LeaderAnswer("Duyệt", "", LE_VAN_A, AT)
REFUSED = {name: content for name, (content, why) in TRIES.items() if why}


def write(office, number, content):
    (office.place.out / office.letter(number).path).write_bytes(content)


def offered(office, requests):
    batches = [find_batch(office.place.ledger, key) for found in requests for key in found["batches"]]
    return {key for batch in batches for key in batch.shown}


@pytest.mark.fault(93)
@pytest.mark.parametrize(
    "name",
    [
        "fallback behind an unknown requirement",
        "content control bound to data",
        "text box",
        "added words",
        "image from outside",
    ],
)
def test_an_edited_draft_that_may_print_other_words_is_not_put_up(office, name):
    office.draft("HS-1", "HS-2")
    write(office, "HS-2", REFUSED[name])
    [asked] = office.put_up()
    assert offered(office, [asked]) == {office.letter("HS-1").id}
    assert TRIES[name][1] in asked["body"].split("`HS-2`: ")[1]
    [(letter, why)] = unoffered_letters(office.place.ledger, campaign=office.code)
    assert (letter.case_number, TRIES[name][1] in why, letter.put_up_at) == ("HS-2", True, None)


def test_once_it_is_mended_it_is_put_up_and_listed_no_more(office):
    office.draft("HS-1")
    write(office, "HS-1", REFUSED["text box"])
    assert office.put_up() == []
    write(office, "HS-1", TRIES["line drawn"][0])
    [asked] = office.put_up()
    assert offered(office, [asked]) == {office.letter("HS-1").id}
    assert unoffered_letters(office.place.ledger, campaign=office.code) == []


@pytest.mark.fault(93)
def test_what_an_older_version_put_up_is_neither_approved_nor_left_waiting(office, monkeypatch):
    office.draft("HS-1", "HS-2")
    write(office, "HS-2", REFUSED["text box"])
    with monkeypatch.context() as older:
        older.setattr(submission, "find_unshown", lambda _content, **_how: ())
        [asked] = office.put_up("r1")
    with pytest.raises(LetterError, match=r"HS-2.*hộp văn bản"):
        apply_answer(office.place, asked["batches"][0], GIVEN, asked_in="r1")
    assert {office.letter(number).state for number in ("HS-1", "HS-2")} == {"complete"}
    with monkeypatch.context() as older:
        older.setattr(submission, "find_unshown", lambda _content, **_how: ())
        office.put_up("r2", again=True)
    [anew] = office.put_up("r3")
    assert offered(office, [anew]) == {office.letter("HS-1").id}
    assert [batch.state for batch in latest_batches(office.place.ledger, campaign=office.code)].count("waiting") == 1


@pytest.fixture
def office_program(office, monkeypatch):
    """Put LibreOffice back, and count how often it is started."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("DONDOC_TEST_REQUIRE_OFFICE"):
            pytest.fail("không có LibreOffice")
        pytest.skip("không có LibreOffice trên máy này")
    started, run = [], printing.run_confined
    monkeypatch.setattr(printing, "find_program", lambda: program)
    monkeypatch.setattr(printing, "run_confined", lambda *given, **how: started.append(given) or run(*given, **how))
    return started


@pytest.mark.fault(93)
def test_a_letter_is_printed_once_for_its_bytes(office, office_program):
    office.draft("HS-1", "HS-2", text="Kính gửi ông Bình")
    office.put_up("r1")
    office.put_up("r1")
    assert len(office_program) == 1
    for number in ("HS-1", "HS-2"):
        found = find_print(office.place.ledger, office.letter(number).sha256)
        pdf = read_stored(office.place.out, office.code, found.pdf_sha256)
        said = subprocess.run(["pdftotext", "-", "-"], input=pdf, check=True, capture_output=True).stdout.decode()
        assert (found.pages, f"Kính gửi ông Bình {number}" in said) == (1, True)
    (office.place.out / office.code / FOLDER / f"{found.pdf_sha256}{printing.SUFFIX}").unlink()
    office.put_up("r1")
    assert len(office_program) == 2


def test_a_letter_as_it_prints_says_what_was_approved(office, office_program, tmp_path):
    office.draft("HS-1", text="Kính gửi ông Bình, hồ sơ chậm 3 ngày, sẽ trả ngày 20 tháng 11 năm 2023;")
    office.put_up()
    found = find_print(office.place.ledger, office.letter("HS-1").sha256)
    approved, pdf = (read_stored(office.place.out, office.code, one) for one in (found.sha256, found.pdf_sha256))
    pages = read_pdf(pdf, trust=tmp_path, at=AT).pages
    assert compare_pages(approved, pages, place="Hải Phòng") == TextDifferences("", None, ())
    changed = [page.replace("3 ngày", "30 ngày") for page in pages]
    assert "30 ngày" in str(compare_pages(approved, changed, place="Hải Phòng").differences)


@pytest.mark.parametrize("program", ["/bin/false", "/bin/true", "/no/such/program"])
def test_a_program_that_prints_nothing_leaves_letters_to_be_read_as_text(office, monkeypatch, program):
    monkeypatch.setattr(printing, "find_program", lambda: program)
    office.draft("HS-1")
    assert len(office.put_up()) == 1
    assert find_print(office.place.ledger, office.letter("HS-1").sha256) is None
