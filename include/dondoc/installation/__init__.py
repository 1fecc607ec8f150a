"""Where this installation keeps its things: the one place that reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dondoc.actor import Actor
from dondoc.campaign import Campaign, Source, campaign_folders, load_campaign
from dondoc.campaign.loading import FILE_NAME
from dondoc.errors import CampaignError, DondocError

ROOT = Path(__file__).resolve().parents[3]
# Of what belongs to no campaign: the machine's own logs and mailboxes.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NUMBERED_LOGIN = ".FabAuthManager"
SOURCE_PREFIX = "DONDOC_SOURCE_"
# No campaign's code begins so: what is rehearsed lies beside the campaigns' folders, a folder a rehearsal.
REHEARSALS = "_dien-tap"
REHEARSAL = "dien-tap"
# As a rehearsal may be named: its folder and its schema bear the name.
REHEARSAL_NAME = "[a-z][a-z0-9-]{0,30}"


def calendar_file(include: Path, name: str) -> Path:
    """Return the file of the calendar `name` under an include folder, the installation's or a pinned one."""
    return include / "calendars" / f"{name}.yaml"


def regime_file(include: Path, name: str) -> Path:
    """Return the file of the regimes `name` under an include folder, the installation's or a pinned one."""
    return include / "regimes" / f"{name}.yaml"


def variable_of(name: str) -> str:
    """Return how a variable spells the name of a source, or of `<campaign>__<source>`."""
    return name.upper().replace("-", "_")


