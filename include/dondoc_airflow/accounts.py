"""Accounts of servers, as an administrator keeps them under Airflow's connections."""

from typing import TYPE_CHECKING

from airflow.sdk import BaseHook, Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from dondoc.errors import DondocError, MailError, SourceError

if TYPE_CHECKING:
    from dondoc.mail.account import SmtpAccount
    from dondoc.mail.mailbox import Mailbox
    from dondoc.sources.account import ApiAccount

SMTP_CONNECTION = "dondoc_smtp"


def mail_account() -> "SmtpAccount":
    """Return the account that sends."""
    from dondoc.mail.account import SmtpAccount

    remedy = "thêm kết nối loại SMTP với tên này: máy chủ, cổng, tài khoản."
    found = _connection(SMTP_CONNECTION, MailError, "Chưa khai báo tài khoản gửi thư.", remedy)
    return SmtpAccount.of_connection(found.host, found.port, found.login, found.password, found.extra_dejson)


def mailbox(name: str) -> "Mailbox":
    """Return the mailbox that the connection `name` describes."""
    from dondoc.mail.mailbox import Mailbox

    remedy = "thêm kết nối loại Generic với tên này: máy chủ, cổng, tài khoản, mật khẩu."
    found = _connection(name, MailError, "Chưa khai báo hộp thư nhận trả lời.", remedy)
    return Mailbox.of_connection(found.host, found.port, found.login, found.password, found.extra_dejson)


def source_account(name: str) -> "ApiAccount":
    """Return the account of a source's server that the connection `name` describes."""
    from dondoc.sources.account import ApiAccount

    remedy = "thêm kết nối loại HTTP với tên này: máy chủ, tài khoản, mật khẩu hoặc mã truy cập."
    return ApiAccount.of_connection(_connection(name, SourceError, "Chưa khai báo kết nối tới nguồn.", remedy))


def _connection(name: str, error: type[DondocError], what: str, remedy: str) -> Connection:
    try:
        return BaseHook.get_connection(name)
    except AirflowNotFoundException as missing:
        raise error(what, where=f"Airflow, Admin > Connections, {name}", remedy=remedy) from missing
