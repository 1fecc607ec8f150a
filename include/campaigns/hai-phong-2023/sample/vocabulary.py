"""What the sample may contain: the office's units and procedures, invented people, and each outcome with its share.

Every table here is data that `generate` draws from. Units are spelled out again, not read from campaign.yaml, so that
a wrong alias there shows up as an unknown unit. People, firms and addresses are invented; the phone numbers
(0225 000 …, 0900 0…) are ones no operator gives out.
"""

from dataclasses import dataclass
from datetime import date

Span = tuple[date, date]  # first and last day, both included

TODAY = date(2023, 11, 14)  # the business date of the truth
TOMORROW, EXPORTED = date(2023, 11, 15), date(2023, 11, 21)  # the export is a week newer than the business date
YEAR = (date(2023, 1, 3), TODAY)
AHEAD = (TOMORROW, date(2023, 12, 29))
AFTER = (TOMORROW, EXPORTED)
EVER = (date(2022, 1, 4), TODAY)
CALM = (date(2023, 5, 8), date(2023, 8, 25))  # no holiday: Friday to Monday is one working day

# Off days of civil servants that fall on Monday to Friday; no Saturday was worked instead in these two years.
OFF_DAYS = {
    *(date(2022, 1, 3), date(2022, 1, 31), *(date(2022, 2, d) for d in (1, 2, 3, 4)), date(2022, 4, 11)),
    *(date(2022, 5, 2), date(2022, 5, 3), date(2022, 9, 1), date(2022, 9, 2)),
    *(date(2023, 1, d) for d in (2, 20, 23, 24, 25, 26)),
    *(date(2023, 5, 1), date(2023, 5, 2), date(2023, 5, 3), date(2023, 9, 1), date(2023, 9, 4)),
}
MONDAY, SATURDAY = 0, 5

REGISTERED, RECEIVED, REFUSED, IN_PROCESS = "Mới đăng ký", "Được tiếp nhận", "Không được tiếp nhận", "Đang xử lý"
WITHDRAWN, FINISHED, RETURNED = "Công dân yêu cầu rút hồ sơ", "Đã xử lý xong", "Đã trả kết quả"
PAUSED = ("Yêu cầu bổ sung giấy tờ", "Yêu cầu thực hiện nghĩa vụ tài chính", "Dừng xử lý")
OPEN, DONE = (IN_PROCESS, IN_PROCESS, RECEIVED), (RETURNED, RETURNED, RETURNED, FINISHED)
STEPS = {
    REGISTERED: "Chờ tiếp nhận",
    RECEIVED: "Phân công thụ lý",
    IN_PROCESS: "Thẩm định hồ sơ",
    FINISHED: "Chờ trả kết quả",
    RETURNED: "Kết thúc",
    REFUSED: "Từ chối tiếp nhận",
    WITHDRAWN: "Rút hồ sơ",
}

ARCHIVED = "Đã lưu trữ"
UNDONE, REPORTED = ("Chưa xử lý", "Đang xử lý"), ("Đã báo cáo hoàn thành", "Đã hoàn thành", ARCHIVED)


@dataclass(frozen=True)
class Unit:
    """A unit of the campaign, its other names, and the heading of its work files."""

    code: str
    name: str
    aliases: tuple[str, ...]
    heading: str


@dataclass(frozen=True)
class Procedure:
    """An administrative procedure with its time limit in days, working days or calendar ones."""

    name: str
    field: str
    unit: str
    days: int
    working: bool


@dataclass(frozen=True)
class CaseOutcome:
    """What a case is on the business date. Dates are drawn until they fit the spans and lags, in calendar days."""

    name: str
    share: int  # rows of 2,000; 0 takes what is left
    statuses: tuple[str, ...]
    due: Span | None = None
    lag: tuple[int, int] | None = None  # from due (from reception without one) to finish; None: anywhere in `finished`
    finished: Span | None = None
    received: Span = EVER
    pickup: tuple[int, int] = (0, 6)  # from finish to return
    weekday: int | None = None  # the day of the week it is finished on; else any working day
    late: bool = False
    open: bool = False  # late and still open as of the day
    counted: bool = True

    @property
    def matters(self) -> bool:
        """Return whether such a row, counted twice, would change what is owed."""
        return self.late


