"""The public list of apologies, in Word and as a page, with personal data reduced as the campaign says."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from jinja2 import StrictUndefined
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from dondoc.campaign import PublicList
from dondoc.campaign.letterhead import office_fields
from dondoc.errors import TemplateError
from dondoc.files import why_unreadable
from dondoc.installation.workplace import Workplace
from dondoc.ledger.letters import Letter
from dondoc.letters.addressing import BUSINESS, ORGANISATION
from dondoc.office_files.template_faults import MISUSE, fault_of, line_of
from dondoc.office_files.word import word_template
from dondoc.vietnamese.wording import date_in_words, number, short_date

DOCUMENT_TYPE = "TB"
NAME = "danh-sach-xin-loi"
BEFORE_LAPSE = "xin lỗi trước hạn"
SPECIMEN = {"addressee": "", "applicant_kind": "", "procedure": "", "due_on": "2000-01-01", "days_late": 1}


def render_list(place: Workplace, letters: Sequence[Letter]) -> dict[str, bytes]:
    """Return the public list of `letters` by file name: the Word notice and the page.

    Raises:
        TemplateError: a template is missing, malformed, or names a field we do not provide.
    """
    rules = place.day.campaign.public_list
    return _render(place, [_row(i, letter, rules) for i, letter in enumerate(letters, start=1)])


def check_list(place: Workplace) -> None:
    """Fill both templates with one specimen row.

    Raises:
        TemplateError: as `render_list`.
    """
    _render(place, [_facts(1, SPECIMEN, PublicList()) | {"case_number": "", "number": ""}])


def public_name(facts: Mapping[str, Any], rules: PublicList) -> str:
    """Return what the list says of the applicant; one nothing is known of is masked as a citizen."""
    if facts["applicant_kind"] in (BUSINESS, ORGANISATION):
        return facts["addressee"] if rules.show_organisation else ""
    if rules.mask_citizen == "hide":
        return ""
    return "".join(f"{word[0].upper()}." for word in facts["addressee"].split())


def days_late_of(facts: Mapping[str, Any]) -> str:
    """Return how late a letter's case was when it was drafted, in words: not at all, where it came before the lapse."""
    if facts.get("before_due"):
        return BEFORE_LAPSE
    # A letter written by an older version says the number alone.
    return facts.get("days_late_words") or number(facts["days_late"])


def _render(place: Workplace, rows: Sequence[Mapping[str, str]]) -> dict[str, bytes]:
    values = office_fields(place.day.campaign, document_type=DOCUMENT_TYPE) | {
        "apologies": rows,
        "count": number(len(rows)),
        "as_of": date_in_words(place.day.business_date),
    }
    word = word_template(place.template("letters", f"{NAME}.docx")).render(values)
    return {f"{NAME}.docx": word, f"{NAME}.html": _page(place, values).encode()}


def _page(place: Workplace, values: Mapping[str, Any]) -> str:
    path = place.template("letters", f"{NAME}.html.j2")
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    try:
        return environment.from_string(path.read_text(encoding="utf-8")).render(values)
    except OSError as error:
        reason, remedy = why_unreadable(error)
        raise TemplateError(f"Không đọc được mẫu trang công khai: {reason}.", where=path, remedy=remedy) from error
    except (JinjaError, *MISUSE) as error:
        line = line_of(error, "<template>")
        raise TemplateError(
            f"Mẫu trang công khai {path.name} có lỗi: {fault_of(error)}.",
            where=f"{path}, dòng {line}" if line else path,
            remedy=f"sửa mẫu hoặc khôi phục mẫu gốc; các trường dùng được: {', '.join(sorted(values))}.",
        ) from error


def _row(i: int, letter: Letter, rules: PublicList) -> dict[str, str]:
    return _facts(i, letter.facts, rules) | {"case_number": letter.case_number, "number": letter.number or ""}


def _facts(i: int, facts: Mapping[str, Any], rules: PublicList) -> dict[str, str]:
    return {
        "no": str(i),
        "procedure": facts["procedure"],
        "applicant": public_name(facts, rules),
        "due_on": short_date(date.fromisoformat(facts["due_on"])),
        "days_late": days_late_of(facts),
    }
