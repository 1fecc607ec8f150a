"""What remains, what is needed a day and the rate: on a day of the sample every artefact prints the same."""

import email
import email.policy
import json
import re
import shutil
from contextlib import redirect_stdout
from io import StringIO

import docx
import openpyxl
import pytest
from matplotlib.axes import Axes

from dondoc.__main__ import main
from dondoc.daily import steps
from dondoc.daily.check import read_figures
from dondoc.daily.report_making import facts_of_basis
from dondoc.daily.stationery import mail_templates
from dondoc.figures import FIGURES, OFFICE, RATES, UNIT, only
from dondoc.installation.workplace import Workplace
from dondoc.ledger import reports
from dondoc.mail.digest import digest_values
from dondoc.mail.listing import REMAINING_GROUPS, UNCONFIRMED
from dondoc.report import charts
from dondoc.report.basis import read_basis
from dondoc.sources.snapshot import read_snapshot
from dondoc.vietnamese.wording import number, percent

from .conftest import CAMPAIGN, installed, report_of

DAYS_LEFT = {"2023-11-14": 2, "2023-11-15": 1, "2023-11-16": 0}
COUNTED = {group.title for group in (*REMAINING_GROUPS, UNCONFIRMED)}
LEFT, A_DAY, RATE = r"[Cc]òn lại:? ([\d.]+) việc", r"cần xong ([\d.]+) việc mỗi ngày", r"(\d[\d,]*%|Không phát sinh)"
OVERALL = rf"Tỷ lệ chung(?: \(mục tiêu [^)]+\))?:? {RATE}"


@pytest.fixture(scope="module")
def closed(ran, tmp_path_factory):
    """Return three days of the sample with all their artefacts; read them, change nothing."""
    out = tmp_path_factory.mktemp("closed") / "out"
    shutil.copytree(ran[0], out)
    with installed(out):
        for day, found in ran[1].values():
            for batch in found["letters"]:
                steps.draft_letters(day, found, batch["units"])
            for batch in found["reminders"]:
                steps.compose_reminders(day, found, batch["units"])
            steps.compose_digest(day, found)
            steps.compose_closing(day, found)
            folder = Workplace.of(day).folder
            steps.close_day(day, found, [f"{path.relative_to(folder)}" for path in report_of(day)])
    return out, ran[1]


@pytest.fixture
def days(closed, monkeypatch):
    monkeypatch.setenv("DONDOC_OUT", str(closed[0]))
    return closed[1]


@pytest.fixture(params=DAYS_LEFT)
def on(request):
    return request.param


@pytest.fixture
def place(days, on):
    return Workplace.of(days[on][0])


