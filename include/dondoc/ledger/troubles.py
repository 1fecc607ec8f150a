"""Why the ledger cannot be used now, in the operator's words, by the database's own code for it."""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from dondoc.errors import LedgerAwayError, LedgerError, free_megabytes

# https://sqlite.org/rescode.html, the primary codes.
SQLITE = {
    5: "tiến trình khác đang giữ khóa",
    6: "tiến trình khác đang giữ khóa",
    8: "chỉ đọc được, không ghi được",
    10: "ổ đĩa báo lỗi hoặc đã đầy",
    11: "tệp bị hỏng",
    13: "ổ đĩa đầy",
    14: "không mở được tệp",
    26: "tệp này không phải sổ cái",
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRES = {
    "25006": "máy chủ cơ sở dữ liệu chỉ cho đọc",
    "42501": "tài khoản không có quyền ghi",
    "53100": "ổ đĩa của máy chủ cơ sở dữ liệu đầy",
    "53200": "máy chủ cơ sở dữ liệu hết bộ nhớ",
    "53300": "máy chủ cơ sở dữ liệu hết chỗ nối",
    "40001": "tiến trình khác đang giữ khóa",
    "40P01": "tiến trình khác đang giữ khóa",
    "55P03": "tiến trình khác đang giữ khóa",
    "57P01": "máy chủ cơ sở dữ liệu đang tắt",
    "57P02": "máy chủ cơ sở dữ liệu vừa hỏng",
    "57P03": "máy chủ cơ sở dữ liệu chưa sẵn sàng",
}
AWAY = "máy chủ cơ sở dữ liệu không trả lời"
# What may pass by itself; everything else waits for a person.
PASSING = {AWAY, SQLITE[5], *(POSTGRES[code] for code in ("53300", "57P01", "57P02", "57P03"))}
BUSY = "đợi vài phút rồi chạy lại; nếu lặp lại, tìm tiến trình đang giữ sổ cái."
SPOILT = "khôi phục sổ cái từ bản sao lưu; không xóa tệp đang có."
# What to do where it is neither the disk nor its rights.
REMEDIES = {SQLITE[5]: BUSY, SQLITE[11]: SPOILT, SQLITE[26]: SPOILT}
DISK = "giải phóng ổ đĩa, cấp quyền ghi tệp và thư mục ấy, hoặc sửa biến DONDOC_LEDGER_URL, rồi chạy lại."
REMEDY = "kiểm tra máy chủ cơ sở dữ liệu, quyền ghi thư mục và biến DONDOC_LEDGER_URL."


def in_words(error: Exception, url: str) -> Exception:
    """Return the error to be raised in place of `error`, which is itself where it says nothing of the ledger at `url`.

    A database's own message quotes the statement and its row; nothing of it is kept.
    """
    why = _why(error)
    return ledger_error(why, url) if why else error


def ledger_error(why: str, url: str) -> LedgerError:
    """Return the error that says why the ledger at `url` cannot be used, where it lies and what room is left there."""
    path = _file_of(url)
    family = LedgerAwayError if why in PASSING else LedgerError
    if path is None:
        return family(f"Không dùng được sổ cái: {why}.", where=shown_address(url), remedy=REMEDY)
    if why in REMEDIES:
        return family(f"Không dùng được sổ cái: {why}.", where=path, remedy=REMEDIES[why])
    free = f" (còn trống {free_megabytes(path)} MB)"
    return LedgerError(f"Không dùng được sổ cái: {why}{free}.", where=path, remedy=DISK)


def _why(error: Exception) -> str:
    if not isinstance(error, DBAPIError) or error.orig is None:
        return ""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return SQLITE.get(code & 0xFF, "")
    state = getattr(error.orig, "pgcode", None)
    if state:
        return POSTGRES.get(state, "")
    # A driver that finds its line cut speaks of it in more than one class.
    return AWAY if isinstance(error, OperationalError) or error.connection_invalidated else ""


def _file_of(url: str) -> Path | None:
    return Path(make_url(url).database or "") if url.startswith("sqlite:///") else None


def shown_address(url: str) -> str:
    """Return where the ledger lies, as a person reads it: its file, or its address without the password."""
    try:
        return str(_file_of(url) or make_url(url).render_as_string(hide_password=True))
    except ArgumentError:
        return "biến DONDOC_LEDGER_URL"
