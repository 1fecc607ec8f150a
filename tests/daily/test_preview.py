"""The pages that show a day's mails: everything that was planned, nothing that runs, nothing that is sent."""

import re
import smtplib
from html.parser import HTMLParser

import pytest
from sqlalchemy import update
from tests.daily.reminded import become, compose, rows

from dondoc.__main__ import main
from dondoc.daily.preview import write_preview
from dondoc.ledger.tables import outbox

DAY, CODE = "2023-11-16", "hai-phong-2023"
HOSTILE = "<script>alert(1)</script>&\"'"


class Links(HTMLParser):
    """The links of a page, and the tags it uses."""

    def __init__(self, page):
        super().__init__()
        self.links, self.tags = [], set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for name, value in attributes if name == "href"]


@pytest.fixture
def place(installation):
    return compose(DAY, {"QLDT": [HOSTILE], "VPDD": ["B"]}, mode="preview")


def words(page):
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def test_the_list_names_every_mail_and_leads_to_each(place):
    page = write_preview(place).read_text()
    found = Links(page)
    assert set(found.links) >= {f"{row.path.rpartition('/')[2].removesuffix('.eml')}.html" for row in rows(place)}
    assert all((place.folder / "mail" / link).is_file() for link in found.links)
    assert all(row.recipient in page for row in rows(place))
    for told in ("6 thư", "tổng hợp cho lãnh đạo", "trưởng đơn vị (từ khi đến hạn)", "chế độ xem trước", "Giữ lại: 6"):
        assert told in words(page), told


@pytest.mark.fault(15)
def test_who_cannot_be_reached_is_on_the_list(place):
    assert "Văn phòng đại diện tại các KCN, KKT: cấp phó đơn vị" in words(write_preview(place).read_text())


def test_a_page_shows_the_mail_in_a_frame_that_runs_nothing(place):
    write_preview(place)
    page = (place.folder / "mail" / "nhac-viec-QLDT.html").read_text()
    found = Links(page)
    assert found.tags.isdisjoint({"script", "form", "img", "object"})
    assert '<iframe sandbox="" srcdoc="' in page
    assert "&amp;lt;script&amp;gt;" in page
    assert "default-src 'none'" in page
    assert f"{CODE}-QLDT-{DAY}.xlsx" in found.links


@pytest.mark.parametrize("column", ["reason", "recipient", "unit", "state"])
def test_whatever_the_ledger_holds_is_words_on_the_page(place, column):
    first = rows(place)[0].id
    with place.ledger.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.id == first).values(**{column: HOSTILE}))
    page = write_preview(place).read_text()
    assert "script" not in Links(page).tags
    assert "&lt;script&gt;alert(1)" in page


def test_the_same_mails_give_the_same_pages_and_states_are_shown(place):
    before = write_preview(place).stat().st_mtime_ns
    assert write_preview(place).stat().st_mtime_ns == before
    become(place, "unknown")
    assert "Chưa rõ đã tới chưa: 6" in words(write_preview(place).read_text())


def test_pages_of_mails_that_are_no_more_go(place):
    write_preview(place)
    write_preview(compose(DAY, {"VPDD": ["B"]}, mode="preview"))
    assert {path.stem for path in place.folder.glob("mail/nhac-viec-*.html")} == {
        "nhac-viec-VPDD",
        "nhac-viec-VPDD-truong",
    }


def test_a_mail_whose_file_is_gone_is_still_listed(place):
    (place.folder / "mail" / "nhac-viec-QLDT.eml").unlink()
    assert "tệp thư đã mất" in words(write_preview(place).read_text())


def test_the_command_writes_the_pages_and_speaks_to_no_server(place, monkeypatch, capsys):
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *_: pytest.fail("a server was spoken to"))
    assert main(["preview", CODE, DAY]) == 0
    assert str(place.folder / "mail" / "index.html") in capsys.readouterr().out


def test_a_day_that_was_not_run_says_how_to_run_it(installation, capsys):
    assert main(["preview", CODE, DAY]) == 1
    assert f"make run CAMPAIGN={CODE} DATE={DAY}" in capsys.readouterr().err
