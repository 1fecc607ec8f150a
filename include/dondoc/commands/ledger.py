"""`ledger`: made or upgraded, and accepted anew after it was lost or restored."""

from dondoc.commands.parameters import By, Reason
from dondoc.commands.terminal import command, group, this_installation

ledger = group("Sổ cái: tạo, nâng cấp, nhận dùng sau khi khôi phục.")


@command(ledger, "upgrade", example="ledger upgrade")
def upgrade() -> None:
    """Tạo sổ cái, hoặc nâng cấp lên phiên bản của phần mềm; gõ lại cũng không sao."""
    from dondoc.ledger.store import upgrade_ledger

    installation = this_installation()
    upgrade_ledger(installation.ledger_url, owner_url=installation.ledger_owner_url)


@command(ledger, "accept", example='ledger accept --by "Lê Văn A" --reason "khôi phục bản sao lưu tối 13/11"')
def accept(by: By, reason: Reason) -> None:
    """Nhận dùng sổ cái này với thư mục kết quả này, sau khi khôi phục."""
    from dondoc.actor import Actor
    from dondoc.ledger import journal
    from dondoc.ledger.store import open_ledger
    from dondoc.vietnamese.wording import number

    installation = this_installation()
    opened = open_ledger(installation.ledger_url)
    entered = journal.accept(opened, installation.out, by=Actor.of_process(by), reason=reason)
    print(
        f"Đã nhận sổ cái. {number(entered)} thư đã đưa cho máy chủ thư mà sổ cái này không biết: ghi là chưa rõ đã tới "
        "chưa, không tự gửi lại; xem `dondoc mail list`."
    )
