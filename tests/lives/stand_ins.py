"""What stands in for costly edges of the real steps: files, rows and effects are as many, and bear the same names."""

import json
import os
import shutil
import ssl
import sys
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock
from uuid import UUID

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine, create_engine, event
from tests.lives.memory import Memory

import dondoc.installation
from dondoc.daily import (
    check,
    day_records,
    dispatch,
    evidence,
    first_dates,
    intake,
    office_clock,
    preflight,
    report_making,
    reporting,
    standing,
)
from dondoc.daily.first_dates import first_dates_before
from dondoc.daily.report_making import Built
from dondoc.files import sha256_of, write_whole
from dondoc.frames import to_table
from dondoc.ledger import digests, store
from dondoc.mail import sending, session
from dondoc.report.basis import Basis
from dondoc.sources import snapshot

Put = Callable[[Any, str, Any], None]
PRAGMAS = ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = ON", "temp_store = MEMORY")


def stand_in(stack: ExitStack, root: Path, chance: Random) -> Memory:
    """Put the stand-ins in their places until `stack` is closed; return what the pure rules remember meanwhile."""

    def put(owner: Any, name: str, new: Any) -> None:
        stack.enter_context(mock.patch.object(owner, name, new))

    put(os, "fsync", lambda _descriptor: None)
    put(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(0, 0, 0))  # type: ignore[attr-defined]
    put(dondoc.installation, "ROOT", root)
    put(preflight, "CHECKS", ())
    put(reporting, "build", _paper)
    put(ssl, "create_default_context", lambda **_options: None)
    put(office_clock, "_steady", lambda: 0.0)
    put(dispatch, "MailSender", _without_pause(sending.MailSender))
    for one in (sending, session):
        put(one, "JITTER", chance)
    put(dispatch, "uuid4", lambda: UUID(int=chance.getrandbits(128)))
    put(store, "_engine", _engine)
    everywhere(put, store.open_ledger, _opened_once(store.open_ledger))
    memory = Memory()
    _remember(put, memory)
    return memory


def everywhere(put: Put, real: Any, new: Any) -> None:
    """Put `new` wherever `real` was imported to."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("dondoc"):
            for name in [name for name, value in vars(module).items() if value is real]:
                put(module, name, new)


def _without_pause(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **options: real(*args, pause=lambda _seconds: None, **options)


def _paper(_out: Path, basis: Basis) -> Built:
    """Return a report that is a function of its basis, as the real one is; other tests read those."""
    told = json.dumps(basis, sort_keys=True, ensure_ascii=False).encode()
    return Built(b"docx" + told, b"xlsx" + told, {})


def _engine(url: str) -> Engine:
    """Return an engine on a ledger that nobody else opens and no power cut meets."""
    engine = create_engine(url, hide_parameters=True)
    engine.dialect.do_begin = lambda connection: connection.execute("BEGIN IMMEDIATE")  # type: ignore[method-assign]
    event.listen(engine, "connect", _prepare)
    digests.watch(engine)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _opened_once(real: Callable[[str], Engine]) -> Callable[[str], Engine]:
    known: dict[str, Engine] = {}
    return lambda url: known.get(url) or known.setdefault(url, real(url))


def _remember(put: Put, memory: Memory) -> None:
    """Let the pure rules of a day remember what they said of the same facts."""
    for owner, names in (
        (check, ("find_all", "day_figures", "carry")),
        (first_dates, ("carry",)),
        (evidence, ("with_apologies",)),
        (standing, ("find_changes", "under_successors")),
        (day_records, ("under_successors",)),
        (intake, ("read_files", "take_in")),
    ):
        for name in names:
            put(owner, name, memory.remembering(getattr(owner, name)))
    put(check, "facts_of", memory.remembering(check.facts_of, _of_day))
    cases = memory.remembering(
        check.judged_cases, lambda place, found: (*_of_day(place, found["snapshots"]), _name(found["apologies"]))
    )
    everywhere(put, check.judged_cases, cases)
    everywhere(
        put,
        check.read_figures,
        memory.remembering(check.read_figures, lambda _place, found: _name(found["figures"])),
    )
    put(report_making, "_read_figures", memory.remembering(report_making._read_figures, lambda _out, path: _name(path)))
    everywhere(put, snapshot.read_snapshot, memory.remembering(snapshot.read_snapshot, _of_file))
    everywhere(put, snapshot.write_snapshot, _writing(memory.remembering(_parquet)))


def _of_day(place: Any, snapshots: Any) -> tuple[Any, ...]:
    taken = [(one["kind"], one.get("name") or one["source"], _name(one["path"])) for one in snapshots]
    return place.day, taken, first_dates_before(place)


def _of_file(path: Path, schema: pa.Schema) -> tuple[Any, ...]:
    return path.name, path.is_file(), schema.names


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _parquet(frame: pd.DataFrame, schema: pa.Schema) -> bytes:
    told = BytesIO()
    pq.write_table(to_table(frame, schema), told, compression="none")
    return told.getvalue()


def _writing(parquet: Callable[[pd.DataFrame, pa.Schema], bytes]) -> Callable[..., Path]:
    def write_snapshot(frame: pd.DataFrame, schema: pa.Schema, *, folder: Path, name: str) -> Path:
        content = parquet(frame, schema)
        path = folder / f"{name}-{sha256_of(content)[: snapshot.HASH_IN_NAME]}.parquet"
        write_whole(path, content)
        return path

    return write_snapshot
