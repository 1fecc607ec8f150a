"""Where a day's work is done: its folders, its templates, its row in the ledger."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

from sqlalchemy import Engine

from dondoc.campaign import load_calendar
from dondoc.day import Day
from dondoc.errors import DondocError, TemplateError
from dondoc.files import why_unreadable
from dondoc.installation import Installation
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
    """

    installation: Installation
    day: Day
    kind: Kind

    @classmethod
    def of(cls, ref: DayRef) -> "Workplace":
        """Return the workplace of the day `ref` names, in this process's installation.

        Raises:
            CampaignError: the campaign or its calendar is missing or invalid.
            DondocError: the day is a rehearsal's and this installation is not at that rehearsal, or the other way.
        """
        installation = Installation.from_environment()
        if ref.get("stage", installation.stage) != installation.stage:
            raise _other_stage(ref["stage"], installation.stage)
        campaign = installation.campaign(ref["campaign"])
        calendar = load_calendar(installation.include / "calendars" / f"{campaign.calendar}.yaml")
        day = Day(
            campaign=campaign,
            calendar=calendar,
            business_date=date.fromisoformat(ref["business_date"]),
            rehearsal=installation.rehearsal_on is not None,
        )
        return cls(installation, day, ref["kind"])

    @property
    def ref(self) -> DayRef:
        """Return what names this day to other tasks."""
        return {
            "campaign": self.day.campaign.code,
            "business_date": self.day.business_date.isoformat(),
            "kind": self.kind,
            "stage": self.installation.stage,
        }

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

    def template(self, kind: str, name: str) -> Path:
        """Return the template `name` of `kind` (`letters`, `report`): the campaign's own, or else the office's.

        Raises:
            TemplateError: the campaign's own folder may not be read.
        """
        own = self.installation.campaigns / self.day.campaign.code / "templates" / kind / name
        try:
            return own if own.is_file() else self.templates / kind / name
        except OSError as error:
            reason, remedy = why_unreadable(error)
            raise TemplateError(f"Không đọc được mẫu riêng của đợt: {reason}.", where=own, remedy=remedy) from error

    @property
    def templates(self) -> Path:
        """Return the folder of Word and mail templates."""
        return self.installation.include / "templates"


def _other_stage(opened: str, here: str) -> DondocError:
    words = [f"đợt diễn tập “{name}”" if name else "việc thật" for name in (opened, here)]
    return DondocError(
        f"Lượt chạy này mở trong {words[0]}, còn máy đang làm {words[1]}.",
        where="biến DONDOC_REHEARSAL và DONDOC_REHEARSAL_NAME",
        remedy="bỏ lượt này và chạy lượt mới; một lượt không đi từ diễn tập sang việc thật.",
    )
