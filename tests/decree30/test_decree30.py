"""The checker of Decree 30/2020/NĐ-CP: our own documents keep to it, and each departure is named with its clause."""

from datetime import datetime

import docx
import pytest
from changes import (
    AGENCY,
    BODY,
    NUMBER,
    PARENT,
    PLACE,
    agency_over_a_line_break,
    annexes_numbered_on,
    arial_by_character_style,
    arial_by_document_defaults,
    arial_by_paragraph_style,
    arial_by_parent_style,
    as_official_letter,
    broken_styles,
    broken_xml,
    cambria_by_theme,
    cells_in_percent,
    drawn_motto_rule,
    drop,
    empty,
    header,
    look,
    no_content_types,
    no_document,
    no_page_number,
    no_signature,
    nonsense_number,
    number_on_first_page,
    only_a_greeting,
    only_a_table,
    page,
    red,
    roman_page_numbers,
    rule_below,
    say,
    second_addressee,
    shape,
    subject_under_number,
    text,
    truncated,
    two_addressees,
    underlined_motto,
    urgent_stamp,
)
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Cm, Mm, Pt

from dondoc.__main__ import main
from dondoc.campaign import load_campaign
from dondoc.decree30 import find_departures
from dondoc.errors import DondocError
from dondoc.installation import ROOT

RETURNED = {"ended_on": datetime(2023, 10, 24)}
HOSTILE = "CÔNG TY TNHH A & B <越南> {{ 7 * 7 }} “Kính gửi:” Phụ lục I ./. " + "X" * 120


@pytest.fixture(scope="module")
def departures(letter, report, tmp_path_factory):
    """Return what changes a document of a kind and returns its departures."""
    bases = {"phiếu": letter(), "công văn": letter(), "báo cáo": report()}
    folder = tmp_path_factory.mktemp("changed")

    def check(kind, *changes):
        document = docx.Document(str(bases[kind]))
        for change in (as_official_letter, *changes) if kind == "công văn" else changes:
            change(document)
        document.save(str(folder / "d.docx"))
        return find_departures(folder / "d.docx")

    return check


@pytest.mark.parametrize("ended", [{}, RETURNED], ids=["pending", "returned"])
@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="business, complete"),
        pytest.param({"applicant_kind": "citizen", "applicant": "Nguyễn Văn Mẫu"}, id="citizen"),
        pytest.param({"applicant_kind": None}, id="unknown kind"),
        pytest.param({"reason": None, "new_due_at": None}, id="incomplete"),
        pytest.param({"applicant": None, "address": None, "phone": None, "reason": None}, id="nobody named"),
        pytest.param(dict.fromkeys(("applicant", "reason", "procedure", "address"), HOSTILE), id="hostile"),
    ],
)
def test_our_letters_keep_to_the_decree(letter, facts, ended):
    assert find_departures(letter(**facts, **ended)) == []


def test_a_letter_of_another_office_keeps_to_the_decree(letter):
    boston = load_campaign(ROOT / "include" / "campaigns" / "boston-311-2015")
    assert find_departures(letter(boston, unit=boston.units[0].code)) == []


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({}, id="some behind"),
        pytest.param({"late": 0}, id="no case late"),
        pytest.param({"behind": []}, id="nobody behind"),
        pytest.param({"missing": ["Tệp công việc"]}, id="figures incomplete"),
        pytest.param({"template": "so-lieu-ngay.docx"}, id="the day's page"),
        pytest.param({"template": "so-lieu-ngay.docx", "missing": ["Tệp công việc"]}, id="the day's page, incomplete"),
        pytest.param({"cases_left_out": "12"}, id="long list cut"),
        pytest.param({"legal_basis": ["Luật Mẫu"]}, id="one basis"),
    ],
)
def test_our_report_keeps_to_the_decree(report, values):
    assert find_departures(report(**values)) == []


def test_our_correction_of_a_report_keeps_to_the_decree(addendum):
    assert find_departures(addendum) == []


def test_an_official_letter_keeps_to_the_decree(departures):
    assert departures("công văn") == []


