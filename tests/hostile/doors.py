"""The doors people use, each in a world of its own in which something hostile lies beside something whole."""

import io
import os
import random
import shutil
import signal
import sqlite3
import time
from contextlib import closing, contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import docx
import openpyxl
import pandas as pd
from docx.opc.exceptions import PackageNotFoundError
from tests.answers import conftest as answering
from tests.answers import imap
from tests.hostile import contents, mails, places
from tests.mail import post as outgoing
from tests.signoff import conftest as signing

from dondoc.answers.inbox import take_in_folder
from dondoc.answers.post import take_in_mail
from dondoc.campaign import load_calendar, load_campaign
from dondoc.campaign.day import Day
from dondoc.installation import ROOT, Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger.letters import COMPLETE, latest_letters
from dondoc.ledger.outbox import Entry, plan_mails
from dondoc.ledger.set_aside import list_set_aside
from dondoc.ledger.tables import outbox
from dondoc.mail.bounces import take_bounces
from dondoc.mail.mailbox import Mailbox
from dondoc.office_files.workbook import Workbook
from dondoc.signoff.inbox import take_in_signed
from dondoc.signoff.sheet import COLUMNS
from dondoc.signoff.sheet import SHEET as SHEET_NAME
from dondoc.untrusted.confined import READER

SEED = 20261130
LONGEST = 900
SECRET = b"tai lieu rieng cua nguoi khac"
SHEET, BOOK, DOCUMENT = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "word/document.xml"
OUR_FOLDERS = ("a link elsewhere", "a link to nothing", "a file")


class Item(NamedTuple):
    """Something handed in: what it is, and its bytes, or how it comes to its place; `ours` is where we keep things."""

    what: str
    content: bytes | None = None
    put: object = None
    name: bytes | None = None
    ending: str = ""
    ours: bool = False


class Outcome(NamedTuple):
    """What came of it: an exception, the whole one beside it not taken, acts nobody proved, what a person is told.

    `megabytes` is the most the process that reads had in memory, 0 where nothing was read there.
    """

    crash: str
    blocked: bool
    acts: int
    told: tuple[str, ...]
    seconds: float
    megabytes: int


class HungError(BaseException):
    """A door that does not come back."""


class World:
    """An installation and a ledger of its own in `root`, and private files of others outside of it."""

    def __init__(self, root, ledger):
        self.root, self.outside = root, root / "outside"
        shutil.rmtree(root, ignore_errors=True)
        self.outside.mkdir(parents=True)
        (self.outside / "private.bin").write_bytes(SECRET)
        with closing(sqlite3.connect(ledger)) as empty, closing(sqlite3.connect(root / "ledger.sqlite")) as own:
            empty.backup(own)
        where = {"DONDOC_OUT": str(root / "out"), "DONDOC_LEDGER_URL": f"sqlite:///{root}/ledger.sqlite"}
        self.place = answering.believing(Workplace(Installation.real(where), _day(), "answers"))

    def harmed(self):
        """Return how many files outside are no longer as they were, or are in a place of ours."""
        there = [path.name for path in self.outside.iterdir()]
        whole = there == ["private.bin"] and (self.outside / "private.bin").read_bytes() == SECRET
        ours = (path for path in (self.root / "out").rglob("*") if path.is_file() and not path.is_symlink())
        mine = (path for path in ours if os.access(path, os.R_OK))  # what nobody may read is itself handed in
        small = (path for path in mine if path.stat().st_size < 10**6 and path.stat().st_nlink == 1)
        return int(not whole) + sum(SECRET in path.read_bytes() for path in small)

    def close(self):
        self.place.ledger.dispose()
        shutil.rmtree(self.root)


@cache
def _day():
    campaign = load_campaign(ROOT / "include" / "campaigns" / answering.CODE)
    return Day(campaign, load_calendar(ROOT / "include" / "calendars" / "vn.yaml"), date(2023, 11, 14))


