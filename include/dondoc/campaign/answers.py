"""How units answer: the reasons they choose from, and where what they send back is looked for."""

from typing import Annotated

from pydantic import Field

from dondoc.configuration import Settings

Reason = Annotated[str, Field(min_length=1, max_length=200)]
# Chosen when none of the others fits; it must be said in words then.
OTHER = "Lý do khác (ghi rõ)"


AUTHSERV = "tên máy chủ thư của cơ quan như ghi ở đầu dòng Authentication-Results, ví dụ mx.co-quan.gov.vn"
MAILBOX = "tên kết nối Airflow: chữ không dấu, chữ số, dấu . _ -, ví dụ hop_thu_tra_loi"


class AnswerSettings(Settings):
    """The reasons offered beside free words, how often answers are looked for, and the mailbox they are sent to.

    Attributes:
        reasons: short sentences a citizen may read; `OTHER` is added.
        every_minutes: how often the drop folder and the mailbox are looked into, from 7 to 18 o'clock.
        mailbox: the Airflow connection of the mailbox; none when units only use the drop folder.
        authserv_id: the name under which the office's own mail server signs its `Authentication-Results`; none where
            DKIM alone proves a sender.
    """

    reasons: Annotated[tuple[Reason, ...], Field(min_length=1, max_length=30)] = (
        "Chờ ý kiến của cơ quan phối hợp",
        "Hồ sơ phức tạp, cần thẩm tra, xác minh thêm",
        "Chờ tổ chức, cá nhân bổ sung, giải trình",
        "Phải trình cấp có thẩm quyền quyết định",
        "Lỗi hệ thống phần mềm, đường truyền",
        "Chậm luân chuyển hồ sơ giữa các bộ phận",
    )
    every_minutes: Annotated[int, Field(ge=1, le=60)] = 15
    mailbox: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,80}$", description=MAILBOX)] | None = None
    authserv_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,120}$", description=AUTHSERV)] | None = None
