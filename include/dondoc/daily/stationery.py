"""The office's templates, compiled: a process compiles each once, and again only if its file changes."""

from dondoc.installation.workplace import Workplace
from dondoc.mail.compose import MailTemplates
from dondoc.office_files.word import WordTemplate, word_template

RETURNED = True
PENDING = False


def letter_templates(place: Workplace) -> dict[bool, WordTemplate]:
    """Return the campaign's letter templates by whether the case has been returned."""
    names = place.day.campaign.letters
    paths = {PENDING: place.template("letters", names.pending), RETURNED: place.template("letters", names.returned)}
    return {returned: word_template(path) for returned, path in paths.items()}


def mail_templates(place: Workplace) -> MailTemplates:
    """Return the office's mail templates."""
    return MailTemplates(place.templates / "mail")
