"""Rejected rows go back to who sent them."""

import email
import email.policy
import io
from datetime import date

import openpyxl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.daily import mail_planning, setbacks, steps
from dondoc.errors import SetAsideError
from dondoc.installation import ROOT
from dondoc.installation.workplace import Workplace
from dondoc.sources.files import read_rows
from dondoc.sources.intake import take_in
from dondoc.sources.profile import load_profile
from dondoc.sources.refusals import MAX_RETURNED_ROWS, QUARANTINE, REJECTED
from dondoc.sources.returned import GUIDE, OURS, SHEET, returned_workbook
from dondoc.sources.snapshot import read_snapshot
from dondoc.vietnamese.names import fold

PROFILES = ROOT / "include" / "sources"
CODE, DAY = "hai-phong-2023", "2023-11-14"
HEADINGS = ["STT", "Số hồ sơ", "Tên thủ tục", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái", "Chủ hồ sơ"]


def profile():
    return load_profile(PROFILES / "one-stop-export.yaml")


def write(path, *rows):
    book = openpyxl.Workbook()
    for row in [HEADINGS, *rows]:
        book.active.append(row)
    for cells in book.active.iter_rows():
        for cell in cells:
            cell.data_type = "s" if cell.value is not None else cell.data_type
    book.save(path)
    return path


def case(number, *, unit="Phòng lạ", due="10/10/2023", who="Nguyễn Văn Dân"):
    return ["1", number, "Cấp phép", unit, "02/10/2023", due, "Đang xử lý", who]


@pytest.fixture
def take(hai_phong):
    return lambda path: take_in(read_rows(path, profile()), profile(), source="cases", units=hai_phong.unit_by_name)


@pytest.fixture
def rows_of():
    def read(content):
        sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET]
        headings = [cell.value for cell in sheet[3]]
        return [dict(zip(headings, cells, strict=True)) for cells in sheet.iter_rows(min_row=4)]

    return read


def test_a_rejected_row_comes_back_with_its_own_cells_and_its_reason(tmp_path, take, rows_of):
    intake = take(write(tmp_path / "a.xlsx", case("H-1"), case("H-2", unit="Thanh tra")))
    content = returned_workbook(intake.quarantined, intake.rejected, title="t")
    [row] = rows_of(content)
    assert {name: row[name].value for name in ("Số hồ sơ", "Phòng ban", "Ngày hẹn trả", "Chủ hồ sơ")} == {
        "Số hồ sơ": "H-1",
        "Phòng ban": "Phòng lạ",
        "Ngày hẹn trả": "10/10/2023",
        "Chủ hồ sơ": "Nguyễn Văn Dân",
    }
    ours = {name.removeprefix("Đôn Đốc: "): cell.value for name, cell in row.items() if name.startswith("Đôn Đốc")}
    assert (ours["tệp"], ours["dòng"], ours["cột sai"], ours["giá trị sai"]) == ("a.xlsx", "2", "Phòng ban", "Phòng lạ")
    assert GUIDE in openpyxl.load_workbook(io.BytesIO(content)).sheetnames


@pytest.mark.fault(43)
@settings(derandomize=True, max_examples=60)
@given(text=st.sampled_from("=+-@\t").flatmap(lambda start: st.text("abc(1)=|!'\"", max_size=8).map(start.__add__)))
def test_no_cell_of_a_source_becomes_a_formula(tmp_path_factory, hai_phong, text):
    path = write(tmp_path_factory.mktemp("f") / "a.xlsx", case("H-1", who=text), case(text, unit=text))
    intake = take_in(read_rows(path, profile()), profile(), source="cases", units=hai_phong.unit_by_name)
    book = openpyxl.load_workbook(io.BytesIO(returned_workbook(intake.quarantined, intake.rejected, title=text)))
    assert {cell.data_type for sheet in book for cells in sheet.iter_rows() for cell in cells} <= {"s", "n"}
    values = [cell.value for cells in book[SHEET].iter_rows(min_row=4) for cell in cells if cell.data_type == "n"]
    assert set(values) <= {None}


def test_a_mended_workbook_is_a_file_of_its_source(tmp_path, take):
    intake = take(write(tmp_path / "a.xlsx", case("H-1"), case("H-2")))
    book = openpyxl.load_workbook(
        io.BytesIO(returned_workbook(intake.quarantined, intake.rejected, title="Nguồn cases"))
    )
    unit = [cell.value for cell in book[SHEET][3]].index("Phòng ban") + 1
    for row in (4, 5):
        book[SHEET].cell(row, unit).value = "Thanh tra"
    book.save(tmp_path / "mended.xlsx")
    again = take(tmp_path / "mended.xlsx")
    assert (again.rows_in, list(again.accepted["case_number"])) == (2, ["H-1", "H-2"])
    assert list(again.accepted["reason"].isna()) == [True, True]


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.yaml")), ids=lambda path: path.stem)
def test_our_columns_are_no_columns_of_a_source(path):
    known = {fold(heading) for headings in load_profile(path).headings.values() for heading in headings}
    assert {fold(column.heading) for column in OURS} & known == set()


