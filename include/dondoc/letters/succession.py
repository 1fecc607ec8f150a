"""The register's letters under the units of today: those of a unit that is no more are its successor's."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Engine

from dondoc.campaign import Campaign
from dondoc.ledger.letters import Letter, latest_letters


def letters_of(ledger: Engine, campaign: Campaign, *, units: Collection[str] | None = None) -> dict[str, Letter]:
    """Return the latest version of each letter by case number, of `units` or of all, each with its unit of today."""
    found = {
        number: _of_today(letter, campaign) for number, letter in latest_letters(ledger, campaign=campaign.code).items()
    }
    return found if units is None else {number: letter for number, letter in found.items() if letter.unit in units}


def _of_today(letter: Letter, campaign: Campaign) -> Letter:
    heir = campaign.heir(letter.unit).code
    return letter if heir == letter.unit else replace(letter, unit=heir)
