"""A campaign as typed configuration: the drive, its days, its target, its parts."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from dondoc.campaign.answers import AnswerSettings
from dondoc.campaign.apologies import COUNTED, ApologyEvidence
from dondoc.campaign.criteria import Criterion
from dondoc.campaign.gates import Gates
from dondoc.campaign.office import Code, LetterTemplates, Mail, Office, PublicList, Signatory, Unit
from dondoc.campaign.permissions import Permissions
from dondoc.campaign.reminders import Reminders
from dondoc.campaign.rules import Rules, Waiver
from dondoc.campaign.signoff import SignOff
from dondoc.campaign.sources import Source
from dondoc.campaign.watch import Watch
from dondoc.configuration import ContradictionError, Loc, Settings, TimeOfDay
from dondoc.vietnamese.names import fold
from dondoc.vocabulary import FindingKind


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("không có múi giờ này; ví dụ đúng: Asia/Ho_Chi_Minh") from error
    return name


class Period(Settings):
    """The days a campaign looks at, both included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.last < self.first:
            raise ContradictionError([(("last",), f"ngày cuối {self.last} đứng trước ngày đầu {self.first}")])
        return self


class DeadlineMove(Settings):
    """Who moved the deadline that the campaign had before, and by which document."""

    by: str
    document: str

    @property
    def words(self) -> str:
        """Return both as a clause."""
        return f"theo {self.document}, người quyết: {self.by}"


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
    deadline_moved: DeadlineMove | None = None
    target: Annotated[float, Field(gt=0, le=100)]
    timezone: Annotated[str, AfterValidator(_zone)]
    daily_at: TimeOfDay
    calendar: Code
    precision: Literal["date", "datetime"]
    office: Office
    signatory: Signatory
    letters: LetterTemplates = LetterTemplates()
    regime: Code = "vn"
    public_list: PublicList = PublicList()
    mail: Mail
    reminders: Reminders = Reminders()
    gates: Gates
    signoff: SignOff = SignOff()
    permissions: Permissions = Permissions()
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
        found = [*self._dates_in_order(), *self._names_apart(), *self._succeeded_units_gone()]
        if self.office.unit not in self.unit_by_code:
            codes = ", ".join(self.unit_by_code)
            found.append((("office", "unit"), f"không có đơn vị mã “{self.office.unit}” trong units; các mã: {codes}"))
        if self.letters.before_lapse and FindingKind.APOLOGY_DUE_SOON not in self.rules.find:
            needed = FindingKind.APOLOGY_DUE_SOON.value
            found.append((("letters", "before_lapse"), f"soạn thư trước hạn thì rules.find phải có {needed}"))
        if found:
            raise ContradictionError(found)
        return self

    def _dates_in_order(self) -> Iterator[tuple[Loc, str]]:
        if self.deadline < self.starts_on:
            yield ("deadline",), f"hạn chót {self.deadline} đứng trước ngày bắt đầu (starts_on: {self.starts_on})"

    def _names_apart(self) -> Iterator[tuple[Loc, str]]:
        """Yield each code and name that two units or two sources share, at the second of them."""
        taken: dict[str, str] = {}
        codes: dict[str, int] = {}
        for i, unit in enumerate(self.units):
            first = codes.setdefault(unit.code, i)
            if first != i:
                yield ("units", i, "code"), f"mã này đã dùng cho đơn vị thứ {first + 1} ({self.units[first].name})"
                continue
            for name in (unit.code, unit.name, *unit.aliases):
                if taken.setdefault(fold(name), unit.code) != unit.code:
                    yield ("units", i), f"tên “{name}” đã dùng cho đơn vị “{taken[fold(name)]}”"
        names = [source.name for source in self.sources]
        for i, name in enumerate(names):
            if name in names[:i]:
                yield ("sources", i, "name"), f"tên này đã dùng cho nguồn thứ {names.index(name) + 1}"

    def _succeeded_units_gone(self) -> Iterator[tuple[Loc, str]]:
        """Yield each unit that is said to be succeeded and is still there, or is named twice by one successor."""
        for i, unit in enumerate(self.units):
            for j, code in enumerate(unit.succeeds):
                loc = ("units", i, "succeeds", j)
                if code == unit.code:
                    yield loc, f"“{code}” là mã của chính đơn vị này; chỉ ghi mã của đơn vị cũ không còn trong units"
                elif code in self.unit_by_code:
                    yield loc, f"đơn vị “{code}” vẫn còn trong units; đơn vị đã thôi thì bỏ mục của nó trong units"
                elif code in unit.succeeds[:j]:
                    yield loc, f"mã “{code}” ghi hai lần"

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """Return the units by code, in the campaign's order."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def unit_by_name(self) -> dict[str, str]:
        """Return unit codes by folded name, alias and code."""
        former = {fold(code): unit.code for code, unit in self.successors.items()}
        return former | {fold(name): unit.code for unit in self.units for name in (unit.code, unit.name, *unit.aliases)}

    @cached_property
    def successors(self) -> dict[str, Unit]:
        """Return who succeeds each unit that is no more, by its code: of several, after a split, the first."""
        named = [(code, unit) for unit in self.units for code in unit.succeeds]
        return dict(reversed(named))

    def heir(self, code: str) -> Unit:
        """Return whose the things of unit `code` are today: its own, its successor's, or else the Office's."""
        return self.unit_by_code.get(code) or self.successors.get(code) or self.unit_by_code[self.office.unit]

    @property
    def signatories(self) -> tuple[Signatory, ...]:
        """Return who may sign the campaign's letters, the one its letters name first."""
        return (self.signatory, *self.signoff.signatories)

    def signatory_named(self, name: str) -> Signatory | None:
        """Return the signatory of that name, accents and all; None when nobody entitled to sign is so named."""
        wanted = _as_name(name)
        return next((one for one in self.signatories if _as_name(one.name) == wanted), None)

    @property
    def answer_address(self) -> str:
        """Return the address units send their workbooks to: the answers' mailbox, or the Office itself."""
        return self.mail.reply_to or self.office.email

    @property
    def report_wanted_at(self) -> datetime:
        """Return when the final report is wanted, in the office's time; `ending` says which working day that means."""
        wanted = self.final_report_at
        return wanted.astimezone(self.zone) if wanted.tzinfo else wanted.replace(tzinfo=self.zone)

    @property
    def zone(self) -> ZoneInfo:
        """Return the office's time zone."""
        return ZoneInfo(self.timezone)


def _as_name(text: str) -> str:
    # Of people, not of units: Hải and Hai are two.
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
