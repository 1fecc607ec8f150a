"""The law of the campaign's days: what of it is not sure, and what its letters lack by it."""

from collections.abc import Iterator

import docx

from dondoc.campaign.regime import Regime
from dondoc.daily.preflight.written import Written
from dondoc.daily.stationery import PENDING, letter_templates
from dondoc.errors import DondocError, Problem
from dondoc.installation.workplace import Workplace
from dondoc.office_files.word import WordTemplate
from dondoc.sources.profile import load_profile
from dondoc.vietnamese.names import fold
from dondoc.vietnamese.wording import short_date

FIELD_NAMES = {"applicant_id": "số định danh của người nộp hồ sơ"}


def regimes_of(place: Workplace) -> list[Regime | None]:
    """Return the law of each part of the campaign; [None] where no file says it."""
    campaign = place.day.campaign
    return list(place.regimes.between(campaign.starts_on, max(campaign.starts_on, campaign.deadline))) or [None]


def is_of(template: WordTemplate, regime: Regime | None) -> bool:
    """Return whether a letter template is the one that the regime names, and no office's own."""
    return regime is not None and template.path.name in (regime.pending, regime.returned)


def check_law(place: Workplace) -> Iterator[Problem | str]:
    """Yield what of the law is not verified, and the letters of other days' forms, and fields that no source gives."""
    for regime in regimes_of(place):
        if regime is not None:
            since = short_date(regime.starts_on)
            yield from (f"luật từ ngày {since} chưa đối chiếu được với văn bản gốc: {one}" for one in regime.unverified)
            yield from _form(place, regime)
            yield from _fields(place, regime)


def _form(place: Workplace, regime: Regime) -> Iterator[Problem]:
    """Yield that the letter of a case still open has another title, or lacks a sentence of the form in force."""
    try:
        template = letter_templates(place, regime)[PENDING]
        words = fold("\n".join(paragraph.text for paragraph in docx.Document(str(template.path)).paragraphs))
    except (DondocError, KeyError, ValueError):
        return  # told by the check of the templates, or by Word
    wanted = {f"tên “{regime.title}”": regime.title, f"câu “{regime.sentence}”": regime.sentence}
    lacking = [name for name, text in wanted.items() if text and fold(text) not in words]
    if lacking:
        since = f"Từ ngày {short_date(regime.starts_on)}, Mẫu số 04 ({regime.form}) có {' và '.join(lacking)}"
        remedy = "bỏ pending, returned ở mục letters để dùng mẫu của ngày ấy, hoặc sửa mẫu riêng của cơ quan."
        yield Written(place).problem(("letters",), f"{since}; mẫu {template.path.name} không có", remedy)


def _fields(place: Workplace, regime: Regime) -> Iterator[Problem]:
    known = {
        name
        for source in place.day.campaign.sources
        for name in load_profile(place.profile_file(source.profile)).headings
    }
    for field in regime.fields:
        if field not in known:
            since = f"Từ ngày {short_date(regime.starts_on)}, Mẫu số 04 ({regime.form}) ghi {FIELD_NAMES[field]}"
            remedy = (
                "thêm trường này, với tên cột của hệ thống, vào headings của hồ sơ nguồn; không có thì thư để trống."
            )
            yield Written(place).problem(("sources",), f"{since}; không hồ sơ nguồn nào có trường {field}", remedy)
