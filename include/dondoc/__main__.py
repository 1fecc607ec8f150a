"""The operator's commands: `python -m dondoc --help`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dondoc.campaign import campaign_folders, load_calendar, load_campaign
from dondoc.errors import DondocError
from dondoc.installation import Installation
from dondoc.ledger.store import upgrade_ledger
from dondoc.mail_commands import add_mail_commands, run_mail_command
from dondoc.outcome import print_outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 with the operator's message on standard error."""
    parser = argparse.ArgumentParser(prog="dondoc", description="Đôn Đốc: các lệnh của người vận hành.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="lệnh")
    commands.add_parser("ledger", help="tạo sổ cái hoặc nâng cấp lên phiên bản của phần mềm")
    checking = commands.add_parser("check", help="kiểm tra cấu hình của một đợt, hoặc của mọi đợt")
    checking.add_argument("campaign", nargs="?", help="mã đợt")
    showing = commands.add_parser("show", help="in kết quả của một ngày")
    showing.add_argument("campaign", help="mã đợt")
    showing.add_argument("date", type=date.fromisoformat, help="ngày, dạng 2023-11-14")
    add_mail_commands(commands)
    chosen = parser.parse_args(arguments)
    installation = Installation.from_environment()
    try:
        if chosen.command == "ledger":
            upgrade_ledger(installation.ledger_url)
        elif chosen.command == "mail":
            print(run_mail_command(installation, chosen))
        elif chosen.command == "check":
            _check(installation, chosen.campaign)
        else:
            return print_outcome(installation, chosen.campaign, chosen.date)
    except DondocError as error:
        print(f"LỖI: {error}", file=sys.stderr)
        return 1
    return 0


def _check(installation: Installation, code: str | None) -> None:
    folders: list[Path] = [installation.campaigns / code] if code else campaign_folders(installation.campaigns)
    for folder in folders:
        campaign = installation.campaign(folder.name) if code else load_campaign(folder)
        load_calendar(installation.include / "calendars" / f"{campaign.calendar}.yaml")
        print(f"{campaign.code}: cấu hình hợp lệ ({len(campaign.units)} đơn vị, {len(campaign.sources)} nguồn)")


if __name__ == "__main__":
    sys.exit(main())
