"""What people put into a folder, as it was found there: taken or turned away, and where it is kept after."""

from dataclasses import dataclass, field, replace
from pathlib import PurePath

from dondoc.untrusted.plain_names import plain_name

DONE = "da-nhan"
REFUSED = "khong-nhan"


@dataclass(frozen=True)
class DroppedFile:
    """A file as it was read: its name in the folder, its bytes, whose it is, and what tells it from another like it."""

    name: str
    sha256: str
    print: tuple[int, ...]
    owner: int
    content: bytes = field(repr=False)

    def without_content(self) -> "DroppedFile":
        """Return the same file, its bytes let go of."""
        return replace(self, content=b"")

    @property
    def plain_name(self) -> str:
        """Return its name as it can be shown and kept."""
        return plain_name(self.name)

    @property
    def kept_place(self) -> str:
        """Return where it is kept once it is put away, from the folder on."""
        return f"{DONE}/{self.sha256[:16]}/{self.plain_name}"

    @property
    def suffix(self) -> str:
        """Return the ending of its name, in lower case."""
        return PurePath(self.plain_name).suffix.lower()


@dataclass(frozen=True)
class RefusedFile:
    """Something that is not taken: its name in the folder, where in the folder it goes, and whose it is.

    The place is made of what tells it from others: a second look at the same thing names the same place.
    """

    name: str
    token: str
    owner: int

    @property
    def plain_name(self) -> str:
        """Return its name as it can be shown and kept."""
        return plain_name(self.name)

    @property
    def place(self) -> str:
        """Return where it goes, from the folder on."""
        return f"{REFUSED}/{self.token}/{self.plain_name}"
