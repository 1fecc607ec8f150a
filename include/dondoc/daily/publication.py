"""What the day leaves for people: the quarantine, the report, the summary."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from dondoc.answers.claims import answers_frame, unit_claims
from dondoc.campaign.horizon import CALENDAR, calendar_warning
from dondoc.daily.final import before_use_lines, missed_days, missing_of
from dondoc.daily.first_dates import first_dates_gap
from dondoc.daily.past_figures import lost_lines
from dondoc.daily.references import Found, Snapshot
from dondoc.daily.setbacks import setback_notes
from dondoc.daily.undecided import undecided_of
from dondoc.figures import COUNTS, RATES, needed_a_day, remaining, total_figures
from dondoc.files import write_whole
from dondoc.frames import rows_of
from dondoc.installation.workplace import Workplace
from dondoc.ledger import deadlines, outbox
from dondoc.ledger.answers import accepted
from dondoc.ledger.gates import gate_results
from dondoc.ledger.held import held_counts
from dondoc.ledger.letters import DRAFTED, STANDING, WITHDRAWN, units_with_open_letters
from dondoc.ledger.set_aside import count_set_aside
from dondoc.letters.drafting import there
from dondoc.letters.elsewhere import HELD_ELSEWHERE, held_elsewhere
from dondoc.letters.succession import letters_of
from dondoc.records import FINDINGS, UNAPOLOGISED
from dondoc.sources.headings import columns_words
from dondoc.sources.snapshot import read_snapshot
from dondoc.sources.undecided import contradictory, undecided_words
from dondoc.vietnamese.wording import number

ELSEWHERE = "elsewhere"
# A cell that starts with one of these runs as a formula when the csv is opened in Excel; East Asian versions take the
# full-width signs for the others.
FORMULA_STARTS = r"^(?=[=+\-@\t\n＝＋－＠])"
# Python writes a lone one unquoted: the rest of the cell would begin a row.
CARRIAGE_RETURN = r"\r\n?"


def write_quarantine(path: Path, rows: pd.DataFrame) -> None:
    """Write the rejected rows as csv that Excel opens in Vietnamese, source text never a formula."""
    texts = rows.select_dtypes(exclude="number").columns
    safe = rows.assign(
        **{
            name: rows[name]
            .astype(object)
            .str.replace(CARRIAGE_RETURN, "\n", regex=True)
            .str.replace(FORMULA_STARTS, "'", regex=True)
            for name in texts
        }
    )
    write_whole(path, safe.to_csv(index=False).encode("utf-8-sig"))


def count_letters(place: Workplace, owed: set[str]) -> dict[str, int]:
    """Return how many of the cases owed an apology have a letter, and how many of those lack a reason or new date.

    Also how many letters of the whole campaign were drafted before their case lapsed, and how many are approved,
    signed, published, or withdrawn.
    """
    letters = there(place.out, letters_of(place.ledger, place.day.campaign))
    states = Counter(letter.state for letter in letters.values())
    mine = [letters[number] for number in owed & set(letters) if letters[number].state != WITHDRAWN]
    later = {state: states[state] for state in (*STANDING, WITHDRAWN)}
    before_due = sum(bool(one.facts.get("before_due")) and one.state != WITHDRAWN for one in letters.values())
    incomplete = sum(letter.state == DRAFTED for letter in mine)
    return {"drafted": len(mine), "incomplete": incomplete, "before_due": before_due} | later


def write_summary(place: Workplace, found: Found, *, figures: pd.DataFrame, report: Sequence[str]) -> dict[str, Any]:
    """Write `summary.json`, the day's figures as the report prints them, and return it.

    Rates are in percent, null where nothing arises; `held` counts the mails not sent, whatever the reason; a gate lets
    mail pass when `open` or `overridden_by` somebody; `attention` lists what could not be made for a unit, the mails,
    and the letters held, that a person should look at; `claims` is what units say they have done and the systems still
    show as owed; `undecided` is what rejected rows leave unsaid; `missing` says what the figures are short of;
    `missed_days` are the earlier working days without a run; `before_use`, there only then, those before the first
    run here; `set_aside`, there only then, how many mails and files handed in that day were not taken, by door;
    `lost`, there only then, what days before left and is gone; `needed_a_day` is null where no working day
    is left.
    """
    campaign = place.day.campaign
    findings = read_snapshot(place.out / found["findings"], FINDINGS)
    owed = set(findings.loc[findings["kind"].isin(UNAPOLOGISED), "number"])
    undecided = undecided_of(place.out, found["snapshots"])
    summary = {
        "campaign": campaign.code,
        "business_date": place.day.business_date.isoformat(),
        "deadline": campaign.deadline.isoformat(),
        "deadline_reading": campaign.deadline_reading,
        "sources": [_source(snapshot) for snapshot in found["snapshots"]],
        "undecided": [_undecided(rows) for _, rows in undecided.groupby("source", sort=False)],
        "findings": found["counts"],
        "working_days_left": place.day.working_days_left,
        "units": [_figures(row, place.day.working_days_left) for row in rows_of(figures)],
        "total": _figures(total_figures(figures), place.day.working_days_left),
        "letters": count_letters(place, owed),
        "claims": _claims(place, findings, figures),
        "mails": _mails(place, beside=elsewhere_notes(place, owed)),
        "gates": [vars(gate) | {"figures": dict(gate.figures)} for gate in gate_results(place.ledger, place.run_id)],
        "missing": [*missing_of(place, found["snapshots"]), *first_dates_gap(place)],
        "missed_days": [day.isoformat() for day in missed_days(place)],
        "report": list(report),
    }
    if unused := before_use_lines(place):
        summary["before_use"] = unused
    if aside := count_set_aside(place.ledger, campaign=campaign.code, business_date=place.day.business_date):
        summary["set_aside"] = aside
    if lost := lost_lines(place):
        summary["lost"] = lost
    _write(place, summary)
    return summary


def renew_mails(place: Workplace) -> bool:
    """Write anew what `summary.json` of a closed day says of its mails; return whether there is one."""
    path = place.folder / "summary.json"
    if not path.is_file():
        return False
    summary = json.loads(path.read_text(encoding="utf-8"))
    # What is no mail's stays as the day found it.
    beside = [one for one in summary["mails"].get("attention", []) if one["state"] == ELSEWHERE]
    _write(place, summary | {"mails": _mails(place, beside=beside)})
    return True


def _write(place: Workplace, summary: Mapping[str, Any]) -> None:
    write_whole(place.folder / "summary.json", (json.dumps(summary, ensure_ascii=False, indent=2) + "\n").encode())


def _mails(place: Workplace, *, beside: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    mails = outbox.count_mails(place.ledger, campaign=place.day.campaign.code, business_date=place.day.business_date)
    return {
        "planned": sum(mails.values()),
        "sent": mails.get(outbox.SENT, 0),
        "held": sum(mails.values()) - mails.get(outbox.SENT, 0),
        "hold_reason": place.run.hold_reason,
        "states": dict(sorted(mails.items())),
        "attention": [*_attention(place), *beside],
    }


def _source(snapshot: Snapshot) -> dict[str, Any]:
    """Return what a source gave, under which headings, and how its due dates stand to its pauses."""
    shown = ("name", "kind", "sha256", "rows_in", "accepted", "quarantined", "duplicates")
    told = {name: snapshot[name] for name in shown}  # type: ignore[literal-required]
    columns = snapshot.get("columns")
    waits = snapshot.get("waits")
    told |= {"waits": waits} if waits else {}
    return told | ({"columns": columns, "columns_words": columns_words(columns)} if columns else {})


def _undecided(rows: pd.DataFrame) -> dict[str, Any]:
    """Return what of one source is undecided: how much, and the numbers whose rows contradict each other."""
    return {
        "source": rows["source"].iloc[0],
        "count": len(rows),
        "contradictory": contradictory(rows),
        "words": undecided_words(rows),
    }


def _claims(place: Workplace, findings: pd.DataFrame, figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what units say is done and the systems do not show yet, the units that say so alone."""
    said = answers_frame(accepted(place.ledger, campaign=place.day.campaign.code, as_of=place.day.business_date))
    claims = unit_claims(findings, said, place.day.campaign.units)
    claims.insert(1, "apologies_claimed", figures["apologies_claimed"].to_numpy("int64"))
    claimed = claims[claims.drop(columns="code").sum(axis=1) > 0]
    found: list[dict[str, Any]] = claimed.astype(object).to_dict("records")
    return found


