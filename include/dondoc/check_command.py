"""The operator's `check`: what opening a day would refuse, told before any day, of one campaign or of all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dondoc.campaign import campaign_folders, load_calendar
from dondoc.daily.preflight import Stops, examine
from dondoc.day import Day
from dondoc.errors import DondocError, Problem
from dondoc.installation import Installation
from dondoc.workplace import Workplace


@dataclass
class Told:
    """What `check` says of one campaign."""

    code: str
    summary: str = ""
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return it as the operator reads it."""
        lines = [f"{self.code}: {self.summary}"] if not self.errors else [f"{self.code}: {len(self.errors)} lỗi"]
        lines += [f"  - {note}" for note in self.notes]
        lines += [f"CẢNH BÁO: {warning}" for warning in self.warnings]
        return "\n".join(lines)


def check_campaigns(installation: Installation, code: str | None) -> Sequence[Told]:
    """Return what is wrong with the campaign `code`, or with every campaign when None."""
    codes = [code] if code else [folder.name for folder in campaign_folders(installation.campaigns)]
    return [check_campaign(installation, one) for one in codes]


def check_campaign(installation: Installation, code: str) -> Told:
    """Return what is wrong with all that the campaign stands on, as on its first day."""
    try:
        place = _first_day(installation, code)
    except DondocError as error:
        return Told(code, errors=list(error.problems))
    examined = examine(place)
    campaign, problems = place.day.campaign, examined.problems
    return Told(
        code,
        f"cấu hình hợp lệ ({len(campaign.units)} đơn vị, {len(campaign.sources)} nguồn)",
        [*problems[Stops.DAY], *problems[Stops.PULL]],
        problems[Stops.NOTHING],
        examined.notes,
    )


def _first_day(installation: Installation, code: str) -> Workplace:
    campaign = installation.campaign(code)
    path: Path = installation.include / "calendars" / f"{campaign.calendar}.yaml"
    return Workplace(installation, Day(campaign, load_calendar(path), campaign.starts_on), "daily")
