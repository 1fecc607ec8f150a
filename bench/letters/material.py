"""The fields both sides fill in: a JSON line a letter, names that are awkward among them."""

import json
import sys
from pathlib import Path

import pandas as pd

from dondoc.campaign import load_calendar, load_campaign
from dondoc.campaign.day import Day
from dondoc.installation import ROOT
from dondoc.letters.draft import COLUMNS, draft_letter

LETTERS = 10_000
NAMES = ("Công ty TNHH Một", "CÔNG TY A & B", "Công ty <Biển Đông>", "한솔 비나", 'Công ty "Sao Mai" {{ 7 * 7 }}')


def prepare(folder: Path) -> None:
    """Write `letters.jsonl` into `folder`."""
    campaign = load_campaign(ROOT / "include" / "campaigns" / "hai-phong-2023")
    calendar = load_calendar(ROOT / "include" / "calendars" / "vn.yaml")
    day = Day(campaign, calendar, pd.Timestamp(2023, 11, 14).date())
    case = dict.fromkeys(COLUMNS) | {
        "unit": "QLDT",
        "procedure": "Cấp Giấy chứng nhận đăng ký đầu tư",
        "received_at": pd.Timestamp(2023, 10, 2),
        "due_at": pd.Timestamp(2023, 10, 17, 16, 30),
        "ended_on": pd.Timestamp(2023, 10, 30),
        "days_late": 9,
        "address": "Lô CN5, KCN Đình Vũ, Hải Phòng",
        "reason": "chờ ý kiến của sở chuyên ngành",
    }
    with (folder / "letters.jsonl").open("w", encoding="utf-8") as file:
        for i in range(LETTERS):
            own = {"case_number": f"000.00.12.H24-231002-{i:04d}", "applicant": f"{NAMES[i % len(NAMES)]} {i}"}
            file.write(json.dumps(draft_letter(case | own, day).values, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
