"""One small office in this process: its clock, its sources, its campaign; each step of its runs is the real one."""

import csv
import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pyarrow as pa
import yaml
from sqlalchemy import select
from tests.daily.campaign_days import CASES, CODE, KINDS, UNITS
from tests.lives.faults import Faults, Killed, Server, at_the_edges
from tests.lives.memory import Memory
from tests.lives.stand_ins import everywhere, stand_in

import dondoc.installation
from dondoc.daily import steps
from dondoc.daily.check import read_figures
from dondoc.errors import ClockError, DondocError
from dondoc.installation import REHEARSALS, Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import store
from dondoc.ledger.journal import FOLDER
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.ledger.tables import letter, metadata, outbox
from dondoc.mail.account import Security, SmtpAccount

ROOT = dondoc.installation.ROOT
ACCOUNT = SmtpAccount(host="mail.invalid", port=25, security=Security.NONE)
LATE = "000.00.12.H24-250401-0001"
WORK = ["Số đến", "Ngày đến", "Trích yếu", "Đơn vị chủ trì", "Ngày giao", "Trạng thái", "Mã hồ sơ", "Hạn giải quyết"]
SOURCES = ("cases", "work")
# The rules that something here can break: others would only be asked in vain.
FOUND = ("case_overdue", "apology_owed", "work_unreported", "work_unfiled", "due_moved")
# How often a box that failed is cleared before its run is given up.
CLEARED = 3


@dataclass(frozen=True)
class Facts:
    """What the sources say on a day: items done of each unit's five, when the late case is due, whether it is over."""

    on: date
    done: tuple[tuple[str, int], ...]
    due_on: date
    apologised: bool


@dataclass
class Ran:
    """How a run ended, as it was seen from outside.

    `failed` names the steps that were not done at the last, `killed` calls those again that were killed alone; `pulled`
    names the sources whose pull came to an end.
    """

    opened: bool = False
    doubted: bool = False
    closed: bool = False
    struck: bool = False
    failed: dict[str, str] = field(default_factory=dict)
    killed: dict[str, Callable[[], Any]] = field(default_factory=dict)
    pulled: set[str] = field(default_factory=set)
    figures: dict[str, dict[str, int]] | None = None