def _told(folder):
    """Return the last words of each answer beside what was handed in, the whole one's aside."""
    answers = [path for path in folder.rglob("*.ket-qua.xlsx") if not path.name.startswith(Folder.whole)]
    pages = [openpyxl.load_workbook(path).active for path in sorted(answers)]
    return [[str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell][-1] for page in pages]


class Folder:
    """A folder into which people put files: how a hostile thing comes to lie in it."""

    endings = ()
    whole = "zz-whole"

    def items(self):
        """Return what is handed in, ever the same."""
        rng = random.Random(f"{SEED} {self.name}")
        base = self.base()
        found = [Item(what, content, ending=self.endings[0]) for what, content in self.hostile(rng, base)]
        for ending in self.endings:
            named = [(what, name(ending.encode())) for what, name in places.NAMES.items()]
            found += [Item(f"{what}, {ending}", b"PK\x03\x04", name=name) for what, name in named]
            found += [Item(f"{what}, {ending}", put=put, ending=ending) for what, put in places.THINGS.items()]
        return found + [Item(f"our own folder is {what}", ours=True) for what in OUR_FOLDERS]

    def put(self, world, item, n):
        folder = self.folder(world)
        if item.ours:
            _plant(folder / "da-nhan", item.what, world.outside)
            return
        path = folder / self.stem(n)
        path = (folder / item.name.decode("utf-8", "surrogateescape")) if item.name else path.with_suffix(item.ending)
        if item.put:
            item.put(path, world.outside)
        else:
            path.write_bytes(item.content)
        _age(path)

    def stem(self, n):
        return f"{n:03d}"

    def told(self, world):
        return _told(self.folder(world))


def _plant(path, what, outside):
    if "file" in what:
        path.write_bytes(b"x")
    else:
        path.symlink_to(outside / "nothing" if "nothing" in what else outside)


def _age(path):
    os.utime(path, (time.time() - 999,) * 2, follow_symlinks=False)


class Answers(Folder):
    """Units put the workbooks they filled in here."""

    name, endings = "answers' folder", (".xlsx", ".ods", ".xls")

    def base(self):
        return answering.write(_day())[0]

    def hostile(self, rng, base):
        yield from contents.of_any_form(rng, base)
        yield from contents.of_packages(rng, base, BOOK)
        yield from contents.of_xml(base, SHEET)
        yield from contents.of_workbooks(base)

    def folder(self, world):
        folder = world.place.installation.answers_folder(answering.CODE)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def open(self, world, items):
        self.office = answering.Office(world.place)
        self.office.drop({answering.OPEN: {"reason_words": "nguyên vẹn"}}, name=f"{self.whole}.xlsx")

    def run(self, world):
        take_in_folder(world.place, at=answering.AT)

    def taken(self, world):
        return self.office.said().get((answering.OPEN, "reason")) == "nguyên vẹn"

    def acts(self, world):
        return max(0, sum(row.state == "accepted" for row in self.office.rows()) - 1)


class SignOff(Folder):
    """Sheets filled in on paper, and signed letters, come back here."""

    name, endings = "sign-off inbox", (".xlsx",)

    def base(self):
        return _sheet()

    def hostile(self, rng, base):
        yield from contents.of_any_form(rng, base)
        yield from contents.of_packages(rng, base, BOOK)
        yield from contents.of_xml(base, SHEET)
        yield from contents.of_workbooks(base)

    def folder(self, world):
        folder = world.place.out / answering.CODE / "inbox"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def open(self, world, items):
        self.office = signing.Office(world.place)
        self.office.draft("HS-0", *(self.stem(n) for n in range(len(items))))
        self.office.put_up()
        [path] = world.place.out.glob("*/*/signoff/VP-*.xlsx")
        book = openpyxl.load_workbook(path)
        page = book["Trình ký"]
        at = {cell.value: cell.column for cell in page[3]}
        # Returned, not signed: who may sign is another room's matter.
        row = next(row for row in range(4, page.max_row + 1) if page.cell(row, at["Mã hồ sơ"]).value == "HS-0")
        page.cell(row, at["Người ký"]).value = signing.SIGNER
        page.cell(row, at["Trả lại – lý do"]).value = "nguyên vẹn"
        book.save(self.folder(world) / f"{self.whole}.xlsx")

    def run(self, world):
        take_in_signed(world.place, at=answering.AT)

    def _letters(self, world):
        return latest_letters(world.place.ledger, campaign=answering.CODE)

    def taken(self, world):
        return self._letters(world)["HS-0"].reason == "nguyên vẹn"

    def acts(self, world):
        return sum(one.state != COMPLETE for number, one in self._letters(world).items() if number != "HS-0")


