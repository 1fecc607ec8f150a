"""A campaign that crosses the turn of a year whose calendar nobody has decided yet, walked day by day."""

import email
import email.policy
import json
import os
import re
from datetime import date

import yaml
from tests.fuzz_days import FIELDS, campaign_on, office_at_work, run_day, write_rows

FIRST, LAST = date(2026, 12, 1), date(2027, 1, 15)
CODE = "cuoi-nam-2026"
CASE = {"procedure": "Cấp phép", "unit": "QLDT", "status": "Đang xử lý", "received_at": "10/12/2026"}
# Each of these stopped every day from 11 December on.
CASES = [
    CASE | {"case_number": "A", "received_at": "02/01/2019", "due_at": "06/05/2019"},
    CASE | {"case_number": "B", "term_length": "20 ngày làm việc"},
    CASE | {"case_number": "C", "due_at": "31/12/2026"},
    CASE | {"case_number": "D", "due_at": "04/01/2027"},
]


def walk(out, monkeypatch, days):
    """Return by day its report, what its summary says, and its reminder to the unit that is behind."""
    told = {}
    with office_at_work() as office:
        monkeypatch.setenv("DONDOC_OUT", str(out))
        folder = office.folder / "include" / "campaigns" / CODE
        folder.mkdir()
        dates = {"code": CODE, "starts_on": FIRST, "deadline": LAST, "final_report_at": f"{LAST} 16:00"}
        dates |= {"period": {"first": date(2026, 1, 1), "last": date(2027, 12, 31)}}
        campaign = campaign_on(FIRST, ["cases"]) | dates
        (folder / "campaign.yaml").write_text(yaml.safe_dump(campaign, allow_unicode=True), encoding="utf-8")
        office.empty_ledger(out / "ledger.sqlite")
        for day in days:
            write_rows(folder / "cases.csv", FIELDS["cases"], [row for row in CASES if _known(row, day)])
            _, report = run_day(CODE, day, ["cases"])
            left = out / CODE / day.isoformat()
            summary = json.loads((left / "summary.json").read_text(encoding="utf-8"))
            mail = email.message_from_bytes(
                (left / "mail/nhac-viec-QLDT.eml").read_bytes(), policy=email.policy.default
            )
            told[day] = {"report": report, "summary": summary, "mail": mail.get_body(("plain",)).get_content()}
    return told


def _known(row, day):
    number, month, year = map(int, row["received_at"].split("/"))
    return date(year, month, number) <= day


def test_every_working_day_has_its_report_and_mail_and_says_what_is_provisional(tmp_path, monkeypatch, vietnam):
    days = vietnam.working_days(FIRST, LAST)
    # Walked whole where `.ci/run` asks for it; else over the turn of the year alone.
    if not os.environ.get("DONDOC_TEST_WHOLE_WALK"):
        days = [day for day in days if date(2026, 12, 24) <= day <= date(2027, 1, 6)]
    walked = walk(tmp_path, monkeypatch, days)
    assert all(day["report"] for day in walked.values())
    assert all(day["summary"]["mails"]["planned"] for day in walked.values())
    for day, told in walked.items():
        warned = [one for one in told["summary"]["mails"]["attention"] if one["kind"] == "calendar"]
        assert bool(warned) is (day > date(2026, 12, 31)), day
    before, after = (walked[day]["mail"] for day in (date(2026, 12, 25), date(2027, 1, 6)))
    assert re.search(r"06/05/2019; chậm 1\.\d{3} ngày làm việc", before)
    assert re.search(r"06/05/2019; chậm 1\.\d{3} ngày làm việc \(lịch dự kiến\)", after)
