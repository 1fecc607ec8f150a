"""What Airflow tries again, and that leases, heartbeats and waits fit together, computed from the settings."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from dondoc import errors
from dondoc.ledger.troubles import AWAY, SQLITE, ledger_error
from dondoc.mail.sending import Pace
from dondoc_airflow.retries import BRIEF, PATIENT, POLICY

PACE = Pace()
# Ours that pass by themselves; each other kind of ours waits for an operator.
PASSING = {errors.PassingError, errors.UnreachableError, errors.LedgerAwayError, errors.InOtherHandsError}


def shortest_waits(plan):
    """Return how long Airflow waits at least before each new try: a random part comes on top of it."""
    longest, factor = plan.get("max_retry_delay", timedelta.max), plan.get("retry_exponential_backoff", 1)
    return [min(plan["retry_delay"] * factor**n, longest) for n in range(plan["retries"])]


@pytest.mark.fault(81)
def test_leases_heartbeats_and_waits_fit_together():
    assert 3 * PACE.heartbeat < PACE.claim_lease, "two lost beats cost no lease"
    assert PACE.claim_lease + PACE.heartbeat <= timedelta(seconds=10), "a dead sender's mails are free in ten seconds"
    assert shortest_waits(PATIENT)[0] > PACE.offer_lease, "the first new try finds nothing in a dead sender's hands"
    in_all = sum(shortest_waits(PATIENT), timedelta())
    assert in_all > PACE.longest_round + PACE.offer_lease, "nor the last in a slow one's"
    assert shortest_waits(BRIEF)[0] > PACE.offer_lease
    assert PACE.longest_absence > timedelta(minutes=1), "a ledger away for a minute puts no mail in doubt"
    assert PACE.longest_offer > timedelta(seconds=PACE.final_reply_seconds)


@pytest.mark.parametrize(
    "kind", [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.DondocError)]
)
def test_what_may_pass_is_tried_again_and_what_an_operator_must_mend_fails_at_once(kind):
    decided = POLICY.evaluate(kind("x", where="y", remedy="z"), try_number=1, max_tries=5)
    assert decided.action.value == ("retry" if kind in PASSING else "fail")


@pytest.mark.parametrize("error", [ConnectionError(), TimeoutError(), OperationalError("", {}, Exception())])
def test_what_is_none_of_ours_is_tried_again(error):
    assert POLICY.evaluate(error, try_number=1, max_tries=5).action.value == "default"


@pytest.mark.parametrize(("why", "passes"), [(AWAY, True), (SQLITE[5], True), (SQLITE[13], False), (SQLITE[11], False)])
def test_a_ledger_that_is_away_or_held_may_come_back_and_a_full_or_spoilt_one_does_not(why, passes):
    assert isinstance(ledger_error(why, "postgresql://x/y"), errors.PassingError) is passes


@pytest.mark.fault(53, 83)
def test_every_step_of_every_dag_is_tried_again(dags):
    for name, dag in dags.items():
        for task in dag.tasks:
            assert task.retries >= 2, (name, task.task_id)
            assert task.retry_delay <= timedelta(minutes=1), (name, task.task_id)
            assert task.retry_policy.serialize() == POLICY.serialize(), (name, task.task_id)


@pytest.mark.fault(86)
def test_the_watch_over_the_deadline_outlasts_any_outage(dags):
    for dag in (dag for name, dag in dags.items() if name.endswith(".deadline")):
        for sensor in dag.tasks:
            assert sensor.retries * sensor.retry_delay >= timedelta(seconds=sensor.timeout)
