"""What a folder's door does not take: entered in the ledger, then moved aside."""

import logging
from dataclasses import dataclass
from datetime import datetime

from dondoc.actor import Actor
from dondoc.errors import DondocError
from dondoc.installation.workplace import Workplace
from dondoc.ledger.set_aside import SetAside, note_set_aside
from dondoc.office_files.workbook import Workbook
from dondoc.untrusted.drop_folder import DropFolder
from dondoc.untrusted.dropped_files import DroppedFile

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusals:
    """A door of a campaign that takes files from a folder, as it turns them away."""

    place: Workplace
    drop: DropFolder
    door: str
    at: datetime

    def set_aside(self, name: str, error: DondocError) -> None:
        """Turn away whatever stands under `name`; a round cut off in between enters it no second time."""
        file = self.drop.refused(name)
        if file is None:
            return
        why = error.brief
        self._enter(file.place, why, file.owner)
        book = Workbook()
        book.add_notes("Kết quả", [f"Không nhận. {why}"], title=f"Kết quả tiếp nhận tệp {file.plain_name}")
        self.drop.set_aside(file, book.to_bytes())
        log.warning("không nhận một tệp đặt vào thư mục, để riêng (xem `answers list`)")

    def note(self, file: DroppedFile, why: str) -> None:
        """Enter that nothing was taken of a file that is kept among those taken in."""
        self._enter(file.kept_place, why, file.owner)

    def _enter(self, origin: str, why: str, owner: int) -> None:
        day = self.place.day
        whose = Actor.of_uid(owner).words
        found = SetAside(day.campaign.code, self.door, origin, why, day.business_date, self.at, whose)
        note_set_aside(self.place.ledger, found)
