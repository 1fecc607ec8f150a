"""The columns without which lateness, filing or the unit of a record cannot be told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dondoc.vietnamese.wording import short_date

# By kind of record: what is decided, and the fields that tell it, the one that tells most first.
DECIDING: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "cases": (
        ("hạn trả kết quả", ("due_at", "term_length")),
        ("ngày kết thúc xử lý", ("finished_at",)),
        ("trạng thái", ("status",)),
        ("đơn vị", ("unit",)),
        ("thời gian tạm dừng", ("pauses",)),
    ),
    "work": (
        ("trạng thái", ("status",)),
        ("mã hồ sơ công việc", ("file_code",)),
        ("đơn vị", ("unit",)),
        ("hạn giải quyết", ("due_at",)),
    ),
    "files": (("đơn vị", ("unit",)), ("ngày kết thúc hồ sơ", ("closed_at", "year"))),
}


@dataclass(frozen=True)
class ColumnPresence:
    """The required headings of a source, those found today and those found before.

    Attributes:
        found: fields that have a column.
        absent: the headings looked for in vain, by field; of those whose absence says something.
        lacking: a file without a column that other files of the source have, by field.
        unknown: headings of no field: a renamed column is among them.
        before: the heading a field had on an earlier day, and the latest such day.
    """

    found: Collection[str] = ()
    absent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lacking: Mapping[str, str] = field(default_factory=dict)
    unknown: Sequence[str] = ()
    before: Mapping[str, tuple[str, date]] = field(default_factory=dict)


def missing_columns(kind: str, columns: ColumnPresence) -> list[str]:
    """Return what cannot be told for want of a column, in an operator's words; nothing when all can be.

    A column is wanted when the profile names it, or when an earlier day had it. Where one of several fields tells the
    same, a less telling one is not missed beside a more telling one.
    """
    said = [_missing(told, fields, columns) for told, fields in DECIDING.get(kind, ())]
    return [words for words in said if words]


def _missing(told: str, fields: Sequence[str], columns: ColumnPresence) -> str:
    known = next((place for place, name in enumerate(fields) if name in columns.found), len(fields))
    gone = next((name for name in fields[:known] if name in columns.before), None)
    if gone:
        heading, day = columns.before[gone]
        return f"mất cột “{heading}” ({told}), ngày {short_date(day)} còn có"
    looked_for = [heading for name in fields for heading in columns.absent.get(name, ())]
    if known == len(fields) and looked_for:
        return f"không có cột nào cho {told} (“{'”, “'.join(looked_for)}”)"
    file = columns.lacking.get(fields[min(known, len(fields) - 1)])
    return f"tệp {file} không có cột cho {told}, các tệp khác có" if file else ""
