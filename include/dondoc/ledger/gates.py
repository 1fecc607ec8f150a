"""The gates in the ledger: how each was judged, and who decided to let a day's mail through a closed one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, select

from dondoc.actor import MACHINE, Actor
from dondoc.campaign import ALL_GATES, GATES
from dondoc.errors import LedgerError
from dondoc.ledger import audit
from dondoc.ledger.digests import note
from dondoc.ledger.store import now
from dondoc.ledger.tables import gate_override, gate_result


@dataclass(frozen=True)
class Judged:
    """A gate as judged on a run, with the decision over it if there is one.

    `open` is the gate's own verdict; mail may pass when it is open or `overridden_by` somebody.
    """

    gate: str
    source: str
    open: bool
    reason: str
    figures: Mapping[str, Any]
    overridden_by: str | None = None
    override_reason: str | None = None

    @property
    def lets_pass(self) -> bool:
        """Return whether mail may leave as far as this gate goes."""
        return self.open or self.overridden_by is not None

    @property
    def sentence(self) -> str:
        """Return what an operator reads of this gate."""
        where = f"nguồn {self.source}: " if self.source else ""
        decided = (
            ""
            if self.open or not self.overridden_by
            else f" – mở theo quyết định của {self.overridden_by}: {self.override_reason}"
        )
        return f"{where}{self.reason}{decided}"


@dataclass(frozen=True)
class Override:
    """A decision to let the mail of one day through a gate, or through all: why, and by whom in words."""

    campaign: str
    business_date: date
    gate: str
    reason: str
    decided_by: str = ""


def override_gate(ledger: Engine, override: Override, *, by: Actor) -> Override:
    """Record a decision, in the audit too, and return it as recorded; the same decision again is no second one.

    Raises:
        LedgerError: it names no reason, or no gate there is.
    """
    decided = replace(_checked(override), decided_by=by.words)
    with ledger.begin() as connection:
        if _overrides(connection, decided.campaign, decided.business_date).get(decided.gate) == decided:
            return decided
        connection.execute(gate_override.insert().values(**vars(decided), decided_at=now()))
        of_day = gate_override.c.campaign == decided.campaign, gate_override.c.business_date == decided.business_date
        note(connection, gate_override, and_(*of_day))
        detail = {"gate": decided.gate, "reason": decided.reason}
        subject = f"{decided.campaign} {decided.business_date}"
        audit.record(connection, audit.Act(by, "gate.overridden", subject, detail))
    return decided


def overrides(ledger: Engine, *, campaign: str, business_date: date) -> dict[str, Override]:
    """Return the decisions that hold for that day, by gate."""
    with ledger.begin() as connection:
        return _overrides(connection, campaign, business_date)


def record_gates(ledger: Engine, run_id: int, results: Sequence[Judged], *, subject: str) -> None:
    """Record how the gates named in `results` were judged, in place of the run's earlier verdicts on the same gates.

    What closed, and what passed by a decision, is in the audit under `subject`.
    """
    names = {result.gate for result in results}
    with ledger.begin() as connection:
        old = gate_result.c.run_id == run_id, gate_result.c.gate.in_(names)
        known = {(row.gate, row.source): row for row in connection.execute(select(gate_result).where(*old))}
        connection.execute(delete(gate_result).where(*old))
        if results:
            at = {"run_id": run_id, "judged_at": now()}
            connection.execute(gate_result.insert(), [vars(result) | at for result in results])
        for result in results:
            before = known.get((result.gate, result.source))
            unchanged = before and (before.reason, before.overridden_by) == (result.reason, result.overridden_by)
            if not result.open and not unchanged:
                audit.record(connection, _act(result, subject))


def gate_results(ledger: Engine, run_id: int) -> list[Judged]:
    """Return the run's verdicts in the order they were given."""
    columns = [gate_result.c[name] for name in Judged.__dataclass_fields__]
    query = select(*columns).where(gate_result.c.run_id == run_id).order_by(gate_result.c.id)
    with ledger.begin() as connection:
        return [Judged(**row._mapping) for row in connection.execute(query)]


def notable(results: Iterable[Judged]) -> list[Judged]:
    """Return the gates that closed, overridden or not."""
    return [result for result in results if not result.open]


def _act(result: Judged, subject: str) -> audit.Act:
    detail = {"gate": result.gate, "source": result.source, "reason": result.reason}
    if result.overridden_by:
        return audit.Act(MACHINE, "gate.passed", subject, detail | {"decided_by": result.overridden_by})
    return audit.Act(MACHINE, "gate.closed", subject, detail)


def _overrides(connection: Connection, campaign: str, business_date: date) -> dict[str, Override]:
    columns = [gate_override.c[name] for name in Override.__dataclass_fields__]
    query = select(*columns).where(gate_override.c.campaign == campaign, gate_override.c.business_date == business_date)
    return {row.gate: Override(**row._mapping) for row in connection.execute(query.order_by(gate_override.c.id))}


def _checked(override: Override) -> Override:
    reason = " ".join(override.reason.split())
    if not (reason and override.gate in {ALL_GATES, *GATES}):
        raise LedgerError(
            "Quyết định mở cổng phải có lý do và tên cổng có thật.",
            where=f"đợt {override.campaign}, ngày {override.business_date}, cổng “{override.gate}”",
            remedy=f"điền lý do; chọn một cổng: {', '.join(GATES)}, hoặc {ALL_GATES}.",
        )
    return replace(override, reason=reason)
