import os
import re
from pathlib import Path
from stat import S_ISDIR

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc import files
from dondoc.errors import told as told_of
from dondoc.files import remove_torn, safe_name, write_anew, write_together, write_whole


def test_a_file_with_the_same_content_is_left_alone(tmp_path):
    path = tmp_path / "a"
    assert write_whole(path, b"x")
    os.utime(path, (1, 1))
    assert not write_whole(path, b"x")
    assert path.stat().st_mtime == 1


@pytest.mark.fault(61)
def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "a"
    write_whole(path, b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"old")]


@pytest.fixture
def told(monkeypatch):
    """Return what is asked of the disk, in order: the flush of a file or a folder, and the rename."""
    asked, rename = [], Path.replace

    def replace(path, target):
        asked.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", lambda one: asked.append("folder" if S_ISDIR(os.fstat(one).st_mode) else "file"))
    monkeypatch.setattr(Path, "replace", replace)
    return asked


@pytest.mark.fault(63)
def test_a_file_lies_on_the_disk_before_its_name_does(tmp_path, told):
    write_whole(tmp_path / "a", b"x")
    assert told == ["file", "rename", "folder"]


@pytest.mark.fault(63)
@pytest.mark.parametrize("count", [1, 3])
def test_files_written_together_lie_on_the_disk_before_their_names_do(tmp_path, told, count):
    write_together({tmp_path / str(i): b"x" for i in range(count)}, staging=tmp_path / ".staging")
    assert told == [*["file"] * count, *["rename"] * count, "folder"]


@pytest.mark.parametrize("number", ["000.00.12.H24-230105-0001", "H56.14-240823-0001"])
def test_a_plain_number_keeps_its_form(number):
    assert safe_name(number) == number


@pytest.mark.fault(44)
@given(st.text(min_size=1), st.text(min_size=1))
def test_names_stay_in_their_folder_and_never_meet(one, other):
    name = safe_name(one)
    assert (Path("/root") / f"{name}.docx").resolve().parent == Path("/root")
    assert len(name) <= 80
    assert one == other or name.casefold() != safe_name(other).casefold()


@pytest.mark.parametrize(
    "number", ["CON", "NUL", "COM1", "LPT9.2023", "AUX.TXT", "con", "A.", "A. ", "A:B", "A*B?", "x/."]
)
def test_windows_can_open_every_name(number):
    name = safe_name(number)
    for file in (f"{name}.docx", f"{name}_da-ky.pdf", name):
        assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", file)
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]|[. ]$', file)


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o640), (0o000, 0o640), (0o077, 0o600)])
def test_no_file_is_for_other_accounts_of_the_machine(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "one", b"x")
        write_together({tmp_path / name: b"x" for name in ("two", "three")}, staging=tmp_path / ".staging")
        write_anew(tmp_path / "new", {"four": b"x"})
    finally:
        os.umask(before)
    assert {oct(path.stat().st_mode & 0o777) for path in tmp_path.rglob("*") if path.is_file()} == {oct(mode)}


def test_what_a_killed_writer_left_is_removed_and_nothing_else(tmp_path):
    (tmp_path / ".a.xlsx.k2j3_0zq").write_bytes(b"half")
    write_whole(tmp_path / "a.xlsx", b"whole")
    remove_torn(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.fault(120)
def test_what_others_plant_among_our_files_is_stepped_over(tmp_path):
    write_whole(tmp_path / "figures-1.parquet", b"x")
    for name in (".AppleDouble", ".snapshot", ".bao-cao.abcd1234"):
        (tmp_path / name).mkdir()
    for name in (".DS_Store", "._figures-1.parquet", ".nfs000000012", ".figures-1.parquet.k3_xq0ab"):
        (tmp_path / name).write_bytes(b"x")
    remove_torn(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert ".figures-1.parquet.k3_xq0ab" not in left
    assert {".AppleDouble", ".snapshot", ".DS_Store", "._figures-1.parquet"} < left


def test_a_folder_in_the_place_of_a_file_is_said_as_that(tmp_path):
    (tmp_path / "summary.json").mkdir()
    with pytest.raises(IsADirectoryError) as caught:
        write_whole(tmp_path / "summary.json", b"x")
    words = str(told_of(caught.value, doing="bước close_day", folder=tmp_path))
    assert "một thư mục nằm đúng chỗ của tệp (còn trống" in words
    assert f"Ở: {tmp_path / 'summary.json'}" in words


@pytest.mark.fault(120)
def test_a_folder_planted_while_files_are_written_together_stops_nothing(tmp_path, monkeypatch):
    def plant(paths):
        (paths[0].parent / "@eaDir").mkdir()

    monkeypatch.setattr(files, "_sync_all", plant)
    write_together({tmp_path / "a": b"1"}, staging=tmp_path / ".staging")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"1")]
