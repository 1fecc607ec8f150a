"""`answers`: what the units sent back, taken in, listed and corrected."""

from datetime import date, timedelta
from typing import Annotated

import typer

from dondoc.commands.parameters import EITHER_FORM, By, Campaign, Number, Reason, read_day
from dondoc.commands.terminal import command, group, this_installation

COUNT_NAMES = {
    "files": "tệp",
    "accepted": "ô đã nhận",
    "refused": "ô không nhận",
    "ignored": "ô không tính",
    "again": "tệp đã nhận từ trước",
    "files_refused": "tệp không nhận",
}
SET_ASIDE_SHOWN = timedelta(days=30)

answers = group("Câu trả lời của các đơn vị: nhận, xem, sửa.")


@command(answers, "take", example="answers take hai-phong-2023")
def take(campaign: Campaign) -> None:
    """Nhận ngay tệp đặt trong thư mục trả lời, và soạn thư báo nhận."""
    from dondoc.daily import replies
    from dondoc.vietnamese.wording import number

    installation = this_installation()
    installation.campaign(campaign)
    ended = replies.take_folder(campaign)
    written = replies.write_receipts(campaign)
    told = ", ".join(f"{number(count)} {COUNT_NAMES[name]}" for name, count in ended.items() if count)
    done = installation.answers_folder(campaign) / "da-nhan"
    print(f"{told or 'không có tệp nào'}; {number(written)} thư báo nhận hôm nay.\nTệp gốc và kết quả: {done}")


@command(
    answers, "correct", example='answers correct hai-phong-2023 H24-0001 20/11/2023 --by "Lê A" --reason "gõ nhầm"'
)
def correct(
    campaign: Campaign,
    number: Number,
    day: Annotated[date, typer.Argument(metavar="ngày", parser=read_day, help=f"ngày hẹn đúng: {EITHER_FORM}")],
    by: By,
    reason: Reason,
) -> None:
    """Sửa ngày hẹn trả mới mà đơn vị đã trả lời nhầm; ghi vào sổ kiểm toán."""
    from dondoc.actor import Actor
    from dondoc.daily import replies
    from dondoc.vietnamese.wording import short_date

    this_installation().campaign(campaign)
    was = replies.correct(campaign, number, day, by=Actor.of_process(by), reason=reason)
    print(f"Hồ sơ {number}: ngày hẹn trả mới là {short_date(day)}, thay ngày {short_date(was)}.")


@command(answers, "list", example="answers list hai-phong-2023")
def list_answers(campaign: Campaign) -> None:
    """In thư, tệp để riêng; tệp, ô chưa nhận; số dòng mỗi đơn vị đã trả lời và còn chờ."""
    from dondoc.answers.columns import FIELD_NAMES
    from dondoc.ledger import answers
    from dondoc.ledger.set_aside import ANSWERS, BOUNCES, MAIL, SIGNED, list_set_aside
    from dondoc.ledger.store import open_ledger
    from dondoc.ledger.workbooks import latest_workbooks
    from dondoc.vietnamese.wording import number, short_date

    installation = this_installation()
    doors = {MAIL: "thư trả lời", BOUNCES: "thư báo bị trả lại"}
    doors |= {ANSWERS: "tệp trong thư mục trả lời", SIGNED: "tệp trong thư mục bản ký"}
    ledger = open_ledger(installation.ledger_url)
    today = installation.today(installation.campaign(campaign).zone)
    lines = [
        f"để riêng         {one.unit or '?':<6} {short_date(one.business_date)}  {doors[one.door]}"
        f"{f' từ {one.sender}' if one.sender else ''} ({one.origin}): {one.reason}"
        for one in list_set_aside(ledger, campaign=campaign, since=today - SET_ASIDE_SHOWN)
    ]
    lines += [
        f"tệp không nhận  {file.unit or '?':<6} {short_date(file.business_date)}  {file.name}: {file.reason}"
        for file in answers.refused_files(ledger, campaign=campaign)
    ]
    lines += [
        f"ô không nhận    {cell.unit:<6} {short_date(cell.business_date)}  {cell.number}, "
        f"{FIELD_NAMES[cell.field]}: {cell.reason}"
        for cell in answers.refused_cells(ledger, campaign=campaign)
    ]
    said = {(row.kind, row.number) for row in answers.accepted(ledger, campaign=campaign, as_of=today)}
    for issued in latest_workbooks(ledger, campaign=campaign):
        done = sum((line.kind, line.number) in said for line in issued.lines)
        lines.append(
            f"{issued.unit:<6} tệp ngày {short_date(issued.business_date)}: {number(len(issued.lines))} dòng, "
            f"đã trả lời {number(done)}, còn chờ {number(len(issued.lines) - done)}"
        )
    print("\n".join(lines) or "Chưa có tệp nào gửi cho đơn vị.")
