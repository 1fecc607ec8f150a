"""Where a day's work is done: its folders, its templates, its row in the ledger."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

from sqlalchemy import Engine

from dondoc.campaign import load_calendar, load_campaign
from dondoc.campaign.day import Day
from dondoc.campaign.loading import FILE_NAME
from dondoc.campaign.regime import Regimes, load_regimes
from dondoc.errors import DondocError, TemplateError
from dondoc.files import why_unreadable
from dondoc.installation import Installation, calendar_file, regime_file
from dondoc.installation.pinned_settings import CAMPAIGNS, FOLDER, TEMPLATES, pinned_settings, to_mend
from dondoc.ledger.runs import Run, find_run
from dondoc.ledger.store import open_ledger

Kind = Literal["daily", "backfill", "answers"]
BACKFILL: Kind = "backfill"


class DayRef(TypedDict):
    """What tasks pass between them to name a day: no rows, no personal data."""

    campaign: str
    business_date: str
    kind: Kind
    stage: NotRequired[str]  # the rehearsal it belongs to, empty for a real day; a name not given is this process's
    settings: NotRequired[str]  # the folder of what was pinned when it opened; not given, the settings as they are now


class RunKey(TypedDict):
    """What names a run in the ledger."""

    campaign: str
    business_date: date
    kind: Kind


@dataclass(frozen=True)
class Workplace:
    """An installation at work on one day.

    Attributes:
        installation: folders, ledger and overrides.
        day: the business day.
        kind: `daily`; `backfill`, which computes a past day and mails nothing; or `answers`, which only tells units
            what came of theirs.
        pinned: folder of the settings as they were when the day opened; None where they are read as they are now.
    """

    installation: Installation
    day: Day
    kind: Kind
    pinned: Path | None = None

    @classmethod
    def on(cls, campaign: str, day: date, kind: Kind = "daily") -> "Workplace":
        """Return the workplace of a day by its campaign's code, with the settings as they are now; raises as `of`."""
        return cls.of({"campaign": campaign, "business_date": day.isoformat(), "kind": kind})

    @classmethod
    def of(cls, ref: DayRef) -> "Workplace":
        """Return the workplace of the day `ref` names, in this process's installation.

        Raises:
            CampaignError: the campaign or its calendar is missing or invalid.
            LostFileError: the settings that were pinned when the day opened are gone or changed.
            DondocError: the day is a rehearsal's and this installation is not at that rehearsal, or the other way.
        """
        installation = Installation.from_environment()
        if ref.get("stage", installation.stage) != installation.stage:
            raise _other_stage(ref["stage"], installation.stage)
        code = ref["campaign"]
        name = ref.get("settings")
        pinned = pinned_settings(installation.out / code / FOLDER, name) if name else None
        campaign = load_campaign(pinned / CAMPAIGNS / code) if pinned else installation.campaign(code)
        calendar = load_calendar(calendar_file(pinned or installation.include, campaign.calendar))
        business_date = date.fromisoformat(ref["business_date"])
        day = Day(
            campaign=campaign,
            calendar=calendar,
            business_date=business_date,
            rehearsal=installation.rehearsal_on is not None,
            regime=_regimes(installation, pinned, campaign.regime).on(business_date),
        )
        return cls(installation, day, ref["kind"], pinned)

    @property
    def ref(self) -> DayRef:
        """Return what names this day to other tasks."""
        named: DayRef = {
            "campaign": self.day.campaign.code,
            "business_date": self.day.business_date.isoformat(),
            "kind": self.kind,
            "stage": self.installation.stage,
        }
        return {**named, "settings": self.pinned.name} if self.pinned else named

    @cached_property
    def ledger(self) -> Engine:
        """Return the ledger, opened when first asked."""
        return open_ledger(self.installation.ledger_url)

    @property
    def run_key(self) -> RunKey:
        """Return what names this day's row in the ledger."""
        return {"campaign": self.day.campaign.code, "business_date": self.day.business_date, "kind": self.kind}

    @property
    def run(self) -> Run:
        """Return this day's row in the ledger as it stands now."""
        found = find_run(self.ledger, **self.run_key)
        if found is None:
            raise LookupError(f"the run of {self.ref} was never opened")
        return found

    @cached_property
    def run_id(self) -> int:
        """Return the id of this day's row in the ledger, which no step changes."""
        return self.run.id

    @property
    def out(self) -> Path:
        """Return the output folder; the ledger's paths are relative to it."""
        return self.installation.out

    @property
    def folder(self) -> Path:
        """Return the folder of all this day leaves."""
        return self.out / self.day.campaign.code / self.day.business_date.isoformat()

    @property
    def campaign_file(self) -> Path:
        """Return the file that describes the campaign, as the day reads it."""
        return self._campaign_folder / FILE_NAME

    @property
    def calendar_file(self) -> Path:
        """Return the file of the campaign's calendar, as the day reads it."""
        return calendar_file(self._include, self.day.campaign.calendar)

    @property
    def regimes(self) -> Regimes:
        """Return the law by date, as the day reads it.

        Raises:
            CampaignError: its file is missing or wrong.
        """
        return _regimes(self.installation, self.pinned, self.day.campaign.regime)

    def profile_file(self, name: str) -> Path:
        """Return the file of the source profile `name`, as the day reads it."""
        return self._include / "sources" / f"{name}.yaml"

    def template(self, kind: str, name: str) -> Path:
        """Return the template `name` of `kind` (`letters`, `report`): the campaign's own, or else the office's.

        Raises:
            TemplateError: the campaign's own folder may not be read.
        """
        own = self._campaign_folder / TEMPLATES / kind / name
        try:
            return own if own.is_file() else self.templates / kind / name
        except OSError as error:
            reason, remedy = why_unreadable(error)
            raise TemplateError(f"Không đọc được mẫu riêng của đợt: {reason}.", where=own, remedy=remedy) from error

    @property
    def templates(self) -> Path:
        """Return the folder of Word and mail templates."""
        return self._include / TEMPLATES

    def to_mend(self, error: DondocError) -> DondocError:
        """Return `error` naming the file that people edit, where it names the pinned one that the day reads."""
        if self.pinned is None:
            return error
        problems = tuple(to_mend(problem, self.pinned, self.installation) for problem in error.problems)
        return error if problems == error.problems else type(error).of(problems)

    @property
    def _include(self) -> Path:
        return self.pinned or self.installation.include

    @property
    def _campaign_folder(self) -> Path:
        campaigns = self.pinned / CAMPAIGNS if self.pinned else self.installation.campaigns
        return campaigns / self.day.campaign.code


def _regimes(installation: Installation, pinned: Path | None, name: str) -> Regimes:
    """Return the law by date; what was pinned by a version before the law was data reads it as it is installed."""
    kept = regime_file(pinned, name) if pinned else None
    return load_regimes(kept if kept and kept.is_file() else regime_file(installation.include, name))


def _other_stage(opened: str, here: str) -> DondocError:
    words = [f"đợt diễn tập “{name}”" if name else "việc thật" for name in (opened, here)]
    return DondocError(
        f"Lượt chạy này mở trong {words[0]}, còn máy đang làm {words[1]}.",
        where="biến DONDOC_REHEARSAL và DONDOC_REHEARSAL_NAME",
        remedy="bỏ lượt này và chạy lượt mới; một lượt không đi từ diễn tập sang việc thật.",
    )
