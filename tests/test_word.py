import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.errors import TemplateError
from dondoc.office_files.word import UNPRINTABLE, WordTemplate, word_template

NAMESPACES = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


def template(folder, *paragraphs):
    document = docx.Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for run in [runs] if isinstance(runs, str) else runs:
            paragraph.add_run(run)
    document.save(folder / "t.docx")
    return WordTemplate(folder / "t.docx")


def lines(content):
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


@pytest.fixture(scope="module")
def greeting(tmp_path_factory):
    return template(tmp_path_factory.mktemp("t"), "Kính gửi: {{ name }}, hết.")


@pytest.mark.fault(75)
@pytest.mark.parametrize(
    "name",
    ["A & B", "Cty <X> Việt", "{{ 7 * 7 }}", "{% for x in y %}", '"O\'Brien"', "越南 🏭", "A" * 300, "", "{_{ x }_}"],
)
def test_whatever_the_data_hold_is_printed_literally(greeting, name):
    assert lines(greeting.render({"name": name})) == [f"Kính gửi: {name}, hết."]


@pytest.mark.fault(45)
@given(name=st.text())
def test_no_text_breaks_a_document_or_the_words_after_it(greeting, name):
    (line,) = lines(greeting.render({"name": name}))
    assert line.startswith("Kính gửi: ")
    assert line.endswith(", hết.")
    assert len(line) >= len(UNPRINTABLE.sub("", name))


HOSTILE = st.text(
    st.sampled_from("{}%_#&<>\"'=7*ạ越🏭\u202e\u200f\u2028\x00\x08\x1b\ufffe\ud800 ") | st.characters(), max_size=300
)


@given(name=HOSTILE)
def test_the_whole_text_of_a_field_is_read_back_and_stands_in_the_document(greeting, name):
    content = greeting.render({"name": name}, must_show=("name",))
    (paragraph,) = docx.Document(io.BytesIO(content)).element.body.iterfind(".//w:p", NAMESPACES)
    shown = "".join(text.text or "" for text in paragraph.iterfind(".//w:t", NAMESPACES))
    # XML reads every end of line as \n.
    assert shown == f"Kính gửi: {UNPRINTABLE.sub('', name)}, hết.".replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("tag", ["{{ name[:3] }}", "{{ name|upper }}", "{% if 0 %}{{ name }}{% endif %}"])
def test_a_template_that_does_not_print_a_field_in_full_is_refused(tmp_path, tag):
    with pytest.raises(TemplateError, match="không in đủ nội dung của trường “name”"):
        template(tmp_path, tag).render({"name": "Công ty"}, must_show=("name",))


def test_a_field_that_a_template_does_not_name_need_not_stand_in_it(greeting):
    assert greeting.render({"name": "An", "other": "x"}, must_show=("name", "other"))


def test_a_tag_that_word_split_over_runs_is_healed(tmp_path):
    assert lines(template(tmp_path, ["{{ na", "me }}"]).render({"name": "An"})) == ["An"]


def test_the_fields_of_a_template_are_known_before_it_is_used(greeting):
    assert greeting.fields == {"name"}


@pytest.mark.fault(74)
def test_a_field_that_is_not_provided_is_named(tmp_path):
    with pytest.raises(TemplateError, match=r"không có trường nmae.*\n.*t\.docx.*\n.*dùng được: name"):
        template(tmp_path, "{{ nmae }}").render({"name": "An"})


@pytest.mark.fault(75)
@pytest.mark.parametrize("tag", ["{{ name.__class__.__mro__ }}", "{{ ''.__class__ }}", "{{ name.missing }}"])
def test_a_template_cannot_reach_into_python(tmp_path, tag):
    with pytest.raises(TemplateError):
        template(tmp_path, tag).render({"name": "An"})


def test_a_malformed_tag_is_a_clear_error(tmp_path):
    with pytest.raises(TemplateError, match="thẻ viết sai"):
        template(tmp_path, "{% if name %}")


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_a_file_that_is_not_word_is_a_clear_error(tmp_path, content):
    (tmp_path / "t.docx").write_bytes(content)
    with pytest.raises(TemplateError, match="Không đọc được mẫu Word"):
        WordTemplate(tmp_path / "t.docx")


def test_the_same_words_make_the_same_bytes(greeting):
    one, other = greeting.render({"name": "An"}), greeting.render({"name": "An"})
    assert one == other
    assert {info.date_time[0] for info in zipfile.ZipFile(io.BytesIO(one)).infolist()} == {1980}


def test_a_template_is_compiled_once_and_again_when_its_file_changes(tmp_path):
    template(tmp_path, "Kính gửi {{ name }}")
    first, again = word_template(tmp_path / "t.docx"), word_template(tmp_path / "t.docx")
    template(tmp_path, "Gửi {{ unit }}")
    assert again is first
    assert word_template(tmp_path / "t.docx").fields == {"unit"}
