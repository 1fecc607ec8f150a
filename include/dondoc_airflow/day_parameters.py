"""What a person may say of a day's run when they trigger it."""

from airflow.sdk import Param

from dondoc.campaign import ALL_GATES, EVERY_GATE, GATES

OVERRIDE = "Mở cổng kiểm soát đang đóng"
DAY_PARAMETERS = {
    "business_date": Param(
        None, type=["null", "string"], format="date", title="Ngày làm việc", description="Để trống: ngày của lượt chạy."
    ),
    "mode": Param(
        "campaign",
        enum=["campaign", "preview", "armed"],
        values_display={"campaign": "Theo cấu hình đợt", "preview": "Xem trước", "armed": "Gửi thư"},
        title="Chế độ thư",
    ),
    "override_gates": Param(
        [],
        type="array",
        items={"type": "string", "enum": [*GATES, ALL_GATES]},
        examples=[*GATES, ALL_GATES],
        values_display=GATES | {ALL_GATES: EVERY_GATE},
        title="Mở cổng: những cổng nào",
        description="Chỉ cho ngày này. Để trống: theo kết quả kiểm soát.",
        section=OVERRIDE,
    ),
    "override_by": Param(
        None,
        type=["null", "string"],
        title="Mở cổng: tên người quyết định",
        description="Ghi thêm bên cạnh tài khoản đang đăng nhập.",
        section=OVERRIDE,
    ),
    "override_reason": Param(None, type=["null", "string"], title="Mở cổng: lý do", section=OVERRIDE),
    "armed_by": Param(
        None,
        type=["null", "string"],
        title="Người cho phép gửi thư",
        description="Họ tên, ghi thêm bên cạnh tài khoản đang đăng nhập; tài khoản ấy mới là người cho phép.",
    ),
}
