"""`report`: past reports made again, and compared."""

from dondoc.commands.parameters import Campaign, Day, LaterDay
from dondoc.commands.terminal import command, group, this_installation

report = group("Dựng lại, so sánh báo cáo của các ngày đã qua.")


@command(report, "rebuild", example="report rebuild hai-phong-2023 14/11/2023")
def rebuild(campaign: Campaign, day: Day) -> int:
    """Dựng lại báo cáo của một ngày đã qua, đúng từng byte."""
    from dondoc.commands.past_reports import rebuild_report

    return rebuild_report(this_installation(), campaign, day)


@command(report, "diff", example="report diff hai-phong-2023 13/11/2023 14/11/2023")
def diff(campaign: Campaign, day: Day, later: LaterDay) -> int:
    """Xem số liệu, hồ sơ nào thay đổi giữa hai ngày."""
    from dondoc.commands.past_reports import print_diff

    return print_diff(this_installation(), campaign, day, later)