@dataclass(frozen=True)
class WorkOutcome:
    """What a work item is on the business date: reported or archived, filed, both or neither."""

    name: str
    share: int  # rows of 5,000; 0 takes what is left
    statuses: tuple[str, ...]
    reported: bool
    filed: bool
    due: Span | None = None
    finished: Span | None = None
    arrived: Span = YEAR
    assigned: Span = YEAR
    counted: bool = True

    @property
    def matters(self) -> bool:
        """Return whether such a row, counted twice, would change what is owed."""
        return self.counted and not (self.reported and self.filed)


@dataclass(frozen=True)
class Fault:
    """A way in which a row cannot be accepted: which cells are spoiled, one of them a row, and what they then hold."""

    reason: str
    share: int
    headings: tuple[str, ...] = ()
    values: tuple[str | None, ...] = ()  # none at all: a day before the record began


CASE_OUTCOMES = (
    CaseOutcome("finished early", 0, DONE, due=(date(2023, 1, 16), date(2023, 12, 1)), lag=(-12, -1), finished=YEAR),
    CaseOutcome("finished on the due date", 250, DONE, due=YEAR, lag=(0, 0), finished=YEAR),
    CaseOutcome(
        "collected long after a finish in time",
        20,
        (RETURNED,),
        due=(date(2023, 1, 16), date(2023, 8, 31)),
        lag=(-6, 0),
        finished=YEAR,
        pickup=(20, 70),
    ),
    CaseOutcome("finished, no due date", 15, DONE, lag=(1, 15), finished=YEAR, received=YEAR),
    CaseOutcome(
        "finished in time before the period",
        10,
        DONE,
        due=(date(2022, 11, 14), date(2022, 12, 30)),
        lag=(-5, 0),
        finished=(date(2022, 11, 1), date(2022, 12, 30)),
        counted=False,
    ),
    CaseOutcome(
        "late wholly before the period",
        5,
        DONE,
        due=(date(2022, 11, 14), date(2022, 12, 16)),
        lag=(1, 14),
        finished=(date(2022, 11, 14), date(2022, 12, 30)),
        counted=False,
    ),
    CaseOutcome(
        "finished late", 104, DONE, due=(date(2023, 1, 3), date(2023, 11, 10)), lag=(1, 45), finished=YEAR, late=True
    ),
    CaseOutcome(
        "late by one working day over a weekend",
        6,
        DONE,
        due=CALM,
        lag=(3, 3),
        finished=YEAR,
        weekday=MONDAY,
        late=True,
    ),
    CaseOutcome(
        "finished on the Saturday after", 2, DONE, due=CALM, lag=(1, 1), finished=YEAR, weekday=SATURDAY, late=True
    ),
    CaseOutcome(
        "due in 2022, finished late in 2023",
        8,
        DONE,
        due=(date(2022, 12, 12), date(2022, 12, 30)),
        lag=(5, 60),
        finished=YEAR,
        late=True,
    ),
    CaseOutcome("in time", 150, OPEN, due=AHEAD),
    CaseOutcome("due today", 12, OPEN, due=(TODAY, TODAY)),
    CaseOutcome("open, no due date", 10, OPEN, received=(date(2023, 9, 5), TODAY)),
    CaseOutcome("in time, finished after today", 8, DONE, due=(TODAY, date(2023, 11, 30)), finished=AFTER),
    CaseOutcome("overdue", 24, OPEN, due=(date(2023, 8, 1), date(2023, 11, 10)), late=True, open=True),
    CaseOutcome("overdue since yesterday", 6, OPEN, due=(date(2023, 11, 13), date(2023, 11, 13)), late=True, open=True),
    CaseOutcome("overdue since 2022", 4, OPEN, due=(date(2022, 10, 3), date(2022, 12, 30)), late=True, open=True),
    CaseOutcome(
        "overdue, finished after today",
        6,
        DONE,
        due=(date(2023, 10, 16), date(2023, 11, 13)),
        finished=AFTER,
        late=True,
        open=True,
    ),
    CaseOutcome("paused, due ahead", 30, PAUSED, due=AHEAD),
    CaseOutcome("paused, due date past", 25, PAUSED, due=(date(2023, 6, 1), date(2023, 11, 13))),
    CaseOutcome("paused, no due date", 5, PAUSED, received=(date(2023, 6, 1), TODAY)),
    CaseOutcome(
        "withdrawn", 30, (WITHDRAWN,), due=(date(2023, 2, 1), date(2023, 11, 30)), lag=(-10, 30), finished=YEAR
    ),
    CaseOutcome("registered only", 30, (REGISTERED,), due=(date(2023, 10, 2), date(2023, 12, 15)), counted=False),
    CaseOutcome(
        "refused",
        15,
        (REFUSED,),
        due=(date(2023, 2, 1), date(2023, 11, 30)),
        lag=(-10, 5),
        finished=YEAR,
        counted=False,
    ),
    CaseOutcome(
        "received after today", 10, OPEN, due=(date(2023, 11, 17), date(2023, 12, 29)), received=AFTER, counted=False
    ),
)
WORK_OUTCOMES = (
    WorkOutcome("both", 0, REPORTED, True, True, due=(YEAR[0], date(2023, 12, 15)), finished=YEAR),
    WorkOutcome("both, no due date", 900, REPORTED, True, True, finished=YEAR),
    WorkOutcome("both, archived without a finish", 40, (ARCHIVED,), True, True),
    WorkOutcome("only reported", 260, REPORTED, True, False, due=(YEAR[0], date(2023, 12, 15)), finished=YEAR),
    WorkOutcome("only reported, no due date", 90, REPORTED, True, False, finished=YEAR),
    WorkOutcome("only filed, overdue", 60, UNDONE, False, True, due=(date(2023, 3, 1), date(2023, 11, 13))),
    WorkOutcome("only filed, not due yet", 60, UNDONE, False, True, due=AHEAD, arrived=(date(2023, 10, 9), TODAY)),
    WorkOutcome("only filed, no due date", 30, UNDONE, False, True),
    WorkOutcome("neither, overdue", 130, UNDONE, False, False, due=(date(2023, 3, 1), date(2023, 11, 13))),
    WorkOutcome(
        "neither, due today",
        10,
        UNDONE,
        False,
        False,
        due=(TODAY, TODAY),
        arrived=(date(2023, 10, 9), date(2023, 11, 8)),
    ),
    WorkOutcome("neither, not due yet", 110, UNDONE, False, False, due=AHEAD, arrived=(date(2023, 10, 9), TODAY)),
    WorkOutcome("neither, no due date", 80, UNDONE, False, False),
    WorkOutcome(
        "filed, reported after today",
        40,
        REPORTED,
        False,
        True,
        due=(date(2023, 10, 20), date(2023, 12, 15)),
        arrived=(date(2023, 10, 9), date(2023, 11, 10)),
        finished=AFTER,
    ),
    WorkOutcome(
        "unfiled, reported after today",
        25,
        REPORTED,
        False,
        False,
        due=(date(2023, 10, 20), date(2023, 12, 15)),
        arrived=(date(2023, 10, 9), date(2023, 11, 10)),
        finished=AFTER,
    ),
    WorkOutcome(
        "assigned after today",
        60,
        UNDONE,
        False,
        False,
        due=AHEAD,
        arrived=(date(2023, 11, 13), EXPORTED),
        assigned=AFTER,
        counted=False,
    ),
    WorkOutcome(
        "done, assigned after today",
        10,
        REPORTED,
        True,
        True,
        due=AHEAD,
        arrived=(TODAY, EXPORTED),
        assigned=AFTER,
        finished=AFTER,
        counted=False,
    ),
)

