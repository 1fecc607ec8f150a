"""The operator's `check`: what opening a day would refuse, told before any day, of one campaign or of all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dondoc.campaign import Campaign, campaign_folders, load_calendar
from dondoc.campaign.day import Day
from dondoc.campaign.regime import load_regimes
from dondoc.configuration import read_document
from dondoc.daily.preflight import Stops, examine
from dondoc.errors import CampaignError, DondocError, Problem
from dondoc.installation import Installation, regime_file
from dondoc.installation.workplace import Workplace
from dondoc.sources.profile import load_profile

LATER = "chưa xem mẫu thư, báo cáo, tệp nguồn và các mục phải khớp nhau: sửa các lỗi sau rồi gõ lại lệnh check"


@dataclass
class Told:
    """What `check` says of one campaign."""

    code: str
    summary: str = ""
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def refusal(self) -> str:
        """Return the errors, as the operator reads them; empty where there is none."""
        return "\n".join(f"LỖI: {error}" for error in self.errors)

    @property
    def text(self) -> str:
        """Return what is no error, as the operator reads it."""
        lines = [f"{self.code}: {self.summary}"]
        lines += [f"  - {note}" for note in self.notes]
        lines += [f"CẢNH BÁO: {warning}" for warning in self.warnings]
        return "\n".join(lines)


def check_campaigns(installation: Installation, code: str | None) -> Sequence[Told]:
    """Return what is wrong with the campaign `code`, or with every campaign when None.

    Raises:
        CampaignError: there is no campaign at all.
    """
    codes = [code] if code else [folder.name for folder in campaign_folders(installation.campaigns)]
    if not codes:
        raise CampaignError(
            "Chưa có đợt nào.",
            where=installation.campaigns,
            remedy="chép thư mục đợt mẫu thành đợt mới, hoặc sửa biến DONDOC_CAMPAIGNS.",
        )
    return [check_campaign(installation, one) for one in codes]


def check_campaign(installation: Installation, code: str) -> Told:
    """Return what is wrong with all that the campaign stands on, as on its first day."""
    try:
        place = _first_day(installation, code)
    except DondocError as error:
        errors = list(dict.fromkeys([*error.problems, *_of_named_files(installation, code)]))
        return Told(code, f"{len(errors)} lỗi", errors, notes=[LATER])
    examined = examine(place)
    problems = examined.problems
    errors = [*problems[Stops.DAY], *problems[Stops.PULL]]
    summary = f"{len(errors)} lỗi" if errors else _sound(place.day.campaign)
    return Told(code, summary, errors, problems[Stops.NOTHING], examined.notes)


def _sound(campaign: Campaign) -> str:
    return f"cấu hình hợp lệ ({len(campaign.units)} đơn vị, {len(campaign.sources)} nguồn)"


def _first_day(installation: Installation, code: str) -> Workplace:
    campaign = installation.campaign(code)
    calendar = load_calendar(installation.calendar_file(campaign.calendar))
    regimes = load_regimes(regime_file(installation.include, campaign.regime))
    day = Day(campaign, calendar, campaign.starts_on, regime=regimes.on(campaign.starts_on))
    return Workplace(installation, day, "daily")


def _of_named_files(installation: Installation, code: str) -> Iterator[Problem]:
    """Yield what is wrong with the calendar and the profiles that a campaign's file names, whatever else it says."""
    try:
        value = read_document(installation.campaign_file(code)).value
    except DondocError:
        return
    described: Mapping[str, object] = value if isinstance(value, Mapping) else {}
    sources = described.get("sources")
    profiles = [one.get("profile") for one in sources if isinstance(one, Mapping)] if isinstance(sources, list) else []
    files: list[tuple[Callable[[Path], object], Path]] = []
    if "calendar" in described:
        files.append((load_calendar, installation.calendar_file(str(described["calendar"]))))
    files += [(load_profile, installation.include / "sources" / f"{name}.yaml") for name in profiles if name]
    for load, path in files:
        try:
            load(path)
        except DondocError as error:
            yield from error.problems
