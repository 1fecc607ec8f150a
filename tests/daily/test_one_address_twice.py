"""A unit with one address twice, in one case or another: its mails leave, each once, and the others' with them."""

from collections import Counter

import pytest
import yaml
from tests.daily.campaign_days import CODE, Play, mails, write_campaign
from tests.mail.sink import Sink

DOMAIN = "@bql-haiphong.example.vn"
SHARED = f"DAU-TU{DOMAIN}"
WRITTEN = [f"Dau-Tu{DOMAIN}", f"dau-tu{DOMAIN}", f"Dau-Tu{DOMAIN}", f"dau-tu-2{DOMAIN}"]


@pytest.fixture
def play(own_campaigns, tmp_path, monkeypatch):
    """Return a campaign in which one unit has an address twice, and shares it with another."""
    write_campaign(own_campaigns)
    path = own_campaigns / CODE / "campaign.yaml"
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    described["units"][0]["emails"] = [SHARED]
    described["units"][1]["emails"] = WRITTEN
    path.write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
    with Sink() as sink:
        found = Play(tmp_path / "sources", monkeypatch)
        found.port = sink.port
        yield found


def recipients(installation, kind):
    return Counter(
        (mail.unit, mail.recipient) for mail in mails(installation) if (mail.kind, mail.state) == (kind, "sent")
    )


@pytest.mark.fault(116)
def test_each_mail_leaves_once_an_address_of_a_unit(play, installation):
    assert play.run("04-22 07:30", {"VP": 1})
    play.confirm("05-05 07:00")
    assert play.run("05-05 07:30", {"VP": 5})
    assert play.run("05-06 07:30", {"VP": 5})
    once = dict.fromkeys([("QLDT", WRITTEN[0]), ("QLDT", WRITTEN[3]), ("VP", SHARED)], 1)
    for kind in ("reminder", "closing"):
        found = recipients(installation, kind)
        assert {who: count for who, count in found.items() if who[0] != "DNGS"} == once
