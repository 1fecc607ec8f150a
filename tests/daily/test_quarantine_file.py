"""The list of rejected rows, as a spreadsheet program opens it."""

import csv

import pandas as pd
import pytest

from dondoc.daily.publication import write_quarantine

DANGEROUS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\n=1+1", "\r=1+1", "\r\n=1+1"]
DANGEROUS += ["＝1+1", "＋1+1", "－2+3", "＠SUM(A1)"]


@pytest.mark.fault(43)
@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("column", ["value", "source_file"])
def test_no_cell_of_the_list_of_rejected_rows_is_a_formula(tmp_path, text, column):
    rows = pd.DataFrame({"source_row": [4, 5], "source_file": "a.xlsx", "value": ["Cấp phép", None]})
    rows.loc[0, column] = text
    write_quarantine(tmp_path / "q.csv", rows)
    with (tmp_path / "q.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first[column] == "'" + text.replace("\r\n", "\r").replace("\r", "\n")
    assert (first["source_row"], second["value"]) == ("4", "")


@pytest.mark.fault(43)
def test_a_line_break_in_a_cell_begins_no_row(tmp_path):
    rows = pd.DataFrame({"source_row": [4], "value": ["x\r=1+1"]})
    write_quarantine(tmp_path / "q.csv", rows)
    with (tmp_path / "q.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["source_row", "value"], ["4", "x\n=1+1"]]
