"""What Airflow tries again: a step that something kept from its work which may pass by itself.

Every step can be repeated without doing anything twice. A task that is killed, loses its worker, or cannot reach
Airflow's own server never gets to say why, and is tried again like one that says `PassingError`; what an operator must
mend fails at once.
"""

from datetime import timedelta

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from dondoc.errors import DondocError, PassingError

POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(exception=PassingError, action=RetryAction.RETRY),
        RetryRule(exception=DondocError, action=RetryAction.FAIL),
    ]
)
# Of a step nothing else comes back for. The first wait is longer than the lease of a mail a dead sender was offering,
# all of them together longer than a sender at work holds any: tests/dags/test_retries.py.
PATIENT = {
    "retries": 5,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 2,
    "max_retry_delay": timedelta(minutes=10),
    "retry_policy": POLICY,
}
# Of a step whose next run looks again in a few minutes.
BRIEF = {"retries": 2, "retry_delay": timedelta(minutes=1), "retry_policy": POLICY}
# Of a step that waits for hours: as often as it looks, so that whatever is away, it goes on until they are over.
PATIENCE = timedelta(hours=12)
WATCHFUL = {
    "retries": PATIENCE // timedelta(minutes=1),
    "retry_delay": timedelta(minutes=1),
    "retry_policy": POLICY,
}