LETTER_BODY = ("Ngày 02", BODY, "Tuy nhiên", "Lý do", "Ban Quản lý Khu kinh tế", "Cần biết thêm", "Mong nhận")
CHANGES = [
    ("I.1", "Khổ giấy", "phiếu", page(page_width=Mm(216), page_height=Mm(279))),
    ("I.2", "Kiểu trình bày", "báo cáo", page(6, page_width=Mm(297), page_height=Mm(210))),
    ("I.3", "Định lề trang", "phiếu", page(left_margin=Mm(25))),
    ("I.3", "Định lề trang", "phiếu", page(left_margin=Mm(36))),
    ("I.3", "Định lề trang", "phiếu", page(right_margin=Mm(10))),
    ("I.3", "Định lề trang", "phiếu", page(top_margin=Mm(15))),
    ("I.3", "Định lề trang", "báo cáo", page(1, bottom_margin=Mm(30))),
    ("I.4", "Phông chữ", "phiếu", look(BODY, name="Arial")),
    ("I.4", "Phông chữ", "báo cáo", look("Tổng cộng", name="Calibri")),
    ("I.4", "Màu chữ", "phiếu", red(BODY)),
    ("II.6", "Nội dung", "phiếu", drop(*LETTER_BODY)),
    ("I.7", "Số trang", "phiếu", no_page_number),
    ("I.7", "Số trang", "phiếu", number_on_first_page),
    ("I.7", "Số trang", "phiếu", roman_page_numbers),
    ("I.7", "Số trang", "phiếu", header(size=Pt(10))),
    ("I.7", "Số trang", "phiếu", header(italic=True)),
    ("I.7", "Số trang", "phiếu", header(alignment=WD_ALIGN_PARAGRAPH.RIGHT)),
    ("II.1", "Quốc hiệu", "phiếu", say("CỘNG HÒA", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
    ("II.1", "Quốc hiệu", "phiếu", drop("CỘNG HÒA")),
    ("II.1", "Quốc hiệu", "phiếu", look("CỘNG HÒA", size=Pt(14))),
    ("II.1", "Quốc hiệu", "phiếu", look("CỘNG HÒA", bold=False)),
    ("II.1", "Tiêu ngữ", "phiếu", say("Độc lập", "Độc lập-Tự do-Hạnh phúc")),
    ("II.1", "Tiêu ngữ", "phiếu", drop("Độc lập")),
    ("II.1", "Tiêu ngữ", "phiếu", look("Độc lập", italic=True)),
    ("II.1", "Tiêu ngữ", "phiếu", rule_below("Độc lập")),
    ("II.1", "Tiêu ngữ", "phiếu", rule_below("Độc lập", length=Cm(3.8))),
    ("II.2", "Tên cơ quan", "phiếu", drop(PARENT, AGENCY)),
    ("II.2", "Tên cơ quan", "phiếu", say(AGENCY, "Ban Quản lý Khu kinh tế Hải Phòng")),
    ("II.2", "Tên cơ quan", "phiếu", look(AGENCY, size=Pt(14))),
    ("II.2", "Tên cơ quan ban hành", "phiếu", look(AGENCY, bold=False)),
    ("II.2", "Tên cơ quan chủ quản", "phiếu", look(PARENT, bold=True)),
    ("II.2", "Tên cơ quan ban hành", "phiếu", rule_below(AGENCY)),
    ("II.2", "Tên cơ quan ban hành", "phiếu", rule_below(AGENCY, length=Cm(0.5))),
    ("II.3", "Số, ký hiệu", "phiếu", drop(NUMBER)),
    ("II.3", "Số, ký hiệu", "phiếu", say(NUMBER, "Số: 5/PXL-BQL")),
    ("II.3", "Số, ký hiệu", "phiếu", say(NUMBER, "Số: 05 / PXL-BQL")),
    ("II.3", "Số, ký hiệu", "phiếu", say(NUMBER, "Số: 05/PXL - BQL")),
    ("II.3", "Số, ký hiệu", "phiếu", say(NUMBER, "Số 05/PXL-BQL")),
    ("II.3", "Số, ký hiệu", "phiếu", look(NUMBER, size=Pt(14))),
    ("II.4", "Địa danh và thời gian", "phiếu", drop(PLACE)),
    ("II.4", "Địa danh và thời gian", "phiếu", look(PLACE, italic=False)),
    ("II.4", "Địa danh và thời gian", "phiếu", say(PLACE, "Hải Phòng ngày 05 tháng 01 năm 2024")),
    ("II.4", "Ngày", "phiếu", say(PLACE, "Hải Phòng, ngày 5 tháng 01 năm 2024")),
    ("II.4", "Ngày", "phiếu", say(PLACE, "Hải Phòng, ngày 32 tháng 01 năm 2024")),
    ("II.4", "Tháng", "phiếu", say(PLACE, "Hải Phòng, ngày 05 tháng 1 năm 2024")),
    ("II.4", "Tháng", "phiếu", say(PLACE, "Hải Phòng, ngày 05 tháng 09 năm 2024")),
    ("II.5", "Tên loại", "báo cáo", drop("BÁO CÁO")),
    ("II.5", "Tên loại", "phiếu", drop("PHIẾU XIN LỖI")),
    ("II.5", "Tên loại", "báo cáo", say("BÁO CÁO", "Báo cáo")),
    ("II.5", "Tên loại", "báo cáo", look("BÁO CÁO", bold=False)),
    ("II.5", "Trích yếu", "báo cáo", drop("Khắc phục tồn tại")),
    ("II.5", "Trích yếu", "báo cáo", look("Khắc phục tồn tại", bold=False)),
    ("II.5", "Trích yếu", "báo cáo", rule_below("Khắc phục tồn tại")),
    ("II.5", "Trích yếu", "báo cáo", rule_below("Khắc phục tồn tại", length=Cm(1))),
    ("II.5", "Trích yếu công văn", "công văn", drop("V/v")),
    ("II.5", "Trích yếu công văn", "công văn", look("V/v", size=Pt(14))),
    ("II.5", "Trích yếu công văn", "công văn", look("V/v", bold=True)),
    ("II.5", "Trích yếu công văn", "công văn", shape("V/v", space_before=Pt(0))),
    ("II.6", "Căn cứ ban hành", "báo cáo", look("Căn cứ", italic=False)),
    ("II.6", "Nội dung", "phiếu", look(BODY, size=Pt(12))),
    ("II.6", "Nội dung", "phiếu", shape(BODY, alignment=WD_ALIGN_PARAGRAPH.LEFT)),
    ("II.6", "Nội dung", "phiếu", shape(BODY, first_line_indent=Cm(0))),
    ("II.6", "Nội dung", "phiếu", shape(BODY, first_line_indent=Cm(2))),
    ("II.6", "Nội dung", "phiếu", shape(BODY, space_after=Pt(0))),
    ("II.6", "Nội dung", "phiếu", shape(BODY, line_spacing=2.0)),
    ("II.6", "Nội dung", "phiếu", shape(BODY, line_spacing=0.9)),
    ("II.6", "Nội dung", "phiếu", shape(BODY, line_spacing_rule=WD_LINE_SPACING.EXACTLY, line_spacing=Pt(12))),
    ("II.7", "Quyền hạn, chức vụ", "phiếu", no_signature),
    ("II.7", "Quyền hạn, chức vụ", "phiếu", say("PHÓ TRƯỞNG BAN", "Phó Trưởng ban")),
    ("II.7", "Quyền hạn, chức vụ", "phiếu", look("KT. TRƯỞNG BAN", bold=False)),
    ("II.7", "Họ tên người ký", "phiếu", drop("Bùi Ngọc Hải")),
    ("II.7", "Họ tên người ký", "phiếu", say("Bùi Ngọc Hải", "TS. Bùi Ngọc Hải")),
    ("II.7", "Họ tên người ký", "phiếu", say("Bùi Ngọc Hải", "BÙI NGỌC HẢI")),
    ("II.7", "Họ tên người ký", "phiếu", look("Bùi Ngọc Hải", size=Pt(12))),
    ("II.9", "Kính gửi", "công văn", drop("Kính gửi", "Địa chỉ", "Điện thoại")),
    ("II.9", "Kính gửi", "phiếu", second_addressee),
    ("II.9", "Kính gửi", "phiếu", say("Kính gửi", "Kính gửi Công ty TNHH Mẫu")),
    ("II.9", "Nơi nhận", "phiếu", drop("Nơi nhận")),
    ("II.9", "Nơi nhận", "phiếu", say("Nơi nhận", "NƠI NHẬN")),
    ("II.9", "Nơi nhận", "phiếu", look("Nơi nhận", italic=False)),
    ("II.9", "Nơi nhận", "phiếu", say("- Bộ phận Một cửa", "Bộ phận Một cửa")),
    ("II.9", "Nơi nhận", "phiếu", say("- Lưu", "- Văn thư.")),
    ("II.9", "Nơi nhận", "phiếu", say("- Như trên", "- Công ty TNHH Mẫu;")),
    ("II.9", "Danh sách nơi nhận", "phiếu", look("- Lưu", size=Pt(13))),
    ("III.1", "Phụ lục", "báo cáo", say("Phụ lục II", "Phụ lục 2")),
    ("III.1", "Phụ lục", "báo cáo", look("Phụ lục I", size=Pt(12))),
    ("III.1", "Phụ lục", "báo cáo", drop("CÁCH TÍNH VÀ NGUỒN SỐ LIỆU")),
    ("III.1", "Tên phụ lục", "báo cáo", say("CÁCH TÍNH", "Cách tính và nguồn số liệu")),
    ("III.1", "Chỉ dẫn kèm theo", "báo cáo", look("(Kèm theo", italic=False)),
    ("III.1", "Số trang phụ lục", "báo cáo", annexes_numbered_on),
]  # fmt: skip


@pytest.mark.parametrize(
    ("clause", "component", "kind", "change"),
    [pytest.param(*case, id=f"{i} {case[0]} {case[1]}") for i, case in enumerate(CHANGES)],
)
def test_a_departure_is_named_with_its_clause(departures, clause, component, kind, change):
    found = {(departure.clause, departure.component) for departure in departures(kind, change)}
    assert (f"Phụ lục I, mục {clause}", component) in found


@pytest.mark.parametrize(
    ("kind", "change", "clause", "found"),
    [
        ("phiếu", say("Mong nhận", "Hết."), "Phụ lục III, mẫu trình bày", "không kết thúc bằng “./.”"),
        ("báo cáo", say(NUMBER, "Số:      /TB-BQL"), "Phụ lục III, bảng chữ viết tắt", "ký hiệu TB"),
        ("công văn", say(NUMBER, "Số:      /TB-BQL"), "Phụ lục III, bảng chữ viết tắt", "ký hiệu TB"),
        ("phiếu", subject_under_number, "Phụ lục I, mục II.5", "“V/v” dưới số và ký hiệu"),
        ("phiếu", say("PHIẾU XIN LỖI", "THÔNG BÁO"), "Phụ lục I, mục II.9", "có trong THÔNG BÁO"),
        ("báo cáo", say("Căn cứ Quyết định", "Căn cứ Quyết định."), "Phụ lục I, mục II.6", "kết thúc “.”"),
    ],
)  # fmt: skip
def test_what_was_found_is_said(departures, kind, change, clause, found):
    assert (clause, found) in {(departure.clause, departure.found) for departure in departures(kind, change)}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        pytest.param("phiếu", say(NUMBER, "Số: 05/PXL-BQL"), id="number with leading zero"),
        pytest.param("phiếu", say(NUMBER, "Số: 123/PXL-BQL"), id="long number"),
        pytest.param("phiếu", say(NUMBER, "Số: …/PXL-BQL"), id="dots for the number"),
        pytest.param("phiếu", say(PLACE, "Hải Phòng, ngày 05 tháng 02 năm 2024"), id="padded date"),
        pytest.param("phiếu", say(PLACE, "Hải Phòng, ngày 15 tháng 9 năm 2024"), id="date without padding"),
        pytest.param("phiếu", say("- Lưu", "- Lưu: VT, VP."), id="usual archive line"),
        pytest.param("phiếu", drop("DỰ THẢO"), id="no draft mark"),
        pytest.param("phiếu", red(BODY, highlighted=True), id="highlighted gap in red"),
        pytest.param("phiếu", shape(BODY, first_line_indent=Cm(1)), id="indent of 1 cm"),
        pytest.param("phiếu", shape(BODY, line_spacing=1.5), id="one and a half lines"),
        pytest.param("phiếu", shape(BODY, line_spacing=Pt(18)), id="exactly 18 points"),
        pytest.param("phiếu", page(left_margin=Mm(35), right_margin=Mm(20), top_margin=Mm(25)), id="widest margins"),
        pytest.param("phiếu", underlined_motto, id="motto underlined"),
        pytest.param("phiếu", cells_in_percent, id="cells in percent"),
        pytest.param("phiếu", drawn_motto_rule, id="rule drawn as a shape"),
        pytest.param("phiếu", agency_over_a_line_break, id="agency over a line break"),
        pytest.param("phiếu", urgent_stamp, id="red stamp"),
        pytest.param("công văn", two_addressees, id="two addressees"),
    ],
)
def test_what_the_decree_allows_is_no_departure(departures, kind, change):
    assert departures(kind, change) == []


