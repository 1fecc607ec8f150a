"""The campaign's waivers on a day: those that excuse something are entered in the ledger, those of nothing are told."""

import logging

import pandas as pd

from dondoc.checks.facts import DayFacts
from dondoc.checks.findings import holding_waivers, unknown_waivers
from dondoc.installation.workplace import Workplace
from dondoc.ledger.waivers import AppliedWaiver, keep_waivers

log = logging.getLogger(__name__)


def keep(place: Workplace, findings: pd.DataFrame) -> None:
    """Enter which waivers began and ended with the day; a backfill is no day of the campaign's.

    Args:
        place: the day.
        findings: schema `records.FINDINGS`, waived ones marked.
    """
    day = place.day
    if place.kind != "daily":
        return
    holding = holding_waivers(day.campaign.waivers, as_of=day.business_date)
    valid = {key: AppliedWaiver(**one.model_dump() | {"kind": one.kind.value}) for key, one in holding.items()}
    waived = findings[findings["waived_by"].notna()]
    found = set(zip(waived["kind"], waived["number"], strict=True))
    applied = [one for key, one in valid.items() if key in found]
    keep_waivers(
        place.ledger, campaign=day.campaign.code, on=day.business_date, valid=list(valid.values()), applied=applied
    )


def warn_of_unknown(facts: DayFacts) -> None:
    """Log the numbers that waivers name and no record bears."""
    waivers = facts.day.campaign.waivers
    numbers = pd.concat([facts.cases["case_number"], facts.work["item_number"], facts.files["file_code"]])
    for number in unknown_waivers(waivers, numbers) if waivers else []:
        log.warning("mục waivers: không có hồ sơ, công việc nào mang số %s", number)
