"""Campaigns and calendars as they lie in folders of configuration."""

from datetime import date
from pathlib import Path

from pydantic import Field

from dondoc.calendar import WorkCalendar
from dondoc.campaign.drive import Campaign
from dondoc.configuration import Settings, read_settings
from dondoc.errors import CampaignError

FILE_NAME = "campaign.yaml"


class _CalendarFile(Settings):
    class Years(Settings):
        first: int
        last: int

    country: str
    subdivision: str | None = None
    years: Years
    closed: dict[date, str] = Field(default_factory=dict)
    worked: dict[date, str] = Field(default_factory=dict)


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
    file = read_settings(path, _CalendarFile)
    try:
        return WorkCalendar.of_country(
            file.country,
            range(file.years.first, file.years.last + 1),
            subdivision=file.subdivision,
            corrections_off=file.closed,
            corrections_worked=file.worked,
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
