import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.files import remove_torn, safe_name, write_whole


def test_a_file_with_the_same_content_is_left_alone(tmp_path):
    path = tmp_path / "a"
    assert write_whole(path, b"x")
    os.utime(path, (1, 1))
    assert not write_whole(path, b"x")
    assert path.stat().st_mtime == 1


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "a"
    write_whole(path, b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"old")]


@pytest.mark.parametrize("number", ["000.00.12.H24-230105-0001", "H56.14-240823-0001"])
def test_a_plain_number_keeps_its_form(number):
    assert safe_name(number) == number


@given(st.text(min_size=1), st.text(min_size=1))
def test_names_stay_in_their_folder_and_never_meet(one, other):
    name = safe_name(one)
    assert (Path("/root") / f"{name}.docx").resolve().parent == Path("/root")
    assert len(name) <= 80
    assert one == other or name.casefold() != safe_name(other).casefold()


def test_what_a_killed_writer_left_is_removed_and_nothing_else(tmp_path):
    (tmp_path / ".a.xlsx.k2j3").write_bytes(b"half")
    write_whole(tmp_path / "a.xlsx", b"whole")
    remove_torn(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
