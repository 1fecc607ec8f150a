"""`mail`: stop it, let it go on, look at what is in doubt, decide, send by hand."""

from pathlib import Path
from typing import Annotated

import typer

from dondoc.commands.parameters import By, Campaign, Day, Reason
from dondoc.commands.terminal import command, group, this_installation
from dondoc.vietnamese.names import fold

WORDS = ("sent", "resend", "keep")
# Kinds of mail by the words people read of them, as `ledger/mail_kinds.py` has them.
SENT_BY_HAND = {
    "nhắc việc": "reminder",
    "báo cáo": "report",
    "báo cáo cuối cùng": "final",
    "kết thúc đợt": "closing",
}

mail = group("Thư điện tử: dừng, cho gửi lại, xem và quyết các thư.")


def read_kind(text: str) -> str:
    """Return the kind of mail that is meant, its words written with accents or without, with spaces or hyphens.

    Raises:
        BadParameter: no kind is called so.
    """
    known = {fold(name): key for name, key in SENT_BY_HAND.items()}
    # Scripts of earlier versions write a kind as the outbox does.
    known |= {key: key for key in SENT_BY_HAND.values()}
    if fold(text) not in known:
        raise typer.BadParameter(f"không có “{text}”; chọn: {', '.join(SENT_BY_HAND)}")
    return known[fold(text)]


@command(mail, "stop", example='mail stop --by "Lê Văn A" --reason "sai mẫu thư"')
def stop(by: By, reason: Reason) -> None:
    """Dừng gửi mọi thư."""
    from dondoc.actor import Actor
    from dondoc.daily import mail_administration

    print(mail_administration.stop(this_installation(), by=Actor.of_process(by), reason=reason))


@command(mail, "resume", example='mail resume --by "Lê Văn A" --reason "đã sửa mẫu thư"')
def resume(by: By, reason: Reason) -> None:
    """Cho gửi thư lại."""
    from dondoc.actor import Actor
    from dondoc.daily import mail_administration

    print(mail_administration.resume(this_installation(), by=Actor.of_process(by), reason=reason))


@command(mail, "try", example='mail try hai-phong-2023 toi@coquan.gov.vn --by "Lê Văn A"')
def try_out(
    campaign: Campaign,
    recipient: Annotated[str, typer.Argument(metavar="địa chỉ", help="hộp thư của mình, thuộc tên miền của cơ quan")],
    by: By,
) -> None:
    """Gửi ngay một thư thử tới hộp thư của mình để thử tài khoản gửi thư."""
    from dondoc.actor import Actor
    from dondoc.daily.trial_mail import send_trial
    from dondoc.mail.account import SmtpAccount

    connection = this_installation().smtp_connection
    print(send_trial(campaign, recipient, lambda: SmtpAccount.of_json(connection), by=Actor.of_process(by)))


@command(mail, "list", example="mail list")
def list_mails() -> None:
    """In các thư cần người xem, kèm khóa của từng thư."""
    from dondoc.daily import mail_administration

    print(mail_administration.show(this_installation()))


@command(mail, "resolve", example='mail resolve "<khóa>" --sent --by "Lê Văn A" --reason "đã hỏi, thư đã tới"')
def resolve(
    key: Annotated[str, typer.Argument(metavar="khóa", help="khóa của thư, chép từ `mail list`")],
    by: By,
    reason: Reason,
    sent: Annotated[bool, typer.Option("--sent", help="thư đã tới, không gửi lại")] = False,
    resend: Annotated[bool, typer.Option("--resend", help="gửi lại (báo cáo, hoặc thư có nội dung khác)")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="giữ nội dung đã gửi")] = False,
) -> None:
    """Quyết một thư chưa rõ đã tới chưa, hoặc có nội dung khác: ghi đúng một trong --sent, --resend, --keep."""
    chosen = [word for word, given in zip(WORDS, (sent, resend, keep), strict=True) if given]
    if len(chosen) != 1:
        raise typer.BadParameter("Ghi đúng một trong --sent, --resend, --keep")
    from dondoc.actor import Actor
    from dondoc.daily import mail_administration

    actor = Actor.of_process(by)
    print(mail_administration.resolve(this_installation(), key=key, word=chosen[0], by=actor, reason=reason))


@command(mail, "reconcile", example="mail reconcile --log /var/log/mail.log.1 --log /var/log/mail.log")
def reconcile(
    log: Annotated[
        list[Path] | None, typer.Option(metavar="<tệp>", help="nhật ký Postfix; nhiều tệp thì cũ trước, mới sau")
    ] = None,
) -> None:
    """Đối chiếu thư chưa rõ với nhật ký máy chủ thư và hộp thư lưu."""
    from dondoc.daily import mail_administration

    print(mail_administration.settle(this_installation(), logs=log or []))


@command(mail, "bounces", example="mail bounces")
def bounces(
    folder: Annotated[
        Path | None, typer.Option(metavar="<thư mục>", help="thư mục tệp .eml; không ghi thì đọc hộp thư")
    ] = None,
) -> None:
    """Đọc thông báo thư bị trả lại."""
    from dondoc.daily import mail_administration

    print(mail_administration.bounces(this_installation(), folder=folder))


@command(mail, "send", example='mail send hai-phong-2023 14/11/2023 "báo cáo"')
def send(
    campaign: Campaign,
    day: Day,
    kind: Annotated[
        str,
        typer.Argument(metavar="loại thư", parser=read_kind, help=f"{', '.join(SENT_BY_HAND)}; viết bao-cao cũng được"),
    ],
) -> None:
    """Gửi thư đang chờ của một ngày khi Airflow không chạy."""
    from dondoc.daily import mail_administration
    from dondoc.mail.account import SmtpAccount

    connection = this_installation().smtp_connection
    print(mail_administration.send(campaign, day, kind, lambda: SmtpAccount.of_json(connection)))
