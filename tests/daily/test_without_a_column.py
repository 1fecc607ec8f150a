"""A whole campaign on sources that have no place for an apology: our register of signed letters is the evidence.

The one-stop export (a workbook) and the national portal's contract (a server) are played alike, day by day.
"""

import email
import email.policy
import io
import threading
from contextlib import suppress
from datetime import UTC, date, datetime

import docx
import openpyxl
import pytest
from tests.answers.conftest import filled
from tests.daily.campaign_days import CODE, mails, write_campaign
from tests.mail import post
from tests.mail.sink import Sink
from tests.sources.scripted_server import Server
from tests.sources.specimens import SECRET, portal, portal_case

from dondoc.daily import replies, steps
from dondoc.daily.check import read_figures
from dondoc.errors import DondocError
from dondoc.figures import total_figures
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger import transitions
from dondoc.ledger.letters import latest_letters
from dondoc.ledger.transitions import Signature
from dondoc.letters.submission import put_up
from dondoc.sources.account import ApiAccount

UNIT, NAME = "QLDT", "Phòng Quản lý đầu tư"
OPEN, ENDED = "000.00.12.H24-250401-0001", "000.00.12.H24-250401-0002"
HEADINGS = ["STT", "Số hồ sơ", "Tên thủ tục hành chính", "Tên lĩnh vực", "Phòng ban", "Chủ hồ sơ", "Số điện thoại"]
HEADINGS += ["Địa chỉ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả", "Trạng thái"]
FILE = {"name": "cases", "kind": "cases", "profile": "one-stop-export", "path": "cases.xlsx"}
SERVER = {"name": "cases", "kind": "cases", "profile": "national-portal", "connection": "truc"}
KINDS = ("reminder", "report", "closing")
SIGNER = {"by": "Bùi Ngọc Hải", "at": datetime(2025, 4, 23, 3, tzinfo=UTC)}


class Export:
    """The one-stop system, which hands over a workbook."""

    source, connection = FILE, None

    def __init__(self, folder, monkeypatch):
        self.path = folder / "cases.xlsx"
        monkeypatch.setenv("DONDOC_SOURCE_CASES", str(self.path))

    def show(self, cases):
        book = openpyxl.Workbook()
        page = book.active
        page.append(["KẾT XUẤT HỒ SƠ MỘT CỬA"])
        page.append(HEADINGS)
        for i, (number, received, due, ended) in enumerate(cases, start=1):
            about = ["Cấp giấy phép", "Đầu tư", NAME, "CÔNG TY TNHH MỘT", "", ""]
            days = [f"{day:%d/%m/%Y}" if day else "" for day in (received, due, ended)]
            state = "Đã xử lý xong" if ended else "Đang xử lý"
            page.append([i, number, *about, *days, "", state])
        book.save(self.path)


class Portal:
    """The national portal, which is asked over HTTP."""

    source = SERVER

    def __init__(self, _folder, monkeypatch):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        self.server = Server()
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.connection = lambda _name: ApiAccount("truc", self.server.url, "van-phong", SECRET)

    def show(self, cases):
        self.server.play(portal(*(self._case(*one) for one in cases)))

    def _case(self, number, received, due, ended):
        days = {"NgayTiepNhan": received, "NgayHenTra": due, "NgayKetThucXuLy": ended, "NgayTra": None}
        told = {name: f"{day:%Y%m%d}080000" if day else "" for name, day in days.items()}
        return portal_case(MaHoSo=number, TrangThaiHoSo="9" if ended else "4", DonViXuLy=NAME, **told)


