"""Who is reminded and who is thanked, decided from what was read and nothing else."""

import pytest

from dondoc.daily.compose_reminders import ReminderInputs, decide
from dondoc.daily.standing import Standing
from dondoc.ledger.rungs import Climbed
from dondoc.mail.changes import no_changes
from dondoc.mail.ladder import PRAISE

OWES, DONE, NOTHING = {"rate": 50.0, "owes": 1}, {"rate": 100.0, "owes": 0}, {"rate": None, "owes": 0}


def read(*, figures, reminded=(), climbed=()):
    standing = Standing(frozenset(climbed), frozenset(reminded), frozenset())
    return ReminderInputs(figures={"VP": figures}, findings={}, changes=no_changes(), standing=standing, workbooks=None)


@pytest.fixture
def behind(monkeypatch):
    monkeypatch.setattr("dondoc.daily.compose_reminders.is_behind", lambda row: bool(row["owes"]))


@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize(
    ("figures", "before", "reminded", "thanked"),
    [
        pytest.param(OWES, ["VP"], ["VP"], [], id="it owes something"),
        pytest.param(DONE, ["VP"], [], ["VP"], id="reminded before and done now"),
        pytest.param(DONE, [], [], [], id="done and never reminded"),
        pytest.param(NOTHING, ["VP"], [], [], id="nothing arose"),
    ],
)
def test_a_unit_is_reminded_or_thanked_or_left_alone(hai_phong, figures, before, reminded, thanked):
    told = decide(hai_phong, ["VP"], read(figures=figures, reminded=before))
    assert (list(told.reminded), list(told.thanked)) == (reminded, thanked)


@pytest.mark.usefixtures("behind")
def test_a_unit_is_thanked_once(hai_phong):
    before = [Climbed("VP", PRAISE, address.lower()) for address in hai_phong.unit_by_code["VP"].addresses]
    told = decide(hai_phong, ["VP"], read(figures=DONE, reminded=["VP"], climbed=before))
    assert list(told.thanked) == []
