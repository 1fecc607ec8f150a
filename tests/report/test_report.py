"""The report of the sample's days: what it says, and that it can be made again."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest

from dondoc.__main__ import main
from dondoc.daily import steps
from dondoc.daily.report_making import facts_of_basis, gather
from dondoc.decree30 import find_departures
from dondoc.installation.workplace import Workplace
from dondoc.ledger.days import record_absence
from dondoc.office_files.word import WordTemplate
from dondoc.records import FINDINGS
from dondoc.sources.snapshot import read_snapshot

from .conftest import DAYS, check_day, report_of

ANNEXES = ("Phụ lục I", "Phụ lục II", "Phụ lục III", "Phụ lục IV", "Phụ lục V", "Phụ lục VI")


def words(path):
    document = docx.Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells]).replace("\u00a0", " ")


def pictures(path):
    with zipfile.ZipFile(path) as package:
        return [package.read(name) for name in package.namelist() if name.startswith("word/media/")]


@pytest.mark.parametrize("on", DAYS)
def test_each_days_report_keeps_to_the_decree(days, on):
    assert find_departures(report_of(days[on][0])[0]) == []


def test_the_days_page_has_no_picture_and_the_final_report_has_all(days):
    daily, final = (report_of(days[on][0])[0] for on in DAYS[1:])
    assert pictures(daily) == []
    drawn = pictures(final)
    assert len(drawn) == 3
    assert all(content.startswith(b"\x89PNG") and len(content) > 10_000 for content in drawn)
    assert [path.name for path in sorted(daily.parent.glob("*.svg"))] == []
    assert len(list(final.parent.glob("*.svg"))) == 3


def test_the_final_report_has_every_part(days):
    said = words(report_of(days["2023-11-16"][0])[0])
    assert all(annex in said for annex in ANNEXES)
    assert "Nguyên nhân do các đơn vị nêu:" in said
    assert "BIỂU SỐ II.06A/VPCP/KSTT" in said
    assert "Đơn vị báo cáo" not in said
    assert "ƯỚC TÍNH" not in said


def test_every_page_carries_the_fingerprint(days):
    document = docx.Document(report_of(days["2023-11-16"][0])[0])
    feet = [
        foot.paragraphs[0].text for section in document.sections for foot in (section.footer, section.first_page_footer)
    ]
    printed = r"Số liệu \w{12} · Quy tắc \w{12} · Lịch \w{12} · Mẫu \w{12} · Sổ cái \d+-\d+-\w{24}"
    assert all(re.fullmatch(printed, foot) for foot in feet)


@pytest.mark.fault(78)
def test_what_is_missing_stands_on_page_one(installation):
    day, found = check_day("2023-11-16")
    place = Workplace.of(day)
    record_absence(place.ledger, place.run.id, source="work", reason="Không tìm thấy tệp nguồn.")
    steps.write_report(day, found)
    first = [paragraph.text for paragraph in docx.Document(report_of(day)[0]).paragraphs][:12]
    line = first[first.index("SỐ LIỆU CHƯA ĐỦ. Báo cáo này lập khi còn thiếu:") + 1]
    assert line.startswith("- Công việc (nguồn work): không lấy được (Không tìm thấy tệp nguồn), dùng số liệu ngày")


def test_any_past_report_is_made_again_byte_for_byte(days, capsys):
    for on in DAYS:
        assert main(["report", "rebuild", "hai-phong-2023", on]) == 0
        made, again = report_of(days[on][0])[0], Workplace.of(days[on][0]).folder / "report-rebuilt"
        for path in (made, made.with_suffix(".xlsx")):
            assert (again / path.name).read_bytes() == path.read_bytes()
    assert "trùng từng byte" in capsys.readouterr().out


def test_a_report_is_made_without_reading_who_applied(days):
    day, found = days[DAYS[1]]
    place = Workplace.of(day)
    cases = facts_of_basis(
        place.out, gather(place, found, findings=read_snapshot(place.out / found["findings"], FINDINGS), final=False)
    ).cases
    assert len(cases) > 0
    assert not {"applicant", "phone", "email", "address"} & set(cases.columns)


@pytest.mark.fault(74)
def test_a_changed_template_does_not_change_a_past_report(own_campaigns, capsys):
    day, found = check_day("2023-11-14")
    steps.write_report(day, found)
    own = own_campaigns / "hai-phong-2023" / "templates" / "report" / "so-lieu-ngay.docx"
    own.parent.mkdir(parents=True)
    template = Workplace.of(day).template("report", "so-lieu-ngay.docx")
    shutil.copy(template, own)
    document = docx.Document(own)
    document.add_paragraph("Câu thêm sau.")
    document.save(own)
    assert main(["report", "rebuild", "hai-phong-2023", "2023-11-14"]) == 0


def test_a_basis_that_was_touched_is_refused(installation, capsys):
    day, found = check_day("2023-11-14")
    steps.write_report(day, found)
    for kept in (Workplace.of(day).out / "hai-phong-2023" / "report-store").iterdir():
        kept.write_bytes(kept.read_bytes() + b" ")
    assert main(["report", "rebuild", "hai-phong-2023", "2023-11-14"]) == 1
    assert "bị mất hoặc bị sửa" in capsys.readouterr().err


def test_a_day_without_a_report_says_so(installation, capsys):
    assert main(["report", "rebuild", "hai-phong-2023", "2023-11-14"]) == 1
    assert "không có báo cáo nào" in capsys.readouterr().err


def test_what_moved_between_two_days_is_told_with_numbers(days, capsys):
    assert main(["report", "diff", "hai-phong-2023", "2023-11-15", "2023-11-16"]) == 0
    told = capsys.readouterr().out
    assert "Tổng cộng, hồ sơ quá hạn: 172 → 186 (+14)" in told
    assert re.search(r"- Hồ sơ quá hạn: thêm 14 \(000\.00\.12\.H24-", told)
    assert main(["report", "diff", "hai-phong-2023", "2023-11-16", "2023-11-16"]) == 0
    assert "Không có gì thay đổi." in capsys.readouterr().out


def test_the_daily_report_never_loads_matplotlib(installation):
    script = "import sys; from tests.report.conftest import run_day; run_day('2023-11-14')"
    script += "; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.stdout.split()[-1] == "False", done.stderr


def test_the_template_is_filled_in_its_own_frame_wherever_staff_put_it(place):
    template = WordTemplate(place.template("report", "bao-cao.docx"))
    assert len(template._pictures) == 3
    assert set(template._pictures.values()) == {"Hình tiến độ", "Hình dự báo", "Hình nguồn quá hạn"}
    assert docx.Document(io.BytesIO(place.template("report", "bao-cao.docx").read_bytes())).inline_shapes
