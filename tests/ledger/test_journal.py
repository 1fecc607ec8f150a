"""A ledger lost, restored or mistaken for another mails nothing until a person accepts it, and nothing twice."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select
from tests.mail import post
from tests.mail.sink import Sink

from dondoc.__main__ import main
from dondoc.actor import Actor, KnownBy
from dondoc.daily import steps
from dondoc.errors import LedgerError
from dondoc.ledger import disks, journal, verdicts
from dondoc.ledger.store import open_ledger, upgrade_ledger
from dondoc.ledger.tables import audit
from dondoc.ledger.verification import verify_ledger

WHO = {"by": Actor(KnownBy.SYSTEM, "don-doc", "Lê Văn A"), "reason": "ổ đĩa hỏng, khôi phục bản sao lưu tối qua"}


@pytest.fixture
def server():
    with Sink() as found:
        yield found


@pytest.fixture
def office(tmp_path, new_ledger):
    """Return the address of a ledger of its own, beside the output folder whose mails it holds."""
    return new_ledger(tmp_path / "ledger.sqlite")


def send(url, out, server):
    return dict(post.sender(open_ledger(url), out).carry(post.job(), post.account(server.port)))


def backed_up(url, out):
    """Return where a copy of the ledger lies, as a backup takes it."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as there, closing(sqlite3.connect(out / "b")) as copy:
        there.backup(copy)
    return out / "b"


def put_back(copy, url):
    """Put a backup in the place of the ledger, as a machine does that was switched off meanwhile."""
    open_ledger(url).dispose()
    path = url.removeprefix("sqlite:///")
    for left in ("-wal", "-shm"):
        (copy.parent / f"{path}{left}").unlink(missing_ok=True)
    shutil.copyfile(copy, f"{path}.new")
    (copy.parent / f"{path}.new").replace(path)


@pytest.mark.fault(102)
def test_a_ledger_restored_from_before_a_sending_sends_nothing_again(office, tmp_path, server):
    post.plan(open_ledger(office), tmp_path, ["a"])
    send(office, tmp_path, server)
    post.plan(open_ledger(office), tmp_path, ["b"])
    copy = backed_up(office, tmp_path)
    post.plan(open_ledger(office), tmp_path, ["c"])
    assert send(office, tmp_path, server) == {"sent": 2}
    put_back(copy, office)
    with pytest.raises(LedgerError, match="cũ hơn những thư đã gửi"):
        send(office, tmp_path, server)
    ledger = open_ledger(office)
    assert journal.accept(ledger, tmp_path, **WHO) == 2
    assert post.states(ledger) == {"a": "sent", "b": "unknown", "c": "unknown"}
    assert send(office, tmp_path, server) == {}
    post.plan(ledger, tmp_path, ["a", "b", "c"])
    assert send(office, tmp_path, server) == {}
    assert len(server.accepted) == 3
    assert verify_ledger(ledger).whole


@pytest.mark.fault(102)
def test_what_was_accepted_is_settled_by_evidence_like_any_doubt(office, tmp_path, server):
    copy = backed_up(office, tmp_path)
    post.plan(open_ledger(office), tmp_path, ["a"])
    send(office, tmp_path, server)
    put_back(copy, office)
    ledger = open_ledger(office)
    journal.accept(ledger, tmp_path, **WHO)
    (doubt,) = verdicts.list_doubts(ledger)
    assert verdicts.settle_doubt(ledger, doubt, sent=True, evidence="nhật ký máy chủ thư")
    assert post.states(ledger) == {"a": "sent"}
    with ledger.begin() as connection:
        (act,) = connection.execute(select(audit)).all()
    assert (act.actor, act.action) == (WHO["by"].words, "ledger.accepted")


@pytest.mark.fault(64)
def test_a_ledger_made_anew_in_place_of_a_lost_one_mails_nothing(office, tmp_path, server):
    post.plan(open_ledger(office), tmp_path, ["a"])
    send(office, tmp_path, server)
    open_ledger(office).dispose()
    for path in tmp_path.glob("ledger.sqlite*"):
        path.unlink()
    upgrade_ledger(office)
    post.plan(open_ledger(office), tmp_path, ["a", "b"])
    with pytest.raises(LedgerError, match="thuộc một sổ cái khác"):
        send(office, tmp_path, server)
    journal.accept(open_ledger(office), tmp_path, **WHO)
    assert send(office, tmp_path, server) == {"sent": 1}
    assert len(server.accepted) == 2


