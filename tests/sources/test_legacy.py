"""Text typed for old fonts: converted where that is certain, set aside where it is not, never sent on as rubbish."""

import pytest
from books import HEADINGS, case, write_book

from dondoc.sources.legacy import TCVN3, from_tcvn3, from_vni, is_syllable, is_vietnamese

SAMPLES = [
    (
        "Céng hßa x· héi chñ nghÜa ViÖt Nam",
        "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam",
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
    ),
    ("§éc lËp - Tù do - H¹nh phóc", "Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
    ("CÊp giÊy phÐp x©y dùng", "Caáp giaáy pheùp xaây döïng", "Cấp giấy phép xây dựng"),
    ("NguyÔn ThÞ Ph­îng", "Nguyeãn Thò Phöôïng", "Nguyễn Thị Phượng"),
    ("Së KÕ ho¹ch vµ §Çu t­", "Sôû Keá hoaïch vaø Ñaàu tö", "Sở Kế hoạch và Đầu tư"),
]


@pytest.mark.parametrize(("tcvn3", "vni", "meant"), SAMPLES)
def test_both_old_encodings_say_what_was_meant(tcvn3, vni, meant):
    assert (from_tcvn3(tcvn3), from_vni(vni)) == (meant, meant)
    assert is_vietnamese(meant)
    assert not is_vietnamese(tcvn3)
    assert not is_vietnamese(vni)


def test_the_table_holds_every_letter_of_the_standard_once():
    assert len(set(TCVN3.values())) == len(TCVN3) == 74


def test_a_word_in_a_capitals_font_becomes_capitals():
    assert from_tcvn3("UBND TØNH H¶I D¦¥NG") == "UBND TỈNH HẢI DƯƠNG"


@pytest.mark.parametrize("word", ["nghiêng", "thuở", "quyết", "giữ", "oằn", "ưu", "yêu", "khuỷu", "Đường", "ướt"])
def test_a_syllable_of_vietnamese_is_known(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["chñ", "héi", "Müller", "nghÜa", "hoøa", "ấa", "cap̀", "càp", "café"])
def test_what_is_none_is_known_too(word):
    assert not is_syllable(word)


@pytest.mark.fault(33)
@pytest.mark.parametrize("font", [0, 1])
def test_a_whole_file_in_an_old_font_is_read(tmp_path, read, font):
    rows = [case(i, **{"Tên thủ tục": sample[font]}) for i, sample in enumerate(SAMPLES)]
    accepted = read(write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, *rows]})).accepted
    assert accepted["procedure"].tolist() == [meant for _, _, meant in SAMPLES]


def test_headings_in_an_old_font_are_found(tmp_path, read):
    old = ["STT", "Sè hå s¬", "Tªn thñ tôc", "Phßng ban", "Ngµy tiÕp nhËn", "Ngµy hÑn tr¶", "Tr¹ng th¸i"]
    assert len(read(write_book(tmp_path / "a.xlsx", {"S": [old, case()]})).accepted) == 1


@pytest.mark.parametrize(
    "name",
    ["Công ty TNHH Müller Việt Nam", "Señor Peña", "Kho 5 m × 3 m, phòng lạnh", "Điện 220 V ± 5 %, 50 °C", "Hoà Thuỷ"],
)
def test_what_is_no_old_font_is_left_as_it_is(tmp_path, read, name):
    path = write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, case(**{"Tên thủ tục": name}), case(2)]})
    assert read(path).accepted["procedure"].tolist() == [name, "Cấp phép"]


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["CÊp giÊy phÐp zx¸q"], id="a word that no table makes Vietnamese"),
        pytest.param(["CÊp giÊy phÐp", "Cấp giấy phép", "phòng"], id="Vietnamese both ways, in a mixed column"),
    ],
)
def test_what_cannot_be_told_is_set_aside(tmp_path, read, texts):
    rows = [case(i, **{"Tên thủ tục": text}) for i, text in enumerate(texts)]
    intake = read(write_book(tmp_path / "a.xlsx", {"S": [HEADINGS, *rows]}))
    assert intake.quarantined["reason"].tolist() == ["legacy_text"]
    assert set(intake.accepted["procedure"]) <= {"Cấp giấy phép"}


@pytest.mark.parametrize("font", [0, 1])
def test_a_csv_of_bytes_in_an_old_font_is_read(tmp_path, read, font):
    heading = [
        ["Sè hå s¬", "Tªn thñ tôc", "Phßng ban", "Ngµy tiÕp nhËn", "Tr¹ng th¸i"],
        ["Soá hoà sô", "Teân thuû tuïc", "Phoøng ban", "Ngaøy tieáp nhaän", "Traïng thaùi"],
    ][font]
    row = ["H24-1", SAMPLES[2][font], "VP", "02/10/2023", ["§ang xö lý", "Ñang xöû lyù"][font]]
    (tmp_path / "a.csv").write_bytes("\n".join(map(",".join, [heading, row])).encode("latin-1"))
    accepted = read(tmp_path / "a.csv").accepted
    assert accepted["procedure"].tolist() == [SAMPLES[2][2]]
