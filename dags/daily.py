"""Việc hằng ngày của một đợt: mỗi ngày làm việc một lần, vào giờ của đợt.

Máy chủ, cơ sở dữ liệu hay Airflow ngừng ít phút thì ô tự chạy lại, tối đa năm lần, lâu dần.

**Khi có ô đỏ**: mở ô đó, xem nhật ký và tìm dòng nói sai ở đâu, cách xử lý. Sửa xong, bấm *Clear* ở ô đó để chạy tiếp:
chạy lại không soạn trùng thư xin lỗi và không gửi thư lần hai. Sửa `campaign.yaml`, lịch, hồ sơ nguồn hay mẫu thì
*Clear* từ ô “Mở ngày”: các ô sau chỉ đọc bản đã ghim lúc mở ngày.

**Ô “Gửi …” bị bỏ qua** là bình thường khi đợt ở chế độ xem trước: mở
`out/<đợt>/<ngày>/mail/index.html` để xem mọi thư của ngày. Thư mà máy chủ hẹn lại không làm ô đỏ:
dòng “Thư hẹn lại” gửi tiếp, nhật ký của ô ghi còn mấy thư chờ.

**Ô “Cổng kiểm soát” bị bỏ qua** nghĩa là cổng đóng: thư bị giữ, báo cáo và thư xin lỗi vẫn được soạn. Mở ô đó, mục
*Mapped Tasks*: mỗi dòng là một cổng và lý do. Sửa nguồn rồi chạy lại cả ngày; hoặc, khi dữ liệu vốn đúng, *Trigger*
lại ngày đó và điền phần “Mở cổng”.

**Ngày cuối** chạy hai lượt: lượt sáng như mọi ngày, lượt sau lập **báo cáo cuối cùng**. Ở lượt sau, ô “Lấy nguồn” đỏ
thì ô “Bù nguồn thiếu” lấy số liệu gần nhất, báo cáo vẫn đi, trang đầu ghi CHƯA ĐỦ; ô “Canh lỗi” đỏ để lượt không xanh.
Quá giờ mà báo cáo chưa đi, dòng “Canh hạn báo cáo cuối cùng” báo cho người vận hành.
"""

from copy import deepcopy

from airflow.sdk import DAG, dag
from airflow.sdk.definitions.param import ParamsDict

from dondoc.campaign import Campaign
from dondoc.campaign.ending import run_slots
from dondoc_airflow.campaigns import calendar_of, common, register
from dondoc_airflow.day_parameters import DAY_PARAMETERS
from dondoc_airflow.office_day import (
    close_day,
    gate,
    letters_of,
    open_day,
    review,
    send_mails,
    take_sources,
    watcher,
    write,
)
from dondoc_airflow.retries import PATIENT
from dondoc_airflow.timetable import WorkingDayTimetable


def daily(campaign: Campaign) -> DAG:
    """Return the campaign's daily DAG; a box is opened for the tasks in it, which are in `office_day.py`."""
    slots = run_slots(campaign, calendar_of(campaign))

    @dag(
        dag_id=f"{campaign.code}.daily",
        dag_display_name=f"Đôn đốc hằng ngày: {campaign.title}",
        description=f"Hạn: {campaign.deadline_reading}",
        schedule=WorkingDayTimetable.at(slots, f"Ngày làm việc {campaign.daily_at:%H:%M}"),
        tags=["Đôn Đốc", campaign.code],
        **common(__doc__, PATIENT),
    )
    def flow() -> None:
        day = open_day(campaign.code, campaign.timezone)
        taken = take_sources(day, [source.name for source in campaign.sources])
        snapshots = gate(day, taken.snapshots)
        found = review(day, snapshots)
        written = write(day, snapshots, found, drafted=letters_of(campaign))
        send_mails(day, found, written) >> close_day(day, found, written.report)
        [taken.pulled, *written.watched] >> watcher()

    made = flow()
    # Only now that it has its tasks: each would carry them too, and their schemas be checked anew at every reading.
    # A copy: Airflow writes what a person said of a run into them.
    made.params = ParamsDict(deepcopy(DAY_PARAMETERS))
    return made


register(globals(), "daily", daily, tells_settings=True)
