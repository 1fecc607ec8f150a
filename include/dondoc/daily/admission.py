"""The gates at work: facts of the day against the days before, verdicts into the ledger, mail held."""

import io
import logging
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dondoc.campaign import ALL_GATES, GATES
from dondoc.checks.columns import ColumnPresence
from dondoc.checks.gates import GateResult, PulledSource, SourceArrival, judge_arrival, judge_growth
from dondoc.daily.references import GateNote, Snapshot
from dondoc.errors import SourceError
from dondoc.files import sha256_of
from dondoc.frames import to_table
from dondoc.installation.workplace import Workplace
from dondoc.ledger import runs
from dondoc.ledger.gates import Judged, Override, gate_results, notable, overrides, record_gates
from dondoc.records import SCHEMAS, days_of
from dondoc.sources.refusals import QUARANTINE
from dondoc.sources.snapshot import read_snapshot

log = logging.getLogger(__name__)

PAST_DAYS = 5
# When a record came to be, by kind; a sheet of statistics has no such date.
BEGAN = {"cases": "received_at", "work": "assigned_at", "files": "closed_at"}
# A label in the Airflow UI holds 250 characters.
MAX_LABEL = 240


def judge_sources(place: Workplace, snapshots: Sequence[Snapshot]) -> None:
    """Judge every source, record its profile for later days, and hold the day's mail where a gate is closed.

    Raises:
        SourceError: rows in are not accepted + quarantined + duplicates, or not what the files hold.
    """
    results: list[GateResult] = []
    for snapshot in snapshots:
        accepted = read_snapshot(place.out / snapshot["path"], SCHEMAS[snapshot["kind"]])
        refused = read_snapshot(place.out / snapshot["quarantine"], QUARANTINE)
        _demand_sums(snapshot, accepted=len(accepted), refused=len(refused))
        profile = profile_of(accepted, snapshot["kind"], as_of=place.day.business_date)
        profile |= {"columns": snapshot.get("columns")}
        runs.record_profile(place.ledger, place.run_id, source=snapshot["name"], path=snapshot["path"], profile=profile)
        results += judge_arrival(_arrival(place, snapshot, profile, reasons=refused["reason"].value_counts().to_dict()))
    _settle(place, results)


def judge_late_cases(place: Workplace, late: int) -> None:
    """Judge the day's late cases against the day before, record them, and hold the day's mail if they multiplied."""
    code = place.day.campaign.code
    day = place.day.business_date
    before = runs.late_cases_before(place.ledger, campaign=code, before=day)
    runs.record_late_cases(place.ledger, place.run_id, late)
    _settle(place, [judge_growth(late, before, place.day.campaign.gates)])


def gate_notes(place: Workplace) -> list[GateNote]:
    """Return what the Airflow UI shows of the gates: those closed; else those opened by a decision; else one "mở".

    Never closed and open ones together: the UI gives a mapped task the colour of its best instance.
    """
    found = notable(gate_results(place.ledger, place.run_id))
    shown = [gate for gate in found if not gate.lets_pass] or found
    notes = [
        GateNote(label=f"{_word(gate)} – {gate.sentence}"[:MAX_LABEL], closed=not gate.lets_pass) for gate in shown
    ]
    return notes or [GateNote(label="mở", closed=False)]


def profile_of(accepted: pd.DataFrame, kind: str, *, as_of: date) -> dict[str, Any]:
    """Return what later days compare with, and what today's gates ask, of a snapshot's records.

    Returns:
        `content_sha256` of the records in any order, in any file; `unit_rows` by unit code; `newest_on`, ISO date of
        the newest beginning up to `as_of` or None.
    """
    began = days_of(accepted[BEGAN[kind]]) if kind in BEGAN else np.array([], "datetime64[D]")
    today = np.datetime64(as_of, "D")
    past = began[began <= today]
    return {
        "content_sha256": _content_sha256(accepted, kind),
        "unit_rows": {str(code): int(rows) for code, rows in accepted["unit"].value_counts().sort_index().items()},
        "newest_on": str(past.max()) if len(past) else None,
    }


def _content_sha256(accepted: pd.DataFrame, kind: str) -> str:
    content = [field for field in SCHEMAS[kind] if not field.name.startswith("source_")]
    order = [(field.name, "ascending") for field in content if not pa.types.is_nested(field.type)]
    buffer = io.BytesIO()
    pq.write_table(to_table(accepted, pa.schema(content)).sort_by(order), buffer)
    return sha256_of(buffer.getvalue())