def test_rows_too_many_to_mend_by_hand_are_counted_not_printed(tmp_path, take, monkeypatch, rows_of):
    monkeypatch.setattr("dondoc.sources.refusals.MAX_RETURNED_ROWS", 2)
    assert MAX_RETURNED_ROWS > 2
    intake = take(write(tmp_path / "a.xlsx", *(case(f"H-{i}") for i in range(5))))
    content = returned_workbook(intake.quarantined, intake.rejected, title="t")
    assert (len(intake.quarantined), len(rows_of(content))) == (5, 2)
    guide = openpyxl.load_workbook(io.BytesIO(content))[GUIDE]
    assert any("Còn 3 dòng bị loại khác" in str(cell.value) for (cell,) in guide.iter_rows())


@pytest.fixture
def give_back(installation):
    """Run a day of the sample up to what goes back; return its workplace and snapshots."""

    def run():
        day = steps.open_day(steps.day_ref(CODE, DAY))
        snapshots = steps.gate(day, [steps.pull(day, name) for name in ("cases", "work")])
        steps.return_rejected(day, snapshots)
        return Workplace.of(day), snapshots

    return run


def mails(place):
    paths = sorted(place.folder.glob("mail/tra-lai-*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


def test_each_source_gets_its_own_rows_back_in_one_mail(give_back):
    place, snapshots = give_back()
    assert [mail["To"] for mail in mails(place)] == [place.day.campaign.office.email] * 2
    for mail, snapshot in zip(mails(place), snapshots, strict=True):
        [attached] = mail.iter_attachments()
        assert attached.get_filename() == f"{snapshot['name']}-1.xlsx"
        sheet = openpyxl.load_workbook(io.BytesIO(attached.get_content()))[SHEET]
        assert sheet.max_row - 3 == snapshot["quarantined"]
        assert (place.folder / "quarantine" / attached.get_filename()).read_bytes() == attached.get_content()


@pytest.mark.fault(118)
def test_one_sources_trouble_keeps_no_other_sources_rows_back(give_back, monkeypatch):
    whole = mail_planning.plan_return

    def plan(place, source, **facts):
        if source.name == "cases":
            raise ValueError("Nguyễn Văn Mật")
        return whole(place, source, **facts)

    with monkeypatch.context() as patch:
        patch.setattr(mail_planning, "plan_return", plan)
        with pytest.raises(SetAsideError) as raised:
            give_back()
    told = (
        "Nguồn cases: thư trả lại dòng bị loại chưa soạn được. Lỗi phần mềm ở bước “Trả lại dòng bị loại”: ValueError"
    )
    place = Workplace.of(steps.day_ref(CODE, DAY))
    assert str(raised.value).startswith(told)
    assert len(mails(place)) == 1
    assert [note["reason"].startswith(told) for note in setbacks.setback_notes(place)] == [True]
    place, _ = give_back()
    assert (len(mails(place)), setbacks.setback_notes(place)) == (2, [])


def test_a_subject_has_counts_and_no_person(give_back):
    place, snapshots = give_back()
    quarantined = read_snapshot(place.out / snapshots[0]["quarantine"], QUARANTINE)
    cells = read_snapshot(place.out / snapshots[0]["rejected"], REJECTED)
    assert mails(place)[0]["Subject"] == "[Trả lại] Nguồn cases: 41 dòng cần sửa, ngày 14/11/2023"
    plain = mails(place)[0].get_body(("plain",)).get_content()
    people = set(cells.loc[cells["heading"] == "Chủ hồ sơ", "value"].dropna()) | set(quarantined["number"].dropna())
    assert len(people) > 20
    assert [name for name in people if name in plain] == []


def test_a_source_with_a_contact_is_written_to(own_campaigns, give_back):
    path = own_campaigns / CODE / "campaign.yaml"
    content = yaml.safe_load(path.read_text())
    content["sources"][0]["contact"] = "mot-cua@bql-haiphong.example.vn"
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    place, _ = give_back()
    assert [mail["To"] for mail in mails(place)] == ["mot-cua@bql-haiphong.example.vn", place.day.campaign.office.email]


def test_what_was_mended_leaves_no_workbook_behind(give_back, tmp_path, monkeypatch):
    place, _ = give_back()
    path = write(tmp_path / "clean.xlsx", case("H-1", unit="Thanh tra"))
    monkeypatch.setenv("DONDOC_SOURCE_CASES", str(path))
    give_back()
    assert [path.name for path in place.folder.glob("quarantine/*")] == ["work-1.xlsx"]


def test_giving_back_again_changes_nothing(give_back):
    place, _ = give_back()
    before = {path: path.stat().st_mtime_ns for path in place.folder.rglob("*") if path.is_file()}
    give_back()
    assert {path: path.stat().st_mtime_ns for path in place.folder.rglob("*") if path.is_file()} == before
    assert place.day.business_date == date(2023, 11, 14)
