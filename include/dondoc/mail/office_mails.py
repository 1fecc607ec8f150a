"""What the Office, who exports a source and the leader who signs are written: the fields of their mails' templates."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from dondoc.campaign import Source
from dondoc.campaign.day import Day
from dondoc.figures import (
    beside_sentence,
    is_behind,
    needed_a_day,
    owed_sentence,
    remaining,
    total_figures,
    witness_sentence,
)
from dondoc.frames import rows_of
from dondoc.ledger.batches import SignoffBatch
from dondoc.ledger.held import HeldCount
from dondoc.mail.countdown import countdown
from dondoc.vietnamese.wording import date_in_words, short_date


def report_mail_values(
    day: Day,
    figures: pd.DataFrame,
    *,
    gates: Sequence[str],
    final: bool,
    missing: Sequence[str],
    dated: Sequence[str],
    left_out: Sequence[Mapping[str, str]],
    replaces: date | None = None,
) -> dict[str, Any]:
    """Return the fields of the templates of the report's mail.

    Args:
        day: the business day.
        figures: what `unit_figures` returns.
        gates: what the gates found, a sentence each.
        final: whether it is the campaign's final report.
        missing: what the figures are short of, a sentence each.
        dated: of which day the other figures are, a sentence each.
        left_out: name, size in megabytes and place of each file too large to be attached.
        replaces: the day of the final report that this one takes the place of.
    """
    moved = day.campaign.deadline_moved
    campaign = day.campaign
    rows = rows_of(figures)
    total = total_figures(figures)
    left = remaining(total)
    return {
        "unit_name": campaign.unit_by_code[campaign.office.unit].name,
        "campaign_title": campaign.title,
        "as_of": date_in_words(day.business_date),
        "day": day.business_date,
        "deadline_reading": campaign.deadline_reading,
        "target": campaign.target,
        "total": total.to_dict(),
        "apologies_told": witness_sentence(total),
        "remaining": left,
        "beside": beside_sentence(total),
        "pace": needed_a_day(left, day.working_days_left),
        "countdown": countdown(day),
        "behind": [{"name": row["name"], "owes": owed_sentence(row)} for row in rows if is_behind(row)],
        "gates": list(gates),
        "final": final,
        "missing": list(missing),
        "dated": list(dated),
        "left_out": list(left_out),
        "replaces": short_date(replaces) if replaces else "",
        "moved": moved.words if moved else "",
        "rehearsal": day.rehearsal,
    }


def return_values(day: Day, source: Source, *, counts: Mapping[str, int], files: Collection[str]) -> dict[str, Any]:
    """Return the fields of the templates of the mail that gives rejected rows back.

    Args:
        day: the business day.
        source: where the rows came from.
        counts: rejected rows by reason, in the reason's words.
        files: names of the files attached.
    """
    return {
        "office": day.campaign.office.model_dump(),
        "campaign_title": day.campaign.title,
        "source_name": source.name,
        "as_of": date_in_words(day.business_date),
        "day": day.business_date,
        "rows": sum(counts.values()),
        "reasons": counts,
        "files": list(files),
        "rehearsal": day.rehearsal,
    }


def signoff_values(day: Day, waiting: Sequence[SignoffBatch], held: Sequence[HeldCount]) -> dict[str, Any]:
    """Return the fields of the templates of the mail about what waits for the leader: units and counts alone.

    Args:
        day: the business day.
        waiting: batches that wait for a signature.
        held: letters that wait for a decision because their case changed.
    """
    campaign = day.campaign
    batches = [
        {
            "unit": campaign.heir(batch.unit).name,
            "letters": len(batch.shown),
            "since": batch.put_up_at.astimezone(campaign.zone).date(),
        }
        for batch in waiting
    ]
    return {
        "campaign_title": campaign.title,
        "office_name": campaign.office.name,
        "day": day.business_date,
        "letters": sum(len(batch.shown) for batch in waiting),
        "batches": batches,
        "letters_held": sum(one.letters for one in held),
        "held": [{"unit": campaign.heir(one.unit).name, "letters": one.letters, "signed": one.signed} for one in held],
        "rehearsal": day.rehearsal,
    }
