"""Where this installation keeps its things: the one place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dondoc.campaign import Campaign, Source, campaign_folders, load_campaign
from dondoc.errors import CampaignError, DondocError

ROOT = Path(__file__).resolve().parents[2]
# Of what belongs to no campaign: the machine's own logs and mailboxes.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SOURCE_PREFIX = "DONDOC_SOURCE_"


@dataclass(frozen=True)
class Installation:
    """Folders, ledger and overrides of one installation.

    Attributes:
        include: templates, source profiles, calendars.
        campaigns: a folder per campaign.
        out: what the runs leave.
        ledger_url: SQLAlchemy URL.
        source_paths: path or glob by upper-case source name, in place of the campaign's.
        relay_logs: the mail relay's log files, in order of time, by which doubtful mails are settled; may be none.
        archive_mailbox: `imaps://…` of a mailbox that gets a copy of every mail sent; may be empty.
        bounce_mailbox: `imaps://…` of the mailbox bounces come back to; may be empty.
        smtp_connection: the account as Airflow's JSON, for the commands that send without Airflow; may be empty.
        answers: a folder per campaign into which units drop what they filled in; inside `out` when None.
        alarm_smtp: the watchdog's own account, in the same form; the other one when empty.
        rehearsal_on: the day a rehearsal takes for today; mails then say so. None in real use.
    """

    include: Path
    campaigns: Path
    out: Path
    ledger_url: str
    source_paths: Mapping[str, str]
    rehearsal_on: date | None
    answers: Path | None = None
    relay_logs: tuple[Path, ...] = ()
    archive_mailbox: str = field(default="", repr=False)
    bounce_mailbox: str = field(default="", repr=False)
    smtp_connection: str = field(default="", repr=False)
    alarm_smtp: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Installation":
        """Return the installation that `DONDOC_…` variables describe, the checkout's own folders where they are silent.

        Raises:
            DondocError: `DONDOC_REHEARSAL` is not a day.
        """
        out = Path(environ.get("DONDOC_OUT") or ROOT / "out")
        include = ROOT / "include"
        return cls(
            include=include,
            campaigns=Path(environ.get("DONDOC_CAMPAIGNS") or include / "campaigns"),
            out=out,
            ledger_url=environ.get("DONDOC_LEDGER_URL") or f"sqlite:///{out / 'ledger.sqlite'}",
            source_paths={
                name.removeprefix(SOURCE_PREFIX): path
                for name, path in environ.items()
                if name.startswith(SOURCE_PREFIX) and path
            },
            rehearsal_on=_rehearsal_day(environ.get("DONDOC_REHEARSAL")),
            answers=Path(environ["DONDOC_ANSWERS"]) if environ.get("DONDOC_ANSWERS") else None,
            archive_mailbox=environ.get("DONDOC_ARCHIVE_MAILBOX", ""),
            bounce_mailbox=environ.get("DONDOC_BOUNCE_MAILBOX", ""),
            smtp_connection=environ.get("AIRFLOW_CONN_DONDOC_SMTP", ""),
            alarm_smtp=environ.get("DONDOC_ALARM_SMTP", ""),
            relay_logs=tuple(Path(path) for path in environ.get("DONDOC_RELAY_LOG", "").split(os.pathsep) if path),
        )

    def campaign(self, code: str) -> Campaign:
        """Return the campaign `code`.

        Raises:
            CampaignError: there is none, or it is invalid.
        """
        folder = self.campaigns / code
        if not folder.is_dir():
            known = ", ".join(path.name for path in campaign_folders(self.campaigns)) or "chưa có đợt nào"
            raise CampaignError(f"Không có đợt “{code}”.", where=self.campaigns, remedy=f"chọn một đợt đã có: {known}.")
        return load_campaign(folder)

    def source_pattern(self, campaign: Campaign, source: Source) -> Path | None:
        """Return the path or glob of `source`, None when it lies on a server; `DONDOC_SOURCE_<NAME>` wins over both."""
        override = self.source_paths.get(source.name.upper().replace("-", "_"))
        if override:
            return Path(override)
        return self.campaigns / campaign.code / source.path if source.path else None

    def answers_folder(self, code: str) -> Path:
        """Return the folder into which units drop what they filled in for the campaign `code`."""
        return self.answers / code if self.answers else self.out / code / "tra-loi"

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
