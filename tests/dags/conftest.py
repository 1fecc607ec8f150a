"""An Airflow of the tests' own: its home, its database, and our DAGs run for real in this process."""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest
from tests.dags.mails import caught
from tests.dags.running import read_dags, run_through

from dondoc.installation import ROOT, Installation

# Airflow reads these when it is first imported, which no test does before this file.
# In memory, where a machine has such a folder: Airflow waits for the disk at each step of each task.
MEMORY = "/dev/shm"  # noqa: S108, a folder of random name is made in it
HOME = Path(tempfile.mkdtemp(prefix="dondoc-airflow-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
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
    return read_dags()


@pytest.fixture
def run_day(dags):
    return partial(run_through, dags)


@pytest.fixture(scope="session")
def one_day(tmp_path_factory, new_ledger):
    """Run a day through Airflow in an installation of its own; return its run, and what it left, to be copied.

    `after` is what the days before left. Under a `mode` of its own the day is a rehearsal.
    """

    def run(campaign, business_date, *, after=None, **params):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DONDOC_OUT", str(tmp_path_factory.mktemp("day") / "out"))
            if params:
                patch.setenv("DONDOC_REHEARSAL", business_date)
            out = Installation.from_environment().out
            if after:
                shutil.copytree(after, out)
            else:
                new_ledger(out / "ledger.sqlite")
            return run_through(read_dags(), campaign, business_date, **params), out

    return run


@pytest.fixture
def catcher(tmp_path):
    """Return the mailbox of a real SMTP server, known to Airflow as `dondoc_smtp`."""
    with caught(tmp_path / "mailbox") as box:
        yield box


@pytest.fixture
def replayed(monkeypatch):
    """Let `dag.test` run what `choose` gives instead of a new manual run."""

    def replay(choose):
        monkeypatch.setattr("airflow.models.dagrun.get_or_create_dagrun", choose)

    return replay
