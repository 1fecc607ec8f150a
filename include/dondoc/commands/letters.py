"""`letters`: those that are held looked at and decided; those signed outside taken in; all of them published."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.commands.parameters import By, Campaign, Reason
from dondoc.commands.terminal import command, group, this_installation

if TYPE_CHECKING:
    from dondoc.ledger.letters import Letter

letters = group("Thư xin lỗi: nhận bản đã ký, công khai, quyết thư bị giữ vì hồ sơ thay đổi.")

Marks = Annotated[list[str], typer.Argument(metavar="mã thư", help="mã của từng thư, chép từ `letters held`")]


@command(letters, "take", example="letters take hai-phong-2023")
def take(campaign: Campaign) -> int:
    """Nhận ngay bảng trình ký và bản đã ký đặt trong thư mục inbox của đợt."""
    from dondoc.signoff import steps
    from dondoc.signoff.signing import REFUSED
    from dondoc.vietnamese.wording import number

    installation = this_installation()
    installation.campaign(campaign)
    ended = steps.take_in(campaign)
    told = ", ".join(f"{number(count)} {state}" for state, count in ended.items()) or "không có tệp nào"
    print(f"{campaign}: {told}.\nTệp gốc và kết quả: {installation.out / campaign / 'inbox' / 'da-nhan'}")
    return 1 if ended.get(REFUSED) else 0


@command(letters, "publish", example='letters publish hai-phong-2023 --by "Lê Văn A"')
def publish(campaign: Campaign, by: By) -> None:
    """Đóng gói thư đã duyệt, công khai thư đã ký."""
    from dondoc.actor import Actor
    from dondoc.installation.workplace import Workplace
    from dondoc.ledger.store import now
    from dondoc.letters.publishing import publish_letters

    installation = this_installation()
    today = installation.today(installation.campaign(campaign).zone)
    place = Workplace.on(campaign, today)
    published = publish_letters(place, by=Actor.of_process(by), at=now())
    print(f"{campaign}: công khai thêm {published.new} thư, danh sách có {published.listed} hồ sơ")
    print(*(f"  {path}" for path in published.files), *published.warnings, sep="\n")


@command(letters, "held", example="letters held hai-phong-2023")
def held(campaign: Campaign) -> None:
    """In các thư đang bị giữ, lý do và mã để quyết."""
    from dondoc.ledger.letters import held_letters
    from dondoc.ledger.store import open_ledger

    installation = this_installation()
    settings = installation.campaign(campaign)
    ledger = open_ledger(installation.ledger_url)
    found = held_letters(ledger, campaign=settings.code, as_of=installation.today(settings.zone))
    print("\n".join(map(_line, found)) or "Không có thư nào đang bị giữ.")


@command(letters, "confirm", example='letters confirm hai-phong-2023 4f0c21d8aa10 --by "Lê Văn A" --reason "đã xem"')
def confirm(campaign: Campaign, marks: Marks, by: By, reason: Reason) -> None:
    """Xác nhận thư bị giữ vẫn dùng được như đã duyệt, đã ký."""
    from dondoc.ledger.held import CONFIRM
    from dondoc.vietnamese.wording import number

    decided = _decide(campaign, marks, CONFIRM, by=by, reason=reason)
    print(f"Đã xác nhận {number(len(decided))} thư: dùng đúng như đã duyệt, đã ký.")


@command(
    letters, "return", example='letters return hai-phong-2023 4f0c21d8aa10 --by "Lê Văn A" --reason "đã trả hồ sơ"'
)
def give_back(campaign: Campaign, marks: Marks, by: By, reason: Reason) -> None:
    """Trả lại thư bị giữ; thư đã ký thì không phát hành (chỉ khi chưa gửi cho người dân)."""
    from dondoc.ledger.held import RETURN
    from dondoc.ledger.letters import SIGNED
    from dondoc.vietnamese.wording import number

    decided = _decide(campaign, marks, RETURN, by=by, reason=reason)
    void = [letter.number or "" for letter in decided if letter.state == SIGNED]
    told = f"Đã trả lại {number(len(decided))} thư."
    print(told + (f" Không phát hành thư số {', '.join(void)}; số đã cấp không dùng lại." if void else ""))


def _decide(campaign: str, marks: Sequence[str], act: str, *, by: str, reason: str) -> "Sequence[Letter]":
    from dondoc.actor import Actor
    from dondoc.campaign.permissions import Right
    from dondoc.ledger.held import HeldLetterDecision, decide_held
    from dondoc.ledger.rights import require_right
    from dondoc.ledger.store import now, open_ledger

    installation = this_installation()
    actor = Actor.of_process(by)
    settings = installation.campaign(campaign)
    ledger = open_ledger(installation.ledger_url)
    require_right(ledger, settings, Right.SIGN, actor, subject=settings.code)
    return decide_held(ledger, marks, HeldLetterDecision(act, actor, reason), campaign=settings.code, at=now())


def _line(letter: "Letter") -> str:
    from dondoc.ledger.held import mark_of
    from dondoc.ledger.transitions import STATE_NAMES
    from dondoc.vietnamese.wording import short_date

    signed = f", số {letter.number} ngày {short_date(letter.signed_on)}" if letter.signed_on else ""
    since = f"hồ sơ thay đổi ngày {short_date(letter.stale_on)}" if letter.stale_on else "hồ sơ thay đổi"
    return (
        f"{mark_of(letter)}  {letter.unit:<6} {letter.case_number}  {STATE_NAMES[letter.state]}{signed}; "
        f"{since}: {letter.stale_reason}\n{'':14}{letter.path}"
    )
