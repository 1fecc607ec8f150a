"""Check that a day of the sample left what it should, against what the sample's generator knows to be true."""

import email
import email.policy
import json
import sys
from pathlib import Path

import openpyxl

campaign, business_date = sys.argv[1:]
folder = Path("out") / campaign / business_date
sample = Path("include/campaigns") / campaign / "sample"
truth = json.loads((sample / "truth.json").read_text(encoding="utf-8"))
summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))

for source in summary["sources"]:
    assert source["rows_in"] == source["accepted"] + source["quarantined"] + source["duplicates"], source
    for count, value in truth["sources"][source["name"]].items():
        assert source[count] == value, (source["name"], count, source[count], value)
for unit in summary["units"]:
    expected = truth["units"][unit["code"]]
    assert {name: unit[name] for name in expected} == expected, unit["code"]
found = summary["findings"]
# A case whose letter only waits for its signature owes an apology, but no more of its unit.
found["apology_owed"] += found["apology_waiting"]
for kind in ("case_overdue", "apology_owed", "work_unreported", "work_unfiled"):
    assert found[kind] == len(truth[kind]), kind

letters = {path.stem for path in (folder / "letters").rglob("*.docx")}
assert letters == set(truth["apology_owed"]), letters ^ set(truth["apology_owed"])
assert summary["letters"]["drafted"] == len(letters)

mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.glob("mail/*.eml")]
assert len(mails) == summary["mails"]["planned"] == summary["mails"]["held"], summary["mails"]
assert all(mail.get_body(("html",)) and mail.get_body(("plain",)) and list(mail.iter_attachments()) for mail in mails)

for name in summary["report"]:
    assert (folder / name).stat().st_size > 10_000, name
workbook = next(name for name in summary["report"] if name.endswith(".xlsx"))
total = [cell.value for cell in list(openpyxl.load_workbook(folder / workbook)["Tổng hợp"].rows)[-1]]
assert total[3] == summary["total"]["cases_late"], total
print(f"{campaign}, {business_date}: kết quả đúng với dữ liệu mẫu ({len(letters)} thư, {len(mails)} thư điện tử)")