def _attention(place: Workplace) -> list[dict[str, str]]:
    """Return what a person should know of; held mails only when the day itself does not hold them."""
    campaign = place.day.campaign.code
    rows = outbox.list_uneasy(place.ledger, campaign=campaign, business_date=place.day.business_date)
    mails = [
        {"kind": row.kind, "unit": row.unit, "state": row.state, "reason": row.bounce or row.reason or ""}
        for row in rows
        if not (row.state == outbox.HELD and row.reason == place.run.hold_reason)
    ]
    warning = calendar_warning(place.day)
    mails += [{"kind": CALENDAR, "unit": "", "state": "provisional", "reason": warning}] if warning else []
    known = deadlines.versions(place.ledger, campaign=campaign)
    unexplained = deadlines.unexplained(known, deadlines.version_of(place.day.campaign))
    moved = {"kind": deadlines.DEADLINE, "unit": "", "state": "unexplained", "reason": unexplained}
    mails += [moved] if unexplained else []
    contacts = outbox.list_refused_contacts(place.ledger, campaign=campaign)
    refused = [
        {"kind": "contact", "unit": _today(place, row.unit), "state": "bounced", "reason": row.reason}
        for row in contacts
    ]
    return setback_notes(place) + mails + refused + _held_letters(place) + ownerless_notes(place)


