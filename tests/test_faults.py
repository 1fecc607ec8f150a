"""Each fault we know of has its tests, and the page names them."""

import pytest
from tests import faults


@pytest.fixture(scope="module")
def marked():
    return faults.marked_tests()


def test_each_known_fault_has_a_test_and_each_mark_a_fault(marked):
    known = faults.known_faults()
    assert list(known) == list(range(1, 124))
    assert faults.wrong(known, marked) == []


def test_the_page_says_which_tests_hold_each_fault(marked):
    written = faults.SECTION.search(faults.PAGE.read_text(encoding="utf-8"))
    assert written
    assert written[0] == faults.section(faults.known_faults(), marked), (
        "run: python -m tests.faults --write docs/reliability.md"
    )


def test_a_lost_test_an_unknown_fault_and_a_stale_exception_are_told(tmp_path, monkeypatch):
    (tmp_path / "test_one.py").write_text(
        "@pytest.mark.fault(1, 9)\ndef test_a(): ...\n@pytest.mark.slow\ndef test_b(): ...\n", encoding="utf-8"
    )
    monkeypatch.setattr(faults, "UNTESTED", frozenset({1, 3}))
    found = faults.marked_tests(tmp_path)
    assert found == {1: ["test_one.py::test_a"], 9: ["test_one.py::test_a"]}
    told = faults.wrong({1: "one", 2: "two", 3: "three"}, found)
    assert [sentence.split(":")[0] for sentence in told] == [
        "fault 2 has no test", "fault 1 has a test now", "no fault 9 is known",
    ]  # fmt: skip
    assert "| 3 | three | no test yet |" in faults.section({3: "three"}, found)
