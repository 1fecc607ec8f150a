"""Text files in the encodings and separations that offices' programs write."""

import csv
import unicodedata

import pytest
from books import HEADINGS, case

from dondoc.errors import SourceError


def text_of(*rows, separator=","):
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def cp1258(text):
    """Return `text` as Windows writes it: letters with their shape, tones apart."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(sign for sign in parts if sign not in tones))
        out.append(base + "".join(sign for sign in parts if sign in tones))
    return "".join(out).encode("cp1258")


ENCODERS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "utf-16 with a mark": lambda text: text.encode("utf-16"),
    "utf-16 little": lambda text: text.encode("utf-16-le"),
    "utf-16 big": lambda text: text.encode("utf-16-be"),
    "cp1258": cp1258,
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
}


@pytest.mark.fault(33)
@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encoding_and_separator_are_found(tmp_path, read, encode, separator):
    rows = [case(1, **{"Tên thủ tục": "Cấp giấy phép xây dựng cho người được ủy quyền"}), case(2)]
    (tmp_path / "a.csv").write_bytes(encode(text_of(HEADINGS, *rows, separator=separator)))
    accepted = read(tmp_path / "a.csv").accepted
    assert accepted["procedure"].tolist() == ["Cấp giấy phép xây dựng cho người được ủy quyền", "Cấp phép"]


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param("Số,Tên\nNguyễn".encode()[:-1] + b"\xff\xfe\xfa", id="cut in a letter"),
        pytest.param(b"caf\xe9,na\xefve,stra\xdfe\n1,2,3\n", id="another country's"),
        pytest.param("Số hồ sơ".encode("utf-16")[:-1], id="half a letter"),
    ],
)
def test_an_encoding_that_cannot_be_proved_is_a_clear_error(tmp_path, read, content):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(SourceError, match=r"không nhận ra bảng mã.*\n.*a\.csv.*\n.*CSV UTF-8"):
        read(tmp_path / "a.csv")


def test_a_title_and_empty_lines_count_as_rows(tmp_path, read):
    (tmp_path / "a.txt").write_text("DANH SÁCH\n\n" + text_of(HEADINGS, case(1), [], case(2)), encoding="utf-8")
    assert read(tmp_path / "a.txt").accepted["source_row"].tolist() == [4, 6]


@pytest.mark.fault(29)
@pytest.mark.parametrize(
    "row",
    [
        pytest.param("3,H24-3,Cấp phép, loại 2,P. QLĐT,02/10/2023,10/10/2023,Đang xử lý", id="a comma not quoted"),
        pytest.param("3,H24-3,Cấp phép,P. QLĐT,02/10/2023,10/10/2023", id="a row cut short"),
    ],
)
def test_a_row_with_shifted_columns_is_refused_and_the_others_are_read(tmp_path, read, row):
    (tmp_path / "a.csv").write_text(text_of(HEADINGS, case(1)) + row + "\r\n" + text_of(case(2)), encoding="utf-8")
    intake = read(tmp_path / "a.csv")
    assert (intake.accepted["case_number"].tolist(), intake.quarantined["reason"].tolist()) == (
        ["H24-1", "H24-2"],
        ["shifted"],
    )


def test_quoted_separators_quotes_and_line_ends_are_text(tmp_path, read):
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, case(1, **{"Tên thủ tục": 'Cấp, "phép"\nloại 2'}), case(2)])
    assert read(tmp_path / "a.csv").accepted["procedure"].tolist() == ['Cấp, "phép" loại 2', "Cấp phép"]


def test_a_quotation_mark_left_open_is_an_error_and_swallows_nothing(tmp_path, read):
    rows = [case(1, **{"Tên thủ tục": '"Cấp phép'}), case(2), case(3)]
    (tmp_path / "a.csv").write_text(text_of(HEADINGS, *rows), encoding="utf-8")
    with pytest.raises(SourceError, match="dấu nháy kép không khép"):
        read(tmp_path / "a.csv")


def test_a_quotation_mark_left_open_in_the_last_cell_is_an_error_too(tmp_path, read):
    headings = [name for name in HEADINGS if name != "Tên thủ tục"] + ["Tên thủ tục"]
    rows = [[dict(zip(HEADINGS, case(i), strict=True))[name] for name in headings] for i in (1, 2)]
    text = text_of(headings, *rows).removesuffix("Cấp phép\r\n") + '"Cấp phép\r\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="dấu nháy kép không khép"):
        read(tmp_path / "a.csv")


def test_a_nul_costs_no_row(tmp_path, read):
    rows = [case(1, **{"Tên thủ tục": "Cấp\0 phép"}), case(2, **{"Tên thủ tục": '"x, y"'}), case(3)]
    (tmp_path / "a.csv").write_text(text_of(HEADINGS, *rows), encoding="utf-8")
    assert read(tmp_path / "a.csv").accepted["case_number"].tolist() == ["H24-1", "H24-2", "H24-3"]


def test_two_quotation_marks_left_open_refuse_the_row_they_swallowed(tmp_path, read):
    rows = [case(1, **{"Tên thủ tục": '"Cấp phép'}), case(2), case(3, **{"Tên thủ tục": 'x"'}), case(4)]
    (tmp_path / "a.csv").write_text(text_of(HEADINGS, *rows), encoding="utf-8")
    intake = read(tmp_path / "a.csv")
    assert (intake.accepted["case_number"].tolist(), intake.quarantined["reason"].tolist()) == (["H24-4"], ["shifted"])
