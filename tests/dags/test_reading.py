"""What reading a DAG file costs and makes: little is loaded, and each campaign's DAG is made apart."""

import os
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


# As Airflow's programs do: each hears that it starts, then forks what reads a DAG file or runs a task.
FORKED = """
import sys
from dondoc_airflow.preloading import Preloading
from airflow.dag_processing.dagbag import DagBag
ours = lambda: {name for name in sys.modules if name.partition(".")[0] in {"dondoc", "dondoc_airflow"}}
folder, sys.argv = sys.argv[1], ["airflow", sys.argv[2]]
Preloading().on_starting(None)
before = ours()
DagBag(dag_folder=folder)
print("dondoc.daily.steps" in before, *sorted(ours() - before))
"""


@pytest.mark.parametrize(("program", "steps"), [("dag-processor", False), ("scheduler", True)])
def test_what_a_forked_process_needs_is_loaded_before(program, steps):
    command = [sys.executable, "-c", FORKED, str(ROOT / "dags"), program]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1:] == [str(steps)], done.stderr


def test_airflow_registers_what_loads_before_it_forks():
    from airflow.listeners.listener import get_listener_manager

    assert "Preloading" in {type(plugin).__name__ for plugin in get_listener_manager().pm.get_plugins()}


CELERY = """
import sys
from airflow.providers.celery.executors.celery_executor_utils import app
app.loader.import_default_modules()
print("dondoc.daily.steps" in sys.modules)
"""


def test_a_celery_worker_loads_the_steps_before_it_forks():
    setting = {"AIRFLOW__CELERY__CELERY_CONFIG_OPTIONS": "dondoc_airflow.celery_settings.CONFIG"}
    compose = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
    assert all(f"{name}: {value}" in compose for name, value in setting.items())
    command = [sys.executable, "-c", CELERY]
    done = subprocess.run(command, env=os.environ | setting, capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1:] == ["True"], done.stderr


def test_no_task_carries_the_parameters_of_its_run(dags):
    daily = dags["hai-phong-2023.daily"]
    assert "business_date" in daily.params
    assert {task.task_id for task in daily.tasks if task.params} == set()


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
    assert "lỗi phần mềm" not in found[f"hai-phong-2023.{name}"].tags
    stand_in = found[f"boston-311-2015.{name}"]
    assert "lỗi phần mềm" in stand_in.tags
    assert "Lỗi phần mềm ở việc lập DAG: ZeroDivisionError" in stand_in.doc_md
