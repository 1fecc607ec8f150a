"""What comes back as a signed letter: proofs that hold, and forgeries of every kind."""

import io
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import docx
import pytest
from cryptography.hazmat.primitives import hashes
from docx.shared import RGBColor
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from sqlalchemy import select

from dondoc.campaign.office import Signatory
from dondoc.files import sha256_of
from dondoc.ledger import audit
from dondoc.ledger.letters import Letter
from dondoc.ledger.signed_files import signed_file
from dondoc.ledger.tables import audit as audit_table
from dondoc.signoff.inbox import take_in_signed
from dondoc.signoff.sheet_rows import SheetRow
from dondoc.signoff.signed_file import ReturnedFile, Standard, judge

from .conftest import SIGNED_LINES, SIGNER, letter_document
from .signers import ENDS, STAMPER, Authority, letter_pdf, pem, sign
from .test_paper import SIGNED, sheet
from .test_paper import take as take_in

TEXT = ("Kính gửi: Ông A, mã số: HS-1", "Hồ sơ chậm 3 ngày, sẽ trả ngày 20 tháng 11 năm 2023.", "Trân trọng./.")
AT = datetime(2023, 11, 16, 2, tzinfo=UTC)
SIGNED_AT = datetime(2023, 11, 15, 3, tzinfo=UTC)
CA, OTHER_CA = Authority("Gốc thử nghiệm"), Authority("Gốc lạ")
OFFICE = "Ban Quản lý Khu kinh tế Hải Phòng"
DEPUTY = CA.issue(SIGNER)
LETTER = Letter(**dict.fromkeys(field.name for field in fields(Letter)))
LETTER = replace(LETTER, case_number="HS-1", sha256="a" * 64, drafted_on=date(2023, 11, 14))
ROW = SheetRow("HS-1", "a" * 64, "12/PXL-BQL", "15/11/2023", date(2023, 11, 15), SIGNER, "")


def pdf(*text, lines=SIGNED_LINES, picture=False):
    return letter_pdf(*lines, *(text or TEXT), SIGNER, picture=picture)


def signed(content=None, who=SIGNER, certificate=DEPUTY, at=SIGNED_AT, **given):
    return sign(content or pdf(), who, certificate, at=at, **given)


@pytest.fixture
def roots(tmp_path):
    folder = tmp_path / "chứng thư gốc"
    folder.mkdir()
    (folder / "goc.pem").write_bytes(pem(CA.certificate()))
    return folder


@pytest.fixture
def held(hai_phong, roots):
    """Return what judges a file, given its bytes and the row it came with."""
    standard = Standard(hai_phong, LETTER, letter_document(*TEXT, header="Sổ thư"), roots, AT)

    def hold(content, row=None, *, suffix=".pdf", **changed):
        return judge(
            ReturnedFile(f"HS-1{suffix}", sha256_of(content), lambda: content), row, replace(standard, **changed)
        )

    return hold


def test_a_valid_signature_speaks_for_number_day_and_signer(held):
    judged = held(signed(), approved=letter_document(*TEXT))
    assert judged.row == ROW
    assert judged.verdict.accepted
    words = judged.verdict.verdict
    assert words.startswith(f"chữ ký số hợp lệ của {SIGNER}, chứng thư số ")
    assert "do Gốc thử nghiệm cấp, chưa có dữ liệu thu hồi để kiểm, ký lúc 10:00 ngày 15/11/2023" in words
    assert words.endswith("nội dung đúng bản đã duyệt")
    [kept] = judged.verdict.signatures
    assert (kept["name"], kept["whole"], kept["faults"]) == (SIGNER, True, ())


@pytest.fixture
def told(held):
    """Return the words by which a signed letter is refused; nothing is to be recorded of it."""

    def words(content, row=None, **given):
        judged = held(content, row, **{"approved": letter_document(*TEXT)} | given)
        assert (judged.row, judged.verdict.accepted) == (None, False)
        return judged.verdict.verdict

    return words


