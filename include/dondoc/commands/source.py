"""`source`: the decision to take a source anew for a day that is past."""

from typing import Annotated

import typer

from dondoc.commands.parameters import By, Campaign, Day, Reason
from dondoc.commands.terminal import command, group, this_installation

source = group("Nguồn dữ liệu: lấy lại cho một ngày đã qua.")


@command(source, "retake", example='source retake hai-phong-2023 14/11/2023 cases --by "Lê Văn A" --reason "tệp thiếu"')
def retake(
    campaign: Campaign,
    day: Day,
    name: Annotated[str, typer.Argument(metavar="nguồn", help="tên nguồn trong campaign.yaml")],
    by: By,
    reason: Reason,
) -> None:
    """Quyết định lấy lại một nguồn cho một ngày đã qua; rồi chạy lại ngày ấy."""
    from dondoc.actor import Actor
    from dondoc.errors import SourceError
    from dondoc.ledger.retakes import Retake, decide_retake
    from dondoc.ledger.store import open_ledger
    from dondoc.vietnamese.wording import short_date

    installation = this_installation()
    named = [one.name for one in installation.campaign(campaign).sources]
    if name not in named:
        raise SourceError(f"Không có nguồn “{name}”.", where=campaign, remedy=f"chọn một nguồn: {', '.join(named)}.")
    wish = Retake(campaign, day, name, decided_by=Actor.of_process(by), reason=reason)
    decide_retake(open_ledger(installation.ledger_url), wish)
    print(f"{campaign}: lượt chạy tới của ngày {short_date(day)} lấy lại nguồn {name}.")