def elsewhere_notes(place: Workplace, owed: Collection[str]) -> list[dict[str, str]]:
    """Return a line a campaign that holds letters of the cases `owed`, which are not drafted twice."""
    own = letters_of(place.ledger, place.day.campaign)
    held = Counter(held_elsewhere(place, sorted(owed), own).values())
    return [
        {
            "kind": "letter",
            "unit": "",
            "state": ELSEWHERE,
            "reason": f"{number(count)} hồ sơ {HELD_ELSEWHERE.format(code)}, không soạn thư thứ hai",
        }
        for code, count in sorted(held.items())
    ]


def _today(place: Workplace, whose: str) -> str:
    # A mail may be a source's or the leaders', too.
    successor = place.day.campaign.successors.get(whose)
    return successor.code if successor else whose


def ownerless_notes(place: Workplace) -> list[dict[str, str]]:
    """Return a line a unit that is no more, has letters under way, and that no unit is said to succeed."""
    campaign = place.day.campaign
    known = {*campaign.unit_by_code, *campaign.successors}
    return [
        {
            "kind": "letter",
            "unit": code,
            "state": "succeeded",
            "reason": f"không còn trong units, không đơn vị nào ghi succeeds: [{code}]; thư xin lỗi, tập trình ký, "
            f"tệp trả lời còn dở do {campaign.heir(code).name} nhận",
        }
        for code in sorted(units_with_open_letters(place.ledger, campaign=campaign.code) - known)
    ]


def _held_letters(place: Workplace) -> list[dict[str, str]]:
    """Return a line a unit that has letters held because their case changed."""
    code = place.day.campaign.code
    until = place.day.business_date
    return [
        {
            "kind": "letter",
            "unit": place.day.campaign.heir(one.unit).code,
            "state": "held",
            "reason": f"{number(one.letters)} thư xin lỗi bị giữ vì hồ sơ thay đổi, xem lệnh `letters held {code}`",
        }
        for one in held_counts(place.ledger, campaign=code, as_of=until)
    ]


def _figures(row: Mapping[str, Any], days_left: int) -> dict[str, Any]:
    identity = {name: row[name] for name in ("code", "name") if name in row}
    counts = {name: int(row[name]) for name in COUNTS}
    left = remaining(row)
    left_to_do = {"remaining": left, "needed_a_day": needed_a_day(left, days_left)}
    return identity | counts | left_to_do | {name: None if pd.isna(row[name]) else float(row[name]) for name in RATES}
