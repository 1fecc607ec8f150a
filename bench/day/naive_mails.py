"""The naive peer's mails: the office's templates filled, a file and a page a mail, and a page that lists them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from bench.day.naive_figures import APOLOGY_RATE, RATE, WORK_RATE, rates_of
from bench.day.naive_forms import write_form
from bench.day.naive_letters import TEMPLATES, in_words
from bench.day.naive_rules import KINDS, OWED_CASES, OWED_WORK, TODAY, working_days

Row = dict[str, Any]

OFFICE_TYPE = "application", "vnd.openxmlformats-officedocument"
KINDS_OF_FILE = {".docx": "wordprocessingml.document", ".xlsx": "spreadsheetml.sheet"}
SHOWN = 10
PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>{subject}</title></head><body>
<p><a href="index.html">← Thư ngày {day}</a></p><h1>{subject}</h1>
<table><tr><th>Từ</th><td>{sender}</td></tr><tr><th>Tới</th><td>{recipient}</td></tr>
<tr><th>Tệp kèm</th><td>{files}</td></tr></table>
<iframe sandbox="" srcdoc="{html}" style="width:100%;height:75vh"></iframe><pre>{plain}</pre></body></html>
"""
INDEX = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Thư ngày {day}</title></head><body><h1>Thư ngày {day}</h1>
<table><tr><th>Thư</th><th>Tới</th><th>Tệp kèm</th></tr>
{rows}
</table></body></html>
"""


@dataclass(frozen=True)
class Mail:
    """A mail as the page that lists them tells of it."""

    page: str
    subject: str
    recipient: str
    files: tuple[str, ...]


class Post:
    """The day's mails in `folder`, written one by one."""

    def __init__(self, campaign: Row, folder: Path) -> None:
        """Read the office's templates."""
        folder.mkdir()
        self.campaign, self.folder, self.written = campaign, folder, list[Mail]()
        templates = FileSystemLoader(TEMPLATES / "mail")
        self._environment = Environment(loader=templates, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self._environment.filters |= {"number": number, "percent": percent, "date": short_date}

    def write(self, name: str, template: str, recipient: str, subject: str, values: Row, files: list[Path]) -> None:
        """Write a mail and its page."""
        values = self._common() | values
        plain, html = (
            self._environment.get_template(f"{template}.{form}.j2").render(values) for form in ("txt", "html")
        )
        message, sender = EmailMessage(policy=SMTP), self.campaign["mail"]["sender"]
        message["From"], message["To"], message["Subject"] = sender, recipient, subject
        message.set_content(plain)
        message.add_alternative(html, subtype="html")
        for file in files:
            maintype, family = OFFICE_TYPE
            subtype = f"{family}.{KINDS_OF_FILE[file.suffix]}"
            message.add_attachment(file.read_bytes(), maintype=maintype, subtype=subtype, filename=file.name)
        (self.folder / f"{name}.eml").write_bytes(message.as_bytes())
        told = {"subject": subject, "sender": sender, "recipient": recipient, "html": html, "plain": plain}
        told |= {"files": ", ".join(file.name for file in files), "day": short_date(TODAY)}
        page = PAGE.format(**{key: escape(value) for key, value in told.items()})
        (self.folder / f"{name}.html").write_text(page, encoding="utf-8")
        self.written.append(Mail(f"{name}.html", subject, recipient, tuple(file.name for file in files)))

    def write_index(self) -> None:
        """Write the page that lists all mails."""
        rows = [
            f'<tr><td><a href="{escape(mail.page)}">{escape(mail.subject)}</a></td><td>{escape(mail.recipient)}</td>'
            f"<td>{escape(', '.join(mail.files))}</td></tr>"
            for mail in self.written
        ]
        page = INDEX.format(day=short_date(TODAY), rows="\n".join(rows))
        (self.folder / "index.html").write_text(page, encoding="utf-8")

    def _common(self) -> Row:
        campaign = self.campaign
        names = ("office", "deadline_reading", "target")
        told = {name: campaign[name] for name in names} | {"campaign_title": campaign["title"]}
        return told | {"as_of": in_words(TODAY), "rehearsal": False}


def write_reminders(post: Post, figures: Mapping[str, Counter[str]], findings: Mapping[str, list[Row]]) -> int:
    """Write a workbook and a mail a unit that owes something, and return how many mails."""
    campaign, written = post.campaign, 0
    left = working_days(TODAY, campaign["deadline"])
    for unit in campaign["units"]:
        code, mine = unit["code"], findings.get(unit["code"], [])
        cases = len({one["number"] for one in mine if one["kind"] in OWED_CASES})
        items = len({one["row"] for one in mine if one["kind"] in OWED_WORK})
        if not cases and not items:
            continue
        book = post.folder / f"{campaign['code']}-{code}-{TODAY}.xlsx"
        write_form(book, campaign, unit, mine)
        owes = ", ".join(f"{number(n)} {what}" for n, what in ((cases, "hồ sơ"), (items, "công việc")) if n)
        subject = f"{owes}, còn {left} ngày làm việc – đôn đốc {unit['name']}"
        values = {
            "addressee": unit["name"],
            "unit_name": unit["name"],
            "escalated": False,
            "past_deadline": False,
            "cases_owed": cases,
            "work_owed": items,
            "groups": groups_of(mine),
            "figures": rates(figures[code]),
            "days_left": left,
            "countdown": f"còn {left} ngày làm việc",
            "pace": -(-(cases + items) // left),
            "changes": {"since": None},
        }
        for recipient in unit["emails"]:
            post.write(f"nhac-viec-{code}-{recipient}", "nhac-viec", recipient, subject, values, [book])
            written += 1
    return written


def write_report_mail(post: Post, totals: Row, behind: list[Row], files: list[Path]) -> None:
    """Write the mail that brings the Office the report."""
    campaign, office = post.campaign, post.campaign["office"]
    unit = next(unit["name"] for unit in campaign["units"] if unit["code"] == office["unit"])
    subject = f"[Báo cáo] {campaign['title']}: {percent(totals['rate'])} đến ngày {short_date(TODAY)}"
    values = {"unit_name": unit, "final": False, "missing": [], "gates": [], "total": totals, "behind": behind}
    post.write(f"bao-cao-{office['unit']}", "bao-cao", office["email"], subject, values, files)


def groups_of(findings: list[Row]) -> list[Row]:
    groups: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for one in findings:
        groups[one["kind"]].append(one)
    return [
        {
            "title": kind,
            "count": len(rows),
            "late": sum(row["days_late"] > 0 for row in rows),
            "rows": rows[:SHOWN],
            "more": max(len(rows) - SHOWN, 0),
        }
        for kind, rows in groups.items()
        if rows
    ]


def write_returns(post: Post, refused: Mapping[Path, list[Row]]) -> None:
    """Write a mail a source with the workbook of its rows that cannot be used."""
    office = post.campaign["office"]["email"]
    for book, rows in refused.items():
        source = rows[0]["source"]
        subject = f"[Trả lại] Nguồn {source}: {len(rows)} dòng cần sửa, ngày {short_date(TODAY)}"
        reasons = dict(Counter(row["message"] for row in rows).most_common())
        values = {"source_name": source, "rows": len(rows), "reasons": reasons, "files": [book.name]}
        post.write(f"tra-lai-{source}", "tra-lai", office, subject, values, [book])


def rates(counts: Counter[str]) -> dict[str, float | None]:
    """Return the unit's rates in percent, by the names the templates use."""
    named = {"apology_rate": APOLOGY_RATE, "work_rate": WORK_RATE, "rate": RATE}
    shares = rates_of(counts)
    return {name: None if shares[of] is None else 100 * shares[of] for name, of in named.items()}


def number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def percent(rate: float | None) -> str:
    if rate is None:
        return "Không phát sinh"
    return f"{rate:.2f}".rstrip("0").rstrip(".").replace(".", ",") + "%"


def short_date(day: date) -> str:
    return f"{day:%d/%m/%Y}"
