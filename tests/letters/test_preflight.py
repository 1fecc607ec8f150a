"""Letter templates are judged before anything is drafted: every field of every template, at once."""

import shutil

import docx
import pytest
from tests.pages.word_xml import with_parts

from dondoc.daily import preflight, stationery
from dondoc.errors import SettingsError
from dondoc.installation.workplace import Workplace

REF = {"campaign": "hai-phong-2023", "business_date": "2023-11-14", "kind": "daily"}
GOOD = "{{ addressee }} {{ case_number }} {{ procedure }} {{ reason }} {{ new_due_on }}"


@pytest.fixture
def own_template(own_campaigns):
    folder = own_campaigns / "hai-phong-2023" / "templates" / "letters"
    folder.mkdir(parents=True)

    def write(text, name="xin-loi-chua-tra.docx"):
        document = docx.Document()
        document.add_paragraph(text)
        document.save(folder / name)
        return Workplace.of(REF)

    return write


def test_the_shipped_templates_pass(own_campaigns):
    preflight.check(Workplace.of(REF))


def test_a_campaign_brings_its_own_template(own_template):
    place = own_template(GOOD + " của đợt này")
    preflight.check(place)
    assert "hai-phong-2023" in str(stationery.letter_templates(place)[stationery.PENDING].path)
    assert "hai-phong-2023" not in str(stationery.letter_templates(place)[stationery.RETURNED].path)


@pytest.mark.fault(74)
def test_everything_wrong_in_every_template_is_told_at_once(own_template):
    own_template("{{ addresse }} {{ nothing_like_it }} {{ case_number }}")
    place = own_template("{{ addressee }} {{ reason }}", "xin-loi-da-tra.docx")
    with pytest.raises(SettingsError) as caught:
        preflight.check(place)
    for told in (
        "xin-loi-chua-tra.docx: không có trường addresse (có phải addressee?)",
        "không có trường nothing_like_it",
        "xin-loi-chua-tra.docx: thiếu trường bắt buộc addressee",
        "xin-loi-chua-tra.docx: thiếu trường bắt buộc new_due_on",
        "xin-loi-chua-tra.docx: thiếu trường bắt buộc reason",
        "xin-loi-da-tra.docx: thiếu trường bắt buộc case_number",
    ):
        assert told in str(caught.value)


@pytest.mark.parametrize("field", ["{{ addressee[:4] }}", "{% if not addressee %}{{ addressee }}{% endif %}"])
def test_a_template_that_cuts_the_addressee_is_refused(own_template, field):
    with pytest.raises(SettingsError, match="không in đủ nội dung của trường “addressee”"):
        preflight.check(own_template(GOOD.replace("{{ addressee }}", field)))


@pytest.mark.parametrize("name", ["danh-sach-xin-loi.docx", "danh-sach-xin-loi.html.j2"])
def test_the_templates_of_the_public_list_are_judged_too(own_template, own_campaigns, name):
    path = own_campaigns / "hai-phong-2023" / "templates" / "letters" / name
    if name.endswith(".j2"):
        place = own_template(GOOD)
        path.write_text("{% for row in apologies %}{{ row.phone }}{% endfor %}")
    else:
        place = own_template("{{ phone }}", name)
    with pytest.raises(SettingsError, match="phone"):
        preflight.check(place)


def test_a_template_that_is_no_word_file_is_a_clear_error(own_template, own_campaigns):
    place = own_template(GOOD)
    shutil.copy(__file__, own_campaigns / "hai-phong-2023" / "templates" / "letters" / "xin-loi-da-tra.docx")
    with pytest.raises(SettingsError, match="Không đọc được mẫu Word"):
        preflight.check(place)


@pytest.mark.fault(93)
def test_a_template_whose_letters_would_not_be_put_up_is_told_and_stops_nothing(own_template):
    place = own_template(GOOD)
    path = stationery.letter_templates(place)[stationery.PENDING].path
    path.write_bytes(with_parts(path.read_bytes(), parts=[("word/i.png", b"x")], links=[("image", "i.png")]))
    examined = preflight.examine(Workplace.of(REF))
    [told] = [
        problem for problem in examined.problems[preflight.Stops.NOTHING] if "sẽ không được trình duyệt" in problem.what
    ]
    assert ("hình ảnh" in told.what, told.where, examined.problems[preflight.Stops.DAY]) == (True, str(path), [])
