"""The one family of errors an operator meets: what is wrong, where, and what to do, in Vietnamese."""

import errno
import shutil
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        what: what is wrong, one sentence; the value given and the form expected where there is one.
        where: file, line and field or row, as far as known.
        remedy: what to do about it.
    """

    what: str
    where: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}\n  Ở: {self.where}\n  Cách xử lý: {self.remedy}"


class DondocError(Exception):
    """A fault an operator can mend, or several found at once.

    Args:
        what: what is wrong, one sentence.
        where: file, and field or row when known.
        remedy: what to do about it.
    """

    def __init__(self, what: str, *, where: str | Path, remedy: str) -> None:
        """Compose the message the operator reads."""
        self.problems: tuple[Problem, ...] = (Problem(what, str(where), remedy),)
        super().__init__(str(self.problems[0]))

    @property
    def brief(self) -> str:
        """Return what is wrong and what to do, without the place, which is nobody's business outside."""
        return " ".join(f"{problem.what} Cách xử lý: {problem.remedy}" for problem in self.problems)

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> Self:
        """Return the error that tells all of `problems`, at least one."""
        first = problems[0]
        error = cls(first.what, where=first.where, remedy=first.remedy)
        error.problems = tuple(problems)
        if problems[1:]:
            listed = "\n".join(f"{i}. {problem}" for i, problem in enumerate(problems, start=1))
            error.args = (f"Có {len(problems)} chỗ sai.\n{listed}",)
        return error


class CampaignError(DondocError):
    """A campaign's configuration is missing or invalid."""


class SettingsError(CampaignError):
    """What a campaign stands on is wrong: its configuration, profiles, templates or calendar."""


class CalendarGapError(DondocError):
    """A day is asked for in a year whose official calendar has not been entered."""


class SourceError(DondocError):
    """A source is missing, unreadable, empty, or does not fit its profile."""


class ClockError(DondocError):
    """This machine's clock disagrees with what the ledger knows of the time."""


class TemplateError(DondocError):
    """A Word or mail template is missing or names a field we do not provide."""


class LedgerError(DondocError):
    """The ledger cannot be used as it is."""


class LostFileError(LedgerError):
    """A file the ledger names by its hash is gone, cannot be read, or no longer holds what it was written with."""


class SetAsideError(DondocError):
    """Something could not be made for some units; it stands in the ledger for each, and all others' is made."""


class UntrustedError(DondocError):
    """A file or mail somebody handed in cannot be taken."""


class FiguresError(DondocError):
    """Figures that must agree do not; nothing may be published from them."""


class LetterError(DondocError):
    """A letter cannot take this step from the state it is in, or its file is not the one that was approved."""


class MailError(DondocError):
    """The mail account is missing or refuses us."""


class NotEntitledError(DondocError):
    """Who acts has no right to; nothing was done, and the audit says who tried."""


class PassingError(DondocError):
    """What stops a step may pass by itself, so the step is tried again; all other errors wait for an operator."""


class UnreachableError(PassingError):
    """A server does not answer now; it may a little later."""


class LedgerAwayError(LedgerError, PassingError):
    """The ledger's server does not answer now, or another process holds it; it may a little later."""


class InOtherHandsError(PassingError):
    """Another sender holds mails that this step has to see settled; it sends them, or its lease soon ends."""


# Of the places in the code a failure went through, the last ones tell most.
PLACES = 4
DISK_TROUBLES = {
    errno.ENOSPC: "ổ đĩa đầy",
    errno.EDQUOT: "hết hạn mức ổ đĩa",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EISDIR: "một thư mục nằm đúng chỗ của tệp",
    errno.ENOTDIR: "một tệp nằm đúng chỗ của thư mục",
    errno.ESTALE: "ổ đĩa mạng đã rời ra",
    errno.EIO: "ổ đĩa hỏng",
}


class SoftwareError(DondocError):
    """The software or what it stands on failed. Of the failure only its kind and its places in the code are told.

    A message of a database or a parser quotes the row it failed on, and so a person's name and telephone.
    """

    @classmethod
    def hiding(cls, error: Exception, *, doing: str) -> "SoftwareError":
        """Return the error that stands in for `error`, raised while `doing` something."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "dondoc" in Path(frame.filename).parts and frame.name != "run_step"]
        places = [f"{Path(frame.filename).name}:{frame.lineno} ({frame.name})" for frame in own[-PLACES:]]
        return cls(
            f"Lỗi phần mềm ở {doing}: {type(error).__name__}.",
            where=" → ".join(places) or doing,
            remedy="kiểm tra sổ cái, ổ đĩa và bộ nhớ rồi chạy lại; nếu lặp lại, gửi ba dòng này cho người bảo trì "
            "(không có dữ liệu của hồ sơ).",
        )


class DiskError(DondocError):
    """A disk or folder does not take or give what it should; not a fault of the software."""

    @classmethod
    def standing_for(cls, error: OSError, *, doing: str, folder: Path | None) -> "DiskError":
        """Return the error that says of which file and disk `error` speaks; of `folder` where it names no file."""
        named = error.filename2 or error.filename
        path = Path(named) if isinstance(named, str) else folder
        free = f" (còn trống {free_megabytes(path)} MB)" if path else ""
        trouble = DISK_TROUBLES.get(error.errno or 0, "ổ đĩa báo lỗi")
        return cls(
            f"Không đọc hoặc không ghi được tệp ở {doing}: {trouble}{free}.",
            where=path or doing,
            remedy="giải phóng ổ đĩa, hoặc cấp quyền thư mục cho tài khoản chạy Đôn Đốc, rồi chạy lại: việc đã làm "
            "không làm lại.",
        )


def free_megabytes(path: Path) -> int:
    """Return how much room the disk of `path` has left, whole MB; `path` itself need not be there."""
    for one in (path, *path.parents):
        with suppress(OSError):
            return shutil.disk_usage(one).free // 2**20
    return 0


def told(error: Exception, *, doing: str, folder: Path | None = None) -> DondocError:
    """Return the error to be raised in place of `error`, chained to nothing; `folder` is where files are written.

    A library's error may quote a statement and the row it failed on, and every log prints what an error is chained to.
    """
    if isinstance(error, OSError) and error.errno in DISK_TROUBLES:
        return DiskError.standing_for(error, doing=doing, folder=folder)
    if not isinstance(error, DondocError):
        return SoftwareError.hiding(error, doing=doing)
    error.__cause__ = error.__context__ = None
    return error
