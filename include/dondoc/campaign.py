"""A campaign: one office's drive, as typed configuration loaded from a folder."""

from datetime import date, datetime, time
from email.headerregistry import Address
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from dondoc.calendar import WorkCalendar
from dondoc.configuration import Settings, read_settings
from dondoc.errors import CampaignError
from dondoc.names import fold

FILE_NAME = "campaign.yaml"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("không có múi giờ này; ví dụ đúng: Asia/Ho_Chi_Minh") from error
    return name


def _mail_address(text: str) -> str:
    try:
        address = Address(addr_spec=text)
    except Exception as error:
        raise ValueError("không phải địa chỉ thư điện tử") from error
    if not (address.username and "." in address.domain):
        raise ValueError("không phải địa chỉ thư điện tử")
    return text


MailAddress = Annotated[str, AfterValidator(_mail_address)]
Share = Annotated[float, Field(ge=0, le=1)]
# Codes become file names and task labels.
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")]


class Period(Settings):
    """The days a campaign looks at, both included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.last < self.first:
            raise ValueError("ngày cuối (last) đứng trước ngày đầu (first)")
        return self


class Office(Settings):
    """The office that answers for the campaign; `unit` is the one that compiles."""

    name: str
    short_name: str
    parent: str
    letterhead_parent: str
    letterhead: str
    symbol: str
    place: str
    unit: Code
    email: MailAddress


class Signatory(Settings):
    """Who signs: authority line, position and name (Decree 30/2020, annex I, II.7)."""

    authority: str
    position: str
    name: str


class LetterTemplates(Settings):
    """Word templates under `include/templates/letters`: case still pending, case already returned."""

    pending: str
    returned: str


class Mail(Settings):
    """`preview` only writes mails as files; `armed` sends them."""

    mode: Literal["preview", "armed"] = "preview"
    sender: MailAddress


class Gates(Settings):
    """Shares of rejected rows above which no mail leaves."""

    quarantined_share: Share
    unknown_unit_share: Share


class Source(Settings):
    """Where records come from: a profile, and a path or glob relative to the campaign's folder."""

    name: Code
    kind: Literal["cases", "work"]
    profile: Code
    path: str


class Unit(Settings):
    """A unit of the office, every name it goes by, and who is written to."""

    code: Code
    name: str
    aliases: tuple[str, ...] = ()
    emails: tuple[MailAddress, ...] = ()


class Campaign(Settings):
    """A drive with a period, a deadline, a target and the units that owe."""

    code: Code
    title: str
    legal_basis: tuple[str, ...]
    period: Period
    starts_on: date
    deadline: date
    deadline_reading: str
    final_report_at: datetime
    target: Annotated[float, Field(gt=0, le=100)]
    timezone: Annotated[str, AfterValidator(_zone)]
    daily_at: time
    calendar: Code
    precision: Literal["date", "datetime"]
    office: Office
    signatory: Signatory
    letters: LetterTemplates
    mail: Mail
    gates: Gates
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> "Campaign":
        if not self.starts_on <= self.deadline:
            raise ValueError("deadline: hạn chót đứng trước ngày bắt đầu (starts_on)")
        _unique([unit.code for unit in self.units], "units: trùng mã đơn vị")
        _unique([source.name for source in self.sources], "sources: trùng tên nguồn")
        if self.office.unit not in self.unit_by_code:
            raise ValueError(f"office.unit: không có đơn vị mã {self.office.unit} trong units")
        _ = self.unit_by_name  # two units that share a name are an error now, not at the first case
        return self

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """Return the units by code, in the campaign's order."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def unit_by_name(self) -> dict[str, str]:
        """Return unit codes by folded name, alias and code."""
        found: dict[str, str] = {}
        for unit in self.units:
            for name in (unit.code, unit.name, *unit.aliases):
                if found.setdefault(fold(name), unit.code) != unit.code:
                    raise ValueError(f"units: tên “{name}” dùng cho cả {found[fold(name)]} và {unit.code}")
        return found

    @property
    def zone(self) -> ZoneInfo:
        """Return the office's time zone."""
        return ZoneInfo(self.timezone)


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


def _unique(values: list[str], problem: str) -> None:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"{problem}: {', '.join(repeated)}")
