"""A step bears the name of its box wherever a person reads of it."""

import ast
import re

from dondoc.daily.step import STEP_NAMES, in_step
from dondoc.installation import ROOT

DECORATORS = {"step", "guarded"}
BOX = re.compile(r'task_display_name="([^"]+)"[^\n]*\)\ndef (\w+)')


def decorated():
    for path in (ROOT / "include" / "dondoc").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and DECORATORS & {ast.unparse(one) for one in node.decorator_list}:
                yield node.name


def test_every_step_has_a_name_that_people_read():
    assert set(decorated()) <= set(STEP_NAMES)
    assert in_step("write_report") == "bước “Lập báo cáo”"


def test_a_step_is_named_as_its_box():
    tasks = (ROOT / "include" / "dondoc_airflow" / "office_day.py").read_text(encoding="utf-8")
    boxes = {name: box for box, name in BOX.findall(tasks)}
    assert len(boxes) > 10
    assert {name: box for name, box in boxes.items() if STEP_NAMES.get(name, box) != box} == {}