@pytest.mark.fault(101)
def test_a_second_machine_with_a_folder_of_its_own_is_refused_in_words(ledger, tmp_path, server):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    post.plan(ledger, tmp_path / "here", ["a"])
    journal.require_store(ledger, tmp_path / "here")
    with pytest.raises(LedgerError, match="hai máy phải cùng gắn một thư mục kết quả"):
        post.sender(ledger, tmp_path / "there").carry(post.job(), post.account(server.port))
    assert post.sender(ledger, tmp_path / "here").carry(post.job(), post.account(server.port)) == {"sent": 1}


@pytest.mark.fault(64)
@pytest.mark.fault(101)
def test_no_day_is_opened_with_a_ledger_of_another_folder(installation, new_ledger, capsys):
    steps.open_day(steps.day_ref("hai-phong-2023", "2023-11-14"))
    ledger = open_ledger(installation.ledger_url)
    journal.write_batch(ledger, installation.out, [])
    with closing(sqlite3.connect(installation.out / "ledger.sqlite")) as other:
        other.execute("UPDATE identity SET ledger = 'khác'")
        other.commit()
    with pytest.raises(LedgerError, match="ledger accept"):
        steps.open_day(steps.day_ref("hai-phong-2023", "2023-11-15"))
    assert main(["ledger", "accept", "--by", "Lê Văn A", "--reason", "chuyển máy"]) == 0
    assert "Đã nhận sổ cái. 0 thư" in capsys.readouterr().out
    steps.open_day(steps.day_ref("hai-phong-2023", "2023-11-15"))


def test_a_ledger_that_fits_needs_no_word(ledger, tmp_path):
    journal.require_store(ledger, tmp_path)
    with pytest.raises(LedgerError, match="đang khớp nhau"):
        journal.accept(ledger, tmp_path, **WHO)


def test_a_line_torn_by_a_power_cut_says_nothing(ledger, tmp_path):
    journal.require_store(ledger, tmp_path)
    journal.write_batch(ledger, tmp_path, [])
    (path,) = (tmp_path / journal.FOLDER).glob("*.jsonl")
    path.write_bytes(path.read_bytes() + b'{"ledger": "x", "se')
    journal.require_store(ledger, tmp_path)


MOUNTS = r"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /mnt/may\040chu rw,relatime - nfs4 kho:/so rw
41 22 0:36 / /mnt/may\040chu/o-rieng rw,relatime - ext4 /dev/vdb rw
42 22 0:37 / /mnt/chia-se rw,relatime - cifs //kho/so rw
"""


@pytest.mark.fault(66)
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/don-doc/ledger.sqlite", "ext4"),
        ("/mnt/may chu/ledger.sqlite", "nfs4"),
        ("/mnt/may chu/o-rieng/ledger.sqlite", "ext4"),
        ("/mnt/chia-se/a/b/ledger.sqlite", "cifs"),
    ],
)
def test_an_sqlite_ledger_on_a_disk_of_the_network_is_refused(tmp_path, monkeypatch, path, kind):
    (tmp_path / "mountinfo").write_text(MOUNTS)
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "mountinfo")
    if kind == "ext4":
        disks.refuse_network_disk(disks.Path(path))
        return
    with pytest.raises(LedgerError, match=rf"ổ đĩa mạng \({kind}\)"):
        open_ledger(f"sqlite:///{path}")


def test_where_the_system_does_not_tell_its_disks_nothing_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(disks, "MOUNTS", tmp_path / "nowhere")
    disks.refuse_network_disk(tmp_path / "ledger.sqlite")


def test_the_ledger_and_the_journal_are_for_no_other_account(tmp_path):
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    upgrade_ledger(url)
    journal.require_store(open_ledger(url), tmp_path)
    journal.write_batch(open_ledger(url), tmp_path, [])
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()}
    assert len(modes) >= 3
    assert {name for name, mode in modes.items() if mode & ~0o640} == set()
