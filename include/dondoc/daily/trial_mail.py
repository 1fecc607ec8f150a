"""A mail to try the account with: the same server, protection, sender and guards as all others, but no day's facts."""

from collections.abc import Callable
from html import escape

from dondoc.actor import Actor
from dondoc.errors import MailError
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import audit
from dondoc.ledger.claims import SENT
from dondoc.ledger.control import read_switch
from dondoc.mail.account import SmtpAccount
from dondoc.mail.compose import Envelope, build_message
from dondoc.mail.correspondents import readers, writer
from dondoc.mail.guards import off_domain
from dondoc.mail.session import open_session
from dondoc.mail.transport import AccountRefusedError, OutgoingMessage, SmtpStage, dated, offer

TRIED = "mail.tried"
TAKEN = "mail.trial_taken"
SUBJECT = "[Thư thử] Đôn Đốc gửi được thư, lúc {at}"
BODY = (
    "Đây là thư thử của Đôn Đốc, đợt “{title}”, do {by} gửi lúc {at}.",
    "Thư phải nằm ở hộp thư đến. Nếu nằm ở mục thư rác: đề nghị người quản trị tên miền {domain} xem lại bản ghi SPF, "
    "DKIM, DMARC của địa chỉ gửi {sender}.",
    "Bấm trả lời: địa chỉ nhận phải là {answers}.",
)


def send_trial(campaign: str, recipient: str, account: Callable[[], SmtpAccount], *, by: Actor) -> str:
    """Send one trial mail now and return what to tell the person; that it was tried is in the audit first.

    Raises:
        MailError: all mail is stopped, the address is not the office's, or the server refuses the account or the mail.
        UnreachableError: the server does not answer.
    """
    installation = Installation.from_environment()
    zone = installation.campaign(campaign).zone
    at = installation.now(zone)
    place = Workplace.on(campaign, at.date())
    _refuse(place, recipient)
    subject = f"{campaign} {at.date()}"
    audit.record(place.ledger, audit.Act(by, TRIED, subject, {"recipient": recipient, "at": at.isoformat()}))
    message = OutgoingMessage(dated(_message(place, recipient, by), at), place.day.campaign.mail.sender, recipient)
    found = account()
    session = open_session(found)
    server = f"máy chủ thư {found.host}:{found.port}"
    try:
        result = offer(session, message, watch=_unwatched)
    except AccountRefusedError as error:
        remedy = "kiểm tra tài khoản, mật khẩu và quyền gửi của kết nối dondoc_smtp."
        raise MailError(f"Máy chủ thư từ chối tài khoản gửi ({error}).", where=server, remedy=remedy) from error
    if result.state != SENT:
        remedy = "sửa theo lời máy chủ trả lời, rồi gửi thử lại."
        raise MailError(f"Thư thử tới {recipient} không đi: {result.answer}.", where=server, remedy=remedy)
    audit.record(place.ledger, audit.Act(by, TAKEN, subject, {"recipient": recipient, "answer": result.answer}))
    return (
        f"{server[0].upper()}{server[1:]} đã nhận thư thử gửi {recipient} ({result.answer}). "
        "Mở hộp thư ấy: thư phải ở hộp thư đến, không ở mục thư rác."
    )


def _refuse(place: Workplace, recipient: str) -> None:
    switch = read_switch(place.ledger)
    if switch and switch.stopped:
        remedy = "cho gửi thư lại bằng `dondoc mail resume`."
        raise MailError(f"Đang dừng gửi mọi thư: {switch.why}.", where=switch.who, remedy=remedy)
    if reason := off_domain(recipient, place.day.campaign.mail.allowed_domains):
        remedy = "gửi thử tới hộp thư của cơ quan, hoặc thêm tên miền vào mail.domains của campaign.yaml."
        raise MailError(f"Không gửi thử tới địa chỉ này: {reason}.", where=recipient, remedy=remedy)


def _message(place: Workplace, recipient: str, by: Actor) -> bytes:
    campaign = place.day.campaign
    at = f"{place.installation.now(campaign.zone):%H:%M:%S ngày %d/%m/%Y}"
    sender = campaign.mail.sender
    answers = readers(campaign, workbooks=False)
    values = {"title": campaign.title, "by": by.words, "at": at, "sender": sender}
    values |= {"domain": sender.rpartition("@")[2], "answers": ", ".join(one.address for one in answers)}
    lines = [line.format(**values) for line in BODY]
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    envelope = Envelope(writer(campaign), recipient, SUBJECT.format(at=at), f"{TRIED}|{campaign.code}|{at}", answers)
    page = f'<!doctype html><html lang="vi"><body style="font:16px/1.5 serif">{html}</body></html>'
    return build_message(envelope, plain="\n\n".join(lines), html=page, attachments={})


def _unwatched(_stage: SmtpStage) -> None:
    return None
