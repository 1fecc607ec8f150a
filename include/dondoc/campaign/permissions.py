"""Who may let mail leave, open gates and sign in a campaign, and whether two different people are needed."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from dondoc.actor import SYSTEM_PREFIX, Actor, KnownBy
from dondoc.configuration import ContradictionError, Loc, Settings

ACCOUNT = (
    "tên đăng nhập Airflow, không có dấu cách, ví dụ van-thu.lan; tài khoản của máy chủ thì viết system:tên, "
    "ví dụ system:dondoc"
)
Account = Annotated[str, Field(pattern=r"^[^\s:]+$|^system:[^\s:]+$", max_length=80, description=ACCOUNT)]
Accounts = Annotated[tuple[Account, ...], Field(min_length=1)]
ROLE_PREFIX = "role:"
HOLDER = f"{ACCOUNT}; vai trò của đợt thì viết role:tên, ví dụ role:van-thu"
Holder = Annotated[str, Field(pattern=r"^[^\s:]+$|^(?:system|role):[^\s:]+$", max_length=80, description=HOLDER)]
Holders = Annotated[tuple[Holder, ...], Field(min_length=1)]
RoleName = Annotated[str, Field(pattern=r"^[^\s:]+$", max_length=75, description="tên vai trò, không dấu cách")]
AirflowId = Annotated[int, Field(gt=0, description="số của tài khoản trong Airflow, ví dụ 7")]


class Right(StrEnum):
    """What a person needs a right for: the name of the setting that says who has it."""

    ARM = "arm"
    OPEN_GATES = "open_gates"
    SIGN = "sign"


RIGHT_WORDS = {
    Right.ARM: "cho phép gửi thư",
    Right.OPEN_GATES: "mở cổng kiểm soát",
    Right.SIGN: "duyệt, trả lại thư xin lỗi",
}
# Whom no list names, and who needs none: what they may do is settled elsewhere.
UNLISTED = (KnownBy.REHEARSAL, KnownBy.SETTINGS, KnownBy.MACHINE)


class Permissions(Settings):
    """Who may do what, by account or role; a list that is not given leaves it to what Airflow and the machine allow.

    Attributes:
        roles: whose a role is. Airflow tells a task the account of whoever acts and never their roles there, so a
            role is the campaign's own and the lists are accounts whichever login an office has.
        arm: who may let a day's mail leave by hand.
        open_gates: who may let a day's mail through a closed gate.
        sign: who may approve or return letters; the request is theirs alone.
        four_eyes: whether letters need another person's approval than whoever armed their day or edited them.
        airflow_ids: the number of a signer's account, where Airflow's own login keeps numbers (FAB).
    """

    roles: dict[RoleName, Accounts] = Field(default_factory=dict)
    arm: Holders | None = None
    open_gates: Holders | None = None
    sign: Holders | None = None
    four_eyes: bool = True
    airflow_ids: dict[Account, AirflowId] = Field(default_factory=dict)

    def __hash__(self) -> int:
        """Return a hash: what is laid out once a campaign is remembered by the campaign, and a mapping has none."""
        lists = (self.arm, self.open_gates, self.sign, self.four_eyes)
        return hash((lists, tuple(sorted(self.airflow_ids.items())), tuple(sorted(self.roles.items()))))

    @model_validator(mode="after")
    def _consistent(self) -> "Permissions":
        found = [*self._named_twice(), *self._unknown_roles()]
        # Whose the numbers are is known once each role is.
        found = found or [*self._numbers_of_nobody()]
        if found:
            raise ContradictionError(found)
        return self

    def _named_twice(self) -> Iterator[tuple[Loc, str]]:
        written: list[tuple[Loc, tuple[str, ...]]] = [((right.value,), self._written(right) or ()) for right in Right]
        written += [(("roles", role), members) for role, members in self.roles.items()]
        for loc, names in written:
            folded = [name.casefold() for name in names]
            for i, name in enumerate(folded):
                if name in folded[:i]:
                    yield (*loc, i), f"tài khoản “{name}” ghi hai lần"

    def _unknown_roles(self) -> Iterator[tuple[Loc, str]]:
        for right in Right:
            for i, name in enumerate(self._written(right) or ()):
                if name.startswith(ROLE_PREFIX) and name.removeprefix(ROLE_PREFIX) not in self.roles:
                    yield (right.value, i), f"vai trò “{name.removeprefix(ROLE_PREFIX)}” chưa khai ở roles"

    def _numbers_of_nobody(self) -> Iterator[tuple[Loc, str]]:
        signers = {name.casefold() for name in self.named(Right.SIGN) or ()}
        for name in self.airflow_ids:
            if name.casefold() not in signers:
                yield ("airflow_ids", name), f"“{name}” không có trong sign"

    def named(self, right: Right) -> tuple[str, ...] | None:
        """Return the accounts that have `right`, those of its roles among them, None where no list says so."""
        written = self._written(right)
        if written is None:
            return None
        found: dict[str, str] = {}
        for name in written:
            role = self.roles[name.removeprefix(ROLE_PREFIX)] if name.startswith(ROLE_PREFIX) else None
            for account in role or (name,):
                # Somebody may be named and have the role too.
                found.setdefault(account.casefold(), account)
        return tuple(found.values())

    def _written(self, right: Right) -> tuple[str, ...] | None:
        lists = {Right.ARM: self.arm, Right.OPEN_GATES: self.open_gates, Right.SIGN: self.sign}
        return lists[right]

    def assignees(self, *, numbered: bool) -> list[tuple[str, str]]:
        """Return id and name of each signer's account in Airflow; nobody where a number is needed and not given.

        Args:
            numbered: whether Airflow's login knows accounts by number (FAB) and not by name.
        """
        ids = {name.casefold(): str(number) for name, number in self.airflow_ids.items()}
        logins = [name for name in self.named(Right.SIGN) or () if not name.startswith(SYSTEM_PREFIX)]
        if not numbered:
            return [(name, name) for name in logins]
        known = [(ids[name.casefold()], name) for name in logins if name.casefold() in ids]
        return known if len(known) == len(logins) else []

    def refusal(self, right: Right, actor: Actor) -> str:
        """Return why `actor` has not the right, empty where they have it; nobody has one unknown."""
        named = self.named(right)
        if actor.known is KnownBy.NOBODY:
            return f"Không ai đăng nhập nên không biết ai {RIGHT_WORDS[right]}."
        if actor.known in UNLISTED or named is None or actor.account in {name.casefold() for name in named}:
            return ""
        return f"Không có quyền {RIGHT_WORDS[right]} của đợt này: {actor.words}."
