"""The sample's days, run as the DAG runs them up to the report."""

import shutil
from contextlib import contextmanager
from datetime import date

import pytest

from dondoc.daily import steps
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace

CAMPAIGN = "hai-phong-2023"
DAYS = ("2023-11-14", "2023-11-15", "2023-11-16")


def check_day(on):
    """Run a day of the sample up to its checks; return its reference and what they left."""
    campaign = Installation.from_environment().campaign(CAMPAIGN)
    day = steps.open_day(steps.day_ref(CAMPAIGN, on))
    snapshots = steps.gate(day, [steps.pull(day, source.name) for source in campaign.sources])
    return day, steps.check(day, snapshots)


def run_day(on):
    """Run a day of the sample up to its report; return its reference and what the checks left."""
    day, found = check_day(on)
    steps.write_report(day, found)
    return day, found


def report_of(day):
    """Return the paths of the report's document and workbook."""
    folder, on = Workplace.of(day).folder / "report", date.fromisoformat(day["business_date"])
    document = next(folder.glob(f"bao-cao*-{on}.docx"), folder / f"bao-cao-{on}.docx")
    return document, document.with_suffix(".xlsx")


@contextmanager
def installed(out):
    """Let `out` be what this installation's runs leave."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_OUT", str(out))
        yield


@pytest.fixture(scope="session")
def first_day(tmp_path_factory, new_ledger):
    """Return an output folder after the sample's first day, and what `run_day` returned; copy it, change nothing."""
    out = tmp_path_factory.mktemp("first") / "out"
    new_ledger(out / "ledger.sqlite")
    with installed(out):
        return out, run_day(DAYS[0])


@pytest.fixture(scope="session")
def ran(first_day, tmp_path_factory):
    """Return three days of the sample, the last of them the final one, in an installation of their own."""
    out = tmp_path_factory.mktemp("three") / "out"
    shutil.copytree(first_day[0], out)
    with installed(out):
        return out, {DAYS[0]: first_day[1]} | {on: run_day(on) for on in DAYS[1:]}


@pytest.fixture
def days(ran, monkeypatch):
    """Return those days by date, as the test's own installation; read them, change nothing."""
    out, found = ran
    monkeypatch.setenv("DONDOC_OUT", str(out))
    return found
