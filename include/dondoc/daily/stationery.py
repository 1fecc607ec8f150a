"""The office's templates, compiled: a process compiles each once, and again only if its file changes."""

from dondoc.campaign.regime import Regime
from dondoc.errors import TemplateError
from dondoc.installation.workplace import Workplace
from dondoc.mail.compose import MailTemplates
from dondoc.office_files.word import WordTemplate, word_template
from dondoc.vietnamese.wording import short_date

RETURNED = True
PENDING = False


def letter_templates(place: Workplace, regime: Regime | None = None) -> dict[bool, WordTemplate]:
    """Return the campaign's letter templates by whether the case has been returned.

    Those that the campaign does not name are those of the law: of `regime`, or of the day's own.

    Raises:
        TemplateError: one cannot be read, or the campaign names none for a day whose law is not known.
    """
    named = place.day.campaign.letters
    law = regime or place.day.regime
    pending = named.pending or (law and law.pending)
    returned = named.returned or (law and law.returned)
    if not (pending and returned):
        raise TemplateError(
            f"Chưa có mẫu thư xin lỗi cho ngày {short_date(place.day.business_date)}.",
            where=f"mục letters của campaign.yaml, tệp include/regimes/{place.day.campaign.regime}.yaml",
            remedy="ghi letters.pending và letters.returned, hoặc thêm vào tệp regimes đoạn của ngày ấy.",
        )
    paths = {PENDING: place.template("letters", pending), RETURNED: place.template("letters", returned)}
    return {returned: word_template(path) for returned, path in paths.items()}


def mail_templates(place: Workplace) -> MailTemplates:
    """Return the office's mail templates."""
    return MailTemplates(place.templates / "mail")
