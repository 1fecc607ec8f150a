"""Which files make a source, and files that are not whole yet."""

import threading

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
