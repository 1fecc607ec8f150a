"""A report's versions and its mail are those of its own campaign, day and kind."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update
from tests.mail import post

from dondoc.ledger import outbox, reports
from dondoc.ledger.reports import ReportVersion
from dondoc.ledger.tables import outbox as table

ASKED = {"campaign": "c", "business_date": post.DAY, "kind": "report"}
VERSION = ReportVersion("c", post.DAY, "report", "1" * 64, "2" * 64)
OTHERS = [{"campaign": "d"}, {"business_date": date(2026, 11, 25)}, {"kind": "final"}]


@pytest.mark.parametrize("other", OTHERS)
def test_versions_are_of_one_campaign_day_and_kind(ledger, other):
    reports.record_version(ledger, replace(VERSION, **other))
    assert reports.versions_of(ledger, **ASKED) == []
    reports.record_version(ledger, VERSION)
    assert reports.versions_of(ledger, **ASKED) == [VERSION]


@pytest.mark.parametrize("other", OTHERS)
def test_the_mail_a_report_left_by_is_its_own(ledger, tmp_path, other):
    values = {"kind": "report", "path": "other.eml"} | other
    outbox.plan_mails(ledger, [outbox.Entry(replace(post.a_mail(tmp_path, "k"), **values), None, "x")])
    with ledger.begin() as connection:
        connection.execute(update(table).values(state="sent"))
    assert reports.sent_report(ledger, **ASKED) is None
    assert reports.sent_report(ledger, **ASKED | other).path == "other.eml"