@pytest.mark.parametrize(
    ("change", "font"),
    [
        (arial_by_paragraph_style, "Arial"),
        (arial_by_parent_style, "Arial"),
        (arial_by_character_style, "Arial"),
        (arial_by_document_defaults, "Arial"),
        (cambria_by_theme, "Cambria"),
    ],
)
def test_formatting_is_followed_through_styles_theme_and_defaults(departures, change, font):
    found = {departure.found for departure in departures("phiếu", change) if departure.component == "Phông chữ"}
    assert found == {font}


REQUIRED = {"Quốc hiệu", "Tiêu ngữ", "Tên cơ quan", "Số, ký hiệu", "Địa danh và thời gian", "Tên loại", "Nơi nhận"}
REQUIRED |= {"Nội dung", "Quyền hạn, chức vụ", "Họ tên người ký"}


@pytest.mark.parametrize(
    ("change", "present"), [(empty, set()), (only_a_table, set()), (only_a_greeting, {"Nội dung"})]
)
def test_a_document_without_components_lacks_each(departures, change, present):
    lacking = {departure.component for departure in departures("phiếu", change) if departure.found == "không có"}
    assert lacking == REQUIRED - present


def test_a_document_without_styles_has_word_s_defaults(letter, tmp_path):
    bare = docx.Document(str(letter()))
    for key, relation in list(bare.part.rels.items()):
        if relation.reltype.endswith("/styles"):
            del bare.part.rels[key]
    bare.save(str(tmp_path / "d.docx"))
    sizes = {
        departure.found for departure in find_departures(tmp_path / "d.docx") if departure.component == "Quốc hiệu"
    }
    assert "cỡ chữ 10" in sizes


