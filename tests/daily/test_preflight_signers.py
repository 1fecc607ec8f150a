"""What `check` says of root certificates and of signers' accounts, before the day a signature comes back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from tests.signoff.signers import Authority

from dondoc.campaign.permissions import Permissions
from dondoc.daily.preflight.signers import check_signers_accounts, check_trust_roots

DER = Authority("Cơ quan chứng thực thử nghiệm").certificate().public_bytes(serialization.Encoding.DER)
EARLIER, LATER = datetime(2023, 11, 14, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC)


def at_work_on(monkeypatch, place, at):
    monkeypatch.setattr(type(place.installation), "now", lambda _self, zone: at.astimezone(zone))


def standing_with(place, **changes):
    return replace(place, installation=replace(place.installation, **changes))


def told(found):
    return [str(problem) for problem in found]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "goc.cer",
            DER,
            "Chứng thư gốc “Cơ quan chứng thực thử nghiệm” đã hết hạn",
        ),
        ("goc.pem", b"khong phai chung thu", "Tệp chứng thư goc.pem không đọc được"),
    ],
)
def test_a_root_that_would_be_no_use_is_told(place, tmp_path, monkeypatch, name, content, message):
    (tmp_path / name).write_bytes(content)
    later = standing_with(place, trust_roots=tmp_path)
    at_work_on(monkeypatch, later, LATER)
    [found] = told(check_trust_roots(later))
    assert found.startswith(message)


def test_a_good_root_and_an_empty_folder_are_nothing_to_tell(place, tmp_path, monkeypatch):
    at_work_on(monkeypatch, place, EARLIER)
    assert told(check_trust_roots(standing_with(place, trust_roots=tmp_path))) == []
    (tmp_path / "goc.cer").write_bytes(DER)
    assert told(check_trust_roots(standing_with(place, trust_roots=tmp_path))) == []


def test_a_folder_of_roots_that_is_not_there_is_told(place, tmp_path):
    [found] = told(check_trust_roots(standing_with(place, trust_roots=tmp_path / "goc")))
    assert "Thư mục chứng thư gốc không có" in found


@pytest.mark.parametrize(
    ("numbered", "ids", "count"),
    [(True, {}, 1), (True, {"lanh-dao": 7}, 0), (False, {}, 0)],
    ids=["FAB, no number", "FAB, numbered", "by name"],
)
def test_signers_whom_airflow_knows_by_number_need_one(place, numbered, ids, count):
    permissions = Permissions(sign=("lanh-dao",), airflow_ids=ids)
    campaign = place.day.campaign.model_copy(update={"permissions": permissions})
    day = replace(place.day, campaign=campaign)
    found = told(check_signers_accounts(replace(standing_with(place, numbered_accounts=numbered), day=day)))
    assert len(found) == count
    assert all("số tài khoản Airflow của người ký (lanh-dao)" in one for one in found)
