"""What can be known to be wrong before any source is read: templates, profiles, mail."""

from functools import cache, lru_cache
from pathlib import Path

import pandas as pd

from dondoc.campaign import Source
from dondoc.daily.report_making import ADDENDUM_TEMPLATE, DAILY_TEMPLATE, FINAL_TEMPLATE
from dondoc.errors import CampaignError, TemplateError
from dondoc.figures import UNIT, only
from dondoc.files import file_sha256
from dondoc.letters.draft import COLUMNS, MUST_SHOW, REQUIRED, draft_letter
from dondoc.letters.public_list import check_list
from dondoc.mail.compose import MailTemplates
from dondoc.mail.specimen import check_reminder_templates
from dondoc.report.addendum import addendum_values
from dondoc.report.changes import Changes, FigureChange, Move
from dondoc.report.document import report_values
from dondoc.report.specimen import specimen
from dondoc.sources.profile import load_profile
from dondoc.word import WordTemplate
from dondoc.workplace import Workplace

RETURNED, PENDING = True, False


def check(place: Workplace) -> None:
    """Check the configuration and templates of the day's campaign.

    Raises:
        CalendarGapError: the business date's year has no official calendar.
        CampaignError: a source profile is missing, invalid, or of the other sort than its source: file or server.
        TemplateError: a template is missing, malformed, or names a field we do not provide.
    """
    day = place.day
    day.calendar.is_working(day.business_date)
    for source in day.campaign.sources:
        _check_source(source, place.installation.include / "sources" / f"{source.profile}.yaml")
    _check_letters(place)
    check_list(place)
    _check_reports_and_reminders(place)


def _check_source(source: Source, path: Path) -> None:
    has_api = load_profile(path).api is not None
    if has_api == (source.connection is not None):
        return
    raise CampaignError(
        f"Nguồn “{source.name}” và hồ sơ nguồn “{source.profile}” không khớp: "
        + ("hồ sơ nguồn lấy qua API, nguồn lại chỉ tệp." if has_api else "nguồn có kết nối, hồ sơ nguồn lại đọc tệp."),
        where=path,
        remedy="hồ sơ nguồn có mục api thì nguồn dùng connection; không có thì nguồn dùng path.",
    )


def _check_letters(place: Workplace) -> None:
    """Name everything wrong with the fields of all letter templates at once, then fill each, with and without gaps."""
    day, templates = place.day, letter_templates(place)
    case = {
        "case_number": "000.00.00.H00-000000-0000",
        "unit": day.campaign.units[0].code,
        "procedure": "Thủ tục",
        "received_at": pd.Timestamp(2000, 1, 1),
        "due_at": pd.Timestamp(2000, 1, 1),
        "days_late": 1,
    }
    bare = dict.fromkeys(COLUMNS) | case | {"ended_on": pd.Timestamp(2000, 1, 1)}
    full = bare | {"applicant": "Người nhận", "reason": "Lý do", "address": "Địa chỉ", "phone": "0"}
    specimens = [draft_letter(specimen, day).values for specimen in (bare, full)]
    specimens.append(draft_letter(full | {"ended_on": None, "new_due_at": pd.Timestamp(day.business_date)}, day).values)
    problems = [
        problem
        for returned, template in templates.items()
        for problem in template.problems(specimens[0], required=REQUIRED + ("new_due_on",) * (not returned))
    ]
    if problems:
        raise TemplateError(
            f"Mẫu thư xin lỗi sai trường: {'; '.join(problems)}.",
            where=", ".join(dict.fromkeys(str(template.path.parent) for template in templates.values())),
            remedy=f"sửa tên trường trong mẫu; các trường dùng được: {', '.join(sorted(specimens[0]))}.",
        )
    for template in templates.values():
        for values in specimens:
            template.render(values, must_show=MUST_SHOW)


def _check_reports_and_reminders(place: Workplace) -> None:
    """Fill the reminders' templates, and every report template, with a specimen of all they may show."""
    facts = specimen(place.day)
    check_reminder_templates(mail_templates(place), place.day, only(facts.figures, UNIT))
    values = report_values(facts, missing=["nguồn"])
    for name in (FINAL_TEMPLATE, DAILY_TEMPLATE):
        WordTemplate(place.template("report", name)).render(values)
    changes = Changes((FigureChange("đơn vị", "số liệu", 1, 2),), (Move("tồn tại", ("1",), ("2",)),))
    correction = addendum_values(facts, changes, sent_file="bao-cao.docx", sent=b"")
    WordTemplate(place.template("report", ADDENDUM_TEMPLATE)).render(correction)


def letter_templates(place: Workplace) -> dict[bool, WordTemplate]:
    """Return the campaign's letter templates by whether the case has been returned."""
    names = place.day.campaign.letters
    paths = {PENDING: place.template("letters", names.pending), RETURNED: place.template("letters", names.returned)}
    return {returned: _compiled(path, file_sha256(path) if path.is_file() else "") for returned, path in paths.items()}


@lru_cache(maxsize=8)
def _compiled(path: Path, _sha256: str) -> WordTemplate:
    return WordTemplate(path)


def mail_templates(place: Workplace) -> MailTemplates:
    """Return the office's mail templates; a process compiles each once, and again only if its file changes."""
    return _mail_templates(place.templates / "mail")


@cache
def _mail_templates(folder: Path) -> MailTemplates:
    return MailTemplates(folder)
