"""The table of mail kinds: every row is whole, and a new row is all that a new kind takes."""

import pytest
from tests.daily.reminded import ARMED_BY, CODE

from dondoc.daily.outgoing import MailDraft, enter_mails
from dondoc.installation import ROOT
from dondoc.ledger import mail_kinds, outbox, runs
from dondoc.ledger.mail_kinds import MAIL_KINDS, MailKind
from dondoc.mail.compose import MailTemplates
from dondoc.mail.words import KINDS

TEMPLATES = ROOT / "include" / "templates" / "mail"
FORMS = ("html.j2", "tieu-de.j2", "txt.j2")


def test_every_template_is_of_a_kind_and_every_kind_has_its_templates():
    named = {name for kind in MAIL_KINDS.values() for name in kind.templates}
    assert sorted(path.name for path in TEMPLATES.iterdir()) == sorted(
        f"{name}.{form}" for name in named for form in FORMS
    )


@pytest.mark.parametrize("kind", MAIL_KINDS.values(), ids=lambda kind: kind.key)
def test_a_person_reads_a_kinds_name_and_reader_never_its_key(kind):
    assert KINDS[kind.key] == kind.name
    assert kind.key not in f"{kind.name} {kind.reader} {kind.counted_as}"


def test_a_new_kind_is_a_row_and_its_templates(place, monkeypatch, tmp_path):
    new = MailKind("invitation", "mời họp", "đơn vị", ("moi-hop",), "moi-hop")
    monkeypatch.setitem(mail_kinds.MAIL_KINDS, new.key, new)
    for form, text in (("tieu-de", "Mời {{ unit_name }} họp"), ("txt", "Kính mời."), ("html", "<p>Kính mời.</p>")):
        (tmp_path / f"moi-hop.{form}.j2").write_text(text, encoding="utf-8")
    opened = {"kind": "daily", "mode": "armed", "hold_reason": "cổng đang đóng", "armed_by": ARMED_BY}
    runs.open_run(place.ledger, campaign=CODE, business_date=place.day.business_date, **opened)
    text = MailTemplates(tmp_path).render("moi-hop", {"unit_name": "Văn phòng"})
    [key] = enter_mails(place, new.key, [MailDraft("VP", "a@bql-haiphong.example.vn", text, f"{new.file_name}-VP")])
    [row] = outbox.list_mails(place.ledger, campaign=CODE, business_date=place.day.business_date)
    assert (row.dedupe_key, row.kind, row.state, row.reason) == (key, new.key, outbox.HELD, "cổng đang đóng")
    assert b"Subject: =?utf-8?" in (place.out / row.path).read_bytes()
