"""What a sender looks at once more before it offers a mail, whatever was planned."""

from tests.mail import post
from tests.mail.sink import Sink


def test_an_address_outside_the_offices_domains_is_held_at_sending_too(ledger, tmp_path):
    post.plan(ledger, tmp_path, ["a"])
    post.plan(ledger, tmp_path, ["b"], recipient="b@noi-khac.example.vn")
    with Sink() as server:
        ended = post.sender(ledger, tmp_path).carry(post.job(), post.account(server.port))
        assert len(server.accepted) == 1
    assert ended == {"sent": 1, "held": 1}
    assert "ngoài các miền được phép" in post.rows(ledger)["b"].reason


def test_a_file_changed_since_it_was_planned_is_not_sent(ledger, tmp_path):
    post.plan(ledger, tmp_path, ["a", "b"])
    (tmp_path / "a.eml").write_bytes(post.content_of("a") + b"x")
    (tmp_path / "b.eml").unlink()
    with Sink() as server:
        ended = post.sender(ledger, tmp_path).carry(post.job(), post.account(server.port))
        assert server.accepted == []
    assert ended == {"failed": 2}
