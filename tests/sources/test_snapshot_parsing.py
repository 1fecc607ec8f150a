import os

import pyarrow.parquet as pq
import pytest

from dondoc.errors import LostFileError
from dondoc.records import FIRST_DATES, empty_frame
from dondoc.sources import snapshot
from dondoc.sources.snapshot import read_snapshot, write_snapshot


def register(*numbers):
    return empty_frame(FIRST_DATES).reindex(range(len(numbers))).assign(case_number=list(numbers))


@pytest.fixture
def parsed(monkeypatch):
    """Return the list of all that is parsed from now on."""
    calls, read_table = [], pq.read_table
    monkeypatch.setattr(pq, "read_table", lambda *args, **kwargs: calls.append(args) or read_table(*args, **kwargs))
    snapshot._parsed.cache_clear()
    return calls


def test_a_small_snapshot_is_parsed_once_a_process(tmp_path, parsed):
    path = write_snapshot(register("A"), FIRST_DATES, folder=tmp_path, name="first")
    assert [list(read_snapshot(path, FIRST_DATES)["case_number"]) for _ in range(3)] == [["A"]] * 3
    assert len(parsed) == 1


def test_a_change_of_a_parsed_snapshot_is_noticed_whatever_its_size_and_time_say(tmp_path):
    path = write_snapshot(register("A"), FIRST_DATES, folder=tmp_path, name="first")
    other = write_snapshot(register("B"), FIRST_DATES, folder=tmp_path, name="first")
    read_snapshot(path, FIRST_DATES)
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    assert path.stat().st_size == other.stat().st_size
    path.write_bytes(other.read_bytes())
    os.utime(path, ns=times)
    with pytest.raises(LostFileError):
        read_snapshot(path, FIRST_DATES)


def test_what_one_reader_does_to_its_frame_no_other_reader_sees(tmp_path):
    path = write_snapshot(register("A"), FIRST_DATES, folder=tmp_path, name="first")
    mine = read_snapshot(path, FIRST_DATES)
    mine.loc[0, "case_number"] = "changed"
    mine["more"] = 1
    assert read_snapshot(path, FIRST_DATES).to_dict("list")["case_number"] == ["A"]
    assert "more" not in read_snapshot(path, FIRST_DATES)


def test_an_empty_frame_is_each_caller_s_own():
    mine = empty_frame(FIRST_DATES)
    mine["more"] = "x"
    assert "more" not in empty_frame(FIRST_DATES)
