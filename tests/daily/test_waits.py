"""A source that moves its due dates by the days waited itself: found by its cases, told, and counted once."""

import logging

import openpyxl
import pytest

from dondoc.__main__ import main
from dondoc.daily import steps
from dondoc.installation.workplace import Workplace
from dondoc.records import FINDINGS
from dondoc.sources.profile import load_profile
from dondoc.sources.snapshot import read_snapshot

CAMPAIGN, ON = "hai-phong-2023", "2023-11-14"
CASES = ["Số hồ sơ", "Tên thủ tục", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Số ngày giải quyết", "Trạng thái"]
PAUSES = ["Số hồ sơ", "Ngày bổ sung", "Ngày tiếp nhận bổ sung"]
NUMBERS = [f"000.00.12.H24-231030-000{n}" for n in (1, 2)]
MOVED = "ngày hẹn trả đã gồm ngày chờ khi tạm dừng (tự nhận: 2 hồ sơ cho thấy đã gồm, 0 hồ sơ cho thấy chưa gồm)"


@pytest.fixture
def source(tmp_path, monkeypatch, installation):
    """Return what writes a one-stop export of two cases due on a day, each of which waited three working days."""

    def write(due, *, term=8):
        book = openpyxl.Workbook()
        cases, pauses = book.active, book.create_sheet("Bổ sung")
        cases.append(CASES)
        pauses.append(PAUSES)
        for number in NUMBERS:
            cases.append([number, "Cấp phép", "Phòng QLĐT", "30/10/2023 09:00", due, term, "Đang xử lý"])
            pauses.append([number, "31/10/2023", "03/11/2023"])
        book.save(tmp_path / "cases.xlsx")
        monkeypatch.setenv("DONDOC_SOURCE_CASES", str(tmp_path / "cases.xlsx"))

    return write


def run_day():
    ref = steps.open_day(steps.day_ref(CAMPAIGN, ON))
    snapshot = steps.pull(ref, "cases")
    found = steps.check(ref, [snapshot])
    return snapshot["waits"], read_snapshot(Workplace.of(ref).out / found["findings"], FINDINGS)


def test_a_due_date_that_was_moved_already_is_not_moved_again(source, caplog):
    source("13/11/2023", term=7)
    with caplog.at_level(logging.INFO):
        waits, findings = run_day()
    assert waits == MOVED
    assert MOVED in caplog.text
    assert set(findings["number"]) == set(NUMBERS)
    assert set(findings["days_late"]) == {1}


def test_a_due_date_that_was_kept_is_moved(source):
    source("09/11/2023")
    waits, findings = run_day()
    assert "chưa gồm ngày chờ khi tạm dừng (tự nhận: 0 hồ sơ cho thấy đã gồm, 2 hồ sơ" in waits
    assert "case_overdue" not in set(findings["kind"])


def test_where_no_case_tells_the_operator_is_asked(source):
    source("09/11/2023", term=None)
    waits, _ = run_day()
    assert waits.startswith("ngày hẹn trả chưa gồm ngày chờ khi tạm dừng (tự nhận: không hồ sơ nào cho biết;")


def test_check_says_how_the_source_counts(source, capsys):
    source("13/11/2023", term=7)
    assert main(["check", CAMPAIGN]) == 0
    assert f"nguồn “cases”: {MOVED}" in capsys.readouterr().out


@pytest.mark.parametrize(("word", "read"), [("yes", "yes"), ("no", "no"), ("'no'", "no"), ("detect", "detect")])
def test_the_choice_may_be_written_as_yaml_likes(tmp_path, installation, word, read):
    profile = (installation.include / "sources" / "one-stop-export.yaml").read_text(encoding="utf-8")
    (tmp_path / "p.yaml").write_text(f"{profile}\ndue_includes_pauses: {word}\n", encoding="utf-8")
    assert load_profile(tmp_path / "p.yaml").due_includes_pauses == read