def changed_after(content):
    """Return a signed PDF whose page another program drew over after the signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    drawn = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.add_stream_to_page(0, drawn)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def over_a_part(content):
    """Return a signed PDF whose signature says that it covers all but some bytes at the end."""
    start = content.index(b"/ByteRange") + len(b"/ByteRange [")
    end = content.index(b"]", start)
    numbers = content[start:end].split()
    shorter = b" ".join([*numbers[:3], str(int(numbers[3]) - 40).encode()])
    return content[:start] + shorter.ljust(end - start) + content[end:]


def with_signature_of(content, other):
    """Return `content` with the signature of the `other` file in the place of its own."""
    ours, theirs = (re.search(rb"/Contents <([0-9a-fA-F]+)>", one) for one in (content, other))
    size = len(ours[1])
    return content[: ours.start(1)] + theirs[1].ljust(size, b"0")[:size] + content[ours.end(1) :]


FORGED = {
    "no signature": (pdf, "không có chữ ký số của người ký thư"),
    "a root nobody trusts": (
        lambda: signed(certificate=OTHER_CA.issue(SIGNER)),
        "không do tổ chức được cơ quan tin cậy cấp",
    ),
    "its own root": (lambda: signed(certificate=Authority(SIGNER).certificate()), "không hợp lệ"),
    "an expired certificate": (
        lambda: signed(certificate=CA.issue(SIGNER, ends=AT - timedelta(hours=1))),
        "hết hạn",
    ),
    "a certificate to come": (lambda: signed(certificate=CA.issue(SIGNER, begins=AT + timedelta(days=1))), "chưa có"),
    "a certificate of another use": (lambda: signed(certificate=CA.issue(SIGNER, usage=False)), "không dùng để ký"),
    "a signature to come": (lambda: signed(at=AT + timedelta(days=9)), "giờ ký không nằm trong"),
    "a signature before the draft": (lambda: signed(at=SIGNED_AT - timedelta(days=3)), "trước ngày soạn thư"),
    "a day before the signature": (lambda: signed(at=SIGNED_AT + timedelta(hours=22)), "trước ngày ký số"),
    "a byte changed": (lambda: signed().replace(b"14 TL 72 720", b"14 TL 72 721"), "nội dung đã ký bị sửa"),
    "drawn over": (lambda: changed_after(signed()), "tệp bị sửa sau khi ký"),
    "drawn over, then sealed": (
        lambda: signed(changed_after(signed()), who=OFFICE, certificate=CA.issue(OFFICE), field="Dau"),
        "tệp bị sửa sau khi ký",
    ),
    "bytes behind its end": (lambda: signed() + b"PK\x03\x04", "chữ ký không phủ toàn bộ tệp"),
    "a signature of another file": (lambda: with_signature_of(signed(), signed(pdf("khác"))), "nội dung đã ký bị sửa"),
    "over a part": (lambda: over_a_part(signed()), "nội dung đã ký bị sửa"),
    "another person": (lambda: signed(who="Lê Lạ", certificate=CA.issue("Lê Lạ")), "không phải của người ký"),
    "a name without its accents": (
        lambda: signed(who="Bui Ngoc Hai", certificate=CA.issue("Bui Ngoc Hai")),
        "không phải của người ký",
    ),
    "the office alone": (
        lambda: signed(who=OFFICE, certificate=CA.issue(OFFICE)),
        "không có chữ ký số của người ký thư",
    ),
    "another letter": (lambda: signed(pdf("Kính gửi: Ông B, mã số: HS-2", *TEXT[1:])), "mã số: HS-2"),
    "one figure changed": (lambda: signed(pdf(TEXT[0], TEXT[1].replace("3 ngày", "30 ngày"), TEXT[2])), "30 ngày"),
    "a promise added": (lambda: signed(pdf(*TEXT, "Bồi thường 1 tỷ đồng.")), "Bồi thường 1 tỷ đồng."),
    "a sentence left out": (lambda: signed(pdf(*TEXT[:2])), "tệp không có “Trân trọng./.”"),
    "another date of the letterhead": (
        lambda: signed(pdf(lines=(SIGNED_LINES[0], "Hà Nội, ngày 15 tháng 11 năm 2023"))),
        "Hà Nội",
    ),
    "no number": (lambda: signed(pdf(lines=("Số: /PXL-BQL", SIGNED_LINES[1]))), "không đọc được số, ngày"),
    "a picture": (lambda: signed(pdf(picture=True)), "không đọc được số, ngày"),
    "a torn file": (lambda: signed()[:-400], "hỏng"),
}


@pytest.mark.fault(87)
@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_pdf_is_refused_with_the_reason(told, kind):
    forge, why = FORGED[kind]
    assert why in told(forge())


@pytest.mark.fault(87)
@pytest.mark.parametrize("kind", ["drawn over", "a root nobody trusts", "another person", "a promise added"])
def test_a_row_of_the_sheet_mends_no_forged_pdf(told, kind):
    forge, why = FORGED[kind]
    assert why in told(forge(), ROW)


@pytest.mark.fault(87)
@pytest.mark.parametrize("good_for", [30, 1], ids=["a fresh list", "an old list"])
def test_a_revoked_certificate_is_refused(told, roots, good_for):
    on = AT - timedelta(days=2)
    (roots / "goc.crl").write_bytes(CA.revoke(DEPUTY, on=on, good_for=timedelta(days=good_for)))
    assert "chứng thư số đã bị thu hồi" in told(signed())


def test_a_fresh_list_without_the_certificate_is_said_to_have_been_looked_at(held, roots):
    (roots / "goc.crl").write_bytes(CA.revoke(on=AT - timedelta(days=1)))
    judged = held(signed(), approved=letter_document(*TEXT))
    assert "đã kiểm là không bị thu hồi" in judged.verdict.verdict


def test_without_roots_no_signature_is_trusted(told, tmp_path):
    assert "không do tổ chức" in told(signed(), trust_roots=tmp_path / "không có")


def test_a_broken_root_is_told_to_the_operator(told, roots):
    (roots / "hong.crt").write_bytes(b"x")
    assert "hong.crt trong thư mục chứng thư gốc hỏng" in told(signed())


def test_the_office_may_seal_what_its_leader_signed(held):
    sealed = signed(signed(), who=OFFICE, certificate=CA.issue(OFFICE), field="Dau")
    judged = held(sealed, approved=letter_document(*TEXT))
    assert (judged.row, "sau đó chỉ thêm chữ ký" in judged.verdict.verdict) == (ROW, True)


def test_another_signatory_of_the_campaign_may_sign(held, hai_phong):
    head = Signatory(authority="", position="TRƯỞNG BAN", name="Lê Trung Kiên")
    campaign = hai_phong.model_copy(update={"signoff": hai_phong.signoff.model_copy(update={"signatories": (head,)})})
    content = signed(who=head.name, certificate=CA.issue(head.name))
    judged = held(content, approved=letter_document(*TEXT), campaign=campaign)
    assert judged.row.signer == head.name


@pytest.mark.fault(87)
def test_a_namesake_with_another_certificate_is_refused_where_the_campaign_knows_the_certificate(told, held, hai_phong):
    prints = DEPUTY.fingerprint(hashes.SHA256()).hex(":").upper()
    known = Signatory.model_validate(hai_phong.signatory.model_dump() | {"certificates": [prints]})
    campaign = hai_phong.model_copy(update={"signatory": known})
    namesake = CA.issue(SIGNER, ends=ENDS + timedelta(days=1))
    assert "không phải của người ký" in told(signed(certificate=namesake), campaign=campaign)
    assert held(signed(), approved=letter_document(*TEXT), campaign=campaign).row == ROW


def test_a_trusted_timestamp_tells_when_it_was_signed(held, roots):
    authority = CA.issue(STAMPER, stamps=True)
    content = signed(at=SIGNED_AT + timedelta(minutes=9), stamped_by=authority, stamped_at=SIGNED_AT)
    judged = held(content, approved=letter_document(*TEXT))
    assert "ký lúc 10:00 ngày 15/11/2023 theo dấu thời gian" in judged.verdict.verdict


@pytest.mark.parametrize(
    ("content", "row", "accepted", "words"),
    [
        (lambda: pdf(picture=True), ROW, True, "không đối chiếu được từng chữ"),
        (lambda: signed(pdf(picture=True)), ROW, True, "chữ ký số hợp lệ"),
        (pdf, ROW, True, "nội dung đúng bản đã duyệt"),
        (pdf, replace(ROW, number="13/PXL-BQL"), False, "bảng ghi số 13/PXL-BQL, trong tệp là số 12/PXL-BQL"),
        (pdf, replace(ROW, signed_on=date(2023, 11, 16), date_text="16/11/2023"), False, "bảng ghi ngày"),
        (signed, replace(ROW, signer="Lê Trung Kiên"), False, "bảng ghi người ký là Lê Trung Kiên"),
    ],
    ids=["a scan", "a signed scan", "a print", "another number", "another day", "another signer"],
)
def test_a_row_speaks_for_what_the_file_cannot_say(held, content, row, accepted, words):
    judged = held(content(), row, approved=letter_document(*TEXT))
    assert (judged.verdict.accepted, words in judged.verdict.verdict) == (accepted, True)


def word(*text, lines=SIGNED_LINES, header="Sổ thư", **given):
    return letter_document(*(text or TEXT), lines=lines, header=header, **given)


def test_a_word_letter_with_the_approved_text_is_taken_with_its_row(held):
    judged = held(word(), ROW, suffix=".docx")
    assert (judged.row, judged.verdict.verdict) == (
        ROW,
        f"{SIGNER} ký, theo dòng trong bảng trình ký; nội dung đúng bản đã duyệt",
    )


def reworked(content, change):
    document, out = docx.Document(io.BytesIO(content)), io.BytesIO()
    change(document)
    document.save(out)
    return out.getvalue()


def with_box(document):
    run = document.paragraphs[3].add_run()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    box = (
        f'<w:pict xmlns:w="{space}"><w:txbxContent><w:p><w:r><w:t>Bồi thường</w:t></w:r></w:p></w:txbxContent></w:pict>'
    )
    run._r.append(docx.oxml.parse_xml(box))


def hide(document):
    document.paragraphs[3].runs[0].font.hidden = True


def whiten(document):
    document.paragraphs[3].runs[0].font.color.rgb = RGBColor(255, 255, 255)


def of_first_page(document):
    document.sections[0].different_first_page_header_footer = True
    document.sections[0].first_page_header.paragraphs[0].text = "Bồi thường"


def bind(document):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document.paragraphs[3]._p.append(docx.oxml.parse_xml(f'<w:dataBinding xmlns:w="{space}" w:xpath="/x"/>'))


WORD = {
    "four typed lines": (lambda: letter_document("Bồi thường 1 tỷ đồng.", lines=SIGNED_LINES), "Bồi thường 1 tỷ đồng."),
    "one figure": (lambda: word(TEXT[0], TEXT[1].replace("3 ngày", "30 ngày"), TEXT[2]), "tệp “Hồ sơ chậm 30 ngày"),
    "the header": (lambda: word(header="Sổ thư, bồi thường"), "đầu trang"),
    "the footer": (lambda: word(footer="Bồi thường 1 tỷ đồng"), "chân trang: tệp có thêm “Bồi thường 1 tỷ đồng”"),
    "a text box": (lambda: reworked(word(), with_box), "không có trong bản đã duyệt"),
    "a hidden line": (lambda: reworked(word(), hide), "không có trong bản đã duyệt"),
    "a bound field": (lambda: reworked(word(), bind), "không có trong bản đã duyệt"),
    "white on white": (lambda: reworked(word(), whiten), "không có trong bản đã duyệt"),
    "a first page's header": (lambda: reworked(word(), of_first_page), "đầu trang: tệp có thêm “Bồi thường”"),
    "a line left out": (lambda: word(*TEXT[:2]), "tệp không có “Trân trọng./.”"),
    "another symbol": (lambda: word(lines=("Số: 12/QĐ-BQL", SIGNED_LINES[1])), "12/QĐ-BQL"),
    "a body with the place's date": (
        lambda: word(*TEXT[:2], "Hải Phòng, ngày 1 tháng 1 năm 2024 sẽ trả.", TEXT[2]),
        "sẽ trả.",
    ),
    "no package": (lambda: b"PK\x03\x04 x", "Không mở được tệp Word"),
    "no Word": (lambda: b"MZ", "không phải tệp Word"),
}


@pytest.mark.fault(87)
@pytest.mark.parametrize("kind", WORD)
@pytest.mark.parametrize("row", [None, ROW], ids=["alone", "with its row"])
def test_a_word_letter_that_says_something_else_is_refused_with_the_difference(told, kind, row):
    forge, why = WORD[kind]
    assert why in told(
        forge(), row, suffix=".docx", approved=word(lines=("Số:   /PXL-BQL", "Hải Phòng, ngày tháng năm"))
    )


@pytest.mark.fault(87)
def test_a_word_letter_alone_proves_no_signature(told):
    assert "tệp Word không chứng minh được ai đã ký" in told(word(), suffix=".docx", approved=word())


@pytest.fixture
def approved(office, roots):
    """Return an office that trusts the test authority, with one approved letter."""
    installation = replace(office.place.installation, trust_roots=roots)
    office.place = replace(office.place, installation=installation)
    office.draft("HS-1", text=TEXT[0])
    office.put_up()
    office.approve()
    return office


def of_case(*text, lines=SIGNED_LINES):
    return letter_pdf(*lines, f"{TEXT[0]} HS-1", *text, SIGNER)


def test_a_signed_pdf_dropped_alone_is_recorded_with_its_verdict(approved):
    (approved.inbox / "HS-1.pdf").write_bytes(content := signed(of_case()))
    [[(number, state, why)]] = take(approved).values()
    letter = approved.letter("HS-1")
    assert (number, state, why.startswith("chữ ký số hợp lệ của")) == ("HS-1", "đã ghi", True)
    assert (letter.state, letter.number, letter.signer) == ("signed", "12/PXL-BQL", SIGNER)
    [row] = verdicts(approved)
    assert (row.sha256, row.accepted, row.verdict) == (letter.signed_sha256, True, why)
    [stored] = approved.place.out.glob(f"*/letters-store/{letter.signed_sha256}.signed.pdf")
    assert stored.read_bytes() == content


@pytest.mark.fault(87)
def test_a_forged_pdf_is_kept_out_told_and_audited(approved):
    (approved.inbox / "HS-1.pdf").write_bytes(signed(of_case("Bồi thường 1 tỷ đồng.")))
    [[(_, state, why)]] = take(approved).values()
    assert (state, "Bồi thường 1 tỷ đồng." in why) == ("không nhận", True)
    [row] = verdicts(approved)
    assert (row.accepted, row.verdict, [one["name"] for one in row.signatures]) == (False, why, [SIGNER])
    with approved.place.ledger.begin() as connection:
        acts = connection.scalars(select(audit_table.c.action)).all()
    assert acts[-1] == "letter.signed_file_refused"
    assert (approved.letter("HS-1").state, audit.verify(approved.place.ledger).broken_at) == ("approved", None)
    assert list(approved.place.out.glob("*/letters-store/*.signed.*")) == []


@pytest.mark.fault(87)
def test_what_was_never_approved_is_not_signed_by_a_valid_signature(office, roots):
    office.place = replace(office.place, installation=replace(office.place.installation, trust_roots=roots))
    office.draft("HS-1", text=TEXT[0])
    office.put_up()
    (office.inbox / "HS-1.pdf").write_bytes(signed(of_case()))
    [[(_, state, why)]] = take(office).values()
    assert (state, "chưa được lãnh đạo duyệt" in why, office.letter("HS-1").state) == ("không nhận", True, "complete")


def test_the_same_forgery_dropped_again_is_one_verdict(approved):
    content = word(TEXT[0])
    for _ in range(2):
        (approved.inbox / "HS-1.docx").write_bytes(content)
        take(approved)
    assert len(verdicts(approved)) == 1


def test_two_files_of_one_case_are_neither_taken(approved):
    for suffix in ("pdf", "docx"):
        (approved.inbox / f"HS-1.{suffix}").write_bytes(signed(of_case()))
    assert {row[1:] for rows in take(approved).values() for row in rows} == {
        ("không nhận", "có hơn một tệp cho hồ sơ này: đặt lại đúng một tệp")
    }


def test_a_file_put_beside_a_signed_letter_changes_nothing(approved):
    (approved.inbox / "HS-1.pdf").write_bytes(signed(of_case()))
    take(approved)
    before = approved.letter("HS-1")
    (approved.inbox / "HS-1.pdf").write_bytes(signed(of_case("Bồi thường")))
    assert take_in_signed(approved.place, at=AT) == {"không nhận": 1}
    assert (approved.letter("HS-1"), len(verdicts(approved))) == (before, 1)


def test_a_file_may_join_a_letter_whose_signature_was_recorded_without_one(approved):
    sheet(approved, SIGNED)
    take(approved)
    (approved.inbox / "HS-1.pdf").write_bytes(content := signed(of_case()))
    assert take_in_signed(approved.place, at=AT) == {"đã ghi": 1}
    assert (approved.letter("HS-1").state, approved.letter("HS-1").signed_sha256) == ("signed", sha256_of(content))


@pytest.mark.fault(87)
def test_a_file_of_another_number_joins_no_signed_letter(approved):
    sheet(approved, SIGNED)
    take(approved)
    content = signed(of_case(lines=("Số: 13/PXL-BQL", SIGNED_LINES[1])))
    (approved.inbox / "HS-1.pdf").write_bytes(content)
    assert take_in_signed(approved.place, at=AT) == {"không nhận": 1}
    assert approved.letter("HS-1").signed_sha256 is None


def verdicts(office):
    with office.place.ledger.begin() as connection:
        return [SimpleNamespace(**row._mapping) for row in connection.execute(select(signed_file))]


def take(office):
    return take_in(office, at=AT)
