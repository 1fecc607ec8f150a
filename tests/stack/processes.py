"""Airflow as an office runs it, each part a process: Celery on PostgreSQL and Redis, or LocalExecutor on SQLite."""

import os
import subprocess
import threading

import psutil
import requests
from sqlalchemy import create_engine, text
from tests.stack.machine import BIN, Daemon, Keeper, Postgres, free_port, redis, until
from tests.stack.office import CODE, Office, as_text
from tests.stack.relay import Relay

from dondoc.installation import ROOT

DAILY, DEADLINE = f"{CODE}.daily", f"{CODE}.deadline"
STARTS_SECONDS = 300
# As short as they go, so that a play lasts minutes; what they are in an office stands in docs/reliability.md.
HEARTBEAT_TIMEOUT = 30
WORKERS = 2
OVER = {"success", "failed"}


class Stack:
    """The processes of one form, `celery` or `local`, and an office in them."""

    def __init__(self, form, folder):
        self.form, self.folder, self.relay = form, folder, Relay()
        self.port, self.redis_port = free_port(), free_port()
        self.postgres = Postgres(folder) if form == "celery" else None
        self.redis = redis(folder, self.redis_port) if form == "celery" else None
        ledger = self.postgres.url("dondoc") if self.postgres else f"sqlite:///{folder / 'ledger.sqlite'}"
        self.office = Office(folder, mail_port=self.relay.port, ledger_url=ledger)
        self.environment = self._environment()
        self.parts = {name: self._part(name, *command) for name, command in self._commands().items()}
        self.keeper = Keeper([*self.parts.values(), *([self.redis] if self.redis else [])])

    def _commands(self):
        found = {"api-server": ["api-server"], "scheduler": ["scheduler"], "dag-processor": ["dag-processor"]}
        found["triggerer"] = ["triggerer"]
        if self.form == "celery":
            for n in range(WORKERS):
                found[f"worker-{n}"] = ["celery", "worker", "-q", "default", "-H", f"w{n}@stack", "-c", "2", "-s"]
        return found

    def _part(self, name, *command):
        return Daemon(name, [BIN / "airflow", *command], folder=self.folder, environment=self.environment)

    def _environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "DONDOC"))}
        database = self.postgres.url("airflow") if self.postgres else f"sqlite:///{self.folder / 'airflow.db'}"
        settings = {
            "CORE__EXECUTOR": "CeleryExecutor" if self.form == "celery" else "LocalExecutor",
            "CORE__PARALLELISM": 4,
            "CORE__DAGS_FOLDER": ROOT / "dags",
            "CORE__PLUGINS_FOLDER": ROOT / "plugins",
            "CORE__LOAD_EXAMPLES": "false",
            "CORE__DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
            "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "true",
            "CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{self.port}/execution/",
            "DATABASE__SQL_ALCHEMY_CONN": database,
            "API__HOST": "127.0.0.1",
            "API__PORT": self.port,
            "API__BASE_URL": f"http://127.0.0.1:{self.port}",
            "API__WORKERS": 1,
            "API__SECRET_KEY": "k" * 32,
            "API_AUTH__JWT_SECRET": "j" * 64,
            "CELERY__BROKER_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "CELERY__CELERY_CONFIG_OPTIONS": "dondoc_airflow.celery_settings.CONFIG",
            "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 3600,
            "DAG_PROCESSOR__REFRESH_INTERVAL": 3600,
            "LOGGING__WORKER_LOG_SERVER_PORT": free_port(),
            "LOGGING__TRIGGER_LOG_SERVER_PORT": free_port(),
            "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": 0.5,
            "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": HEARTBEAT_TIMEOUT,
            "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": 5,
            "SCHEDULER__TASK_QUEUED_TIMEOUT": 120,
            "SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": 15,
            "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": 30,
            "USAGE_DATA_COLLECTION__ENABLED": "false",
        }
        found = kept | {f"AIRFLOW__{name}": str(value) for name, value in settings.items()} | self.office.environment
        path = os.pathsep.join([str(ROOT), str(ROOT / "include"), str(ROOT / "plugins")])
        return found | {
            "AIRFLOW_HOME": str(self.folder / "airflow"),
            "PATH": f"{BIN}{os.pathsep}{kept['PATH']}",
            "PYTHONPATH": path,
            "PYTHONUTF8": "1",
            "NO_PROXY": "127.0.0.1",
        }

    def __enter__(self):
        if self.postgres:
            self.postgres.start()
            engine = create_engine(self.postgres.url("postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                for name in ("airflow", "dondoc"):
                    connection.execute(text(f"CREATE DATABASE {name}"))
            engine.dispose()
            self.redis.start()
        self.airflow("db", "migrate")
        self.office.begin_anew()
        for part in self.parts.values():
            part.start()
        self.keeper.start()
        until(self.ready, seconds=STARTS_SECONDS, what=f"Airflow is up\n{as_text(self.parts['api-server'].log)}")
        return self

    def __exit__(self, *_):
        self.keeper.done.set()
        self.keeper.join()
        stopping = [threading.Thread(target=part.stop) for part in self.parts.values()]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        if self.redis:
            self.redis.kill()
        if self.postgres:
            self.postgres.daemon.kill()
        self.relay.close()

    def airflow(self, *command):
        done = subprocess.run(
            [BIN / "airflow", *command], env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-2000:]
        return done.stdout

    def ready(self):
        """Return whether the DAG is known and its runs can be started."""
        return self.ask("GET", f"dags/{DAILY}").get("dag_id") == DAILY

    def ask(self, method, path, **body):
        """Return what Airflow's API answers, nothing where it does not."""
        root = f"http://127.0.0.1:{self.port}"
        try:
            token = requests.get(f"{root}/auth/token", timeout=10).json()["access_token"]
            answer = requests.request(
                method,
                f"{root}/api/v2/{path}",
                json=body or None,
                headers={"Authorization": f"Bearer {token}"},
                timeout=20,
            )
            return answer.json() if answer.content else {}
        except (requests.RequestException, ValueError, KeyError):
            return {}

    def trigger(self, run_id, *, dag=DAILY):
        """Start a run: the day's is armed by the campaign's settings, for without a login nobody arms a day by hand."""
        asked = {"business_date": self.office.today.isoformat(), "mode": "campaign"}
        wanted = {"dag_run_id": run_id, "logical_date": None, "conf": asked if dag == DAILY else {}}
        until(
            # Taken all the same, where only the answer was lost.
            lambda: self.ask("POST", f"dags/{dag}/dagRuns", **wanted).get("dag_run_id") or self.run(run_id, dag=dag),
            seconds=120,
            what="the run is taken",
        )

    def pause(self, paused):
        until(
            lambda: self.ask("PATCH", f"dags/{DAILY}", is_paused=paused).get("is_paused") is paused,
            seconds=120,
            what="the DAG is paused or goes on",
        )

    def come_to_rest(self):
        """Pause the DAG, and end what a play left running."""
        self.pause(True)
        for name, one in self.runs().items():
            if one["state"] not in OVER:
                self.ask("PATCH", f"dags/{DAILY}/dagRuns/{name}", state="failed")

    def scheduled_run(self):
        return next((name for name in self.runs() if name.startswith("scheduled__")), None)

    def run(self, run_id, *, dag=DAILY):
        return self.ask("GET", f"dags/{dag}/dagRuns/{run_id}").get("state")

    def runs(self):
        return {one["dag_run_id"]: one for one in self.ask("GET", f"dags/{DAILY}/dagRuns").get("dag_runs", [])}

    def tasks(self, run_id, *, dag=DAILY):
        """Return the states of a run's tasks by id; of a mapped one all its states."""
        found = self.ask("GET", f"dags/{dag}/dagRuns/{run_id}/taskInstances?limit=200").get("task_instances", [])
        states = {}
        for one in found:
            states.setdefault(one["task_id"], set()).add(one["state"])
        return states

    def begun(self, run_id, task, *, dag=DAILY):
        """Return whether a task of the run is under way or over."""
        return bool(self.tasks(run_id, dag=dag).get(task, set()) - {None, "scheduled", "queued"})

    def clear(self, run_id, *tasks):
        """Clear tasks of a run as the button does, and what comes after them."""
        asked = {"dry_run": False, "dag_run_id": run_id, "only_failed": False, "include_downstream": True}
        asked |= {"task_ids": list(tasks)} if tasks else {}
        return self.ask("POST", f"dags/{DAILY}/clearTaskInstances", **asked)

    def kill_speaker(self, port):
        """Kill whoever holds the line from `port`, with the worker it belongs to; return nothing.

        Of Celery a whole worker dies, as when its machine does; of LocalExecutor the process that runs the task.
        """
        speaker = next(
            psutil.Process(line.pid)
            for line in psutil.net_connections("tcp")
            if line.pid and line.laddr.port == port and line.pid != os.getpid()
        )
        if self.form == "local":
            executor = self.parts["scheduler"].process.pid
            family = [speaker, *(one for one in speaker.parents() if executor in {p.pid for p in one.parents()})]
            for one in reversed(family[:2]):
                one.kill()
            return
        above = {one.pid for one in speaker.parents()}
        worker = next(
            part for name, part in self.parts.items() if name.startswith("worker") and part.process.pid in above
        )
        worker.kill()
        worker.wanted = True  # started again by the keeper, as Docker would
