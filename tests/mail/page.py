"""docs/reliability.md: a page of figures, each section written by the command that measured it."""

import os
import re
import subprocess
from pathlib import Path

from dondoc.installation import ROOT

HEAD = """# Reliability: what was measured, what is tested

SMTP has no exactly-once: between a server's taking a mail and our reading its answer there is a gap no protocol closes.
What we hold, in the runs and under the faults below: a mail that a server may have accepted is not offered again by a
machine unless that relay's own log of the time proves that it was not; a mail that does not leave ends in a state a
person is told of. Of what happens behind the relay nothing is claimed. Each measured section names the command and the
commit that wrote it, and speaks of that commit; the same command measures the code as it is now.
"""
TITLES = {
    "stack": "A real stack disturbed",
    "kills": "Senders killed",
    "zombies": "Senders stopped past their lease",
    "load": "Many senders, many mails",
    "lives": "Lives played",
    "hostile": "Hostile files and mails",
    "guards": "Guards taken away",
}


def write_kills(path, tallies, *, command):
    rows = [
        (
            "database",
            "kills",
            "mails",
            "twice",
            "lost",
            "became unknown",
            "found sent",
            "proven absent",
            "to a person",
            "s",
        ),
        *(
            (
                tally.database,
                tally.kills,
                tally.mails,
                tally.accepted_twice,
                tally.lost,
                f"{tally.unknown} ({100 * tally.unknown / tally.kills:.0f} per 100 kills)",
                tally.reconciled_sent,
                tally.reconciled_absent,
                tally.left_to_a_person,
                tally.seconds,
            )
            for tally in tallies
        ),
    ]
    points = [("killed at", *(tally.database for tally in tallies))]
    points += [(point, *(tally.at_points[point] for tally in tallies)) for point in tallies[0].at_points]
    points.append(("any moment", *(tally.kills - sum(tally.at_points.values()) for tally in tallies)))
    seeds = sorted({tally.seed for tally in tallies})
    note = (
        f"Seed {', '.join(map(str, seeds))}. SIGKILL at every named point and at random moments of the sender's life, "
        "also while it tidies and reconciles, also with two senders at once; the relay's log has Postfix's form."
    )
    write_section(path, "kills", command, [note, table(rows), table(points)])


def write_zombies(path, tallies, *, command):
    rows = [("database", "stopped and woken", "mails they sent after waking", "taken over by another", "left unknown")]
    shown = ("database", "zombies", "sent_after_waking", "taken_over", "left_unknown")
    rows += [tuple(getattr(tally, name) for name in shown) for tally in tallies]
    note = "SIGSTOP at each point from the claim to just before the final dot, past the lease, then SIGCONT."
    write_section(path, "zombies", command, [note, table(rows)])


def write_loads(path, loads, *, command):
    rows = [("database", "mails", "senders", "bytes a mail", "mails/s", "accepted", "twice", "not sent", "peak MB")]
    rows += [
        (
            load.database,
            load.mails,
            load.senders,
            load.size,
            load.mails_a_second,
            load.accepted,
            load.accepted_twice,
            load.not_sent,
            load.peak_megabytes,
        )
        for load in loads
    ]
    note = "One outbox, all senders at once, a sink on the same machine that reads every byte and logs every mail."
    write_section(path, "load", command, [note, table(rows)])


def write_stack(path, outcomes, *, command):
    """Write what came of plays; those not played now stay as they were, each with the commit it was played on."""
    shown = ("form", "play", "mails", "twice", "lost", "untold", "told", "red", "s until over", "s in all", "commit")
    kept = {(cells[0], cells[1]): cells for cells in _cells(path, "stack", len(shown))}
    for one in outcomes:
        counts = (one.mails, one.twice, one.lost, one.untold, one.told, "yes" if one.red else "no")
        times = (round(one.seconds), round(one.whole))
        kept[one.form, one.play] = (one.form, one.play, *counts, *times, _commit())
    note = (
        "Airflow's own processes with a small office of three units, each play a day of its own. `celery`: "
        "PostgreSQL, Redis, two workers; `local`: LocalExecutor on SQLite. Twice: mails the server took more than "
        "once. Lost: sent by the ledger and never taken, or missing beside an undisturbed day. Untold: neither "
        "sent nor named by `mail list`; told: named by it, such as the one mail in doubt of a sender killed while "
        "it offered it. Red: a run that failed though it could have gone on. Seconds run from the fault, or its "
        "end where it lasts. Airflow gives up a dead worker after 30 s here, after 300 s by default; every wait of "
        "ours is as in an office. A play that is not in the table was not measured."
    )
    write_section(path, "stack", command, [note, table([shown, *kept.values()])])


def _cells(path, name, width):
    """Return the rows of the table in the section `name`, its headings left out."""
    page = path.read_text("utf-8") if path.exists() else ""
    section = page.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [tuple(row) for row in rows if len(row) == width][1:]


def write_hostile(path, outcomes, *, seed, command):
    """Write what came of each hostile thing handed in, `outcomes` by door."""
    rows = [("door", "items", "crashes", "whole ones not taken", "acts nobody proved", "slowest, s", "most MB")]
    rows += [
        (
            door,
            len(played),
            sum(bool(found.crash) for _, found in played),
            sum(found.blocked for _, found in played),
            sum(bool(found.acts) for _, found in played),
            f"{max(found.seconds for _, found in played):.1f}",
            max(found.megabytes for _, found in played),
        )
        for door, played in outcomes.items()
    ]
    each = [("door", "handed in", "what a person is told")]
    each += [
        (door, what, (found.told[0] if found.told else "–").replace("|", "/")[:160])
        for door, played in outcomes.items()
        for what, found in played
    ]
    note = (
        f"Seed {seed}. Each item lies beside one that is whole, which must be taken; nothing else may be recorded, no "
        "file outside be read or changed. MB are those of the process that reads, its readers (150 MB) included."
    )
    details = f"<details><summary>What came of each</summary>\n\n{table(each)}\n\n</details>"
    write_section(path, "hostile", command, [note, table(rows), details])


def write_section(path, name, command, parts):
    """Put the section `name` in its place on the page, the others untouched."""
    page = path.read_text("utf-8") if path.exists() else HEAD
    body = "\n\n".join([f"## {TITLES[name]}", *parts, f"`{command}`, commit {_commit()}, {os.cpu_count()} cores."])
    block = f"<!-- {name} -->\n{body}\n<!-- /{name} -->\n"
    old = re.compile(rf"<!-- {name} -->.*?<!-- /{name} -->\n", re.DOTALL)
    page = old.sub(lambda _match: block, page) if old.search(page) else page.rstrip("\n") + "\n\n" + block
    Path(path).write_text(page, "utf-8")


def table(rows):
    lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines)


def _commit():
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()
