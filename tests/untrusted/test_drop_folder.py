"""A folder anybody may write to: what is planted there, under any name."""

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hostile.places import NAMES, THINGS

from dondoc.errors import UntrustedError
from dondoc.untrusted.drop_folder import DropFolder, read_beneath
from dondoc.untrusted.plain_names import MOST_BYTES, plain_name

MOST, SECRET = 1000, b"rieng"


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "private.bin").write_bytes(SECRET)
    return folder


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def age(path):
    os.utime(path, (time.time() - 99,) * 2, follow_symlinks=False)


@pytest.mark.fault(91, 92)
@pytest.mark.parametrize("what", [what for what in THINGS if "nobody may read" not in what])
def test_what_is_no_plain_file_is_refused_and_set_aside_unread(inbox, outside, what):
    THINGS[what](inbox / "a.xlsx", outside)
    with DropFolder(inbox) as drop:
        [name] = drop.names([".xlsx"])
        with pytest.raises(UntrustedError):
            drop.read(name, most=MOST)
        drop.set_aside(drop.refused(name), b"answer")
    [folder] = inbox.glob("khong-nhan/*")
    assert sorted(path.name for path in folder.iterdir()) == ["a.ket-qua.xlsx", "a.xlsx"]
    assert (outside / "private.bin").read_bytes() == SECRET
    assert [path.name for path in inbox.iterdir()] == ["khong-nhan"]


@pytest.mark.fault(91)
@pytest.mark.parametrize("what", NAMES)
def test_whatever_its_name_a_file_is_read_moved_and_answered(inbox, what):
    raw = os.fsencode(inbox) + b"/" + NAMES[what](b".xlsx")
    with open(raw, "wb") as file:  # noqa: PTH123 (by bytes)
        file.write(b"x")
    age(raw)
    with DropFolder(inbox) as drop:
        [name] = drop.names([".xlsx"])
        file = drop.read(name, most=MOST)
        drop.put_away(file, b"answer")
        assert drop.was_taken(file, [".xlsx"])
    kept = sorted(inbox.glob("da-nhan/*/*"), key=lambda path: path.name.endswith(".ket-qua.xlsx"))
    assert [path.read_bytes() for path in kept] == [b"x", b"answer"]
    assert kept[0].name == plain_name(kept[0].name)


@pytest.mark.fault(92)
@pytest.mark.parametrize(
    "ours", ["da-nhan", "da-nhan/{hash}", "da-nhan/{hash}/a.xlsx", "da-nhan/{hash}/a.ket-qua.xlsx"]
)
@pytest.mark.parametrize("plant", ["link", "folder", "file"])
def test_what_is_planted_where_we_keep_things_is_never_followed(inbox, outside, ours, plant):
    (inbox / "a.xlsx").write_bytes(b"x")
    age(inbox / "a.xlsx")
    with DropFolder(inbox) as drop:
        file = drop.read("a.xlsx", most=MOST)
        path = inbox / ours.format(hash=file.sha256[:16])
        path.parent.mkdir(parents=True, exist_ok=True)
        if plant == "link":
            path.symlink_to(outside if "xlsx" not in ours else outside / "private.bin")
        else:
            path.mkdir() if plant == "folder" else path.write_bytes(b"y")
        drop.put_away(file, b"answer")
    folder = inbox / "da-nhan" / file.sha256[:16]
    assert [(folder / name).read_bytes() for name in ("a.xlsx", "a.ket-qua.xlsx")] == [b"x", b"answer"]
    assert [(path.name, path.read_bytes()) for path in outside.iterdir()] == [("private.bin", SECRET)]


def test_another_file_that_came_under_its_name_meanwhile_stays(inbox):
    (inbox / "a.xlsx").write_bytes(b"x")
    age(inbox / "a.xlsx")
    with DropFolder(inbox) as drop:
        file = drop.read("a.xlsx", most=MOST)
        (inbox / "a.xlsx").unlink()
        (inbox / "a.xlsx").write_bytes(b"another")
        drop.put_away(file, b"answer")
    assert (inbox / "a.xlsx").read_bytes() == b"another"


@pytest.mark.fault(92)
@pytest.mark.parametrize("link", ["VP", "VP/a.docx"])
def test_a_draft_is_read_beneath_our_folder_alone(tmp_path, outside, link):
    (outside / "a.docx").write_bytes(SECRET)
    root = tmp_path / "out"
    (root / "VP").mkdir(parents=True)
    if link == "VP":
        (root / "VP").rmdir()
    (root / link).symlink_to(outside if link == "VP" else outside / "a.docx")
    with pytest.raises(UntrustedError):
        read_beneath(root, "VP/a.docx", most=MOST, own="")


@given(st.text() | st.binary().map(os.fsdecode))
def test_any_name_becomes_one_that_every_disk_can_hold(name):
    plain = plain_name(name)
    assert 0 < len(plain.encode()) <= MOST_BYTES + 1
    assert plain_name(plain) == plain
    assert not set(plain) & set('/\\<>:"|?*\0\n\r')
