"""The sheet that goes with a batch to be signed outside Airflow: a row a letter, yellow columns to fill in."""

from collections.abc import Sequence

import pandas as pd

from dondoc.campaign import Campaign
from dondoc.ledger.batches import SignoffBatch
from dondoc.ledger.letters import Letter
from dondoc.office_files.workbook import Column, Workbook

SHEET = "Trình ký"
CASE = "Mã hồ sơ"
FILE = "Tệp thư"
SHA256 = "SHA-256"
NUMBER = "Số"
SIGNED_ON = "Ngày ký"
SIGNER = "Người ký"
REASON = "Trả lại – lý do"
COLUMNS = (
    Column("STT", "no", "integer", 6),
    Column(CASE, "case_number", width=28),
    Column(FILE, "path", width=58),
    Column(NUMBER, None, "fill", 16),
    Column(SIGNED_ON, None, "fill", 13),
    Column(SIGNER, None, "fill", 24),
    Column(REASON, None, "fill", 40),
    Column(SHA256, "sha256", width=68, on_paper=False),
)
GUIDE = (
    "Chỉ thư đã được duyệt trong Airflow mới ghi nhận là đã ký; người ký phải là người được ký thư của đợt.",
    f"Thư đã ký: điền cả ba ô {NUMBER} (ví dụ 12/PXL-BQL), {SIGNED_ON} (ví dụ 15/11/2023), {SIGNER} (họ và tên).",
    f"Thư không ký: điền ô “{REASON}” và ô {SIGNER} (người trả lại); để trống hai ô kia.",
    "Thư chưa quyết định: để trống cả bốn ô.",
    f"Không sửa các ô khác: cột {SHA256} cho biết thư được ký đúng là thư đã trình.",
    "Lưu tệp, đặt vào thư mục inbox của đợt. Bản ký (bản quét hoặc PDF) đặt cùng chỗ, tên tệp là mã hồ sơ.",
    "PDF đã ký số mà ghi đủ số, ngày thì không cần dòng ở đây. Chữ trong bản ký phải đúng bản đã duyệt.",
)


def sign_off_sheet(campaign: Campaign, batch: SignoffBatch, letters: Sequence[Letter]) -> bytes:
    """Return the workbook of a batch: no applicant in it, only codes, files and their hashes."""
    rows = [
        {"no": i, "case_number": letter.case_number, "path": letter.path, "sha256": batch.shown[letter.id]}
        for i, letter in enumerate(letters, start=1)
    ]
    unit = campaign.heir(batch.unit).name
    book = Workbook()
    book.add_table(SHEET, pd.DataFrame(rows), COLUMNS, title=f"{unit}: thư xin lỗi trình ký, tập số {batch.id}")
    book.add_notes("Cách điền", GUIDE, title="Ký ngoài hệ thống")
    return book.to_bytes()
