"""The section of docs/reliability.md that says which lives were played, and what came of them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mail import page

if TYPE_CHECKING:
    from tests.life import Lived

NOTE = """Small campaigns drawn from seeds, played through the real steps by a faked clock; after each event the ledger
and what the server took are held against a model that knows none of the code (`tests/lives/model.py`)."""


def write_lives(path: Path, lived: "Sequence[Lived]", *, command: str) -> None:
    """Write the section anew."""
    seeds, events, struck = [one.seed for one in lived], Counter[str](), Counter[str]()
    for one in lived:
        events.update(one.events)
        struck.update(one.struck)
    totals = [
        ("lives", "seeds", "days", "events", "faults that struck", "mails accepted", "broken", "CPU s"),
        (
            len(lived),
            f"{min(seeds)}–{max(seeds)}",
            sum(one.days for one in lived),
            events.total(),
            struck.total(),
            sum(one.accepted for one in lived),
            sum(bool(one.broken) for one in lived),
            round(sum(one.seconds for one in lived)),
        ),
    ]
    kinds = [("event", "times"), *events.most_common(), *((f"{kind} struck", n) for kind, n in struck.most_common())]
    page.write_section(path, "lives", command, [NOTE, page.table(totals), page.table(kinds)])
