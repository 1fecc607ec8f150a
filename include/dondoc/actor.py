"""Who acts, how that is known, and the name somebody typed beside it: one value and one wording for every act."""

import os
import pwd
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

# What Airflow calls whoever comes without a login, where it asks for none.
ANONYMOUS = "Anonymous"
# Before the name of an account of the operating system, so that it is never taken for one of Airflow's.
SYSTEM_PREFIX = "system:"
REMARK_LENGTH = 120


class KnownBy(StrEnum):
    """How it is known who acts."""

    ACCOUNT = "account"  # Airflow let this account in
    SYSTEM = "system"  # the operating system runs the command as this account
    REHEARSAL = "rehearsal"  # nobody logs in, and it is a rehearsal
    NOBODY = "nobody"  # nobody logs in
    SETTINGS = "settings"  # the campaign's settings say so, whoever may edit them
    PAPER = "paper"  # what came back signed says so
    UNIT = "unit"  # a unit's own workbook says so
    MACHINE = "machine"  # no person decided


WORDS = {
    KnownBy.ACCOUNT: "tài khoản {name}",
    KnownBy.SYSTEM: "tài khoản hệ thống {name}",
    KnownBy.REHEARSAL: "người diễn tập",
    KnownBy.NOBODY: "người không đăng nhập",
    KnownBy.SETTINGS: "cấu hình của đợt",
    KnownBy.PAPER: "{name} (theo bản ký)",
    KnownBy.UNIT: "đơn vị {name}",
    KnownBy.MACHINE: "Đôn Đốc",
}


@dataclass(frozen=True)
class Actor:
    """Who acts.

    Attributes:
        known: how that is known.
        name: the account's, the signer's or the unit's; empty where none is known.
        remark: a name that was typed; it stands beside the act and proves nothing.
    """

    known: KnownBy
    name: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        """Keep the remark one short line."""
        object.__setattr__(self, "remark", " ".join(self.remark.split())[:REMARK_LENGTH])

    @classmethod
    def of_login(cls, login: str | None, *, rehearsal: bool, remark: str = "") -> Self:
        """Return who acts under an account of Airflow; of the operating system where the name says so."""
        name = (login or "").strip()
        if name.startswith(SYSTEM_PREFIX):
            return cls(KnownBy.SYSTEM, name.removeprefix(SYSTEM_PREFIX), remark)
        if name in ("", ANONYMOUS):
            return cls(KnownBy.REHEARSAL if rehearsal else KnownBy.NOBODY, remark=remark)
        return cls(KnownBy.ACCOUNT, name, remark)

    @classmethod
    def of_process(cls, remark: str = "") -> Self:
        """Return who runs this process, by the operating system and not by a variable anybody may set."""
        return cls.of_uid(os.getuid(), remark)

    @classmethod
    def of_uid(cls, uid: int, remark: str = "") -> Self:
        """Return the account of the operating system with this number."""
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            name = str(uid)
        return cls(KnownBy.SYSTEM, name, remark)

    @property
    def account(self) -> str:
        """Return the account as a campaign's permissions name it; empty where nobody is known by one."""
        if self.known is KnownBy.ACCOUNT:
            return self.name.casefold()
        return f"{SYSTEM_PREFIX}{self.name}".casefold() if self.known is KnownBy.SYSTEM else ""

    @property
    def words(self) -> str:
        """Return who acts, as people read it, with the typed name beside it."""
        said = WORDS[self.known].format(name=self.name)
        return f"{said} (ghi tên: {self.remark})" if self.remark else said

    @property
    def particulars(self) -> dict[str, str]:
        """Return what the audit keeps beside the words; nothing where no person acts."""
        if self.known is KnownBy.MACHINE:
            return {}
        kept = {"known": self.known.value, "account": self.account, "remark": self.remark}
        return {name: value for name, value in kept.items() if value}


# Who acts where no person decided.
MACHINE = Actor(KnownBy.MACHINE)
