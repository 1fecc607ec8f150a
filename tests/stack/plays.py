"""What is played on a real stack, and what came of it."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import create_engine, text
from tests.stack.machine import until
from tests.stack.processes import DAILY, DEADLINE, OVER, Stack
from tests.stack.relay import POINTS

LONGEST_SECONDS = 1500
LOCKED = "database is locked"
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
    "AND datname IN ('airflow', 'dondoc')"
)


@dataclass
class Outcome:
    """What a play came to.

    Attributes:
        mails: how many the day has in the ledger.
        twice: mails the server took more than once.
        lost: mails the ledger says were sent and the server never saw, or that are missing beside an undisturbed day.
        untold: mails neither sent nor named to a person.
        told: mails left to a person, in doubt among them.
        red: whether a run ended red that could have gone on.
        seconds: from the fault, or its end where it lasts, until the run was over.
        whole: how long it all took.
    """

    form: str
    play: str
    mails: int = 0
    twice: int = 0
    lost: int = 0
    untold: int = 0
    told: int = 0
    red: bool = False
    seconds: float = 0.0
    whole: float = 0.0

    @property
    def is_good(self):
        return not (self.twice or self.lost or self.untold or self.red)


@dataclass(frozen=True)
class Play:
    """One thing that goes wrong; `act` does it and returns the runs to be watched, and when all was well again."""

    name: str
    act: Callable[[Stack, str], tuple[list[str], float]]
    forms: tuple[str, ...] = ("celery", "local")


def undisturbed(stack, run):
    stack.trigger(run)
    return [run], time.monotonic()


def killed_at(point):
    def act(stack, run):
        stack.relay.set_trap(point, stack.kill_speaker)
        stack.trigger(run)
        assert stack.relay.sprung.wait(LONGEST_SECONDS / 2), f"no sender came to {point}"
        return [run], time.monotonic()

    return act


def scheduler_killed(stack, run):
    stack.trigger(run)
    await_task(stack, run, "check")
    stack.parts["scheduler"].kill()
    time.sleep(10)
    stack.parts["scheduler"].start()
    return [run], time.monotonic()


def api_server_silent(stack, run):
    """Let the first task come to an API server that takes its call and does not answer."""
    stack.trigger(run)
    stack.parts["api-server"].signal(signal.SIGSTOP)
    time.sleep(60)
    stack.parts["api-server"].signal(signal.SIGCONT)
    return [run], time.monotonic()


def api_server_away(stack, run):
    stack.relay.delay_seconds = 5
    stack.relay.set_trap("data", lambda _port: None)
    stack.trigger(run)
    assert stack.relay.sprung.wait(LONGEST_SECONDS / 2)
    stack.parts["api-server"].kill()
    time.sleep(60)
    stack.parts["api-server"].start()
    return [run], time.monotonic()


def api_server_away_under_the_watch(stack, run):
    """Let the watch over the final report wait for it, as on the last day, while the API server goes and comes back."""
    watch = f"{run}-watch"
    stack.ask("PATCH", f"dags/{DEADLINE}", is_paused=False)
    stack.trigger(watch, dag=DEADLINE)
    stack.trigger(run)
    until(
        lambda: stack.begun(watch, "final_report", dag=DEADLINE), seconds=LONGEST_SECONDS / 2, what="the watch begins"
    )
    stack.parts["api-server"].kill()
    time.sleep(60)
    stack.parts["api-server"].start()
    well_at = time.monotonic()
    until(lambda: stack.run(run) in OVER, seconds=LONGEST_SECONDS, what="the run is over")
    state = stack.run(watch, dag=DEADLINE)
    assert state == "running", f"the watch over the final report is {state}"
    stack.ask("PATCH", f"dags/{DEADLINE}", is_paused=True)
    stack.ask("PATCH", f"dags/{DEADLINE}/dagRuns/{watch}", state="failed")
    return [run], well_at


def redis_away(seconds):
    def act(stack, run):
        stack.trigger(run)
        await_task(stack, run, "pull")
        stack.redis.kill()
        time.sleep(seconds)
        stack.redis.start()
        return [run], time.monotonic()

    return act


def connections_cut(stack, run):
    stack.trigger(run)
    engine = create_engine(stack.postgres.url("postgres"))
    for task in ("pull", "check", "draft_letters", "write_report"):
        await_task(stack, run, task)
        with engine.begin() as connection:
            connection.execute(text(CUT))
    engine.dispose()
    return [run], time.monotonic()


def database_away(task):
    def act(stack, run):
        stack.trigger(run)
        await_task(stack, run, task)
        stack.postgres.crash()
        time.sleep(60)
        stack.postgres.start()
        return [run], time.monotonic()

    return act


def two_runs(stack, run):
    """Let the scheduler make the day's run by itself, where today is worked, and a person start another at once."""
    other = f"{run}-2"
    if stack.office.is_scheduled:
        stack.office.begin_the_day_by_schedule()
        stack.airflow("dags", "reserialize")
        other = until(stack.scheduled_run, seconds=300, what="a scheduled run")
    else:
        stack.trigger(other)
    stack.trigger(run)
    return [run, other], time.monotonic()


