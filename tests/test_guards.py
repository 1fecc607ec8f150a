"""Each guard of the table in docs/reliability.md stands in one place, and the test that notices its loss is there."""

import ast

import pytest
from tests.guards import GUARDS

from dondoc.installation import ROOT


@pytest.mark.parametrize("guard", [pytest.param(one, id=one.name) for one in GUARDS])
def test_a_guard_stands_in_one_place_and_its_test_is_there(guard):
    assert (ROOT / "include" / "dondoc" / guard.file).read_text("utf-8").count(guard.line) == 1
    file, _, test = guard.test.partition("::")
    names = {one.name for one in ast.parse((ROOT / "tests" / file).read_text("utf-8")).body if hasattr(one, "name")}
    assert test.partition("[")[0] in names


def test_the_page_names_every_guard_and_none_went_unnoticed():
    _, _, section = (ROOT / "docs" / "reliability.md").read_text("utf-8").partition("<!-- guards -->")
    rows = section.partition("<!-- /guards -->")[0].splitlines()
    noticed = [row.split(" | ")[0].removeprefix("| ") for row in rows if row.endswith("` |")]
    assert noticed == [one.name for one in GUARDS]