@pytest.fixture
def truth(on, place):
    """Return what is to be printed of each unit by its name, and of the office: counted here, from the table alone."""
    whole = read_snapshot(place.out / figures_path(place), FIGURES)
    done, due = RATES["rate"]
    told = {}
    for row in [*only(whole, UNIT).to_dict("records"), *only(whole, OFFICE).to_dict("records")]:
        left = sum(row[name] for name in due) - sum(row[name] for name in done) - row["apologies_waiting"]
        left -= row["apologies_waived"] + row["work_waived"]
        needed = "0" if not left else "" if not DAYS_LEFT[on] else number(-(-left // DAYS_LEFT[on]))
        told[row["name"]] = {"remaining": number(left), "needed": needed, "rate": percent(row["rate"])}
    return told


OFFICE_NAME = "Tổng cộng"


def text_of(html):
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def mail_of(place, stem):
    content = (place.folder / "mail" / f"{stem}.eml").read_bytes()
    message = email.message_from_bytes(content, policy=email.policy.default)
    return message["Subject"], *(message.get_body((form,)).get_content() for form in ("plain", "html"))


def found_in(text, **patterns):
    """Return what each pattern finds in `text`, empty where it finds nothing."""
    matches = {name: re.search(pattern, text) for name, pattern in patterns.items()}
    return {name: match[1] if match else "" for name, match in matches.items()}


def names_of(place):
    return {unit.name for unit in place.day.campaign.units} | {OFFICE_NAME}


def figures_path(place):
    [path] = (place.folder / "snapshots").glob("figures-*.parquet")
    return path.relative_to(place.out).as_posix()


def told_by_units_mails(place, units):
    for unit in units:
        subject, plain, html = mail_of(place, f"nhac-viec-{unit.code}")
        rate = rf"Tỷ lệ hiện nay của đơn vị: {RATE}"
        yield unit.name, found_in(plain, remaining=LEFT, needed=A_DAY, rate=rate)
        html_words = {"remaining": r"([\d.]+) việc còn lại", "needed": r"([\d.]+) việc cần xong mỗi ngày"}
        yield unit.name, found_in(text_of(html), **html_words, rate=rate.replace("vị: ", "vị: *"))
        counts = [int(one.replace(".", "")) for one in re.findall(r"([\d.]+) (?:hồ sơ|công việc)", subject)]
        yield unit.name, {"remaining": number(sum(counts))}
        headings = re.findall(r"^(?:\d+\.|   -) (.+?): ([\d.]+)", plain, re.MULTILINE)
        listed = [int(count.replace(".", "")) for title, count in headings if title in COUNTED]
        yield unit.name, {"remaining": number(sum(listed))}


def told_by_the_leaders_mail(place, units):
    # On earlier days than the last no leader is due a mail: this is what it would say.
    figures = read_figures(place, {"figures": figures_path(place)})
    values = digest_values(place.day, figures, letters_held=0, unreminded=()) | {"addressee": "…"}
    text = mail_templates(place).render("tong-hop", values)
    plain, html = text.plain, text.html
    if not place.day.working_days_left:
        _, plain, html = mail_of(place, "tong-hop-lanh-dao")
    head = plain[: plain.index("1. ")]
    yield OFFICE_NAME, found_in(head, remaining=LEFT, needed=A_DAY, rate=rf"toàn cơ quan {RATE}")
    words = text_of(html)
    yield OFFICE_NAME, found_in(words, remaining=r"([\d.]+) việc còn lại", needed=A_DAY)
    for unit in units:
        yield (
            unit.name,
            found_in(plain, remaining=rf"{unit.name}: còn lại ([\d.]+) việc", rate=rf"{unit.name}.*? {RATE}"),
        )
        yield unit.name, found_in(words, remaining=rf"{unit.name}: ([\d.]+)")


def told_by_the_reports_mail(place, _):
    name = "bao-cao-cuoi-cung-VP" if place.run.final_run else "bao-cao-VP"
    _, plain, html = mail_of(place, name)
    for words in (plain, text_of(html)):
        yield (
            OFFICE_NAME,
            found_in(
                words,
                remaining=r"Còn lại: ([\d.]+) việc",
                needed=A_DAY,
                rate=OVERALL,
            ),
        )


def told_by_the_document(place, _):
    document = docx.Document(
        report_of({"campaign": CAMPAIGN, "business_date": f"{place.day.business_date}", "kind": "daily"})[0]
    )
    columns = {"Còn lại": "remaining", "Cần mỗi ngày": "needed", "Tỷ lệ chung": "rate"}
    names = names_of(place)
    for table in document.tables:
        rows = [[cell.text.replace("\u00a0", " ").replace("\n", " ") for cell in row.cells] for row in table.rows]
        headings = {i: columns[heading] for row in rows[:2] for i, heading in enumerate(row) if heading in columns}
        if "remaining" not in headings.values():
            continue
        for row in rows:
            name = next((cell for cell in row if cell in names), None)
            if name:
                told = {what: row[i] for i, what in headings.items()}
                yield name, {what: "" if value == "đã đến hạn" else value for what, value in told.items()}
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    needed = r"Còn lại [\d.]+ việc, cần hoàn thành mỗi ngày ([\d.]+)"
    yield OFFICE_NAME, found_in(words, remaining=r"Còn lại ([\d.]+) việc, ", needed=needed)


def told_by_the_workbook(place, _):
    path = report_of({"campaign": CAMPAIGN, "business_date": f"{place.day.business_date}", "kind": "daily"})[1]
    rows = [list(row) for row in openpyxl.load_workbook(path, read_only=True)["Tổng hợp"].values]
    heading = next(row for row in rows if "Còn lại" in row)
    left, needed = heading.index("Còn lại"), heading.index("Cần xong mỗi ngày")
    for row in rows:
        if row[1] in names_of(place):
            yield row[1], {"remaining": number(row[left]), "needed": "" if row[needed] is None else number(row[needed])}


def told_by_the_summary(place, _):
    summary = json.loads((place.folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["working_days_left"] == DAYS_LEFT[f"{place.day.business_date}"]
    for row in [*summary["units"], summary["total"] | {"name": OFFICE_NAME}]:
        needed = "" if row["needed_a_day"] is None else number(row["needed_a_day"])
        yield row["name"], {"remaining": number(row["remaining"]), "needed": needed, "rate": percent(row["rate"])}


def told_by_the_page(place, _):
    words = text_of((place.folder / "mail" / "index.html").read_text(encoding="utf-8"))
    yield OFFICE_NAME, found_in(words, remaining=LEFT, needed=A_DAY, rate=rf"tỷ lệ chung {RATE}")


def told_by_show(place, _):
    with redirect_stdout(StringIO()) as printed:
        main(["show", CAMPAIGN, f"{place.day.business_date}"])
    for line in printed.getvalue().splitlines():
        name = next((name for name in names_of(place) if line.startswith(name)), None)
        if name:
            remaining, needed, rate = re.findall(r"\S+(?: phát sinh)?", line.removeprefix(name))[-3:]
            yield name, {"remaining": remaining, "needed": needed.replace("–", ""), "rate": rate}


def told_by_the_picture(place, units):
    """Return the label beside each unit's bar, as it is drawn."""
    [version, *_] = [
        one
        for kind in ("final", "report")
        for one in reports.versions_of(
            place.ledger, campaign=CAMPAIGN, business_date=place.day.business_date, kind=kind
        )
    ]
    facts = facts_of_basis(place.out, read_basis(place.out, CAMPAIGN, version.basis_sha256))
    drawn = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Axes, "text", lambda _axes, _x, i, words, **_: drawn.append((i, words)))
        charts.progress_picture(facts.day, only(facts.progress, UNIT))
    order = only(facts.progress, UNIT)
    shown = order[order["due"] > 0].sort_values("rate", ascending=False, kind="stable")["name"].tolist()
    behind = {unit.name for unit in units}
    for i, words in [(i, words) for i, words in drawn if shown[i] in behind]:
        yield shown[i], found_in(words, remaining=r"còn lại ([\d.]+)", needed=r"cần ([\d.]+)/ngày", rate=RATE)


TELLERS = (
    told_by_units_mails,
    told_by_the_leaders_mail,
    told_by_the_reports_mail,
    told_by_the_document,
    told_by_the_workbook,
    told_by_the_summary,
    told_by_the_page,
    told_by_show,
    told_by_the_picture,
)


@pytest.mark.parametrize("teller", TELLERS, ids=lambda teller: teller.__name__.removeprefix("told_by_"))
def test_every_artefact_prints_the_one_number(place, truth, teller):
    behind = [unit for unit in place.day.campaign.units if truth[unit.name]["remaining"] != "0"]
    told = list(teller(place, behind))
    assert told
    wrong = [(name, values) for name, values in told if not values.items() <= truth[name].items()]
    assert not wrong, (wrong, truth)


def test_the_office_is_the_sum_of_its_units(place, truth):
    left = [int(truth[unit.name]["remaining"].replace(".", "")) for unit in place.day.campaign.units]
    assert number(sum(left)) == truth[OFFICE_NAME]["remaining"]