class Office:
    """The installation; `at` is its clock, which a person or an event turns."""

    def __init__(self, folder: Path, memory: Memory, chance: Random) -> None:
        """Lay out the folders and two migrated ledgers: the real one and the rehearsal's."""
        self.folder, self.faults, self.memory, self.chance = folder, Faults(), memory, chance
        self.server, self.at, self.ticks = Server(self.faults), datetime(2025, 4, 14, tzinfo=UTC), 0
        (folder / "include").mkdir()
        for name in ("templates", "calendars", "regimes", "sources"):
            (folder / "include" / name).symlink_to(ROOT / "include" / name)
        self.campaign_file = folder / "include" / "campaigns" / CODE / "campaign.yaml"
        self.campaign_file.parent.mkdir(parents=True)
        self.shipped = yaml.safe_load((ROOT / "include" / "campaigns" / CODE / "campaign.yaml").read_text("utf-8"))
        self.template = folder / "ledger.sqlite"
        upgrade_ledger(f"sqlite:///{self.template}")
        with closing(sqlite3.connect(self.template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.out = folder / "out"
        self.ledgers = (self.out / "ledger.sqlite", self.out / REHEARSALS / "dien-tap" / "ledger.sqlite")

    def begin(self, **changes: Any) -> None:
        """Begin a life: nothing of the last one stays but the ledgers' files, emptied, and their engines."""
        self.memory.forget()
        self.chance.seed(0)
        kept = [home / name for home in (self.out, self.ledgers[1].parent) for name in (CODE, FOLDER)]
        for folder in kept:
            shutil.rmtree(folder, ignore_errors=True)
        for path in self.ledgers:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.template)) as migrated, closing(sqlite3.connect(path)) as used:
                migrated.backup(used)
        self.faults.clear()
        self.server.mood, self.ticks = "up", 0
        self.server.accepted.clear()
        for name in SOURCES:
            self.source(name).unlink(missing_ok=True)
        self.described = self.shipped | {"period": {"first": date(2025, 1, 1), "last": date(2025, 12, 31)}}
        self.described["units"] = [unit for unit in self.shipped["units"] if unit["code"] in UNITS]
        self.described["sources"] = [one | {"path": str(self.source(one["name"]))} for one in self.shipped["sources"]]
        self.described["rules"] = self.shipped["rules"] | {"find": list(FOUND)}
        self.described["mail"] = self.shipped["mail"] | {"mode": "armed", "armed_by": "Lê Văn A"}
        self.configure(**changes)

    def configure(self, **changes: Any) -> None:
        """Change the campaign's file."""
        self.described |= changes
        self.campaign_file.write_text(yaml.safe_dump(self.described, allow_unicode=True), encoding="utf-8")

    def stamp(self) -> datetime:
        """Return the instant for the ledger's own stamps, each later than the last."""
        self.ticks += 1
        return self.at.astimezone(UTC) + timedelta(microseconds=self.ticks)

    def clock(self) -> Callable[[Installation, Any], datetime]:
        """Return what tells an installation the time: as this machine's clock shows it, or of the rehearsed day."""

        def now(installation: Installation, zone: Any) -> datetime:
            here, day = self.at.astimezone(zone), installation.rehearsal_on
            return datetime.combine(day, here.timetz()) if day else here

        return now

    def turn(self, at: datetime) -> None:
        """Turn the clock."""
        self.at = self.server.at = at

    def source(self, name: str) -> Path:
        """Return where a source lies."""
        return self.folder / f"{name}.csv"

    @property
    def ledger(self) -> Any:
        """Return the real ledger."""
        return open_ledger(f"sqlite:///{self.ledgers[0]}")

    def made(self) -> list[Any]:
        """Return what there is of mails, letters and files: what a step makes, without when it did."""
        with self.ledger.begin() as connection:
            rows = [[row.dedupe_key, row.payload_sha256, row.state] for row in connection.execute(select(outbox))]
            rows += [[row.path, row.sha256, row.state] for row in connection.execute(select(letter))]
        return [*rows, *sorted(path for path in self.out.rglob("*") if path.is_file())]

    def contents(self) -> dict[str, list[Any]]:
        """Return all that the real ledger says but its own name, which is drawn anew."""
        tables = [table for table in metadata.sorted_tables if table.name != "identity"]
        with self.ledger.begin() as connection:
            return {table.name: connection.execute(select(table)).all() for table in tables}

    def export(self, facts: Facts, *, without: tuple[str, ...] = ()) -> None:
        """Write the sources as they are on a day, or leave one out."""
        on, done = f"{facts.on:%d/%m/%Y}", dict(facts.done)
        work = [WORK]
        for code, name in UNITS.items():
            for n in range(5):
                ended = ["Đã hoàn thành", f"HS{n}"] if n < done.get(code, 0) else ["Đang xử lý", ""]
                work.append([f"{code}-{n}", "01/04/2025", "Văn bản đến", name, "01/04/2025", *ended, ""])
        work.append([f"T-{on}", on, "Việc trong ngày", UNITS["VP"], on, "Đã hoàn thành", "HS9", ""])
        over = ["Đã xử lý xong", "21/04/2025", "1/PXL-BQL", "21/04/2025"]
        still = ["Đang xử lý", "", "", ""]
        late = [LATE, "Cấp phép", UNITS["DNGS"], "01/04/2025", f"{facts.due_on:%d/%m/%Y}", "Công ty A"]
        fresh = [f"{LATE[:-11]}{facts.on:%y%m%d}-0002", "Cấp phép", UNITS["DNGS"], on, "30/06/2025", "Công ty B"]
        cases = [CASES, [*late, *(over if facts.apologised else still)], [*fresh, *still]]
        for name, rows in (("cases", cases), ("work", work)):
            path = self.source(name)
            path.unlink(missing_ok=True)
            if name not in without:
                with path.open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows(rows)
                os.utime(path, (self.at.timestamp(), self.at.timestamp()))

    def run(self, day: date, *, backfill: bool = False, retried: bool = False) -> Ran:
        """Call the steps of a day as the DAG does; a step that a fault stopped is called again where `retried`."""
        ran = Ran()
        with suppress(Killed, DondocError, _GivenUpError):
            self._run(ran, day, backfill, retried)
        ran.struck |= self.faults.clear()
        return ran

    def _run(self, ran: Ran, day: date, backfill: bool, retried: bool) -> None:
        call, apart = partial(self._call, ran, retried), partial(self._call_apart, ran, retried)
        try:
            ref = call("open_day", steps.open_day, steps.day_ref(CODE, day.isoformat(), backfill=backfill))
        except DondocError as error:
            ran.doubted = isinstance(error, ClockError)
            raise
        ran.opened, taken = True, []
        for source in SOURCES:
            try:
                taken.append(call(f"pull {source}", steps.pull, ref, source))
                ran.pulled.add(source)
            except DondocError:
                continue
        snapshots = call("gate", steps.gate, ref, call("stand_in", steps.stand_in, ref, taken))
        found = call("check", steps.check, ref, snapshots)
        table = read_figures(Workplace.of(ref), found)
        names = ["work_total", "work_done", "apologies_due", "apologies_done"]
        ran.figures = {code: {name: int(row[name]) for name in names} for code, row in table.iterrows()}
        for batch in found["letters"]:
            apart(f"draft_letters {batch['units'][0]}", steps.draft_letters, ref, found, batch["units"])
        for batch in found["reminders"]:
            apart(f"compose_reminders {batch['units'][0]}", steps.compose_reminders, ref, found, batch["units"])
        apart("compose_digest", steps.compose_digest, ref, found)
        report = call("write_report", steps.write_report, ref, found)
        apart("return_rejected", steps.return_rejected, ref, snapshots)
        apart("compose_closing", steps.compose_closing, ref, found)
        for kind in KINDS:
            if not steps.why_held(ref, kind):
                call(f"send_mail {kind}", steps.send_mail, ref, kind, lambda: ACCOUNT)
        call("close_day", steps.close_day, ref, found, report)
        ran.closed = True

    def _call_apart(self, ran: Ran, retried: bool, key: str, step: Callable[..., Any], *args: Any) -> None:
        """Call a step of which none waits that it succeeds: a box that failed, or was killed, keeps no other back."""
        with suppress(DondocError, _GivenUpError):
            try:
                self._call(ran, retried, key, step, *args)
            except Killed:
                ran.struck |= self.faults.clear()

    def _call(self, ran: Ran, retried: bool, key: str, step: Callable[..., Any], *args: Any) -> Any:
        for _ in range(CLEARED):
            try:
                result = step(*args)
            except DondocError as error:
                ran.failed[key] = str(error)
                if not (retried and self.faults.struck):
                    raise
            except Killed:
                ran.failed[key] = "bị dừng"
                if not retried:
                    ran.killed[key] = partial(step, *args)
                    raise
            else:
                ran.failed.pop(key, None)
                return result
            ran.struck |= self.faults.clear()
        raise _GivenUpError


class _GivenUpError(Exception):
    """A box was cleared often enough."""


@contextmanager
def office_at_work() -> Iterator[Office]:
    """Yield an office in a temporary folder, its clock, disk and mail server in our hands."""
    fast = Path("/dev/shm")  # noqa: S108  nothing of it is secret, and nothing stays
    with (
        tempfile.TemporaryDirectory(dir=fast if fast.is_dir() else None) as name,
        ExitStack() as stack,
    ):
        chance = Random()
        office = Office(Path(name), stand_in(stack, Path(name), chance), chance)
        put = partial(_put, stack)
        put(Installation, "now", office.clock())
        everywhere(put, store.now, office.stamp)
        stack.enter_context(at_the_edges(office.faults, office.server))
        pa.set_cpu_count(1)
        gc.disable()
        yield office
        gc.unfreeze()
        gc.enable()


def _put(stack: ExitStack, owner: Any, name: str, new: Any) -> None:
    stack.enter_context(mock.patch.object(owner, name, new))