@dataclass(frozen=True)
class Installation:
    """Folders, ledger and overrides of one installation.

    Attributes:
        include: templates, source profiles, calendars.
        campaigns: a folder per campaign.
        out: what the runs leave.
        ledger_url: SQLAlchemy URL, by the role that works with the ledger.
        ledger_owner_url: the same by the role that owns its tables, for upgrades alone; the same role where empty.
        source_paths: path or glob in place of the campaign's, by `variable_of` a source, or a campaign and a source.
        relay_logs: the mail relay's log files, in order of time, by which doubtful mails are settled; may be none.
        archive_mailbox: `imaps://…` of a mailbox that gets a copy of every mail sent; may be empty.
        bounce_mailbox: `imaps://…` of the mailbox bounces come back to; may be empty.
        smtp_connection: the account as Airflow's JSON, for the commands that send without Airflow; may be empty.
        answers: a folder per campaign into which units drop what they filled in; inside `out` when None.
        alarm_smtp: the watchdog's own account, in the same form; the other one when empty.
        rehearsal_on: the day a rehearsal takes for today; mails then say so. None in real use.
        trust_roots: folder of the root certificates that digital signatures are held against, of those between them
            and signers, and of lists of revoked ones.
        numbered_accounts: whether Airflow's login knows accounts by number (FAB) and not by name.
        backup: where the copies of ledger and outputs lie, a file or a folder; nowhere that is known when None.
        stage: name of the rehearsal, whose ledger, outputs and answers are its own; empty in real use.
    """

    include: Path
    campaigns: Path
    out: Path
    ledger_url: str
    source_paths: Mapping[str, str]
    rehearsal_on: date | None
    answers: Path | None = None
    relay_logs: tuple[Path, ...] = ()
    ledger_owner_url: str = field(default="", repr=False)
    archive_mailbox: str = field(default="", repr=False)
    bounce_mailbox: str = field(default="", repr=False)
    smtp_connection: str = field(default="", repr=False)
    alarm_smtp: str = field(default="", repr=False)
    trust_roots: Path = ROOT / "include" / "trust-roots"
    numbered_accounts: bool = False
    backup: Path | None = None
    stage: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Installation":
        """Return the installation that `DONDOC_…` variables describe, the checkout's own folders where they are silent.

        Raises:
            DondocError: `DONDOC_REHEARSAL` is not a day, or `DONDOC_REHEARSAL_NAME` no name.
        """
        real = cls.real(environ)
        day = _rehearsal_day(environ.get("DONDOC_REHEARSAL"))
        return real.rehearsing(_rehearsal_name(environ.get("DONDOC_REHEARSAL_NAME")), day) if day else real

    @classmethod
    def real(cls, environ: Mapping[str, str] = os.environ) -> "Installation":
        """Return the installation of real use, whatever the variables rehearse."""
        out = Path(environ.get("DONDOC_OUT") or ROOT / "out")
        include = ROOT / "include"
        return cls(
            include=include,
            campaigns=Path(environ.get("DONDOC_CAMPAIGNS") or include / "campaigns"),
            out=out,
            ledger_url=environ.get("DONDOC_LEDGER_URL") or f"sqlite:///{out / 'ledger.sqlite'}",
            ledger_owner_url=environ.get("DONDOC_LEDGER_OWNER_URL", ""),
            source_paths={
                variable_of(name.removeprefix(SOURCE_PREFIX)): path
                for name, path in environ.items()
                if name.startswith(SOURCE_PREFIX) and path
            },
            rehearsal_on=None,
            answers=Path(environ["DONDOC_ANSWERS"]) if environ.get("DONDOC_ANSWERS") else None,
            archive_mailbox=environ.get("DONDOC_ARCHIVE_MAILBOX", ""),
            bounce_mailbox=environ.get("DONDOC_BOUNCE_MAILBOX", ""),
            smtp_connection=environ.get("AIRFLOW_CONN_DONDOC_SMTP", ""),
            alarm_smtp=environ.get("DONDOC_ALARM_SMTP", ""),
            trust_roots=Path(environ.get("DONDOC_TRUST_ROOTS") or include / "trust-roots"),
            numbered_accounts=environ.get("AIRFLOW__CORE__AUTH_MANAGER", "").endswith(NUMBERED_LOGIN),
            backup=Path(environ["DONDOC_BACKUP"]) if environ.get("DONDOC_BACKUP") else None,
            relay_logs=tuple(Path(path) for path in environ.get("DONDOC_RELAY_LOG", "").split(os.pathsep) if path),
        )

    def rehearsing(self, name: str, day: date) -> "Installation":
        """Return the installation in which the rehearsal `name` plays `day`: nothing it does is seen by the real one.

        The mailboxes of real answers, bounces and copies are not its own.
        """
        # SQLAlchemy loads for a rehearsal alone, not each time the scheduler reads a DAG file.
        from dondoc.ledger.stages import ledger_of_rehearsal

        out = self.out / REHEARSALS / name
        owner = self.ledger_owner_url
        return replace(
            self,
            out=out,
            ledger_url=ledger_of_rehearsal(self.ledger_url, name, out),
            ledger_owner_url=ledger_of_rehearsal(owner, name, out) if owner else "",
            rehearsal_on=day,
            stage=name,
            answers=None,
            archive_mailbox="",
            bounce_mailbox="",
        )

    def campaign(self, code: str) -> Campaign:
        """Return the campaign `code`.

        Raises:
            CampaignError: there is none, or it is invalid.
        """
        folder = self.campaigns / code
        known = [] if folder.is_dir() else [one.name for one in campaign_folders(self.campaigns)]
        if code in known or folder.is_dir():
            return load_campaign(folder)
        near = ", ".join(known) or "chưa có đợt nào"
        raise CampaignError(f"Không có đợt “{code}”.", where=self.campaigns, remedy=f"chọn một đợt đã có: {near}.")

    def source_pattern(self, campaign: Campaign, source: Source) -> Path | None:
        """Return the path or glob of `source`, None when it lies on a server.

        `DONDOC_SOURCE_<CAMPAIGN>__<NAME>` wins over `DONDOC_SOURCE_<NAME>`, which holds for every campaign, and that
        over the campaign's own.
        """
        for name in (f"{campaign.code}__{source.name}", source.name):
            override = self.source_paths.get(variable_of(name))
            if override:
                return Path(override)
        return self.campaigns / campaign.code / source.path if source.path else None

    def calendar_file(self, name: str) -> Path:
        """Return the file of the calendar `name`."""
        return calendar_file(self.include, name)

    def campaign_file(self, code: str) -> Path:
        """Return the file that describes the campaign `code`."""
        return self.campaigns / code / FILE_NAME

    def answers_folder(self, code: str) -> Path:
        """Return the folder into which units drop what they filled in for the campaign `code`."""
        return self.answers / code if self.answers else self.out / code / "tra-loi"

    def actor(self, login: str | None, *, remark: str = "") -> Actor:
        """Return who acts under an account of Airflow; where it asks for no login, a rehearsal's person or nobody."""
        return Actor.of_login(login, rehearsal=self.rehearsal_on is not None, remark=remark)

    def today(self, zone: ZoneInfo) -> date:
        """Return the office's date now, or the rehearsal's."""
        return self.now(zone).date()

    def now(self, zone: ZoneInfo) -> datetime:
        """Return the office's time now; in a rehearsal, this time of the rehearsed day."""
        real = datetime.now(zone)
        return datetime.combine(self.rehearsal_on, real.timetz()) if self.rehearsal_on else real


def _rehearsal_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DondocError(
            f"Ngày diễn tập “{text}” không hợp lệ.", where="biến DONDOC_REHEARSAL", remedy="viết dạng 2023-11-14."
        ) from error


def _rehearsal_name(text: str | None) -> str:
    name = text or REHEARSAL
    if not re.fullmatch(REHEARSAL_NAME, name):
        raise DondocError(
            f"Tên đợt diễn tập “{name}” không hợp lệ.",
            where="biến DONDOC_REHEARSAL_NAME",
            remedy="chỉ dùng chữ thường không dấu, chữ số và dấu gạch nối, bắt đầu bằng chữ, ví dụ tap-huan-1.",
        )
    return name
