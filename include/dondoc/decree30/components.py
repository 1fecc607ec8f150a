"""The components of a document (annex I), as the rules see them."""

from dataclasses import dataclass
from itertools import takewhile

from dondoc.decree30.reading import TypedLine, fold
from dondoc.decree30.sheets import SectionLayout

# Annex III: types of administrative documents and their codes. The last is the form of Circular 01/2018/TT-VPCP.
TYPES = {
    "nghi quyet": "NQ", "quyet dinh": "QĐ", "chi thi": "CT", "quy che": "QC", "quy dinh": "QyĐ", "thong cao": "TC",
    "thong bao": "TB", "huong dan": "HD", "chuong trinh": "CTr", "ke hoach": "KH", "phuong an": "PA", "de an": "ĐA",
    "du an": "DA", "bao cao": "BC", "bien ban": "BB", "to trinh": "TTr", "hop dong": "HĐ", "cong dien": "CĐ",
    "ban ghi nho": "BGN", "ban thoa thuan": "BTT", "giay uy quyen": "GUQ", "giay moi": "GM",
    "giay gioi thieu": "GGT", "giay nghi phep": "GNP", "phieu gui": "PG", "phieu chuyen": "PC", "phieu bao": "PB",
    "phieu xin loi": "PXL",
}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A document by its components; what it lacks is None or empty.

    Attributes:
        lines: every line, empty ones too.
        agencies: the lines of the agency above and of the issuing agency.
        subject: the lines from "V/v", of a công văn.
        title: the type, of a document that has one.
        summary: the lines below the type.
        addressees: the lines from "Kính gửi".
        bases: the legal bases.
        body: the content outside tables and boxes, headings too.
        authority: authority and position lines of the signature.
        annexes: the heading lines of each annex.
    """

    sheets: tuple[SectionLayout, ...]
    lines: tuple[TypedLine, ...]
    nation: TypedLine | None
    motto: TypedLine | None
    agencies: tuple[TypedLine, ...]
    number: TypedLine | None
    place: TypedLine | None
    subject: tuple[TypedLine, ...]
    title: TypedLine | None
    summary: tuple[TypedLine, ...]
    addressees: tuple[TypedLine, ...]
    bases: tuple[TypedLine, ...]
    body: tuple[TypedLine, ...]
    authority: tuple[TypedLine, ...]
    signer: TypedLine | None
    recipients: TypedLine | None
    recipient_list: tuple[TypedLine, ...]
    annexes: tuple[tuple[TypedLine, ...], ...]

    @property
    def symbol_code(self) -> str:
        """What stands before the first hyphen of the symbol, e.g. "TB" or, in a công văn, the agency."""
        return self.number.text.partition("/")[2].partition("-")[0].strip() if self.number else ""

    @property
    def is_letter(self) -> bool:
        """Whether it is a công văn: no type in name or symbol, and a subject or an addressee."""
        typed = self.title or self.symbol_code in TYPES.values()
        return bool(self.subject and not self.title) or bool(self.addressees and not typed)

    @property
    def type_name(self) -> str:
        """The type as `TYPES` has it, empty for another or none."""
        words = fold(self.title.text) if self.title else ""
        return next((name for name in TYPES if f"{words} ".startswith(f"{name} ")), "")

    def rules_below(self, *lines: TypedLine) -> tuple[float, ...]:
        """Return the lengths in centimetres of the rules at `lines` or in the empty lines below each."""
        found: list[float] = []
        for line in lines:
            after = self.lines[self.lines.index(line) + 1 :]
            found += [length for near in (line, *takewhile(line.is_above, after)) for length in near.rules_cm]
        return tuple(found)
