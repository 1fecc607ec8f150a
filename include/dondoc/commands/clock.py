"""`clock`: what the ledger knows of the time, and a person's word for this machine's clock."""

from dondoc.commands.parameters import By, Reason
from dondoc.commands.terminal import command, group, this_installation

clock = group("Đồng hồ: xem giờ sổ cái biết, xác nhận giờ của máy là đúng.")


@command(clock, "show", example="clock show")
def show() -> None:
    """In giờ của máy và lần làm việc gần nhất ghi trong sổ cái."""
    from dondoc.installation import ZONE
    from dondoc.ledger.clock import known
    from dondoc.ledger.store import open_ledger

    installation = this_installation()
    held = known(open_ledger(installation.ledger_url))
    print(f"Đồng hồ của máy: {installation.now(ZONE):%H:%M ngày %d/%m/%Y}")
    if held.database_at:
        print(f"Máy chủ cơ sở dữ liệu: {held.database_at.astimezone(ZONE):%H:%M ngày %d/%m/%Y}")
    seen = f"{held.seen_at.astimezone(ZONE):%H:%M ngày %d/%m/%Y}" if held.seen_at else "chưa có"
    print(f"Lần làm việc gần nhất ghi trong sổ cái: {seen}")


@command(clock, "confirm", example='clock confirm --by "Lê Văn A" --reason "máy tắt hai tuần"')
def confirm(by: By, reason: Reason) -> None:
    """Xác nhận giờ của máy là đúng, sau một lần nhảy giờ bị từ chối."""
    from dondoc.actor import Actor
    from dondoc.installation import ZONE
    from dondoc.ledger import clock
    from dondoc.ledger.store import open_ledger

    installation = this_installation()
    actor = Actor.of_process(by)
    now = installation.now(ZONE)
    clock.confirm(open_ledger(installation.ledger_url), now, by=actor, reason=reason)
    print(f"Đã ghi: {actor.words} xác nhận bây giờ là {now:%H:%M ngày %d/%m/%Y}. Chạy lại ô đỏ.")
