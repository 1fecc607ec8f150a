"""What a day came to, as it was written when the day closed; read without its rows."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from dondoc.campaign import GATES, Campaign
from dondoc.installation import Installation
from dondoc.ledger.outbox import list_mails
from dondoc.mail.words import BOUNCED, KINDS, STATES
from dondoc.vietnamese.wording import number

Summary = dict[str, Any]
FRESHNESS = "freshness"


@dataclass(frozen=True)
class UnitBar:
    """How far a unit is: things to do, done, and left; `needed` of them a working day, None where no day is left."""

    name: str
    due: int
    done: int
    remaining: int
    rate: float | None
    needed: int | None

    @property
    def width(self) -> float:
        """Return the done part of its bar, in percent."""
        return round(100 * self.done / self.due, 1) if self.due else 100.0


@dataclass(frozen=True)
class SourceLine:
    """What a source gave on a day, and what is to be seen in it."""

    name: str
    rows: str
    columns: str
    waits: str
    freshness: str


@dataclass(frozen=True)
class GateLine:
    """A gate as it was judged: `passes` where mail may leave as far as it goes."""

    name: str
    source: str
    passes: bool
    decided_by: str
    reason: str


@dataclass(frozen=True)
class MailGroup:
    """Mails of one kind and state on a day, and to which units."""

    kind: str
    state: str
    count: int
    units: tuple[str, ...]


def read_summary(installation: Installation, campaign: str, day: date) -> Summary | None:
    """Return what the day came to when it was last closed, None where it never was."""
    path = installation.out / campaign / day.isoformat() / "summary.json"
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def unit_bars(summary: Summary) -> list[UnitBar]:
    """Return the units of a day that have anything to do, those with most left first."""
    bars = [_bar(unit) for unit in summary["units"]]
    return sorted((bar for bar in bars if bar.due), key=lambda bar: (-bar.remaining, bar.name))


def source_lines(summary: Summary) -> list[SourceLine]:
    """Return what each source gave."""
    fresh = {one["source"]: one["reason"] for one in summary["gates"] if one["gate"] == FRESHNESS}
    return [
        SourceLine(
            name=one["name"],
            rows=f"{number(one['rows_in'])} dòng, nhận {number(one['accepted'])}, loại {number(one['quarantined'])}, "
            f"trùng {number(one['duplicates'])}",
            columns=one.get("columns_words", ""),
            waits=one.get("waits") or "",
            freshness=fresh.get(one["name"], ""),
        )
        for one in summary["sources"]
    ]


def gate_lines(summary: Summary) -> list[GateLine]:
    """Return the gates of a day, the closed first."""
    lines = [
        GateLine(
            name=GATES.get(one["gate"], one["gate"]),
            source=one["source"] or "",
            passes=one["open"] or bool(one["overridden_by"]),
            decided_by=one["overridden_by"] or "",
            reason=one["reason"],
        )
        for one in summary["gates"]
    ]
    return sorted(lines, key=lambda line: (line.passes, not line.decided_by))


def mail_groups(ledger: Engine, campaign: Campaign, day: date) -> list[MailGroup]:
    """Return the mails of a day by kind and state, with the units they are about; no address is told."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in list_mails(ledger, campaign=campaign.code, business_date=day):
        state = BOUNCED if row.bounced_at else row.state
        groups.setdefault((row.kind, state), []).append(unit_name(campaign, row.unit))
    return [
        MailGroup(KINDS[kind], STATES[state], len(units), tuple(dict.fromkeys(units)))
        for (kind, state), units in groups.items()
    ]


def unit_name(campaign: Campaign, code: str) -> str:
    """Return the name of a unit, or of what else a mail is about: a source, or nothing but the leadership."""
    known = code in campaign.unit_by_code or code in campaign.successors
    if known:
        return campaign.heir(code).name
    return f"nguồn {code}" if code in {source.name for source in campaign.sources} else "lãnh đạo"


def _bar(unit: dict[str, Any]) -> UnitBar:
    due = unit["apologies_due"] + unit["work_total"]
    done = unit["apologies_done"] + unit["work_done"]
    return UnitBar(unit["name"], due, done, unit["remaining"], unit["rate"], unit["needed_a_day"])
