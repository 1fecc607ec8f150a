"""Who may open which page: a role for each, granted by Airflow campaign by campaign."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a person does here; whoever mounts the pages says who has which."""

    VIEWER = "viewer"  # figures, without personal data
    OPERATOR = "operator"  # mails, lists, and the acts of every day
    LEADER = "leader"  # letters put up for signature
    ADMINISTRATOR = "administrator"  # what is kept of everybody's acts


# Whether this user has the role in the campaign of this code.
May = Callable[[Any, Role, str], bool]
LoginOf = Callable[[Any], str]


@dataclass(frozen=True)
class Section:
    """A page of the navigation: its path under the pages' own, its name, and who may open it."""

    path: str
    name: str
    role: Role


TODAY = Section("", "Hôm nay", Role.VIEWER)
DAYS = Section("days", "Ngày", Role.VIEWER)
MAILS = Section("mails", "Thư", Role.OPERATOR)
GATE_DAY = Section("gates", "Cổng", Role.OPERATOR)
SIGNING = Section("batches", "Trình ký", Role.LEADER)
SECTIONS = (TODAY, DAYS, MAILS, GATE_DAY, SIGNING)
