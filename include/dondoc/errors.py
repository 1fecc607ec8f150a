"""The one family of errors an operator meets: what is wrong, where, and what to do, in Vietnamese."""

from pathlib import Path


class DondocError(Exception):
    """A fault an operator can mend.

    Args:
        what: what is wrong, one sentence.
        where: file, and field or row when known.
        remedy: what to do about it.
    """

    def __init__(self, what: str, *, where: str | Path, remedy: str) -> None:
        """Compose the message the operator reads."""
        super().__init__(f"{what}\n  Ở: {where}\n  Cách xử lý: {remedy}")


class CampaignError(DondocError):
    """A campaign's configuration is missing or invalid."""


class CalendarGapError(DondocError):
    """A day is asked for in a year whose official calendar has not been entered."""


class SourceError(DondocError):
    """A source is missing, unreadable, empty, or does not fit its profile."""


class TemplateError(DondocError):
    """A Word or mail template is missing or names a field we do not provide."""


class LedgerError(DondocError):
    """The ledger cannot be used as it is."""


class FiguresError(DondocError):
    """Figures that must agree do not; nothing may be published from them."""


class LetterError(DondocError):
    """A letter cannot take this step from the state it is in, or its file is not the one that was approved."""


class MailError(DondocError):
    """The mail account is missing or refuses us."""


class UnreachableError(DondocError):
    """A server does not answer now; it may a little later, so the step is tried again."""
