"""Campaigns and calendars as they lie in folders of configuration."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from dondoc.calendar import Closing, OfficeHours, Swap, WorkCalendar, official_calendar
from dondoc.calendar.hours import AFTERNOON, MORNING
from dondoc.campaign.drive import Campaign
from dondoc.configuration import Settings, read_settings
from dondoc.errors import CampaignError

FILE_NAME = "campaign.yaml"


def _day_of_year(text: object) -> tuple[int, int]:
    try:
        # A year that is no leap year: a day that comes every year.
        day = datetime.strptime(f"{text}/2023", "%d/%m/%Y").replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError("viết ngày/tháng có trong mọi năm, trong dấu nháy, ví dụ “30/12”") from error
    return day.month, day.day


def _time_of_day(text: object) -> time:
    # YAML reads 11:30 without quotes as a number.
    try:
        return time.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise ValueError("viết giờ trong dấu nháy, ví dụ “07:30”") from error


DayOfYear = Annotated[tuple[int, int], BeforeValidator(_day_of_year)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]


class _CalendarFile(Settings):
    class Years(Settings):
        first: int
        last: int

    class Provisional(Settings):
        last: int

    class Closing(Settings):
        first: DayOfYear
        last: DayOfYear
        reason: str

    class Proposal(Settings):
        closed: date
        worked: date
        applied: bool = False
        reason: str

    country: str
    subdivision: str | None = None
    years: Years
    known_from: dict[int, str] = Field(default_factory=dict)
    provisional: Provisional | None = None
    hours: tuple[tuple[TimeOfDay, TimeOfDay], ...] = (MORNING, AFTERNOON)
    closed: dict[date, str] = Field(default_factory=dict)
    worked: dict[date, str] = Field(default_factory=dict)
    every_year: tuple[Closing, ...] = ()
    proposed: tuple[Proposal, ...] = ()

    @property
    def decided(self) -> list[Proposal]:
        """Return the proposed swaps that were decided."""
        return [swap for swap in self.proposed if swap.applied]

    @model_validator(mode="after")
    def _told_of_each_year(self) -> Self:
        years = range(self.years.first, self.years.last + 1)
        untold = [str(year) for year in years if year not in self.known_from] if self.known_from else []
        if untold:
            raise ValueError(f"known_from: ghi năm {', '.join(untold)} biết từ đâu (số văn bản, hoặc thư viện nào)")
        if self.provisional and self.provisional.last < self.years.last:
            raise ValueError(f"provisional.last: không được trước năm chính thức cuối cùng, {self.years.last}")
        return self

    @field_validator("hours")
    @classmethod
    def _in_order(cls, hours: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
        OfficeHours(hours)
        return hours


def load_campaign(folder: Path) -> Campaign:
    """Return the campaign described by `folder`/campaign.yaml.

    Raises:
        CampaignError: the file is missing or a field is wrong; names file, field and remedy.
    """
    campaign = read_settings(folder / FILE_NAME, Campaign)
    if campaign.code != folder.name:
        raise CampaignError(
            f"Mã đợt “{campaign.code}” khác tên thư mục “{folder.name}”.",
            where=f"{folder / FILE_NAME}, mục code",
            remedy="đặt code đúng bằng tên thư mục của đợt.",
        )
    return campaign


def load_calendar(path: Path) -> WorkCalendar:
    """Return the working calendar described by a file of `include/calendars`.

    Raises:
        CampaignError: the file is missing or wrong.
    """
    return _calendar(path, read_settings(path, _CalendarFile).model_dump_json())


@lru_cache(maxsize=8)
def _calendar(path: Path, _content: str) -> WorkCalendar:
    file = read_settings(path, _CalendarFile)
    try:
        return official_calendar(
            file.country,
            range(file.years.first, file.years.last + 1),
            subdivision=file.subdivision,
            provisional_until=file.provisional.last if file.provisional else None,
            closed=file.closed | {swap.closed: swap.reason for swap in file.decided},
            worked=file.worked | {swap.worked: swap.reason for swap in file.decided},
            proposed=[Swap(swap.closed, swap.worked, swap.reason) for swap in file.proposed if not swap.applied],
            every_year=[Closing(closing.first, closing.last, closing.reason) for closing in file.every_year],
            hours=OfficeHours(file.hours),
            name=path.name,
        )
    except NotImplementedError as error:
        raise CampaignError(
            f"Thư viện ngày nghỉ không có quốc gia {file.country} {file.subdivision or ''}.",
            where=f"{path}, mục country",
            remedy="dùng mã quốc gia ISO 3166 hai chữ, ví dụ VN.",
        ) from error


def campaign_folders(root: Path) -> list[Path]:
    """Return the folders under `root` that hold a campaign, by name."""
    return sorted(path.parent for path in root.glob(f"*/{FILE_NAME}"))
