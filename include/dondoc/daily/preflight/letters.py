"""The templates of the letters and of the public list, filled before any letter is drafted."""

from collections.abc import Iterator, Mapping

import pandas as pd

from dondoc.campaign.regime import Regime
from dondoc.daily.preflight.law import is_of, regimes_of
from dondoc.daily.stationery import letter_templates
from dondoc.errors import DondocError, Problem
from dondoc.installation.workplace import Workplace
from dondoc.letters.draft import COLUMNS, MUST_SHOW, REQUIRED, draft_letter
from dondoc.letters.print_check import find_unshown
from dondoc.letters.public_list import check_list
from dondoc.office_files.word import WordTemplate
from dondoc.signoff.printing import shows_prints


def check_letters(place: Workplace) -> Iterator[Problem]:
    """Yield everything wrong with the fields of each letter template, then fill each, with and without gaps."""
    for regime in regimes_of(place):
        yield from _check_templates(place, letter_templates(place, regime), regime)


def _check_templates(
    place: Workplace, templates: Mapping[bool, WordTemplate], regime: Regime | None
) -> Iterator[Problem]:
    specimens = _specimens(place)
    asked = regime.fields if regime else ()
    for returned, template in templates.items():
        before_lapse = place.day.campaign.letters.before_lapse
        required = REQUIRED if returned else (*REQUIRED, "new_due_on", *["before_due"] * before_lapse)
        required += asked if is_of(template, regime) else ()
        wrong = template.problems(specimens[0], required=required)
        if wrong:
            yield Problem(
                f"Mẫu thư xin lỗi sai trường: {'; '.join(wrong)}.",
                str(template.path),
                f"sửa tên trường trong mẫu; các trường dùng được: {', '.join(sorted(specimens[0]))}.",
            )
        else:
            yield from _filled(template, specimens)


def check_printed_words(place: Workplace) -> Iterator[Problem]:
    """Yield what each letter template holds that may print other words than are read: its letters are not put up."""
    try:
        wrong = any(check_letters(place))
    except DondocError:
        wrong = True
    if wrong:
        # Told by that check, which stops the day.
        return
    templates = [one for regime in regimes_of(place) for one in letter_templates(place, regime).values()]
    for template in dict.fromkeys(templates):
        letters = [template.render(values, must_show=MUST_SHOW) for values in _specimens(place)]
        if unshown := sorted({words for letter in letters for words in find_unshown(letter, printed=shows_prints())}):
            what = "Thư theo mẫu này sẽ không được trình duyệt, vì bản in có thể khác lời đọc được"
            remedy = (
                "bỏ những chỗ ấy khỏi mẫu, bằng Word; riêng hình ảnh trong dòng thì cài LibreOffice, poppler-utils."
            )
            yield Problem(f"{what}: {'; '.join(unshown)}.", str(template.path), remedy)


def check_public_list(place: Workplace) -> Iterator[Problem]:
    """Fill both templates of the public list.

    Raises:
        TemplateError: one is missing, malformed, or names a field we do not provide.
    """
    check_list(place)
    yield from ()


def _specimens(place: Workplace) -> list[Mapping[str, str]]:
    day = place.day
    case = {
        "case_number": "000.00.00.H00-000000-0000",
        "unit": day.campaign.units[0].code,
        "procedure": "Thủ tục",
        "received_at": pd.Timestamp(2000, 1, 1),
        "due_at": pd.Timestamp(2000, 1, 1),
        "days_late": 1,
        "days_late_at_least": False,
        "provisional": False,
    }
    bare = dict.fromkeys(COLUMNS) | case | {"ended_on": pd.Timestamp(2000, 1, 1)}
    full = bare | {"applicant": "Người nhận", "reason": "Lý do", "address": "Địa chỉ", "phone": "0"}
    pending = full | {"ended_on": None, "new_due_at": pd.Timestamp(day.business_date)}
    lapsing = pending | {"due_at": pd.Timestamp(day.business_date), "days_late": 0}
    return [draft_letter(specimen, day).values for specimen in (bare, full, pending, lapsing)]


def _filled(template: WordTemplate, specimens: list[Mapping[str, str]]) -> Iterator[Problem]:
    for values in specimens:
        try:
            template.render(values, must_show=MUST_SHOW)
        except DondocError as error:
            yield from error.problems
