"""An Airflow of the tests' own: its home, its database, and our DAGs run for real in this process."""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest

from dondoc.installation import ROOT

# Airflow reads these when it is first imported, which no test does before this file.
HOME = Path(tempfile.mkdtemp(prefix="dondoc-airflow-"))
for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
    del os.environ[name]
os.environ |= {
    "AIRFLOW_HOME": str(HOME),
    "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
    "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{HOME / 'airflow.db'}",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "false",
}


@pytest.fixture(scope="session", autouse=True)
def _airflow_database():
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True)
    yield
    shutil.rmtree(HOME)


def read_dags():
    """Return our DAGs by id."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert bag.import_errors == {}
    return bag.dags


def run_through(dags, campaign, business_date, mode="campaign", armed_by="Lê Văn A", **params):
    """Run one day of a campaign through Airflow; return its run."""
    return dags[f"{campaign}.daily"].test(
        run_conf={"business_date": business_date, "mode": mode, "armed_by": armed_by} | params
    )


@pytest.fixture
def dags(installation):
    """Return our DAGs by id, read for the test's own installation."""
    return read_dags()


@pytest.fixture
def run_day(dags):
    return partial(run_through, dags)


@pytest.fixture(scope="session")
def one_day(tmp_path_factory, new_ledger):
    """Run a day through Airflow in an installation of its own; return its run, and what it left, to be copied."""

    def run(campaign, business_date):
        out = tmp_path_factory.mktemp("day") / "out"
        new_ledger(out / "ledger.sqlite")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DONDOC_OUT", str(out))
            return run_through(read_dags(), campaign, business_date), out

    return run
