"""Who signs, and by what digital signatures are held to be theirs: what would be refused on the day it is needed."""

from collections.abc import Iterator
from pathlib import Path

from dondoc.campaign.permissions import Right
from dondoc.daily.preflight.written import Written
from dondoc.errors import Problem
from dondoc.installation.workplace import Workplace
from dondoc.vietnamese.wording import short_date

WHERE = "biến DONDOC_TRUST_ROOTS, {}"


def check_trust_roots(place: Workplace) -> Iterator[Problem]:
    """Yield a folder of root certificates that is not there, a file in it nobody can read, a root that has expired."""
    folder = place.installation.trust_roots
    if not folder.is_dir():
        if folder == place.installation.include / "trust-roots":
            return  # nobody chose it, and an office without digital signatures needs none
        yield Problem(
            "Thư mục chứng thư gốc không có, nên không chữ ký số nào được nhận.",
            WHERE.format(folder),
            "sửa đường dẫn, hoặc bỏ biến này để dùng include/trust-roots.",
        )
        return
    yield from _unfit(place, folder)


def _unfit(place: Workplace, folder: Path) -> Iterator[Problem]:
    # The library of signatures takes as long to load as all other checks take.
    from dondoc.signoff.pdf_signatures import TrustError, read_trust

    try:
        trust = read_trust(folder)
    except TrustError as error:
        yield Problem(
            f"Tệp chứng thư {error} không đọc được, nên không chữ ký số nào được nhận.",
            WHERE.format(folder / str(error)),
            "tải lại chứng thư (DER hoặc PEM) từ nơi cấp, hoặc chuyển tệp khỏi thư mục này.",
        )
        return
    now = place.installation.now(place.day.campaign.zone)
    for root in trust.roots:
        if root.not_valid_after < now:
            name = root.subject.native.get("common_name", "không tên")
            ended = short_date(root.not_valid_after.astimezone(now.tzinfo).date())
            yield Problem(
                f"Chứng thư gốc “{name}” đã hết hạn ngày {ended}: chữ ký số cấp từ chứng thư này không được nhận.",
                WHERE.format(folder),
                "lấy chứng thư gốc mới của nơi cấp, đặt cùng thư mục.",
            )


def check_signers_accounts(place: Workplace) -> Iterator[Problem]:
    """Yield the signers whose number in Airflow is not given where its login knows accounts by number alone."""
    permissions = place.day.campaign.permissions
    if not (place.installation.numbered_accounts and permissions.sign):
        return
    if not permissions.assignees(numbered=True):
        named = ", ".join(permissions.named(Right.SIGN) or ())
        words = f"chưa đủ số tài khoản Airflow của người ký ({named}), nên yêu cầu trình ký không giao riêng cho họ"
        remedy = "ghi airflow_ids: mỗi tên ở sign một số, xem ở Airflow → Security → List Users (cột Id)."
        yield Written(place).problem(("permissions", "sign"), words, remedy)
