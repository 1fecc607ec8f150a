"""`gate`: the decision to let a day's mail through a gate that is closed."""

from typing import Annotated

import typer

from dondoc.commands.parameters import By, Campaign, Day, Reason
from dondoc.commands.terminal import command, group, this_installation

gate = group("Cổng kiểm soát: cho thư của một ngày đi qua cổng đang đóng.")


@command(gate, "open", example='gate open hai-phong-2023 14/11/2023 row_count --by "Lê Văn A" --reason "đã đối chiếu"')
def open_gate(
    campaign: Campaign,
    day: Day,
    name: Annotated[str, typer.Argument(metavar="cổng", help="tên cổng như trong kết quả ngày, hoặc all: mọi cổng")],
    by: By,
    reason: Reason,
) -> None:
    """Cho thư của một ngày đi qua cổng kiểm soát đang đóng; rồi chạy lại ngày ấy."""
    from dondoc.actor import Actor
    from dondoc.campaign import ALL_GATES, EVERY_GATE, GATES
    from dondoc.campaign.permissions import Right
    from dondoc.ledger.gates import Override, override_gate
    from dondoc.ledger.rights import require_right
    from dondoc.ledger.store import open_ledger
    from dondoc.vietnamese.wording import short_date

    installation = this_installation()
    settings = installation.campaign(campaign)
    ledger = open_ledger(installation.ledger_url)
    actor = Actor.of_process(by)
    require_right(ledger, settings, Right.OPEN_GATES, actor, subject=f"{settings.code} {day}")
    decided = override_gate(ledger, Override(settings.code, day, name, reason=reason), by=actor)
    print(
        f"{decided.campaign}, ngày {short_date(decided.business_date)}: cổng "
        f"{(GATES | {ALL_GATES: EVERY_GATE})[decided.gate]} mở theo quyết định của {decided.decided_by}: "
        f"{decided.reason}.\nChạy lại cả ngày để thư được gửi."
    )