SLIPS = ("31/11/2023", "09/11/12023", "30/02/2023")
STRANGERS = ("Phòng Hợp tác quốc tế", "Ban QLDA hạ tầng", "P. CNTT", "Phòng Nội vụ")
# What spoiled rows would have been: were one let in, it would change a figure.
CASE_VICTIM = CaseOutcome(
    "spoiled", 0, DONE, due=(date(2023, 2, 1), date(2023, 10, 13)), lag=(1, 30), finished=YEAR, counted=False
)
WORK_VICTIM = WorkOutcome(
    "spoiled",
    0,
    REPORTED,
    True,
    False,
    due=(date(2023, 2, 1), TODAY),
    finished=YEAR,
    arrived=(YEAR[0], date(2023, 10, 31)),
    counted=False,
)
CASE_FAULTS = (
    Fault("missing_key", 2, ("Số hồ sơ",), (None,)),
    Fault("missing_value", 2, ("Ngày tiếp nhận",), (None,)),
    Fault("bad_date", 4, ("Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày tiếp nhận", "Ngày hẹn trả"), SLIPS),
    Fault("unknown_unit", 8, ("Phòng ban",), STRANGERS),
    Fault("unknown_value", 2, ("Trạng thái",), ("Chờ ký số", "Đang luân chuyển")),
    Fault("date_order", 3, ("Ngày hẹn trả",)),
    Fault("date_order", 2, ("Ngày kết thúc xử lý",)),
    Fault("conflict", 4),
)
WORK_FAULTS = (
    Fault("missing_key", 3, ("Số đến",), (None,)),
    Fault("bad_date", 5, ("Hạn giải quyết", "Ngày hoàn thành", "Ngày đến", "Ngày giao", "Hạn giải quyết"), SLIPS),
    Fault("unknown_unit", 20, ("Đơn vị chủ trì",), STRANGERS),
    Fault("unknown_value", 3, ("Trạng thái xử lý",), ("Chuyển tiếp", "Trả lại", "Chờ cho ý kiến")),
    Fault("date_order", 3, ("Ngày hoàn thành",)),
    Fault("conflict", 5),
)
CASE_COPIES, WORK_COPIES = 12, 20
PERFECT_APOLOGIES, PERFECT_WORK = "VPDD", "TTDV"  # every apology made; every item reported and filed