class SignedLetters(SignOff):
    """Signed letters come back here, each under the number of its case."""

    name, endings = "signed letters", (".docx", ".pdf")

    def base(self):
        return _document("Kính gửi: Ông A")

    def hostile(self, rng, base):
        yield from contents.of_any_form(rng, base)
        yield from contents.of_packages(rng, base, DOCUMENT)
        yield from contents.of_xml(base, DOCUMENT)

    def items(self):
        pdfs = contents.of_pdfs(random.Random(SEED))
        return super().items() + [Item(what, content, ending=".pdf") for what, content in pdfs]

    def stem(self, n):
        return f"HS-{n + 1}"


class Drafts(SignedLetters):
    """Officers edit drafts in Word where we wrote them."""

    name, endings = "edited drafts", (".docx",)

    def items(self):
        return [item for item in super().items() if not item.ours and not item.name and item.ending == ".docx"]

    def put(self, world, item, n):
        path = world.place.out / self.office.letter(self.stem(n)).path
        path.unlink()
        if item.put:
            item.put(path, world.outside)
        else:
            path.write_bytes(item.content)

    def open(self, world, items):
        self.office = signing.Office(world.place)
        self.office.draft("HS-0", *(self.stem(n) for n in range(len(items))))
        self.office.edit("HS-0")

    def run(self, world):
        self.requests = self.office.put_up()

    def taken(self, world):
        return self._letters(world)["HS-0"].put_up_at is not None

    def acts(self, world):
        """Return how many letters wait for a signature that no page can show."""
        store = world.place.out / answering.CODE / "letters-store"
        up = [one for number, one in self._letters(world).items() if number != "HS-0" and one.put_up_at]
        return sum(not _opens((store / f"{one.sha256}.docx").read_bytes()) for one in up)

    def told(self, world):
        lost = [line for request in self.requests for line in request["body"].splitlines() if line.startswith("⚠")]
        return lost or ["trình như đã sửa"]


class Post:
    """Units answer by mail; anybody may write to that address."""

    name = "reply mailbox"
    whole = "nguyên vẹn"

    def items(self):
        rng = random.Random(f"{SEED} {self.name}")
        healthy = mails.proof() + mails.mail(("tra-loi.xlsx", answering.write(_day())[0]))
        found = [Item(what, raw) for what, raw in mails.broken(rng, healthy)]
        return found + [Item(what, put=what) for what, _ in mails.forged(b"", b"")]

    def open(self, world, items):
        self.office = answering.Office(world.place)
        good = answering.filled(self.office.content, {answering.OPEN: {"reason_words": self.whole}})
        forged = answering.filled(self.office.content, {answering.BOTH: {"file_code": "01.GIA-MAO"}})
        of_nobody, _ = answering.write(world.place.day, unit="VP")
        other = answering.filled(of_nobody, {answering.BOTH: {"file_code": "01.GIA-MAO"}})
        self.forged = dict(mails.forged(forged, other))
        self.messages = []
        self.last = mails.proof() + mails.mail(("tra-loi.xlsx", good))

    def put(self, world, item, n):
        self.messages.append(self.forged[item.put] if item.put else item.content)

    def run(self, world):
        server = imap.Mailbox(*self.messages, self.last)
        box = Mailbox.of_connection("127.0.0.1", server.port, "don-doc", "secret", {"use_ssl": False})
        self.ended = take_in_mail(world.place, box, at=answering.AT, dns=mails.no_records)

    def taken(self, world):
        return self.office.said().get((answering.OPEN, "reason")) == self.whole

    def acts(self, world):
        stored = list((world.place.out / answering.CODE / "answers-store").glob("*"))
        return len(self.office.said()) - self.taken(world) + max(0, len(stored) - 1)

    def told(self, world):
        aside = list_set_aside(world.place.ledger, campaign=answering.CODE, since=_day().business_date)
        refused = [file.reason for file in self.office.files() if file.reason]
        return [*(one.reason for one in aside), *refused] or ["thư không mang tệp nào để nhận"]


