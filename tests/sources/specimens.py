"""Lists of cases as two kinds of source system give them over HTTP: a plain paged one, and the national portal."""

from dondoc.installation import ROOT
from dondoc.sources.profile import Profile, load_profile

PROFILES = ROOT / "include" / "sources"
PORTAL = load_profile(PROFILES / "national-portal.yaml")
SECRET = "-".join(["bi", "mat", "42"])
HEADINGS = {
    "case_number": ("code",),
    "procedure": ("procedure.name",),
    "unit": ("unit",),
    "received_at": ("received",),
    "due_at": ("due",),
    "status": ("status",),
}
LIST = {"path": "/v1/cases", "rows": "data.items", "total": "data.total"}
BY_NUMBER = {"by": "page", "number": "page", "size": "size", "rows": 2}
WHOLE = {"by": "none"}
BY_OFFSET = {"by": "offset", "offset": "offset", "limit": "limit", "rows": 2}


def profile_of(**api):
    return Profile(
        title="Thử",
        kind="cases",
        key=("case_number",),
        required=("case_number", "procedure", "unit", "received_at", "status"),
        headings=HEADINGS,
        date_formats=("%Y-%m-%d",),
        values={"status": {"4": 4, "9": 9}},
        api=LIST | {"paging": BY_NUMBER} | api,
    )


def case(number, **changes):
    plain = {"code": f"H24-{number}", "procedure": {"name": "Cấp phép"}, "unit": "P. QLĐT", "received": "2023-10-02"}
    return plain | {"due": "2023-10-10", "status": 4} | changes


def page(*numbers, total=3):
    return {"data": {"items": [case(number) for number in numbers], "total": total}}


def by_number(*pages):
    """Return a server's answer that depends on the page asked for; beyond the last, an empty one."""
    return lambda asked: dict(enumerate(pages, start=1)).get(int(asked.params["page"]), page())


def portal_case(**changes):
    plain = {
        "MaHoSo": "000.00.20.H24-231002-0001",
        "MaTTHC": "1.009748",
        "TenTTHC": "Cấp giấy chứng nhận đăng ký đầu tư",
        "MaLinhVuc": "DT",
        "TenLinhVuc": "Đầu tư tại Việt Nam",
        "KenhThucHien": "2",
        "ChuHoSo": "Công ty Sao Biển",
        "LoaiDoiTuong": "2",
        "MaDoiTuong": "",
        "Email": "",
        "SoDienThoai": "0225 000 111",
        "TrichYeuHoSo": "",
        "NgayTiepNhan": "20231002081500",
        "NgayHenTra": "20231023163000",
        "TrangThaiHoSo": "10",
        "NgayTra": "20231026090000",
        "HinhThuc": "0",
        "NgayKetThucXuLy": "20231025100000",
        "DonViXuLy": "P. QLĐT",
        "GhiChu": "",
        "DanhSachHoSoBoSung": [],
    }
    return plain | changes


PAUSE = {
    "NguoiYeuCauBoSung": "Trần B",
    "NoiDungBoSung": "bổ sung hợp đồng",
    "NgayBoSung": "20231005080000",
    "NguoiTiepNhanBoSung": "",
    "NgayTiepNhanBoSung": "20231010143000",
    "TrangThaiBoSung": "1",
    "NgayHenTraTruoc": "20231018163000",
    "NgayHenTraMoi": "20231023163000",
}


def portal(*cases, code="0", session="phien-1"):
    def answer(asked):
        if asked.path == "/mapi/login":
            return {"error_code": "0", "session": session}
        return {"error_code": code, "error_message": "Phiên không hợp lệ", "result": list(cases)}

    return answer