class Drive:
    """The campaign on one kind of source: `run` plays a day, `mail_of` reads what a unit was sent."""

    def __init__(self, system, sink, monkeypatch):
        self.system, self.sink, self.at = system, sink, None
        monkeypatch.setattr(Installation, "now", lambda _self, zone: self.at.astimezone(zone))

    def turn_to(self, text):
        self.at = datetime.fromisoformat(f"2025-{text}+07:00")

    def run(self, text, *, ended):
        """Play the day's run; `ended` is the day the open case was finished, None while it is not."""
        self.turn_to(text)
        fresh = (f"000.00.12.H24-25{self.at:%m%d}-0003", self.at.date(), date(2025, 6, 30), None)
        late = (date(2025, 4, 1), date(2025, 4, 10))
        self.system.show([(OPEN, *late, ended), (ENDED, *late, date(2025, 4, 15)), fresh])
        ref = steps.open_day(steps.day_ref(CODE, self.at.date().isoformat()))
        snapshots = steps.gate(ref, [steps.pull(ref, "cases", self.system.connection)])
        found = steps.check(ref, snapshots)
        for batch in found["letters"]:
            steps.draft_letters(ref, found, batch["units"])
        for batch in found["reminders"]:
            steps.compose_reminders(ref, found, batch["units"])
        report = steps.write_report(ref, found)
        for kind in KINDS:
            with suppress(DondocError):
                steps.send_mail(ref, kind, lambda: post.account(self.sink.port))
        steps.close_day(ref, found, report)
        return Workplace.of(ref), found

    def answer(self, place):
        """Let the unit fill in the workbook it was mailed, and take it in."""
        [book] = (place.folder / "mail").glob(f"*-{UNIT}-*.xlsx")
        given = {"reason_words": "chờ ý kiến của sở"}
        content = filled(book.read_bytes(), {OPEN: given | {"new_due_on": datetime(2025, 5, 12)}, ENDED: given})
        folder = place.installation.answers_folder(CODE)
        folder.mkdir(parents=True)
        (folder / book.name).write_bytes(content)
        replies.take_folder(CODE)

    def sign(self, place):
        """Let the leader approve what is put up, and the clerk enter number and date."""
        shown = put_up(place.ledger, place.out, campaign=CODE, unit=UNIT, **SIGNER)
        transitions.approve(place.ledger, [one.id for one in shown.letters], batch=shown.batch, **SIGNER)
        for i, letter in enumerate(shown.letters, start=12):
            signature = Signature(f"{i}/PXL-BQL", self.at.date(), SIGNER["by"])
            transitions.record_signature(place.ledger, letter.id, signature, **SIGNER)


def sent(place, kind):
    on = place.day.business_date
    return [mail for mail in mails(place.installation) if (mail.kind, mail.business_date) == (kind, on)]


def mail_of(place, stem):
    content = (place.folder / "mail" / f"{stem}.eml").read_bytes()
    return email.message_from_bytes(content, policy=email.policy.default)


def text_of(place, stem):
    return mail_of(place, stem).get_body(("plain",)).get_content()


def office_of(found, place):
    return total_figures(read_figures(place, found))


@pytest.fixture(params=[Export, Portal], ids=["one-stop export", "national portal"])
def drive(request, own_campaigns, tmp_path, monkeypatch):
    write_campaign(own_campaigns, sources=[request.param.source], watch={})
    system = request.param(tmp_path, monkeypatch)
    with Sink() as sink:
        yield Drive(system, sink, monkeypatch)
    if request.param is Portal:
        system.server.shutdown()
        system.server.server_close()


@pytest.mark.fault(100)
def test_letters_drafted_completed_signed_and_counted_bring_the_final_report_to_100_percent(drive):
    first, found = drive.run("04-22 07:30", ended=None)
    assert [mail.state for mail in sent(first, "reminder")] == ["sent"]
    assert "2 hồ sơ chưa xin lỗi" in text_of(first, f"nhac-viec-{UNIT}")
    assert {one.state for one in latest_letters(first.ledger, campaign=CODE).values()} == {"drafted"}
    drive.turn_to("04-22 15:00")
    drive.answer(first)

    second, found = drive.run("04-23 07:30", ended=None)
    assert {one.state for one in latest_letters(second.ledger, campaign=CODE).values()} == {"complete"}
    told = text_of(second, f"nhac-viec-{UNIT}")
    assert "chưa có văn bản xin lỗi" not in told
    assert "đang chờ ký: 1" in told
    office = office_of(found, second)
    assert (office["apologies_done"], office["apologies_waiting"], office["apology_rate"]) == (0, 2, 0)
    drive.sign(second)

    third, found = drive.run("04-24 07:30", ended=date(2025, 4, 23))
    office = office_of(found, third)
    assert (office["apologies_due"], office["apologies_register"], office["apology_rate"]) == (2, 2, 100)
    assert {one.state for one in latest_letters(third.ledger, campaign=CODE).values()} == {"signed"}
    assert "100%" in mail_of(third, f"hoan-thanh-{UNIT}")["Subject"]
    assert not (third.folder / "mail" / f"nhac-viec-{UNIT}.eml").exists()
    [final] = sent(third, "final")
    assert final.state == "sent"
    assert_final_report_says_100(third)


def assert_final_report_says_100(place):
    [word] = (place.folder / "report").glob("bao-cao-cuoi-cung-*.docx")
    document = docx.Document(io.BytesIO(word.read_bytes()))
    printed = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Đã xin lỗi 2/2 hồ sơ quá hạn, tỷ lệ 100%" in printed
    assert "chỉ sổ đăng ký thư có thư đã ký 2 hồ sơ" in printed
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"12/PXL-BQL, 23/04/2025", "13/PXL-BQL, 23/04/2025"} <= set(cells)
    book = openpyxl.load_workbook(word.with_suffix(".xlsx"), read_only=True)
    rows = list(book["Tổng hợp"].iter_rows(values_only=True))
    total = dict(zip(rows[2], rows[-1], strict=True))
    assert (total["Xin lỗi: chỉ sổ thư"], total["Tỷ lệ xin lỗi"]) == (2, 1)