class Bounces:
    """Mail servers say here what could not be delivered; anybody may write to that address."""

    name = "bounces"

    def items(self):
        rng = random.Random(f"{SEED} {self.name}")
        return [Item(what, raw) for what, raw in mails.broken_notices(rng, mails.dsn())]

    def open(self, world, items):
        self.messages = []
        one = outgoing.a_mail(world.root, "k")
        plan_mails(world.place.ledger, [Entry(one, None, "x")])
        with world.place.ledger.begin() as connection:
            connection.execute(outbox.update().values(state="sent"))
        self.last = mails.dsn(one.message_id, one.recipient)

    def put(self, world, item, n):
        self.messages.append(item.content)

    def run(self, world):
        messages = [(str(n), content) for n, content in enumerate([*self.messages, self.last])]
        self.broken = []
        self.counts = take_bounces(world.place.ledger, messages, lambda _mark, error: self.broken.append(error.brief))

    def taken(self, world):
        return outgoing.rows(world.place.ledger)["k"].bounced_at is not None

    def acts(self, world):
        return max(0, self.counts["bounced"] - 1)

    def told(self, world):
        unknown = f"{self.counts['unmatched']} thông báo không phải của thư ta gửi"
        return self.broken or [unknown if self.counts["unmatched"] else "không phải thông báo trả lại"]


DOORS = (SignOff(), SignedLetters(), Drafts(), Answers(), Post(), Bounces())


def play(door, items, world):
    """Hand in `items` at once beside something whole, let the door work, and return what came of them."""
    door.open(world, items)
    for n, item in enumerate(items):
        door.put(world, item, n)
    began, crash = time.monotonic(), ""
    try:
        with _within(LONGEST):
            door.run(world)
    except BaseException as error:  # noqa: BLE001 (also what a reader in another language throws)
        crash = type(error).__name__
    seconds = time.monotonic() - began
    acts = 0 if crash else door.acts(world)
    told = () if crash else tuple(" ".join(words.split()) for words in door.told(world))
    return Outcome(crash, not door.taken(world), acts + world.harmed(), told, seconds, _peak())


def _peak():
    """Return the most megabytes the reading process had since it was last asked."""
    if READER.pid is None:
        return 0
    try:
        status = Path(f"/proc/{READER.pid}/status").read_text(encoding="utf-8")
        Path(f"/proc/{READER.pid}/clear_refs").write_text("5", encoding="utf-8")
    except OSError:
        return 0
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024


@contextmanager
def _within(seconds):
    def hung(_signal, _frame):
        raise HungError

    before = signal.signal(signal.SIGALRM, hung)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _document(*lines):
    document, file = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def _opens(content):
    try:
        docx.Document(io.BytesIO(content)).element.body.xpath("//w:p")
    except (PackageNotFoundError, KeyError, ValueError, OSError, AttributeError, SyntaxError):
        return False
    return True


@cache
def _sheet():
    """Return a sheet as it goes out, nothing filled in."""
    book = Workbook()
    rows = [{"no": 1, "case_number": "HS-1", "path": "x", "sha256": "0" * 64}]
    book.add_table(SHEET_NAME, pd.DataFrame(rows), COLUMNS, title="x")
    return book.to_bytes()
