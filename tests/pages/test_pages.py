"""The pages: who may read, what stands on them, and that nothing of a source ever becomes markup."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urljoin

import docx
import pytest
from fastapi import HTTPException, Request
from fastapi.testclient import TestClient
from tests.pages.papers import TRIES
from tests.pages.routes import routes_of

from dondoc.actor import Actor, KnownBy
from dondoc.installation import Installation
from dondoc.ledger import runs, transitions
from dondoc.ledger.batches import find_batch, note_refusal, open_batch
from dondoc.ledger.letters import NewLetter, latest_letters, record_drafts
from dondoc.ledger.prints import Print, record_prints, replace_unoffered
from dondoc.ledger.signed_files import FileVerdict, record_verdict
from dondoc.ledger.store import open_ledger
from dondoc.letters.store import keep
from dondoc.pages import signing
from dondoc.pages.access import Role
from dondoc.pages.app import create_app
from dondoc.signoff.printing import SUFFIX

CODE, AT = "hai-phong-2023", datetime(2023, 11, 14, 2, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>{{7*7}}&\"'"


def word(*lines):
    document, file = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def who(request: Request):
    if "x-user" not in request.headers:
        raise HTTPException(401)
    return request.headers["x-user"]


def may(user, role, campaign):
    """Airflow's own word: a viewer may answer nothing, a campaign's own user only its requests."""
    if role is Role.VIEWER:
        return True
    return role is Role.LEADER and user != "viewer" and (not user.endswith(".signoff") or f"{campaign}.signoff" == user)


@pytest.fixture
def ledger(installation):
    engine = open_ledger(installation.ledger_url)
    yield engine
    engine.dispose()


@pytest.fixture
def enter(ledger, installation):
    """Enter a letter of a unit and put it up in a batch of its own; return the batch and the letter."""

    def run(number="HS-1", campaign=CODE, lines=("Kính gửi: …",), content=None, **facts):
        content = content or word(*lines)
        [sha256] = keep(installation.out, campaign, [content])
        about = {"addressee": "CÔNG TY MỘT", "days_late": 9, "returned": True} | facts
        rest = ("1" * 64, about, "2" * 64, None, AT.date())
        record_drafts(
            ledger, [NewLetter(campaign, number, 1, "VP", (), f"{number}.docx", sha256, *rest)], by="x", at=AT
        )
        letter = latest_letters(ledger, campaign=campaign)[number]
        transitions.put_up(ledger, {letter.id: sha256}, by="x", at=AT)
        return find_batch(ledger, open_batch(ledger, [letter], unit="VP", asked_in="r", at=AT)), letter

    return run


@pytest.fixture
def print_of(ledger, installation, monkeypatch):
    """Enter a print of a letter, of two pages; return the hash of its PDF."""
    monkeypatch.setattr(signing, "can_draw", lambda: True)
    monkeypatch.setattr(signing, "draw_sheet", lambda pdf, number: pdf + b"%d" % number)

    def run(letter):
        [sha256] = keep(installation.out, CODE, [b"%PDF-1.7"], suffix=SUFFIX)
        record_prints(ledger, [Print(letter.sha256, sha256, 2)], at=AT)
        return sha256

    return run


@pytest.fixture
def printed(enter, print_of):
    """Enter a letter that was put up and printed; return the batch and the letter."""
    batch, letter = enter()
    print_of(letter)
    return batch, letter


@pytest.fixture
def name_signers(own_campaigns):
    """Return a function that writes into every campaign who signs, and whether another person is needed."""

    def run(*accounts, four_eyes=True):
        signers = f"sign: [{', '.join(accounts)}], " if accounts else ""
        section = f"permissions: {{{signers}four_eyes: {str(four_eyes).lower()}}}"
        for path in own_campaigns.glob("*/campaign.yaml"):
            path.write_text(f"{path.read_text(encoding='utf-8')}\n{section}\n", encoding="utf-8")

    return run


@pytest.fixture
def app():
    return create_app(who, may, str, lambda *_: None)


@pytest.fixture
def get(app):
    client = TestClient(app)

    def run(path, user="leader"):
        return client.get(path, headers={"x-user": user} if user else {})

    return run


def paths(app, batch, letter):
    routes = [route for route in routes_of(app) if route.path.startswith("/batches") and "GET" in route.methods]
    return {route.path.format(batch_id=batch.id, letter_id=letter.id, number=1): route for route in routes}


# Who asks, whether somebody is named to sign, and what every route answers.
IDENTITIES = [
    pytest.param(None, (), 401, id="nobody logged in"),
    pytest.param("viewer", (), 403, id="no right of Airflow's to answer"),
    pytest.param("leader", (), 200, id="Airflow's right, nobody named"),
    pytest.param(f"{CODE}.signoff", (), 200, id="Airflow's right to this campaign alone"),
    pytest.param("leader", ("hai.bn",), 403, id="Airflow's right, another named"),
    pytest.param("leader", ("hai.bn", "leader"), 200, id="named"),
    pytest.param("LEADER", ("leader",), 200, id="named, in other letters"),
    pytest.param("viewer", ("viewer",), 403, id="named, without Airflow's right"),
    pytest.param("system:leader", ("leader",), 403, id="an account of the machine of that name"),
    pytest.param("Anonymous", (), 403, id="no login"),
    pytest.param("Anonymous", ("leader",), 403, id="no login, somebody named"),
]


def test_every_route_asks_who_it_is_and_only_reads(app, printed):
    found = paths(app, *printed)
    assert {method for route in found.values() for method in route.methods} == {"GET"}
    assert len(found) == 6


@pytest.mark.parametrize(("user", "named", "status"), IDENTITIES)
def test_every_route_answers_each_identity_as_it_may(app, printed, get, name_signers, user, named, status):
    name_signers(*named)
    for path in paths(app, *printed):
        answer = get(path, user)
        assert (path, answer.status_code) == (path, status)
        assert ("HS-1" in answer.text or "CÔNG TY MỘT" in answer.text) <= (status == 200)


@pytest.mark.parametrize("named", [(), ("leader",)])
def test_in_a_rehearsal_without_login_every_route_is_open(app, printed, get, name_signers, monkeypatch, named):
    rehearsed = replace(Installation.from_environment(), rehearsal_on=AT.date())
    monkeypatch.setattr(Installation, "from_environment", lambda: rehearsed)
    name_signers(*named)
    for path in paths(app, *printed):
        assert (path, get(path, "Anonymous").status_code) == (path, 200)


@pytest.mark.parametrize(
    ("user", "four_eyes", "barred"),
    [
        pytest.param("leader", True, True, id="who armed the day"),
        pytest.param("leader", False, False, id="who armed the day, in a campaign that does without"),
        pytest.param("LEADER", True, True, id="the same in other letters"),
        pytest.param(f"{CODE}.signoff", True, False, id="another"),
    ],
)
def test_who_armed_the_day_reads_its_letters_and_is_told_that_another_approves(
    app, printed, get, ledger, name_signers, user, four_eyes, barred
):
    name_signers(four_eyes=four_eyes)
    batch, letter = printed
    armed_by = Actor(KnownBy.ACCOUNT, "leader")
    day = {"campaign": CODE, "business_date": letter.drafted_on, "kind": "daily"}
    runs.open_run(ledger, **day, mode="armed", hold_reason=None, armed_by=armed_by)
    assert {get(path, user).status_code for path in paths(app, batch, letter)} == {200}
    assert ("Bạn không duyệt được tập này" in get(f"/batches/{batch.id}", user).text) == barred


def test_a_batch_whose_answer_was_not_taken_says_why(get, enter, ledger):
    batch, _ = enter()
    with ledger.begin() as connection:
        note_refusal(connection, batch.id, "Trả lại mà không ghi lý do")
    page = get(f"/batches/{batch.id}").text
    assert "Câu trả lời trước chưa được nhận:</strong> Trả lại mà không ghi lý do" in page


def test_who_may_sign_one_campaign_reads_no_other(get, enter):
    mine, _ = enter()
    other, letter = enter("HS-2", campaign="boston-311-2015")
    user = f"{CODE}.signoff"
    assert get(f"/batches/{mine.id}", user).status_code == 200
    for path in (f"/batches/{other.id}", f"/batches/{other.id}/letters/{letter.id}"):
        assert get(path, user).status_code == 403
    assert "HS-2" not in get("/batches", user).text


@pytest.mark.parametrize(
    "path",
    ["/x", "/batches/0", "/batches/99", "/batches/abc", f"/batches/{10**30}", "/batches/1/letters/99", "/batches/-1"],
)
def test_what_is_not_there_is_not_found(get, enter, path):
    enter()
    assert get(path).status_code == 404


@pytest.mark.parametrize("path", ["/batches/1/letters/..%2f..%2fledger.sqlite", "/batches/1/letters/1/../../../x"])
def test_no_reader_names_a_file(get, enter, path):
    enter()
    assert get(path).status_code == 404


def test_a_letter_of_another_batch_is_not_in_this_one(get, enter):
    (first, _), (_, second) = enter(), enter("HS-2")
    assert get(f"/batches/{first.id}/letters/{second.id}").status_code == 404


def test_words_of_a_source_stay_words(get, enter):
    batch, letter = enter(HOSTILE, addressee=HOSTILE, lines=(HOSTILE,))
    for path in ("/batches", f"/batches/{batch.id}", f"/batches/{batch.id}/letters/{letter.id}"):
        page = get(path).text
        assert "<script" not in page
        assert "49" not in re.sub(r"[0-9a-f]{64}", "", page)
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}&amp;") >= 2


def test_a_batch_shows_its_letters(get, enter):
    batch, _ = enter()
    page = get(f"/batches/{batch.id}").text
    assert all(words in page for words in ("HS-1", "CÔNG TY MỘT", "đã trả kết quả", "đang chờ duyệt", batch.sha256))


@pytest.mark.fault(87)
def test_a_letter_shows_what_was_decided_of_the_files_that_came_back(get, enter, ledger):
    batch, letter = enter()
    with ledger.begin() as connection:
        for accepted, words in ((False, "tệp bị sửa sau khi ký <b>"), (True, "chữ ký số hợp lệ của A")):
            record_verdict(connection, letter, FileVerdict("a" * 64, accepted, words), at=AT)
    text = get(f"/batches/{batch.id}/letters/{letter.id}").text
    assert "<strong>không nhận</strong>; tệp bị sửa sau khi ký &lt;b&gt;" in text
    assert "<strong>đã nhận</strong>; chữ ký số hợp lệ của A" in text


def test_what_is_read_is_what_was_put_up(get, enter, ledger):
    batch, letter = enter(lines=("lý do thứ nhất",))
    transitions.put_up(ledger, {letter.id: "9" * 64}, by="x", at=AT)
    page = get(f"/batches/{batch.id}/letters/{letter.id}").text
    assert ("lý do thứ nhất" in page, "đã thay đổi sau khi trình" in page) == (True, True)


def test_the_word_file_is_given_as_it_was_put_up(get, enter, installation):
    batch, letter = enter("a/../b")
    answer = get(f"/batches/{batch.id}/letters/{letter.id}/docx")
    assert answer.content == (installation.out / CODE / "letters-store" / f"{letter.sha256}.docx").read_bytes()
    assert re.fullmatch(
        r'attachment; filename="[A-Z0-9._-]+_[0-9a-f]{12}\.docx"', answer.headers["content-disposition"]
    )


def test_a_file_that_was_tampered_with_is_not_shown(get, enter, installation):
    batch, letter = enter()
    (installation.out / CODE / "letters-store" / f"{letter.sha256}.docx").write_bytes(word("khác"))
    answer = get(f"/batches/{batch.id}/letters/{letter.id}")
    assert (answer.status_code, "khác" in answer.text) == (500, False)


@pytest.mark.parametrize("path", ["/", "/batches", "/batches/1", "/x", "/style.css"])
def test_no_page_runs_a_script_or_stands_in_a_strangers_frame(get, path):
    headers = get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


@pytest.mark.fault(93)
def test_a_printed_letter_is_read_as_it_was_printed(get, enter, print_of):
    batch, letter = enter()
    print_of(letter)
    at = f"/batches/{batch.id}/letters/{letter.id}"
    page = get(at).text
    sources = [urljoin(at, found) for found in re.findall(r'src="([^"]+)"', page)]
    assert sources == [f"{at}/sheets/1", f"{at}/sheets/2"]
    assert ("chính bản in của thư" in page, "Kính gửi: …" in page) == (True, True)
    assert [get(f"{at}/sheets/{number}").content for number in (1, 2)] == [b"%PDF-1.71", b"%PDF-1.72"]
    assert (get(f"{at}/sheets/3").status_code, get(f"{at}/pdf").content) == (404, b"%PDF-1.7")


def test_without_a_print_the_page_says_so_and_shows_the_words(get, enter):
    batch, letter = enter()
    at = f"/batches/{batch.id}/letters/{letter.id}"
    page = get(at).text
    assert ("chưa có bản in" in page, "Kính gửi: …" in page) == (True, True)
    assert {get(f"{at}/{rest}").status_code for rest in ("pdf", "sheets/1")} == {404}


def test_a_print_that_was_tampered_with_is_not_shown(get, enter, print_of, installation):
    batch, letter = enter()
    (installation.out / CODE / "letters-store" / f"{print_of(letter)}{SUFFIX}").write_bytes(b"%PDF other")
    answer = get(f"/batches/{batch.id}/letters/{letter.id}/pdf")
    assert (answer.status_code, b"%PDF" in answer.content) == (500, False)


@pytest.mark.fault(93)
def test_a_letter_that_may_print_other_words_shows_what_they_are_in_and_no_words(get, enter):
    batch, letter = enter(content=TRIES["text box"][0])
    page = get(f"/batches/{batch.id}/letters/{letter.id}").text
    assert all(words in page for words in ("không được trình duyệt", "hộp văn bản"))
    assert "Trần Văn Bình" not in page


def test_letters_that_are_not_offered_are_listed(get, enter, ledger):
    _, letter = enter()
    assert "hộp văn bản" not in get("/batches").text
    replace_unoffered(ledger, [letter.id], {letter.id: ("hộp văn bản", "macro")})
    assert "hộp văn bản, macro" in get("/batches").text
    replace_unoffered(ledger, [letter.id], {})
    assert "hộp văn bản" not in get("/batches").text