def cleared_twice(stack, run):
    stack.trigger(run)
    for _ in range(2):
        until(lambda: stack.run(run) in OVER, seconds=LONGEST_SECONDS, what="the run is over")
        stack.clear(run)
        until(lambda: stack.run(run) not in OVER, seconds=60, what="the run begins anew")
    return [run], time.monotonic()


def backfilled(stack, run):
    stack.trigger(run)
    first, last = stack.office.earlier[0], stack.office.earlier[-1]
    words = ["backfill", "create", "--dag-id", DAILY, "--reprocess-behavior", "completed", "--max-active-runs", "1"]
    words += ["--from-date", first.isoformat(), "--to-date", f"{last.isoformat()}T23:59:59"]
    until(lambda: typed(stack, *words), seconds=300, what="the backfill is taken")
    made = until(
        lambda: [name for name in stack.runs() if name.startswith("backfill__")], seconds=120, what="a backfill's runs"
    )
    return [run, *made], time.monotonic()


def typed(stack, *words):
    """Return whether Airflow took a command; a person types it again where its SQLite was held by the scheduler."""
    try:
        stack.airflow(*words)
    except AssertionError as refused:
        if LOCKED in str(refused):
            return False
        raise
    return True


def await_task(stack, run, task):
    until(lambda: stack.begun(run, task), seconds=LONGEST_SECONDS / 2, what=f"{task} begins")


PLAYS = [
    Play("undisturbed", undisturbed),
    *(Play(f"worker killed at {point}", killed_at(point)) for point in POINTS),
    Play("scheduler killed", scheduler_killed),
    Play("API server silent 60 s as the first task starts", api_server_silent),
    Play("API server away 60 s while mails leave", api_server_away),
    Play("API server away 60 s under the deadline watch", api_server_away_under_the_watch),
    Play("Redis away 10 s", redis_away(10), ("celery",)),
    Play("Redis away 60 s", redis_away(60), ("celery",)),
    Play("connections to PostgreSQL cut at four steps", connections_cut, ("celery",)),
    *(
        Play(f"PostgreSQL crashed and away 60 s at {task}", database_away(task), ("celery",))
        for task in ("open_day", "write_report", "send_reminders")
    ),
    Play("two runs of one day at once", two_runs),
    Play("Clear twice", cleared_twice),
    Play("Airflow's backfill of earlier days beside today", backfilled),
]


def perform(stack, play, *, mails=None):
    """Return what came of one play on a stack at rest; `mails` is how many an undisturbed day has."""
    began, run = time.monotonic(), f"p{time.time_ns()}"
    stack.office.begin_anew()
    stack.relay.accepted.clear()
    stack.relay.delay_seconds = 0.3
    found = Outcome(stack.form, play.name)
    stack.pause(False)
    try:
        watched, well_at = play.act(stack, run)
        for one in watched:
            until(lambda one=one: stack.run(one) in OVER, seconds=LONGEST_SECONDS, what=f"{one} is over")
        found.seconds, found.whole = round(time.monotonic() - well_at, 1), round(time.monotonic() - began, 1)
        found.red = any(stack.run(one) != "success" for one in watched) or stack.office.day() != "done"
    finally:
        stack.come_to_rest()
    _judge(stack, found, mails)
    return found


def _judge(stack, found, mails):
    rows, told, taken = stack.office.rows(), stack.office.told(), set(stack.relay.accepted)
    assert {row.business_date for row in rows} <= {stack.office.today}, "an earlier day has mails"
    unsent = [row for row in rows if row.state != "sent"]
    found.mails, found.twice = len(rows), stack.relay.taken_twice()
    found.lost = sum(row.message_id not in taken for row in rows if row.state == "sent")
    found.lost += max((mails or 0) - len(rows), 0)
    found.told = sum(row.dedupe_key in told for row in unsent)
    found.untold = len(unsent) - found.told
