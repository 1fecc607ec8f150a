"""A campaign as typed configuration: the drive, its days, its target, its parts."""

from datetime import date, datetime, time
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from dondoc.campaign.answers import AnswerSettings
from dondoc.campaign.apologies import COUNTED, ApologyEvidence
from dondoc.campaign.criteria import Criterion
from dondoc.campaign.gates import Gates
from dondoc.campaign.office import Code, LetterTemplates, Mail, Office, PublicList, Signatory, Unit
from dondoc.campaign.reminders import Reminders
from dondoc.campaign.rules import Rules, Waiver
from dondoc.campaign.signoff import SignOff
from dondoc.campaign.sources import Source
from dondoc.campaign.watch import Watch
from dondoc.configuration import Settings
from dondoc.names import fold


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("không có múi giờ này; ví dụ đúng: Asia/Ho_Chi_Minh") from error
    return name


class Period(Settings):
    """The days a campaign looks at, both included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.last < self.first:
            raise ValueError("ngày cuối (last) đứng trước ngày đầu (first)")
        return self


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
    public_list: PublicList = PublicList()
    mail: Mail
    reminders: Reminders = Reminders()
    gates: Gates
    signoff: SignOff = SignOff()
    answers: AnswerSettings = AnswerSettings()
    watch: Watch = Watch()
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    rules: Rules = Rules()
    apology_evidence: ApologyEvidence = COUNTED
    waivers: tuple[Waiver, ...] = ()
    criteria: tuple[Criterion, ...] = ()

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
    def answer_address(self) -> str:
        """Return the address units send their workbooks to: the answers' mailbox, or the Office itself."""
        return self.mail.reply_to or self.office.email

    @property
    def zone(self) -> ZoneInfo:
        """Return the office's time zone."""
        return ZoneInfo(self.timezone)


def _unique(values: list[str], problem: str) -> None:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"{problem}: {', '.join(repeated)}")
