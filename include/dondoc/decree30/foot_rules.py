"""Rules on signature and recipients: components 7 and 9b (annex I, part II)."""

import re
from collections.abc import Iterator

from dondoc.decree30.components import Paper
from dondoc.decree30.departure import Departure, excerpt, missing
from dondoc.decree30.looks import SECTION
from dondoc.decree30.reading import TypedLine

SIGNATURE = f"{SECTION} II.7"
RECIPIENTS = f"{SECTION} II.9"
ACADEMIC = re.compile(
    r"(gs|pgs|ts|ths|tskh|bs|bsckii?|ds|ks|kts|cn|ls|dr|giáo sư|phó giáo sư|tiến sĩ|thạc sĩ|bác sĩ|kỹ sư|nhà giáo|"
    r"thầy thuốc|nghệ sĩ|ngưt|ngnd|nsnd|nsưt|ttưt|ttnd|anh hùng)[. ]",
    re.IGNORECASE,
)
# After the last line may stand the drafter's sign and the number of copies (annex I, III.3).
ARCHIVE = re.compile(r"- Lưu: ?\S[^;]*\.\S{0,12}( ?\(?\d+b?\)?)?")
AS_ABOVE = "- Như trên"


def signature(paper: Paper) -> Iterator[Departure]:
    """Yield a signature without position or name."""
    if not paper.authority:
        yield missing("Quyền hạn, chức vụ", SIGNATURE, "quyền hạn, chức vụ người ký, in hoa, đậm")
    if paper.signer is None:
        yield missing("Họ tên người ký", SIGNATURE, "họ và tên người ký, đậm")


def signer_name(paper: Paper) -> Iterator[Departure]:
    """Yield academic titles before the signer's name."""
    if paper.signer and ACADEMIC.match(paper.signer.text):
        required = "không ghi học hàm, học vị (trừ đơn vị vũ trang, sự nghiệp giáo dục, y tế, khoa học)"
        yield Departure(SIGNATURE, "Họ tên người ký", excerpt(paper.signer.text), "có học hàm, học vị", required)


def recipients(paper: Paper) -> Iterator[Departure]:
    """Yield a heading of the recipients that is missing or not word for word, or an empty list."""
    if paper.recipients is None:
        yield missing("Nơi nhận", RECIPIENTS, "“Nơi nhận:”, đậm, nghiêng")
    elif paper.recipients.text != "Nơi nhận:":
        yield _recipient(paper.recipients, excerpt(paper.recipients.text), "“Nơi nhận:”")
    elif not paper.recipient_list:
        yield _recipient(paper.recipients, "không có danh sách", "mỗi nơi nhận một dòng")


def recipient_lines(paper: Paper) -> Iterator[Departure]:
    """Yield the recipients not written "- …;", and a last line that is not "- Lưu: …."."""
    for line in paper.recipient_list[:-1]:
        if not (line.text.startswith("- ") and line.text.endswith(";")):
            yield _recipient(line, excerpt(line.text), "“- …;”")
    for line in paper.recipient_list[-1:]:
        if not ARCHIVE.fullmatch(line.text):
            yield _recipient(line, excerpt(line.text), "dòng cuối “- Lưu: VT, ….”")


def as_above(paper: Paper) -> Iterator[Departure]:
    """Yield a list that does not begin with those the document is addressed to."""
    for line in paper.recipient_list[:1]:
        if paper.addressees and not line.text.startswith(AS_ABOVE):
            yield _recipient(line, excerpt(line.text), "“- Như trên;” khi văn bản có Kính gửi")


def _recipient(line: TypedLine, found: str, required: str) -> Departure:
    return Departure(RECIPIENTS, "Nơi nhận", excerpt(line.text), found, required)
