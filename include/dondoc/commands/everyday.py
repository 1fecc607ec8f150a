"""The verbs that are typed day by day, and so stand without a noun."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dondoc.commands.parameters import AnyCampaign, AnyDay, Campaign, Day, Number
from dondoc.commands.terminal import command, group, this_installation

# What `watch` found is not what kept it from watching or from telling, which is 1.
PROBLEMS = 2

everyday = group("Đôn Đốc: các lệnh của người vận hành.")


@command(everyday, "check", example="check hai-phong-2023")
def check(campaign: AnyCampaign = None) -> int:
    """Kiểm tra cấu hình, mẫu, lịch, tệp nguồn của một đợt hoặc của mọi đợt; không gửi gì."""
    from dondoc.commands.check import check_campaigns

    told = check_campaigns(this_installation(), campaign)
    for one in told:
        print(one.text, flush=True)
        if one.refusal:
            # Each campaign's errors under its own line, also where both go to one screen.
            print(one.refusal, file=sys.stderr, flush=True)
    return 1 if any(one.errors for one in told) else 0


@command(everyday, "show", example="show hai-phong-2023 14/11/2023")
def show(campaign: Campaign, day: Day) -> int:
    """In kết quả của một ngày."""
    from dondoc.commands.outcome import print_outcome

    return print_outcome(this_installation(), campaign, day)


@command(everyday, "explain", example="explain hai-phong-2023 000.00.12.H24-231002-0001")
def explain(campaign: Campaign, number: Number, day: AnyDay = None) -> int:
    """Giải thích từng ngày kết luận về một hồ sơ hoặc công việc."""
    from dondoc.commands.explain import print_explanation

    return print_explanation(this_installation(), campaign, number, day)


@command(everyday, "impact", example="impact hai-phong-2023 14/11/2023 vn-moi.yaml")
def impact(
    campaign: Campaign,
    day: Day,
    file: Annotated[Path, typer.Argument(metavar="tệp lịch", help="tệp lịch mới, dạng .yaml")],
) -> int:
    """Xem hồ sơ nào thay đổi nếu dùng một tệp lịch khác."""
    from dondoc.commands.explain import print_impact

    return print_impact(this_installation(), campaign, day, file)


@command(everyday, "preview", example="preview hai-phong-2023 14/11/2023")
def preview(campaign: Campaign, day: Day) -> None:
    """Viết trang xem trước mọi thư của một ngày; không gửi gì."""
    from dondoc.daily.preview import write_preview
    from dondoc.installation.workplace import Workplace

    place = Workplace.on(campaign, day)
    print(f"Mở bằng trình duyệt: {write_preview(place)}")


@command(everyday, "days", example="days hai-phong-2023")
def days(campaign: Campaign) -> None:
    """In từng ngày làm việc của đợt: xong, hỏng, lỡ."""
    from dondoc.commands.days import days_board

    print(days_board(this_installation(), campaign))


@command(everyday, "ready", example="ready hai-phong-2023")
def ready(campaign: Campaign) -> int:
    """Xem đợt đã sẵn sàng gửi thư thật chưa; mã 2 khi còn việc phải làm."""
    from dondoc.commands.days import ready_board
    from dondoc.watch.readiness import readiness

    points = readiness(this_installation(), campaign)
    print(ready_board(points))
    return 0 if all(point.done for point in points) else PROBLEMS


@command(everyday, "watch", example="watch")
def watch(campaign: AnyCampaign = None) -> int:
    """Canh chừng; mã 2 khi có việc cần xem, 1 khi không canh hoặc không báo được."""
    from dondoc.commands.days import watch_board
    from dondoc.watch import alarm

    told = alarm.watch(this_installation(), [campaign] if campaign else [])
    print(watch_board(told))
    if any(one.blind or one.trouble for one in told):
        return 1
    return PROBLEMS if any(one.problems for one in told) else 0
