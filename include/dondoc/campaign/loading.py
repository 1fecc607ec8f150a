"""Campaigns and calendars as they lie in folders of configuration."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from dondoc.calendar import Closing, OfficeHours, Swap, WorkCalendar, official_calendar
from dondoc.calendar.hours import AFTERNOON, MORNING
from dondoc.campaign.drive import Campaign
from dondoc.campaign.office import CODE
from dondoc.configuration import Settings, TimeOfDay, read_document, read_settings
from dondoc.errors import CampaignError

FILE_NAME = "campaign.yaml"


def _day_of_year(text: object) -> tuple[int, int]:
    try:
        # A year that is no leap year: a day that comes every year.
        day = datetime.strptime(f"{text}/2023", "%d/%m/%Y").replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError("không phải ngày có trong mọi năm; viết ngày/tháng trong dấu nháy, ví dụ “30/12”") from error
    return day.month, day.day


DayOfYear = Annotated[
    tuple[int, int], BeforeValidator(_day_of_year), Field(description="ngày/tháng trong dấu nháy, ví dụ “30/12”")
]


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


def load_calendar(path: Path, *, kept: bool = False) -> WorkCalendar:
    """Return the working calendar described by a file of `include/calendars`.

    Args:
        path: the file.
        kept: whether it is the basis of an earlier day, read as it was then.

    Raises:
        CampaignError: the file is missing or wrong.
    """
    return _calendar(path, read_settings(path, _CalendarFile, kept=kept).model_dump_json(), kept=kept)


@lru_cache(maxsize=8)
def _calendar(path: Path, _content: str, *, kept: bool) -> WorkCalendar:
    file = read_settings(path, _CalendarFile, kept=kept)
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
            f"Thư viện ngày nghỉ không có “{' '.join(filter(None, (file.country, file.subdivision)))}”.",
            where=f"{path}, mục country",
            remedy="dùng mã quốc gia ISO 3166 hai chữ, ví dụ VN.",
        ) from error


def campaign_folders(root: Path) -> list[Path]:
    """Return the folders under `root` that hold a campaign, by name; one that may not be looked into is taken for one.

    Raises:
        CampaignError: `root` is there and may not be read.
    """
    try:
        return sorted(folder for folder in root.iterdir() if _holds_campaign(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise CampaignError(
            "Không có quyền đọc thư mục các đợt.",
            where=root,
            remedy="cấp quyền đọc thư mục này cho tài khoản chạy Đôn Đốc, hoặc sửa biến DONDOC_CAMPAIGNS.",
        ) from error


def _holds_campaign(folder: Path) -> bool:
    try:
        (folder / FILE_NAME).lstat()
    except PermissionError:
        # The machine's own folders are closed too (lost+found), but do not bear a campaign's name.
        return CODE.fullmatch(folder.name) is not None
    except OSError:
        return False
    return True


def named_sources(root: Path) -> dict[str, list[str] | None]:
    """Return the names of each campaign's sources as its file has them, whatever else is wrong; None where unread."""
    return {folder.name: _sources_in(folder / FILE_NAME) for folder in campaign_folders(root)}


def _sources_in(path: Path) -> list[str] | None:
    try:
        value = read_document(path).value
    except CampaignError:
        return None
    sources = value.get("sources") if isinstance(value, Mapping) else None
    items = [item for item in sources if isinstance(item, Mapping)] if isinstance(sources, list) else []
    return [str(item["name"]) for item in items if item.get("name")]
