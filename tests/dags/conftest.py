"""An Airflow of the tests' own: its home, its database, and our DAGs run for real in this process."""

import os
import shutil
import subprocess
import sys
import tempfile
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


@pytest.fixture
def dags(installation):
    """Return our DAGs by id, read for the test's own installation."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert bag.import_errors == {}
    return bag.dags


@pytest.fixture
def run_day(dags):
    """Run one day of a campaign through Airflow; return its run."""

    def run(campaign, business_date, mode="campaign", armed_by="Lê Văn A", **params):
        return dags[f"{campaign}.daily"].test(
            run_conf={"business_date": business_date, "mode": mode, "armed_by": armed_by} | params
        )

    return run
