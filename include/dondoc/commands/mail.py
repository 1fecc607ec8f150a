"""The operator's commands about mail: `python -m dondoc mail --help`."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from dondoc.actor import Actor
from dondoc.daily import mail_administration
from dondoc.installation import Installation
from dondoc.mail.account import SmtpAccount

KINDS = {"reminder": "thư nhắc việc", "report": "báo cáo", "final": "báo cáo cuối cùng", "closing": "thư kết thúc đợt"}


def add_mail_commands(commands: Any) -> None:
    """Add `mail` and what it can do to the operator's commands."""
    mail = commands.add_parser("mail", help="dừng, cho gửi lại, xem và quyết các thư")
    acts = mail.add_subparsers(dest="act", required=True, metavar="việc")
    for name, text in (("stop", "dừng gửi mọi thư"), ("resume", "cho gửi thư lại")):
        add_name_and_reason(acts.add_parser(name, help=text))
    acts.add_parser("list", help="các thư cần người xem")
    resolving = acts.add_parser("resolve", help="quyết một thư chưa rõ đã tới chưa, hoặc có nội dung khác")
    resolving.add_argument("key", help="khoá của thư, chép từ `mail list`")
    words = resolving.add_mutually_exclusive_group(required=True)
    for word, text in mail_administration.WORDS.items():
        words.add_argument(f"--{word}", dest="word", action="store_const", const=word, help=text)
    add_name_and_reason(resolving)
    settling = acts.add_parser("reconcile", help="đối chiếu thư chưa rõ với nhật ký máy chủ thư và hộp thư lưu")
    settling.add_argument("--log", type=Path, action="append", default=[], help="tệp nhật ký Postfix, theo thời gian")
    returning = acts.add_parser("bounces", help="đọc thông báo thư bị trả lại")
    returning.add_argument("--folder", type=Path, help="thư mục chứa tệp .eml; không có thì đọc hộp thư")
    sending = acts.add_parser("send", help="gửi thư đang chờ của một ngày khi Airflow không chạy")
    sending.add_argument("campaign", help="mã đợt")
    sending.add_argument("date", type=date.fromisoformat, help="ngày, dạng 2023-11-14")
    sending.add_argument("kind", choices=list(KINDS), help="; ".join(f"{k}: {w}" for k, w in KINDS.items()))


def run_mail_command(installation: Installation, chosen: argparse.Namespace) -> str:
    """Do the chosen act; return what to tell the operator.

    Raises:
        DondocError: it cannot be done.
    """
    if chosen.act == "list":
        return mail_administration.show(installation)
    if chosen.act == "resolve":
        by = Actor.of_process(chosen.by)
        return mail_administration.resolve(installation, key=chosen.key, word=chosen.word, by=by, reason=chosen.reason)
    if chosen.act == "reconcile":
        return mail_administration.settle(installation, logs=chosen.log)
    if chosen.act == "bounces":
        return mail_administration.bounces(installation, folder=chosen.folder)
    if chosen.act == "send":
        account = SmtpAccount.of_json
        return mail_administration.send(
            chosen.campaign, chosen.date, chosen.kind, lambda: account(installation.smtp_connection)
        )
    switch = {"stop": mail_administration.stop, "resume": mail_administration.resume}[chosen.act]
    return switch(installation, by=Actor.of_process(chosen.by), reason=chosen.reason)


def add_name_and_reason(parser: argparse.ArgumentParser) -> None:
    """Ask who decides, and why; neither may be blank."""
    parser.add_argument("--by", required=True, type=_said, help="họ tên người quyết")
    parser.add_argument("--reason", required=True, type=_said, help="lý do")


def _said(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("không được để trống")
    return text.strip()