@pytest.mark.fault(91)
@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        text,
        broken_xml,
        broken_styles,
        no_document,
        no_content_types,
        nonsense_number,
        lambda path, letter: None,
    ],
)
def test_a_damaged_file_is_an_error_with_a_remedy(letter, tmp_path, damage):
    damage(tmp_path / "d.docx", letter())
    with pytest.raises(DondocError, match=r"Không đọc được văn bản Word.\n.*d\.docx\n.*lưu lại dạng \.docx"):
        find_departures(tmp_path / "d.docx")


def test_the_command_says_what_departs_and_fails(letter, tmp_path, capsys, installation):
    good, bad = letter(), tmp_path / "sai.docx"
    document = docx.Document(str(good))
    look(BODY, size=Pt(12))(document)
    document.save(str(bad))
    assert main(["decree30", "check", str(good)]) == 0
    assert main(["decree30", "check", str(good), str(bad)]) == 1
    said = capsys.readouterr().out
    assert f"{good}: đúng thể thức" in said
    assert f"{bad}: 1 điểm sai thể thức\n  - Nội dung (“Thời gian hẹn trả" in said
    assert "cỡ chữ 12; yêu cầu: cỡ chữ 13 đến 14 [Phụ lục I, mục II.6]" in said


def test_the_command_names_a_file_it_cannot_read(tmp_path, capsys, installation):
    assert main(["decree30", "check", str(tmp_path / "không-có.docx")]) == 1
    assert "LỖI: Không đọc được văn bản Word." in capsys.readouterr().err


def test_our_public_list_keeps_to_the_decree(public_list):
    assert find_departures(public_list) == []
