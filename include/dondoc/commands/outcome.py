"""A day's outcome on the operator's screen: a short table, or the one message that says why there is none."""

import json
import sys
from collections import defaultdict
from datetime import date, datetime
from typing import Any

from dondoc.campaign import GATES
from dondoc.campaign.horizon import CALENDAR
from dondoc.daily.setbacks import SETBACK
from dondoc.figures import beside_sentence, witness_sentence
from dondoc.installation import Installation
from dondoc.ledger.deadlines import DEADLINE
from dondoc.ledger.runs import DONE, FAILED, find_run
from dondoc.ledger.store import open_ledger
from dondoc.mail.words import KINDS, STATES
from dondoc.vietnamese.wording import number, percent, short_date

WIDTH = 42
CELL = 14
HEADINGS = ("Hồ sơ quá hạn", "Đã xin lỗi", "Công việc", "Đạt cả hai", "Thư chờ ký", "Còn lại", "Cần mỗi ngày", "Tỷ lệ")
FIELDS = (
    "apologies_due",
    "apologies_done",
    "work_total",
    "work_done",
    "apologies_waiting",
    "remaining",
    "needed_a_day",
)


def print_outcome(installation: Installation, campaign: str, business_date: date) -> int:
    """Print what came of the day; return 0 when it was done, 1 otherwise.

    Of a day that failed, what stopped it comes first, then what it came to when it was last closed, where it was.
    """
    zone = installation.campaign(campaign).zone
    ledger = open_ledger(installation.ledger_url)
    run = find_run(ledger, campaign=campaign, business_date=business_date, kind="daily")
    done = run is not None and run.state == DONE
    if not done:
        state = "chưa chạy" if run is None else "không hoàn thành" if run.state == FAILED else "chưa chạy xong"
        print(f"LỖI: {campaign}, ngày {short_date(business_date)}: {state}.", file=sys.stderr)
        if run is not None and run.error:
            print(run.error, file=sys.stderr)
    folder = installation.out / campaign / business_date.isoformat()
    closed = folder / "summary.json"
    if not done and (run is None or not closed.is_file()):
        return 1
    if not done:
        at = datetime.fromtimestamp(closed.stat().st_mtime, zone)
        print(f"Kết quả khi đóng ngày lần gần nhất, lúc {at:%H:%M} ngày {short_date(at.date())}:\n")
    print(_table(json.loads(closed.read_text(encoding="utf-8"))))
    print(f"\nKết quả ở: {folder}\nXem mọi thư: {folder / 'mail' / 'index.html'}")
    return 0 if done else 1


def _table(summary: dict[str, Any]) -> str:
    rows = [(unit["name"], unit) for unit in summary["units"]] + [("Tổng cộng", summary["total"])]
    lines = [f"{'Đơn vị':<{WIDTH}}" + "".join(f"{heading:>{CELL}}" for heading in HEADINGS)]
    for name, figures in rows:
        cells = [_cell(figures.get(field)) for field in FIELDS] + [percent(figures["rate"])]
        lines.append(f"{name[: WIDTH - 1]:<{WIDTH}}" + "".join(f"{cell:>{CELL}}" for cell in cells))
    letters = summary["letters"]
    mails = summary["mails"]
    lines.append("")
    lines.extend(
        f"Nguồn {source['name']}: {number(source['rows_in'])} dòng, nhận {number(source['accepted'])}, "
        f"loại {number(source['quarantined'])}, trùng {number(source['duplicates'])}"
        for source in summary["sources"]
    )
    lines.extend(f"Nguồn {one['name']}: {one['columns_words']}" for one in summary["sources"] if "columns_words" in one)
    lines.extend(f"Nguồn {one['name']}: {one['waits']}" for one in summary["sources"] if one.get("waits"))
    lines.extend(f"Nguồn {one['source']}: {one['words']}" for one in summary.get("undecided", []))
    # A summary of an older version lacks some counts.
    total = defaultdict(int, summary["total"])
    told = witness_sentence(total)
    beside = beside_sentence(total)
    lines.extend([f"Việc xin lỗi: {told}"] if told else [])
    lines.extend([f"Ngoài số còn lại: {beside}"] if beside else [])
    lines.append(f"Hạn: {summary['deadline_reading']}")
    lines.append(
        f"Thư xin lỗi: {number(letters['drafted'])} bản thảo, {number(letters['incomplete'])} còn thiếu nội dung"
    )
    lines.append(
        f"Thư điện tử: {number(mails['planned'])} thư, đã gửi {number(mails['sent'])}, giữ lại {number(mails['held'])}"
        + (f" ({mails['hold_reason']})" if mails["hold_reason"] else "")
    )
    missing = summary.get("missing", [])
    missed = summary.get("missed_days", [])
    lines.extend(f"CHƯA ĐỦ: {item}" for item in missing)
    lines.extend(summary.get("lost", []))
    if missed and not missing:
        days = ", ".join(short_date(date.fromisoformat(day)) for day in missed)
        lines.append(f"Ngày làm việc không có lượt chạy đúng ngày: {days}")
    lines.extend(summary.get("before_use", []) if not missing else [])
    lines.extend(f"Cổng {GATES[gate['gate']]}: {_gate_state(gate)}" for gate in summary["gates"] if not gate["open"])
    lines.extend(f"  Cần xem: {_attention(one)}" for one in mails.get("attention", []))
    return "\n".join(lines)


def _cell(count: int | None) -> str:
    return "–" if count is None else number(count)


def _attention(one: dict[str, Any]) -> str:
    if one["kind"] in (CALENDAR, DEADLINE, SETBACK):
        return str(one["reason"])
    if one["kind"] == "letter":
        return ": ".join(filter(None, [one["unit"], one["reason"]]))
    kind = KINDS.get(one["kind"], one["kind"])
    state = STATES.get(one["state"], one["state"])
    return f"thư {kind} cho {one['unit']}: {state}; {one['reason']}".removesuffix("; ")


def _gate_state(gate: dict[str, Any]) -> str:
    decided = gate["overridden_by"]
    source = f"nguồn {gate['source']}: " if gate["source"] else ""
    state = f"mở theo quyết định của {decided} ({gate['override_reason']})" if decided else "đóng"
    return f"{state}; {source}{gate['reason']}"
