"""What does not add up is not published."""

import json

import pytest

from dondoc.daily import steps
from dondoc.errors import FiguresError
from dondoc.figures import COUNTS, FIGURES, day_figures, require_sums
from dondoc.installation.workplace import Workplace
from dondoc.report.form_06a import COLUMNS, form_06a, require_identities
from dondoc.report.specimen import specimen
from dondoc.sources.snapshot import read_snapshot, write_snapshot

from .conftest import check_day, report_of


@pytest.fixture
def facts(place):
    return specimen(place.day)


@pytest.mark.fault(79)
@pytest.mark.parametrize("name", COUNTS)
def test_one_cell_that_is_wrong_stops_the_report_and_is_named(facts, name):
    figures = facts.figures.copy()
    figures.loc[figures["scope"] == "unit", name] += [1] + [0] * (len(facts.day.campaign.units) - 1)
    with pytest.raises(FiguresError, match=name):
        require_sums(figures)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_form_whose_identities_fail_is_not_printed(facts, column):
    form = form_06a(facts.cases, facts.day.campaign.period)
    form.loc[0, column] += 1
    with pytest.raises(FiguresError, match=r"II\.06a"):
        require_identities(form)


@pytest.mark.fault(79)
def test_figures_that_were_kept_wrong_are_not_published(installation):
    day, found = check_day("2023-11-14")
    place = Workplace.of(day)
    figures = read_snapshot(place.out / found["figures"], FIGURES)
    figures.loc[3, "cases_late"] += 1
    spoilt = write_snapshot(figures, FIGURES, folder=place.folder / "snapshots", name="figures")
    with pytest.raises(FiguresError, match="cases_late"):
        steps.write_report(day, found | {"figures": spoilt.relative_to(place.out).as_posix()})
    assert not report_of(day)[0].exists()


def test_the_parts_add_up_whatever_the_specimen(facts):
    figures = day_figures(facts.cases, facts.work, facts.day.campaign.units)
    require_sums(figures)
    assert json.loads(figures[figures["scope"] == "office"].to_json(orient="records"))[0]["cases_late"] == 1