def _demand_sums(snapshot: Snapshot, *, accepted: int, refused: int) -> None:
    said = snapshot["accepted"] + snapshot["quarantined"] + snapshot["duplicates"]
    if (snapshot["rows_in"], snapshot["accepted"], snapshot["quarantined"]) != (said, accepted, refused):
        raise SourceError(
            f"Số dòng không khớp: vào {snapshot['rows_in']}; nhận {snapshot['accepted']} (tệp có {accepted}), "
            f"loại {snapshot['quarantined']} (tệp có {refused}), trùng {snapshot['duplicates']}.",
            where=f"nguồn {snapshot['name']}, {snapshot['path']}",
            remedy="chạy lại cả ngày từ ô “Mở ngày”; nếu vẫn sai, gửi nhật ký cho người bảo trì.",
        )


def _arrival(
    place: Workplace, snapshot: Snapshot, profile: Mapping[str, Any], *, reasons: Mapping[str, int]
) -> SourceArrival:
    day = place.day
    earlier = runs.earlier_snapshots(
        place.ledger, campaign=day.campaign.code, source=snapshot["name"], before=day.business_date, days=PAST_DAYS
    )
    today = runs.EarlierSnapshot(day.business_date, snapshot["sha256"], snapshot["rows_in"], profile)
    return SourceArrival(
        source=snapshot["name"],
        day=day,
        today=_taken(today),
        past=[_taken(one) for one in earlier],
        quarantined=snapshot["quarantined"],
        unknown_units=reasons.get("unknown_unit", 0),
        newest_on=date.fromisoformat(profile["newest_on"]) if profile["newest_on"] else None,
        future_rows=reasons.get("future", 0),
        kind=snapshot["kind"],
        columns=_columns(snapshot, earlier),
    )


def _columns(snapshot: Snapshot, earlier: Sequence[runs.EarlierSnapshot]) -> ColumnPresence:
    """Return what of its headings the source has today and had on the earlier days."""
    now = snapshot.get("columns")
    if now is None:
        return ColumnPresence()
    before = {
        field: (heading, day.business_date)
        for day in reversed(earlier)
        for field, heading in ((day.profile or {}).get("columns") or {}).get("found", {}).items()
    }
    absent = {field: headings for field, headings in now["absent"].items() if field not in now["optional"]}
    return ColumnPresence(set(now["found"]), absent, now["lacking"], now["unknown"], before)


def _taken(snapshot: runs.EarlierSnapshot) -> PulledSource:
    profile = snapshot.profile or {}
    return PulledSource(
        on=snapshot.business_date,
        file_sha256=snapshot.file_sha256,
        content_sha256=profile.get("content_sha256"),
        rows_in=snapshot.rows_in,
        unit_rows=profile.get("unit_rows"),
    )


def _settle(place: Workplace, results: Sequence[GateResult]) -> None:
    code = place.day.campaign.code
    day = place.day.business_date
    decisions = overrides(place.ledger, campaign=code, business_date=day)
    judged = [_judged(result, decisions.get(result.gate) or decisions.get(ALL_GATES)) for result in results]
    record_gates(place.ledger, place.run_id, judged, subject=f"{code} {day} {place.kind}")
    for gate in judged:
        _tell(place, gate)


def _judged(result: GateResult, decision: Override | None) -> Judged:
    verdict = result.verdict
    applies = decision is not None and not verdict.open
    return Judged(
        gate=result.gate,
        source=result.source,
        open=verdict.open,
        reason=verdict.reason,
        figures=verdict.figures,
        overridden_by=decision.decided_by if decision and applies else None,
        override_reason=decision.reason if decision and applies else None,
    )


def _tell(place: Workplace, gate: Judged) -> None:
    if gate.open:
        log.info("cổng %s mở: %s", GATES[gate.gate], gate.sentence)
    else:
        log.warning("cổng %s %s: %s", GATES[gate.gate], _word(gate), gate.sentence)
    if not gate.lets_pass:
        runs.hold_mail(place.ledger, place.run_id, f"cổng {GATES[gate.gate]} đóng: {gate.sentence}")


def _word(gate: Judged) -> str:
    return "mở theo quyết định" if gate.lets_pass else "ĐÓNG"
