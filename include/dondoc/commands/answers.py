"""The operator's commands about units' answers: `python -m dondoc answers --help`."""

import argparse
from datetime import date, timedelta
from typing import Any

from dondoc.actor import Actor
from dondoc.commands.mail import add_name_and_reason
from dondoc.installation import Installation
from dondoc.ledger import answers
from dondoc.ledger.set_aside import BOUNCES, MAIL, list_set_aside
from dondoc.ledger.store import open_ledger
from dondoc.ledger.workbooks import latest_workbooks
from dondoc.vietnamese.wording import number, short_date

COUNT_NAMES = {
    "files": "tệp",
    "accepted": "ô đã nhận",
    "refused": "ô không nhận",
    "ignored": "ô không tính",
    "again": "tệp đã nhận từ trước",
    "files_refused": "tệp không nhận",
}
DOORS = {MAIL: "thư trả lời", BOUNCES: "thư báo bị trả lại"}
SET_ASIDE_SHOWN = timedelta(days=30)


def add_answer_commands(commands: Any) -> None:
    """Add `answers` and what it can do to the operator's commands."""
    parser = commands.add_parser("answers", help="nhận và xem câu trả lời của các đơn vị")
    acts = parser.add_subparsers(dest="act", required=True, metavar="việc")
    for name, text in (
        ("take", "nhận ngay tệp đặt trong thư mục trả lời, và soạn thư báo nhận"),
        ("list", "tệp, ô chưa nhận; số dòng mỗi đơn vị đã trả lời và còn chờ"),
    ):
        acts.add_parser(name, help=text).add_argument("campaign", help="mã đợt")
    correcting = acts.add_parser("correct", help="sửa ngày hẹn trả mới mà đơn vị đã trả lời nhầm; ghi vào sổ kiểm toán")
    correcting.add_argument("campaign", help="mã đợt")
    correcting.add_argument("number", metavar="số hồ sơ")
    correcting.add_argument("day", metavar="ngày", type=date.fromisoformat, help="ngày hẹn đúng, dạng 2023-11-20")
    add_name_and_reason(correcting)


def run_answer_command(installation: Installation, chosen: argparse.Namespace) -> str:
    """Do the chosen act; return what to tell the operator."""
    installation.campaign(chosen.campaign)
    if chosen.act == "correct":
        return _correct(chosen)
    return {"take": _take, "list": _list}[chosen.act](installation, chosen.campaign)


def _correct(chosen: argparse.Namespace) -> str:
    # pandas and Excel load for this command alone.
    from dondoc.daily import replies

    was = replies.correct(
        chosen.campaign, chosen.number, chosen.day, by=Actor.of_process(chosen.by), reason=chosen.reason
    )
    return f"Hồ sơ {chosen.number}: ngày hẹn trả mới là {short_date(chosen.day)}, thay ngày {short_date(was)}."


def _take(installation: Installation, code: str) -> str:
    # pandas and Excel load for this command alone.
    from dondoc.daily import replies

    ended = replies.take_folder(code)
    written = replies.write_receipts(code)
    told = ", ".join(f"{number(count)} {COUNT_NAMES[name]}" for name, count in ended.items() if count)
    done = installation.answers_folder(code) / "da-nhan"
    return f"{told or 'không có tệp nào'}; {number(written)} thư báo nhận hôm nay.\nTệp gốc và kết quả: {done}"


def _list(installation: Installation, code: str) -> str:
    from dondoc.answers.columns import FIELD_NAMES

    ledger = open_ledger(installation.ledger_url)
    today = installation.today(installation.campaign(code).zone)
    lines = [
        f"để riêng         {one.unit or '?':<6} {short_date(one.business_date)}  {DOORS[one.door]}"
        f"{f' từ {one.sender}' if one.sender else ''} ({one.origin}): {one.reason}"
        for one in list_set_aside(ledger, campaign=code, since=today - SET_ASIDE_SHOWN)
    ]
    lines += [
        f"tệp không nhận  {file.unit or '?':<6} {short_date(file.business_date)}  {file.name}: {file.reason}"
        for file in answers.refused_files(ledger, campaign=code)
    ]
    lines += [
        f"ô không nhận    {cell.unit:<6} {short_date(cell.business_date)}  {cell.number}, "
        f"{FIELD_NAMES[cell.field]}: {cell.reason}"
        for cell in answers.refused_cells(ledger, campaign=code)
    ]
    said = {(row.kind, row.number) for row in answers.accepted(ledger, campaign=code, as_of=today)}
    for issued in latest_workbooks(ledger, campaign=code):
        done = sum((line.kind, line.number) in said for line in issued.lines)
        lines.append(
            f"{issued.unit:<6} tệp ngày {short_date(issued.business_date)}: {number(len(issued.lines))} dòng, "
            f"đã trả lời {number(done)}, còn chờ {number(len(issued.lines) - done)}"
        )
    return "\n".join(lines) or "Chưa có tệp nào gửi cho đơn vị."