UNITS = (
    Unit("VP", "Văn phòng Ban Quản lý", ("Văn phòng", "VP Ban"), "VTLT"),
    Unit("QLDT", "Phòng Quản lý đầu tư", ("P. QLĐT", "Phòng QLĐT"), "QLĐT"),
    Unit(
        "DNGS", "Phòng Doanh nghiệp và Giám sát đầu tư", ("P. DN&GSĐT", "Phòng Doanh nghiệp & Giám sát đầu tư"), "DNGS"
    ),
    Unit("QHXD", "Phòng Quản lý Quy hoạch và Xây dựng", ("P. QHXD", "Phòng QLQH&XD"), "QHXD"),
    Unit("TNMT", "Phòng Tài nguyên và Môi trường", ("P. TNMT", "Phòng TN&MT"), "TNMT"),
    Unit("QLLD", "Phòng Quản lý lao động", ("P. QLLĐ", "Phòng QLLĐ"), "QLLĐ"),
    Unit("KHTH", "Phòng Kế hoạch - Tổng hợp", ("P. KHTH", "Phòng Kế hoạch Tổng hợp"), "KHTH"),
    Unit("TTR", "Thanh tra Ban", ("Thanh tra",), "TTr"),
    Unit("VPDD", "Văn phòng đại diện tại các KCN, KKT", ("VPĐD KCN", "Văn phòng đại diện"), "VPĐD"),
    Unit("TTXT", "Trung tâm Xúc tiến và Hỗ trợ đầu tư", ("TT XTĐT",), "XTĐT"),
    Unit("TTQL", "Trung tâm Quản lý hạ tầng", ("TT QLHT",), "QLHT"),
    Unit("TTDV", "Trung tâm Dịch vụ khu công nghiệp", ("TT DVKCN",), "DVKCN"),
)
INVESTMENT, BUILDING, NATURE, LABOUR = "Đầu tư tại Việt Nam", "Quy hoạch, xây dựng", "Môi trường", "Việc làm"
REPRESENTATION = "Thương mại quốc tế"
PROCEDURES = (
    Procedure(
        "Cấp Giấy chứng nhận đăng ký đầu tư đối với dự án không thuộc diện chấp thuận chủ trương đầu tư",
        INVESTMENT,
        "QLDT",
        15,
        False,
    ),
    Procedure(
        "Cấp Giấy chứng nhận đăng ký đầu tư đối với dự án đã được chấp thuận chủ trương đầu tư",
        INVESTMENT,
        "QLDT",
        5,
        True,
    ),
    Procedure("Điều chỉnh Giấy chứng nhận đăng ký đầu tư (tên dự án, tên nhà đầu tư)", INVESTMENT, "QLDT", 3, True),
    Procedure("Điều chỉnh Giấy chứng nhận đăng ký đầu tư (nội dung khác)", INVESTMENT, "DNGS", 10, False),
    Procedure("Thành lập Văn phòng đại diện của thương nhân nước ngoài tại Việt Nam", REPRESENTATION, "DNGS", 7, True),
    Procedure("Chấp thuận chủ trương đầu tư của Ban Quản lý khu kinh tế", INVESTMENT, "KHTH", 25, False),
    Procedure("Điều chỉnh tiến độ thực hiện dự án đầu tư", INVESTMENT, "KHTH", 5, True),
    Procedure("Cấp giấy phép xây dựng công trình", BUILDING, "QHXD", 20, False),
    Procedure("Gia hạn, cấp lại giấy phép xây dựng", BUILDING, "QHXD", 5, True),
    Procedure("Thẩm định Báo cáo nghiên cứu khả thi đầu tư xây dựng, dự án nhóm B", BUILDING, "QHXD", 25, False),
    Procedure("Thẩm định thiết kế xây dựng triển khai sau thiết kế cơ sở", BUILDING, "QHXD", 30, False),
    Procedure("Cấp giấy phép môi trường", NATURE, "TNMT", 30, False),
    Procedure("Cấp điều chỉnh giấy phép môi trường", NATURE, "TNMT", 15, True),
    Procedure("Thẩm định báo cáo đánh giá tác động môi trường", NATURE, "TNMT", 30, False),
    Procedure("Cấp giấy phép lao động cho người lao động nước ngoài", LABOUR, "QLLD", 5, True),
    Procedure("Gia hạn giấy phép lao động cho người lao động nước ngoài", LABOUR, "QLLD", 5, True),
    Procedure("Chấp thuận nhu cầu sử dụng người lao động nước ngoài", LABOUR, "QLLD", 10, True),
    Procedure("Đăng ký nội quy lao động của doanh nghiệp", "Lao động", "QLLD", 7, True),
    Procedure("Xác nhận người lao động nước ngoài không thuộc diện cấp giấy phép lao động", LABOUR, "VPDD", 5, True),
)
REASONS = (
    "Hồ sơ phải lấy ý kiến của nhiều cơ quan; văn bản trả lời của cơ quan phối hợp gửi chậm",
    "Chuyên viên thụ lý nghỉ ốm, việc bàn giao hồ sơ chưa kịp thời",
    "Số lượng hồ sơ tiếp nhận trong kỳ tăng đột biến",
    "Phải kiểm tra thực địa nhiều lần do thời tiết mưa bão",
    "Hệ thống thông tin giải quyết thủ tục hành chính gặp sự cố",
    "Nội dung hồ sơ phức tạp, phải xin ý kiến Bộ chuyên ngành",
)

