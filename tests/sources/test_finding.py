"""Which files make a source, and files that are not whole yet."""

import threading
import unicodedata
from pathlib import Path

import pytest
from books import HEADINGS, case, profile_of, write_book

from dondoc.errors import SourceError
from dondoc.sources import files
from dondoc.sources.files import find_file, read_rows, read_source, source_files
from dondoc.sources.intake import take_in

ONE_STOP = profile_of("one-stop-export")


@pytest.fixture
def folder(tmp_path):
    write_book(tmp_path / "ho-so-1.xlsx", {"S": [HEADINGS, case(1), case(2)]})
    write_book(tmp_path / "ho-so-2.xlsx", {"S": [HEADINGS, case(2), case(3)]})
    for name in ("~$ho-so-2.xlsx", ".~lock.ho-so-2.xlsx#", "ho-so-3.xlsx.part", "ho-so-3.tmp", "ho-so-9.crdownload"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize("pattern", ["*", "ho-so-*", "ho-so-?.xlsx", ""])
def test_lock_files_and_unfinished_copies_are_no_source(folder, pattern):
    assert find_file(folder / pattern).name == "ho-so-2.xlsx"
    assert len(source_files(folder / pattern, ONE_STOP.model_copy(update={"several": "all"}))) == 2


def test_several_files_are_one_source_and_each_row_knows_its_own(folder, hai_phong):
    profile = ONE_STOP.model_copy(update={"several": "all"})
    raw = read_source(folder / "*.xlsx", profile)
    intake = take_in(raw, profile, source="s", units=hai_phong.unit_by_name)
    assert (intake.rows_in, intake.duplicates) == (4, 1)
    origin = intake.accepted.set_index("case_number")[["source_file", "source_row"]]
    assert origin.loc["H24-3"].tolist() == ["ho-so-2.xlsx", 3]


def test_one_number_in_two_files_with_two_contents_is_refused_in_both(folder, hai_phong):
    write_book(folder / "ho-so-3.xlsx", {"S": [HEADINGS, case(1, **{"Tên thủ tục": "Khác"})]})
    profile = ONE_STOP.model_copy(update={"several": "all"})
    intake = take_in(read_source(folder / "*.xlsx", profile), profile, source="s", units=hai_phong.unit_by_name)
    assert intake.quarantined["file"].tolist() == ["ho-so-1.xlsx", "ho-so-3.xlsx"]


def test_the_newest_stands_alone_unless_all_are_asked_for(folder):
    assert set(read_source(folder / "*.xlsx", ONE_STOP).table["case_number"].to_pylist()) == {"H24-2", "H24-3"}


@pytest.mark.fault(38)
@pytest.mark.parametrize("moment", ["before", "in the middle"])
def test_a_file_that_changes_while_it_is_read_is_refused(folder, monkeypatch, moment):
    path, parts = folder / "ho-so-1.xlsx", files._parts
    content = path.read_bytes()

    def copied_meanwhile(*args):
        path.write_bytes(content[:2000] if moment == "before" else content + b"x")
        return parts(*args)

    monkeypatch.setattr(files, "_parts", copied_meanwhile)
    with pytest.raises(SourceError, match="đang được ghi dở"):
        read_rows(path, ONE_STOP)


@pytest.mark.fault(38)
def test_a_slow_writer_is_never_taken_for_a_short_file(folder):
    path, content = folder / "ho-so-1.xlsx", (folder / "ho-so-1.xlsx").read_bytes()
    stop = threading.Event()

    def write_again_and_again():
        while not stop.is_set():
            with path.open("wb") as file:
                for start in range(0, len(content), 500):
                    file.write(content[start : start + 500])
                    file.flush()

    writer = threading.Thread(target=write_again_and_again)
    writer.start()
    seen = {_outcome(path) for _ in range(20)}
    stop.set()
    writer.join()
    assert seen <= {2, "refused"}


def _outcome(path):
    try:
        return len(read_rows(path, ONE_STOP))
    except SourceError:
        return "refused"


@pytest.mark.fault(121)
@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["hồ sơ 30-10-2023.xlsx", "hồ sơ 02-11-2023.xlsx"], id="dd-mm-yyyy"),
        pytest.param(["ho-so-9.11.2023.xlsx", "ho-so-10.11.2023.xlsx"], id="d.m.yyyy"),
        pytest.param(["HS_31012023.csv", "HS_01022023.csv"], id="ddmmyyyy"),
        pytest.param(["b-20231101.xlsx", "a-20231102.xlsx"], id="yyyymmdd, whatever stands before it"),
        pytest.param(["HS20231102_0930.xlsx", "HS202311021701.xlsx"], id="yyyymmdd and a time"),
        pytest.param(["b 2023-11-01.xlsx", "a 2023-11-02.xlsx"], id="yyyy-mm-dd"),
        pytest.param(["so-01-12-2023.xlsx", "tu-01-01-2023-den-02-12-2023.xlsx"], id="the end of a period"),
        pytest.param(["hs-02-11-2023.xlsx", "hs-02-11-2023 (2).xlsx", "hs-02-11-2023 (10).xlsx"], id="copies"),
        pytest.param(["ho-so.xlsx", "ho-so-02-11-2023.xlsx"], id="a date before none"),
        pytest.param(["ho-so-99-99-2023.xlsx", "ho-so-01-11-2023.xlsx"], id="a number is no date"),
        pytest.param(["ky 9.xlsx", "ky 10.xlsx"], id="no date, numbers"),
    ],
)
def test_the_newest_is_the_newest_by_the_date_in_its_name(tmp_path, names):
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    assert find_file(tmp_path / "*").name == names[-1]


@pytest.mark.fault(121)
def test_names_whose_tones_stand_apart_are_found(tmp_path):
    folder = tmp_path / unicodedata.normalize("NFD", "Hồ sơ đợt")
    folder.mkdir()
    path = folder / unicodedata.normalize("NFD", "kết quả 02-11-2023.xlsx")
    path.write_bytes(b"x")
    asked = unicodedata.normalize("NFC", str(tmp_path / "Hồ sơ đợt"))
    for pattern in ("kết quả*.xlsx", "kết quả 02-11-2023.xlsx", "*"):
        assert find_file(Path(asked) / pattern) == path
    assert find_file(Path(asked)) == path


@pytest.mark.fault(120)
@pytest.mark.parametrize("planted", [".AppleDouble", ".snapshot", "@eaDir", ".DS_Store", "lost+found", "ho-so-9.xlsx"])
def test_folders_that_others_plant_are_no_source(folder, planted):
    (folder / planted).mkdir()
    assert find_file(folder / "*").name == "ho-so-2.xlsx"
