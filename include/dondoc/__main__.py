"""The operator's commands: `python -m dondoc --help`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from dondoc.actor import Actor
from dondoc.commands.answers import add_answer_commands, run_answer_command
from dondoc.commands.audit import add_audit_commands, run_audit_command
from dondoc.commands.clock import add_clock_commands, run_clock_command
from dondoc.commands.decisions import add_decision_commands, run_decision_command
from dondoc.commands.explain import print_explanation, print_impact
from dondoc.commands.ledger import add_ledger_commands, run_ledger_command
from dondoc.commands.letters import add_letter_commands, run_letter_command
from dondoc.commands.mail import add_mail_commands, run_mail_command
from dondoc.commands.outcome import print_outcome
from dondoc.commands.rehearsals import add_rehearsal_commands, run_rehearsal_command
from dondoc.decree30 import find_departures
from dondoc.errors import told
from dondoc.installation import Installation
from dondoc.ledger.store import now
from dondoc.ledger.troubles import in_words
from dondoc.vietnamese.wording import number

# What `watch` found is not what kept it from watching or from telling, which is 1.
PROBLEMS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 with the operator's message on standard error."""
    chosen = _parser().parse_args(arguments)
    installation = Installation.from_environment()
    try:
        return COMMANDS[chosen.command](installation, chosen)
    except Exception as error:  # noqa: BLE001 (told without what it quotes)
        print(f"LỖI: {told(in_words(error, installation.ledger_url), doing=f'lệnh {chosen.command}')}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dondoc", description="Đôn Đốc: các lệnh của người vận hành.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="lệnh")
    add_ledger_commands(commands)
    checking = commands.add_parser("check", help="kiểm tra cấu hình của một đợt, hoặc của mọi đợt")
    checking.add_argument("campaign", nargs="?", help="mã đợt")
    showing = commands.add_parser("show", help="in kết quả của một ngày")
    showing.add_argument("campaign", help="mã đợt")
    showing.add_argument("date", type=date.fromisoformat, help="ngày, dạng 2023-11-14")
    explaining = commands.add_parser("explain", help="giải thích từng ngày kết luận về một hồ sơ hoặc công việc")
    explaining.add_argument("campaign", help="mã đợt")
    explaining.add_argument("number", help="số hồ sơ hoặc số đến")
    explaining.add_argument("--date", type=date.fromisoformat, help="ngày đã chạy; không ghi thì là ngày mới nhất")
    weighing = commands.add_parser("impact", help="xem hồ sơ nào thay đổi nếu dùng một tệp lịch khác")
    weighing.add_argument("campaign", help="mã đợt")
    weighing.add_argument("date", type=date.fromisoformat, help="ngày đã chạy, dạng 2023-11-14")
    weighing.add_argument("calendar", type=Path, help="tệp lịch mới, dạng .yaml")
    rebuilding = commands.add_parser("report", help="dựng lại báo cáo của một ngày đã qua, đúng từng byte")
    rebuilding.add_argument("campaign", help="mã đợt")
    rebuilding.add_argument("date", type=date.fromisoformat, help="ngày đã chạy, dạng 2023-11-14")
    comparing = commands.add_parser("diff", help="xem số liệu, hồ sơ nào thay đổi giữa hai ngày")
    comparing.add_argument("campaign", help="mã đợt")
    comparing.add_argument("first", type=date.fromisoformat, metavar="từ", help="ngày đã chạy, dạng 2023-11-13")
    comparing.add_argument("second", type=date.fromisoformat, metavar="đến", help="ngày đã chạy, dạng 2023-11-14")
    publishing = commands.add_parser("publish", help="đóng gói thư đã duyệt, công khai thư đã ký")
    publishing.add_argument("campaign", help="mã đợt")
    publishing.add_argument("--by", required=True, help="họ tên người công khai, ghi vào sổ")
    previewing = commands.add_parser("preview", help="viết trang xem trước mọi thư của một ngày; không gửi gì")
    previewing.add_argument("campaign", help="mã đợt")
    previewing.add_argument("date", type=date.fromisoformat, help="ngày đã chạy, dạng 2023-11-14")
    add_decision_commands(commands)
    add_mail_commands(commands)
    add_answer_commands(commands)
    add_letter_commands(commands)
    add_clock_commands(commands)
    add_rehearsal_commands(commands)
    watching = commands.add_parser(
        "watch",
        help="canh chừng; mã 2 khi có việc cần xem, 1 khi không canh hoặc không báo được",
    )
    watching.add_argument("campaign", nargs="?", help="mã đợt; không ghi thì mọi đợt")
    listing = commands.add_parser("days", help="in từng ngày làm việc của đợt: xong, hỏng, lỡ")
    listing.add_argument("campaign", help="mã đợt")
    signing = commands.add_parser("signed", help="nhận bảng trình ký và bản đã ký đặt trong thư mục inbox của đợt")
    signing.add_argument("campaign", help="mã đợt")
    add_audit_commands(commands)
    forming = commands.add_parser("decree30", help="kiểm tra thể thức văn bản Word theo Nghị định 30/2020/NĐ-CP")
    forming.add_argument("files", nargs="+", type=Path, metavar="tệp", help="tệp .docx")
    return parser


def _ledger(installation: Installation, chosen: argparse.Namespace) -> int:
    print(run_ledger_command(installation, chosen), end="")
    return 0


def _show(installation: Installation, chosen: argparse.Namespace) -> int:
    return print_outcome(installation, chosen.campaign, chosen.date)


def _explain(installation: Installation, chosen: argparse.Namespace) -> int:
    return print_explanation(installation, chosen.campaign, chosen.number, chosen.date)


def _impact(installation: Installation, chosen: argparse.Namespace) -> int:
    return print_impact(installation, chosen.campaign, chosen.date, chosen.calendar)


def _report(installation: Installation, chosen: argparse.Namespace) -> int:
    # Word, Excel and the pictures load for this command alone.
    from dondoc.commands.reports import rebuild_report

    return rebuild_report(installation, chosen.campaign, chosen.date)


def _diff(installation: Installation, chosen: argparse.Namespace) -> int:
    from dondoc.commands.reports import print_diff

    return print_diff(installation, chosen.campaign, chosen.first, chosen.second)


def _decide(installation: Installation, chosen: argparse.Namespace) -> int:
    print(run_decision_command(installation, chosen))
    return 0


def _signed(installation: Installation, chosen: argparse.Namespace) -> int:
    # pandas, Excel and Word load for this command alone.
    from dondoc.signoff import steps
    from dondoc.signoff.signing import REFUSED

    installation.campaign(chosen.campaign)
    ended = steps.take_in(chosen.campaign)
    told = ", ".join(f"{number(count)} {state}" for state, count in ended.items()) or "không có tệp nào"
    print(f"{chosen.campaign}: {told}.\nTệp gốc và kết quả: {installation.out / chosen.campaign / 'inbox' / 'da-nhan'}")
    return 1 if ended.get(REFUSED) else 0


def _audit(installation: Installation, chosen: argparse.Namespace) -> int:
    said, wrong = run_audit_command(installation, chosen)
    for line in said:
        print(line)
    for line in wrong:
        print(f"LỖI: {line}.", file=sys.stderr)
    return 1 if wrong else 0


def _check(installation: Installation, chosen: argparse.Namespace) -> int:
    # pandas, Word and the readers of sources load for this command alone.
    from dondoc.commands.check import check_campaigns

    told = check_campaigns(installation, chosen.campaign)
    for one in told:
        print(one.text, flush=True)
        if one.refusal:
            # Each campaign's errors under its own line, also where both go to one screen.
            print(one.refusal, file=sys.stderr, flush=True)
    return 1 if any(one.errors for one in told) else 0


def _publish(installation: Installation, chosen: argparse.Namespace) -> int:
    # pandas and Word load for this command alone.
    from dondoc.installation.workplace import Workplace
    from dondoc.letters.publishing import publish_letters

    today = installation.today(installation.campaign(chosen.campaign).zone)
    place = Workplace.of({"campaign": chosen.campaign, "business_date": today.isoformat(), "kind": "daily"})
    published = publish_letters(place, by=Actor.of_process(chosen.by), at=now())
    print(f"{chosen.campaign}: công khai thêm {published.new} thư, danh sách có {published.listed} hồ sơ")
    print(*(f"  {path}" for path in published.files), *published.warnings, sep="\n")
    return 0


def _preview(installation: Installation, chosen: argparse.Namespace) -> int:
    # pandas loads for this command alone.
    from dondoc.daily.preview import write_preview
    from dondoc.installation.workplace import Workplace

    place = Workplace.of({"campaign": chosen.campaign, "business_date": chosen.date.isoformat(), "kind": "daily"})
    print(f"Mở bằng trình duyệt: {write_preview(place)}")
    return 0


def _mail(installation: Installation, chosen: argparse.Namespace) -> int:
    print(run_mail_command(installation, chosen))
    return 0


def _answers(installation: Installation, chosen: argparse.Namespace) -> int:
    print(run_answer_command(installation, chosen))
    return 0


def _letters(installation: Installation, chosen: argparse.Namespace) -> int:
    print(run_letter_command(installation, chosen))
    return 0


def _rehearsal(installation: Installation, chosen: argparse.Namespace) -> int:
    print(run_rehearsal_command(Installation.real(), chosen))
    return 0


def _clock(installation: Installation, chosen: argparse.Namespace) -> int:
    print(run_clock_command(installation, chosen))
    return 0


def _watch(installation: Installation, chosen: argparse.Namespace) -> int:
    # The mail's code loads for this command alone.
    from dondoc.commands.days import watch_board
    from dondoc.watch.alarm import watch

    told = watch(installation, [chosen.campaign] if chosen.campaign else [])
    print(watch_board(told))
    if any(one.blind or one.trouble for one in told):
        return 1
    return PROBLEMS if any(one.problems for one in told) else 0


def _days(installation: Installation, chosen: argparse.Namespace) -> int:
    from dondoc.commands.days import days_board

    print(days_board(installation, chosen.campaign))
    return 0


def _decree30(installation: Installation, chosen: argparse.Namespace) -> int:
    in_form = True
    for path in chosen.files:
        departures = find_departures(path)
        in_form = in_form and not departures
        print(f"{path}: {f'{len(departures)} điểm sai thể thức' if departures else 'đúng thể thức'}")
        for departure in departures:
            print(f"  - {departure}")
    return 0 if in_form else 1


COMMANDS: dict[str, Callable[[Installation, argparse.Namespace], int]] = {
    "ledger": _ledger,
    "check": _check,
    "show": _show,
    "explain": _explain,
    "impact": _impact,
    "report": _report,
    "diff": _diff,
    "mail": _mail,
    "answers": _answers,
    "letters": _letters,
    "override": _decide,
    "retake": _decide,
    "rehearsal": _rehearsal,
    "preview": _preview,
    "publish": _publish,
    "signed": _signed,
    "audit": _audit,
    "clock": _clock,
    "watch": _watch,
    "days": _days,
    "decree30": _decree30,
}


if __name__ == "__main__":
    sys.exit(main())