SURNAMES = ("Nguyễn", "Trần", "Phạm", "Đỗ", "Vũ", "Lê", "Bùi", "Hoàng", "Đặng", "Lương", "Ngô")
MIDDLES = ("Thị", "Văn", "Minh", "Thu", "Đức", "Quỳnh", "Hữu")
GIVENS = ("Hương", "Tuấn", "Mỹ Duyên", "Khánh", "Phượng", "Quốc", "Thảo", "Bình", "Ước", "Yến", "Đạt", "Nghĩa", "Lý")
FIRM_KINDS = ("Công ty TNHH", "CÔNG TY TNHH", "Công ty Cổ phần", "Công ty TNHH MTV", "CÔNG TY CỔ PHẦN")
FIRM_TRADES = ("Điện tử", "Cơ khí chính xác", "Bao bì", "Vật liệu mới", "Tiếp vận", "Linh kiện ô tô", "Dệt kim", "Nhựa")
FIRM_NAMES = (
    "Sao Biển Bạc",
    "KORAVINA",
    "TAKEMIZU",
    "Hải Thịnh Lộc",
    "HANSOLRIM",
    "Bạch Đằng Xanh",
    "NORDVIK",
    "Lạch Tray Mới",
    "Minh Cát Hải",
    "XINGYUETAI",
    "Đồ Sơn Việt",
)
SPECIAL_FIRMS = (
    "CÔNG TY TNHH AN & BÌNH HẢI PHÒNG",
    "Công ty TNHH Vi mạch <Sóng Nhỏ> Việt Nam",
    'Công ty Cổ phần "Ngọn Hải Đăng" Đình Vũ',
    "CÔNG TY TNHH TAKEMIZU VIỆT NAM (竹水越南有限公司)",
    "株式会社ホシゾラ精機 – Chi nhánh Hải Phòng",
    "한솔림 비나 주식회사",
    "NORDVIK OFFSHORE CABLES A/S",
    "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN ĐẦU TƯ, PHÁT TRIỂN HẠ TẦNG VÀ DỊCH VỤ HẬU CẦN KHU PHI THUẾ QUAN "
    "CỬA BIỂN NAM CÁT HẢI – CHI NHÁNH TẠI KHU KINH TẾ ĐÌNH VŨ - CÁT HẢI, THÀNH PHỐ HẢI PHÒNG",
)
ZONES = (
    "KCN Đình Vũ, phường Đông Hải 2, quận Hải An",
    "KCN Tràng Duệ, xã Lê Lợi, huyện An Dương",
    "KCN Nam Cầu Kiền, xã Kiền Bái, huyện Thủy Nguyên",
    "Khu phi thuế quan, phường Tràng Cát, quận Hải An",
)
WARDS = ("phường Đằng Hải, quận Hải An", "phường Cầu Đất, quận Ngô Quyền", "thị trấn Cát Hải, huyện Cát Hải")
ISSUERS = (
    ("UBND thành phố Hải Phòng", "UBND-KSTTHC"),
    ("Sở Nội vụ", "SNV-CCHC"),
    ("Sở Xây dựng", "SXD-QLXD"),
    ("Bộ Kế hoạch và Đầu tư", "BKHĐT-QLKKT"),
    ("Sở Tài nguyên và Môi trường", "STNMT-CCBVMT"),
    ("Sở Lao động - Thương binh và Xã hội", "SLĐTBXH-VL"),
    ("Công an thành phố", "CATP-PA04"),
)
ACTIONS = (
    "V/v triển khai",
    "V/v báo cáo kết quả",
    "V/v tham gia ý kiến dự thảo",
    "V/v rà soát, cung cấp số liệu về",
    "V/v tăng cường",
    "Giấy mời họp về",
    "V/v đôn đốc thực hiện",
)
SUBJECTS = (
    "công tác cải cách hành chính năm 2023",
    "quy hoạch chung xây dựng Khu kinh tế",
    "chuyển đổi số",
    "tình hình thu hút đầu tư các khu công nghiệp",
    "an toàn lao động trong khu công nghiệp",
    "phòng cháy, chữa cháy",
    "xử lý nước thải tập trung",
    "dự toán ngân sách năm 2024",
    "tiếp công dân, giải quyết đơn thư",
    "nhà ở công nhân",
    "công tác văn thư, lưu trữ",
    "phòng chống thiên tai",
)
