"""The sample's days, run as the DAG runs them up to the report."""

from datetime import date

import pytest

from dondoc.daily import steps
from dondoc.installation import Installation
from dondoc.ledger.store import upgrade_ledger
from dondoc.workplace import Workplace

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


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return three days of the sample, the last of them the final one, in an installation of their own."""
    out = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_OUT", str(out))
        upgrade_ledger(Installation.from_environment().ledger_url)
        found = {on: run_day(on) for on in DAYS}
    return out, found


@pytest.fixture
def days(ran, monkeypatch):
    """Return those days by date, as the test's own installation; read them, change nothing."""
    out, found = ran
    monkeypatch.setenv("DONDOC_OUT", str(out))
    return found
