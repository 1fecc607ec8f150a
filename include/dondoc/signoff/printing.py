"""Letters printed as LibreOffice prints them, once per hash, for the leader to read the very paper."""

import io
import logging
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from dondoc.errors import LetterError
from dondoc.installation.workplace import Workplace
from dondoc.ledger.batches import SignoffBatch
from dondoc.ledger.prints import Print, find_print, record_prints
from dondoc.letters.store import keep, read_stored, stored
from dondoc.office_files.programs import ProgramError, run_confined

log = logging.getLogger(__name__)

SUFFIX = ".print.pdf"
DRAWER = "pdftoppm"
# One start of the program prints many letters; what hangs in it costs no more than these.
AT_ONCE = 40
SECONDS_TO_START = 60
SECONDS_A_LETTER = 2
# What is not printed within it is read as text, and printed by the next run.
MOST_SECONDS = 600
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>1</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""


def print_letters(place: Workplace, batches: Sequence[SignoffBatch], *, at: datetime) -> None:
    """Print the letters of `batches` that have no print yet; where there is no LibreOffice, none.

    A letter that cannot be printed has no print, and is read as text.
    """
    program = find_program()
    campaign = place.day.campaign.code
    wanted = {sha256 for batch in batches for sha256 in batch.shown.values() if not _is_printed(place, sha256)}
    if not wanted or program is None:
        return
    end = time.monotonic() + MOST_SECONDS
    printed = 0
    for group in _groups(sorted(wanted)):
        if time.monotonic() > end:
            break
        try:
            letters = {sha256: read_stored(place.out, campaign, sha256) for sha256 in group}
        except LetterError as error:
            log.warning("%s", error)
            continue
        made = _print(program, letters)
        prints = [found for sha256, pdf in made.items() if (found := _kept(place, sha256, pdf))]
        record_prints(place.ledger, prints, at=at)
        printed += len(prints)
    log.info("in để đọc: %d trong %d thư chưa có bản in", printed, len(wanted))


def find_program() -> str | None:
    """Return the path of LibreOffice, None where it is not installed."""
    return shutil.which("soffice")


def shows_prints() -> bool:
    """Return whether letters can be read here as they print: LibreOffice prints them, and their pages can be drawn."""
    return find_program() is not None and shutil.which(DRAWER) is not None


def _is_printed(place: Workplace, sha256: str) -> bool:
    found = find_print(place.ledger, sha256)
    return found is not None and stored(place.out, place.day.campaign.code, found.pdf_sha256) is not None


def _groups(hashes: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(hashes), AT_ONCE):
        yield hashes[start : start + AT_ONCE]


def _print(program: str, letters: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the PDF of each of `letters`, by hash, that comes out of one start of the program."""
    with tempfile.TemporaryDirectory(prefix="dondoc-in-") as name:
        folder = Path(name)
        files = [folder / f"{sha256}.docx" for sha256 in letters]
        for file, content in zip(files, letters.values(), strict=True):
            file.write_bytes(content)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
        quiet = ["--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault"]
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *quiet,
            "--convert-to",
            "pdf:writer_pdf_Export",
        ]
        seconds = SECONDS_TO_START + SECONDS_A_LETTER * len(files)
        try:
            run_confined([*command, "--outdir", name, *map(str, files)], folder=folder, seconds=seconds)
        except ProgramError as error:
            log.warning("%s", error)
        printed = {sha256: folder / f"{sha256}.pdf" for sha256 in letters}
        return {sha256: path.read_bytes() for sha256, path in printed.items() if path.is_file()}


def _kept(place: Workplace, sha256: str, pdf: bytes) -> Print | None:
    # Loads where a letter was printed alone: all that signs and verifies comes with it.
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        pages = int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"])
    except (PdfError, LookupError, ValueError, OSError):
        # The program was ended while it wrote.
        return None
    [pdf_sha256] = keep(place.out, place.day.campaign.code, [pdf], suffix=SUFFIX)
    return Print(sha256, pdf_sha256, pages)
