"""The folders a day writes into: written to before any work, so that a full or closed disk is known at once."""

from collections.abc import Iterator

from dondoc.errors import DiskError, Problem
from dondoc.files import write_trial
from dondoc.installation.workplace import Workplace

# A small office's day leaves about as much; a trial in the other folders asks for the right to write alone.
ROOM_BYTES = 4 * 2**20
OF_THE_DAY = ("snapshots", "letters", "mail", "quarantine", "report", "signoff")
OF_THE_CAMPAIGN = ("answers-store", "inbox", "letters-store", "published", "report-store")


def check_folders(place: Workplace) -> Iterator[Problem]:
    """Write a file into every folder of the day's outputs that is there, and take it away again.

    Where the day has no folder yet, the nearest above it is tried.
    """
    campaign = place.out / place.day.campaign.code
    main = next((one for one in (place.folder, *place.folder.parents) if one.is_dir()), place.out)
    wanted = [place.installation.answers_folder(place.day.campaign.code), campaign]
    wanted += [place.folder / name for name in OF_THE_DAY] + [campaign / name for name in OF_THE_CAMPAIGN]
    for folder in dict.fromkeys([main, *(one for one in wanted if one.is_dir())]):
        try:
            write_trial(folder, size=ROOM_BYTES if folder == main else 1)
        except OSError as error:
            nameless = OSError(error.errno, error.strerror)
            yield from DiskError.standing_for(nameless, doing="lần ghi thử trước khi chạy", folder=folder).problems
