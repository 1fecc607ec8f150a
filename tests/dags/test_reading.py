"""What reading a DAG file costs and makes: little is loaded, and each campaign's DAG is made apart."""

import subprocess
import sys

import pytest
from tests.daily.campaign_days import CODE, write_campaign

from dondoc.installation import ROOT

FILES = sorted((ROOT / "dags").glob("*.py"))
HEAVY = {"pandas", "pyarrow", "matplotlib", "openpyxl", "docx", "lxml"}
READ = """
import sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(dag_folder=sys.argv[1])
assert bag.import_errors == {}, bag.import_errors
assert bag.dags
print(*sorted(set(sys.argv[2:]) & set(sys.modules)))
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_heavy_is_loaded_to_read_a_dag_file(path):
    command = [sys.executable, "-c", READ, str(path), *HEAVY]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, [""]), done.stderr


def read(name):
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags" / f"{name}.py"))
    assert bag.import_errors == {}
    return bag.dags


@pytest.mark.parametrize("name", ["daily", "signoff", "answers", "deadline"])
def test_a_task_reads_the_dag_it_is_of_alone(own_campaigns, name, monkeypatch):
    write_campaign(own_campaigns)
    assert {f"{CODE}.{name}", f"boston-311-2015.{name}"} <= set(read(name))
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", f"{CODE}.{name}")
    assert set(read(name)) == {f"{CODE}.{name}"}


@pytest.mark.parametrize("name", ["daily", "signoff", "answers", "deadline"])
def test_an_error_nobody_foresaw_is_one_campaigns(own_campaigns, name, monkeypatch):
    from dondoc_airflow import campaigns

    load = campaigns.load_campaign

    def loaded(folder):
        return 1 // 0 if folder.name == "boston-311-2015" else load(folder)

    monkeypatch.setattr(campaigns, "load_campaign", loaded)
    found = read(name)
    assert f"hai-phong-2023.{name}" in found
    if name == "daily":
        assert "ZeroDivisionError" in found["boston-311-2015.daily"].doc_md
    else:
        assert set(found) == {f"hai-phong-2023.{name}"}
