"""A machine of the tests' own: real processes on ports of their own, started, killed and started again."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from dondoc.installation import ROOT

BIN = Path(sys.executable).parent
# As an init system or Docker would: what ends by itself is started again.
RESTART_SECONDS = 3
STOP_SECONDS = 15


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(question, *, seconds, what):
    """Return the first true answer to `question`, asked twice a second; fail by name when there is none."""
    end = time.monotonic() + seconds
    while True:
        if answer := question():
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.5)


def postgres_programs():
    """Return the folder of PostgreSQL's server programs, None where there is none."""
    found = shutil.which("postgres")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


class Daemon:
    """One long-running process and its children, in a process group of its own."""

    def __init__(self, name, command, *, folder, environment=None, user=None):
        self.name, self.command, self.log = name, command, folder / f"{name}.log"
        self.environment, self.user, self.process, self.wanted = environment, user, None, False

    def start(self):
        self.wanted = True
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
                user=self.user,
            )

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self):
        """Kill the whole group; it stays dead until it is started."""
        self.wanted = False
        if self.process is not None:
            children = psutil.Process(self.process.pid).children(recursive=True) if self.alive() else []
            self.signal(signal.SIGKILL)
            for child in children:
                # A child may have left the group.
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
            self.process.wait()

    def stop(self):
        """End it as an operator would, and kill what does not listen."""
        self.wanted = False
        if self.alive():
            self.signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        if self.process is not None:
            self.signal(signal.SIGKILL)
            self.process.wait()


class Keeper(threading.Thread):
    """Starts again what ended by itself."""

    def __init__(self, daemons):
        super().__init__(daemon=True)
        self.daemons, self.done, self.restarts = daemons, threading.Event(), 0

    def run(self):
        while not self.done.wait(RESTART_SECONDS):
            for daemon in self.daemons:
                if daemon.wanted and not daemon.alive():
                    self.restarts += 1
                    daemon.start()


class Postgres:
    """A PostgreSQL server with its own files, run as whoever may run one."""

    def __init__(self, folder):
        self.folder, self.port, self.programs = folder / "postgres", free_port(), postgres_programs()
        self.user = None
        self.folder.mkdir()
        if os.geteuid() == 0:
            # It refuses to run as root.
            self.user = "postgres"
            account = pwd.getpwnam(self.user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self._run("initdb", "-D", self.folder, "-U", "dondoc", "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = f"port={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nfsync=off\n"
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(f"{settings}max_connections=200\n")
        self.daemon = Daemon(
            "postgresql", [self.programs / "postgres", "-D", self.folder], folder=folder, user=self.user
        )

    def _run(self, program, *arguments):
        command = [self.programs / program, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, user=self.user, cwd="/")
        assert done.returncode == 0, done.stderr

    def start(self):
        self.daemon.start()
        until(self.answers, seconds=60, what="PostgreSQL answers")

    def answers(self):
        return not subprocess.run(
            [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        ).returncode

    def crash(self):
        """Stop at once, as a power cut would: no farewell to any client."""
        self.daemon.wanted = False
        self.daemon.signal(signal.SIGQUIT)
        self.daemon.process.wait()

    def url(self, database):
        return f"postgresql+psycopg2://dondoc@127.0.0.1:{self.port}/{database}"


def redis(folder, port):
    """Return a Redis server that keeps its queue, as docker-compose.yaml has it."""
    kept = folder / "redis"
    kept.mkdir()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(kept), "--save", "", "--appendonly", "yes"]
    return Daemon("redis", ["redis-server", *options, "--appendfsync", "everysec"], folder=folder)
