"""What the commands ask for, each read in one way: campaigns, days, who decides and why."""

import re
from calendar import monthrange
from datetime import date
from typing import Annotated

import typer

DAY_FORMS = (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})",
)
EITHER_FORM = "2023-11-14 hoặc 14/11/2023"


def read_day(text: str) -> date:
    """Return the day that is written as 2023-11-14 or as 14/11/2023.

    Raises:
        BadParameter: it is written otherwise, or there is no such day.
    """
    found = next(filter(None, (re.fullmatch(form, text.strip(), re.ASCII) for form in DAY_FORMS)), None)
    if found is None:
        raise typer.BadParameter(f"“{text}” không phải là ngày; viết {EITHER_FORM}")
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if not year:
        raise typer.BadParameter(f"“{text}”: không có năm 0; viết {EITHER_FORM}")
    if not 1 <= month <= 12:
        raise typer.BadParameter(f"“{text}”: không có tháng {month}; viết {EITHER_FORM}")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise typer.BadParameter(f"“{text}”: tháng {month}/{year} không có ngày {day}")
    return date(year, month, day)


def read_words(text: str) -> str:
    """Return the words without the spaces around them.

    Raises:
        BadParameter: nothing is left.
    """
    if not text.strip():
        raise typer.BadParameter("không được để trống")
    return text.strip()


Campaign = Annotated[str, typer.Argument(metavar="mã đợt", help="tên thư mục của đợt")]
AnyCampaign = Annotated[str | None, typer.Argument(metavar="mã đợt", help="tên thư mục của đợt; không ghi: mọi đợt")]
Day = Annotated[date, typer.Argument(metavar="ngày", parser=read_day, help=f"ngày đã chạy: {EITHER_FORM}")]
LaterDay = Annotated[date, typer.Argument(metavar="ngày sau", parser=read_day, help="một ngày khác đã chạy")]
AnyDay = Annotated[
    date | None, typer.Argument(metavar="ngày", parser=read_day, help=f"{EITHER_FORM}; không ghi: ngày mới nhất")
]
Number = Annotated[str, typer.Argument(metavar="số", help="số hồ sơ hoặc số đến")]
By = Annotated[str, typer.Option(metavar="<họ tên>", parser=read_words, help="người quyết, ghi vào sổ kiểm toán")]
Reason = Annotated[str, typer.Option(metavar="<lý do>", parser=read_words, help="vì sao, ghi vào sổ kiểm toán")]
