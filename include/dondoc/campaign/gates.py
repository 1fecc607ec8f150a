"""What must hold of the incoming data before mail may leave: the gates' names and the campaign's thresholds."""

from typing import Annotated

from pydantic import Field

from dondoc.configuration import Settings

Share = Annotated[float, Field(ge=0, le=1)]

# Every gate by its name in commands, configuration and ledger, with the operator's word for it.
GATES = {
    "freshness": "dữ liệu mới",
    "row_count": "số dòng",
    "vanished_unit": "đơn vị mất dữ liệu",
    "quarantined": "dòng bị loại",
    "unknown_units": "đơn vị lạ",
    "newest_date": "ngày mới nhất",
    "future_dates": "ngày trong tương lai",
    "columns": "cột bắt buộc",
    "late_growth": "hồ sơ quá hạn tăng đột ngột",
}
ALL_GATES = "all"
EVERY_GATE = "mọi cổng"


class Gates(Settings):
    """Thresholds above which no mail leaves.

    Attributes:
        quarantined_share: rejected rows, of the rows that came in.
        unknown_unit_share: rows of a unit that is not the campaign's, of the rows that came in.
        row_drop_share: how far the rows that came in may fall below the median of the days before.
        future_share: rows received or assigned after the business date, of the rows that came in.
        newest_within_working_days: how old the newest date of receipt or assignment may be.
        late_growth: from how many times the day before's late cases on the gate closes.
        late_growth_floor: fewer new late cases than this never close it: one case more is double of one.
    """

    quarantined_share: Share
    unknown_unit_share: Share
    row_drop_share: Share = 0.2
    future_share: Share = 0.05
    newest_within_working_days: Annotated[int, Field(ge=0)] = 5
    late_growth: Annotated[float, Field(gt=1)] = 2.0
    late_growth_floor: Annotated[int, Field(ge=1)] = 10
