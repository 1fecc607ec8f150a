"""What the watchdog told of while the ledger could not keep it: a small file of its own."""

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dondoc.files import sha256_of, write_whole
from dondoc.installation import Installation

NAME = "canh-chung.json"
# No campaign is named so.
LOOKS = "|looks"


@dataclass(frozen=True)
class Memory:
    """Which problems were told on which day.

    Attributes:
        places: files that may hold it, the one preferred first. Where none can be written the same is told again:
            rather twice than never.
    """

    places: tuple[Path, ...]

    @classmethod
    def of(cls, installation: Installation) -> "Memory":
        """Return the memory of this installation's watchdog: beside the outputs, else in the system's own folder."""
        own = f"dondoc-{os.getuid()}-{sha256_of(installation.ledger_url.encode())[:12]}-{NAME}"
        return cls((installation.out / NAME, Path(tempfile.gettempdir()) / own))

    def claim(self, key: str, told_on: str) -> bool:
        """Return whether `key` is to be told now: not told on that day yet. It is remembered as told."""
        known = self._known()
        if known.get(key) == told_on:
            return False
        self._keep({**known, key: told_on})
        return True

    def look(self, at: datetime) -> None:
        """Remember that the watchdog looked, and when it did before."""
        seen = [*self.looks(), at][-2:]
        self._keep({**self._known(), LOOKS: " ".join(one.isoformat() for one in seen)})

    def looks(self) -> list[datetime]:
        """Return when the watchdog looked last, and before that, in their order."""
        with suppress(ValueError):
            return [datetime.fromisoformat(one) for one in self._known().get(LOOKS, "").split()]
        return []

    def release(self, key: str) -> None:
        """Forget that `key` was told: the mail certainly did not leave."""
        known = self._known()
        known.pop(key, None)
        self._keep(known)

    def _known(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for place in reversed(self.places):
            # A file of somebody else, or half of one, is no memory of ours.
            with suppress(OSError, ValueError):
                if place.lstat().st_uid == os.getuid():
                    known |= {str(key): str(on) for key, on in json.loads(place.read_bytes()).items()}
        return known

    def _keep(self, told: Mapping[str, str]) -> None:
        content = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
        for place in self.places:
            with suppress(OSError):
                write_whole(place, content)
                return
