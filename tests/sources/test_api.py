"""Sources behind an API: every fault played by a real server on this machine, and never a list that lacks a row."""

import gzip
import itertools
import json
import logging
import socket
import threading
import time
import traceback
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests
from scripted_server import Reply
from specimens import BY_OFFSET, PORTAL, SECRET, WHOLE, by_number, case, page, profile_of

from dondoc.errors import DondocError, SourceError, UnreachableError
from dondoc.sources.account import ApiAccount
from dondoc.sources.api import pull_records
from dondoc.sources.intake import take_in

FIRST, SECOND = page(1, 2), page(3)


def numbers(pulled):
    return pulled.raw.table.column("case_number").to_pylist()


ALL = ["H24-1", "H24-2", "H24-3"]


def test_pages_by_number_make_one_list(pull, server):
    pulled = pull(by_number(FIRST, SECOND))
    assert numbers(pulled) == ALL
    assert pulled.raw.rows.tolist() == [1, 2, 3]
    assert [asked.params for asked in server.asked] == [{"page": "1", "size": "2"}, {"page": "2", "size": "2"}]


def test_pages_by_offset_follow_what_came_not_what_was_asked(pull, server):
    rows = [case(n) for n in range(1, 6)]
    pulled = pull(lambda q: {"items": rows[int(q.params["offset"]) :][:1]}, paging=BY_OFFSET, rows="items", total=None)
    assert len(numbers(pulled)) == 5
    assert [asked.params["offset"] for asked in server.asked] == ["0", "1", "2", "3", "4", "5"]


def test_pages_by_a_link_in_the_answer(pull):
    pages = [FIRST | {"next": "/v1/cases?after=2"}, SECOND | {"next": None}]
    assert numbers(pull(*pages, paging={"by": "link", "field": "next"})) == ALL


def test_pages_by_the_link_header(pull, server):
    linked = Reply(FIRST, headers={"Link": f'<{server.url}/v1/cases?after=2>; rel="next"'})
    assert numbers(pull(linked, SECOND, paging={"by": "link"})) == ALL


def test_the_same_list_has_the_same_hash_whatever_its_pages(pull):
    paged = pull(by_number(FIRST, SECOND))
    whole = pull(page(1, 2, 3), paging=WHOLE)
    changed = pull(page(1, 2, 4), paging=WHOLE)
    assert paged.sha256 == whole.sha256 != changed.sha256


@pytest.mark.parametrize(
    ("authentication", "header", "value"),
    [
        ({"kind": "bearer"}, "Authorization", f"Bearer {SECRET}"),
        ({"kind": "basic"}, "Authorization", requests.auth._basic_auth_str("van-phong", SECRET)),
        ({"kind": "header", "name": "X-Api-Key"}, "X-Api-Key", SECRET),
        ({"kind": "none"}, "Authorization", None),
    ],
)
def test_the_account_goes_as_the_profile_says(pull, server, authentication, header, value):
    pull(by_number(FIRST, SECOND), authentication=authentication)
    assert {asked.headers.get(header) for asked in server.asked} == {value}


def test_what_netrc_holds_for_the_host_is_not_sent(pull, server, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password stray\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    pull(by_number(FIRST, SECOND), authentication={"kind": "bearer"})
    assert {asked.headers["Authorization"] for asked in server.asked} == {f"Bearer {SECRET}"}


@pytest.mark.fault(46)
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again_with_growing_patience(pull, waiting, status):
    trouble = Reply({}, status=status)
    assert numbers(pull(trouble, trouble, trouble, FIRST, SECOND)) == ALL
    assert waiting.slept == [1, 2, 4]


def test_waits_are_spread_by_chance(pull, waiting, patience):
    pull(Reply({}, status=503), FIRST, SECOND, patience=replace(patience, chance=lambda: 0.0))
    assert waiting.slept == [0.5]


@pytest.mark.fault(46)
@pytest.mark.parametrize(
    "asked_wait", [pytest.param("75", id="seconds"), pytest.param("Tue, 14 Nov 2023 00:01:15 GMT", id="date")]
)
def test_retry_after_is_honoured(pull, waiting, patience, asked_wait):
    busy = Reply({}, status=429, headers={"Retry-After": asked_wait})
    now = datetime(2023, 11, 14, tzinfo=UTC)
    pull(busy, FIRST, SECOND, patience=replace(patience, now=lambda: now))
    assert waiting.slept == [75]


@pytest.mark.parametrize("asked_wait", ["soon", "-5", "9" * 400, "Tue, 99 Nov 2023"])
def test_a_retry_after_that_says_nothing_counts_for_nothing(pull, waiting, asked_wait):
    pull(Reply({}, status=503, headers={"Retry-After": asked_wait}), FIRST, SECOND)
    assert waiting.slept == [1]


def test_a_wait_beyond_the_time_allowed_is_not_begun(pull, waiting):
    with pytest.raises(UnreachableError, match="HTTP 429"):
        pull(Reply({}, status=429, headers={"Retry-After": "86400"}))
    assert waiting.slept == []


def test_a_server_that_stays_down_is_unreachable(pull, server, patience):
    with pytest.raises(UnreachableError, match=r"HTTP 503.*đã thử 6 lần.*\n.*127\.0\.0\.1.*/v1/cases\n.*Cách xử lý"):
        pull(Reply({}, status=503))
    assert len(server.asked) == patience.tries


def test_a_password_may_be_vietnamese(pull, server):
    pull(
        by_number(FIRST, SECOND),
        account=ApiAccount("nguon", server.url, "a", "mật mã"),
        authentication={"kind": "bearer"},
    )
    assert server.asked[0].headers["Authorization"].encode("latin-1").decode() == "Bearer mật mã"


@pytest.mark.parametrize("key", ["two\nlines", "tab\r\nX-Other: 1"])
def test_a_key_that_is_no_header_is_refused_and_not_shown(pull, server, key):
    with pytest.raises(SourceError, match="InvalidHeader") as caught:
        pull(FIRST, account=ApiAccount("nguon", server.url, "a", key), authentication={"kind": "bearer"})
    assert key.splitlines()[0] not in str(caught.value)
    assert server.asked == []


def test_a_certificate_that_does_not_verify_is_refused(pull, tls_server, waiting):
    with pytest.raises(SourceError, match=r"Chứng thư.*không hợp lệ"):
        pull({}, account=ApiAccount("nguon", tls_server))
    assert waiting.slept == []


def test_nobody_at_the_address_is_unreachable(pull, free_port):
    with pytest.raises(UnreachableError, match="ConnectionError"):
        pull({}, account=ApiAccount("nguon", f"http://127.0.0.1:{free_port}"))


def silence():
    while True:
        time.sleep(0.05)
        yield b" "


@pytest.mark.fault(46)
@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"total_seconds": 0.4}, id="a drip that never ends"),
        pytest.param({"total_seconds": 0.4, "read_seconds": 0.02, "tries": 2}, id="slower than a read may take"),
    ],
)
def test_a_slow_drip_ends_with_the_time_allowed(pull, patience, limits):
    with pytest.raises(UnreachableError):
        pull(Reply(silence()), patience=replace(patience, **limits))


def test_a_drip_of_headers_ends_with_the_time_allowed(patience):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip():
            client, _ = listener.accept()
            with client:
                try:
                    while True:
                        client.sendall(b"H")
                        time.sleep(0.05)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        account = ApiAccount("nguon", f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(UnreachableError, match="quá thời gian"):
            pull_records(profile_of(), lambda: account, patience=replace(patience, total_seconds=0.4))


@pytest.mark.fault(47)
def test_a_body_cut_by_the_network_is_asked_again(pull):
    cut = Reply(b'{"data": {"items": [', headers={"Content-Length": "5000"})
    assert numbers(pull(cut, FIRST, SECOND)) == ALL


@pytest.mark.parametrize("status", [400, 403, 404, 410, 418])
def test_a_refusal_is_told_at_once(pull, server, status):
    with pytest.raises(SourceError, match=f"HTTP {status}"):
        pull(Reply({"detail": SECRET}, status=status))
    assert len(server.asked) == 1


HTML = b"<!DOCTYPE html><html><form action='/login'></form></html>"


@pytest.mark.fault(47)
@pytest.mark.parametrize(
    ("reply", "message"),
    [
        pytest.param(Reply(HTML, headers={"Content-Type": "text/html"}), "không phải JSON.*text/html", id="login page"),
        pytest.param(Reply(HTML), "không phải JSON trọn vẹn", id="login page that calls itself JSON"),
        pytest.param(Reply(b"{}", headers={"Content-Type": "text/plain"}), "text/plain", id="wrong type"),
        pytest.param(Reply(b"{}", headers={"Content-Type": ""}), "không ghi kiểu", id="no type"),
        pytest.param(Reply(json.dumps(FIRST).encode()[:-9]), "JSON trọn vẹn", id="truncated"),
        pytest.param(Reply(b""), "JSON trọn vẹn", id="nothing"),
        pytest.param(Reply(b"\xff\xfe{}"), "JSON trọn vẹn", id="not UTF-8"),
        pytest.param(Reply(b"[" * 200_000), "JSON trọn vẹn", id="nested without end"),
        pytest.param(Reply(b'{"a": NaN}'), "JSON trọn vẹn", id="no number"),
        pytest.param(Reply(b'{"a": 1, "a": 2}'), "JSON trọn vẹn", id="a key twice"),
        pytest.param({"data": {"total": 0}}, "không có danh sách dòng", id="no rows"),
        pytest.param({"data": {"items": None, "total": 0}}, "không có danh sách dòng", id="rows null"),
        pytest.param({"data": {"items": [1], "total": 1}}, "không có danh sách dòng", id="rows of numbers"),
        pytest.param([FIRST], "không có danh sách dòng", id="a list for an object"),
        pytest.param({"data": {"items": []}}, "không ghi tổng số", id="no total"),
        pytest.param(page(1, total=-1), "không ghi tổng số", id="a negative total"),
        pytest.param(page(1, total="9" * 5000), "không ghi tổng số", id="a monstrous total"),
        pytest.param(page(total=0), "không có dòng dữ liệu", id="an empty list"),
        pytest.param(page(1, 1, 2), "3 dòng, nhiều hơn 2 dòng đã hỏi", id="a page longer than asked for"),
        pytest.param({"data": {"items": [{"x": 1}], "total": 1}}, "thiếu code; procedure.name", id="other fields"),
        pytest.param({"data": {"items": [case(1, CODE="H24-9")], "total": 1}}, "cùng đọc là một", id="two keys in one"),
        pytest.param(Reply({}, status=204), "HTTP 204", id="no content"),
    ],
)
def test_an_answer_that_is_no_list_is_an_error_and_never_no_rows(pull, reply, message):
    with pytest.raises(SourceError, match=message):
        pull(reply)


def test_what_is_no_text_is_refused_in_its_row_and_seen(pull, hai_phong):
    rows = [case(1, due=["2023-10-10"]), case(2, status={"code": 4}), case(3), case(None, code=None)]
    pulled = pull({"data": {"items": rows, "total": 4}}, paging=WHOLE)
    intake = take_in(pulled.raw, profile_of(), source="cases", units=hai_phong.unit_by_name)
    assert (intake.rows_in, len(intake.accepted), intake.duplicates) == (4, 1, 0)
    assert list(intake.quarantined["reason"]) == ["bad_date", "unknown_value", "missing_key"]
    assert list(intake.quarantined["value"])[:2] == ['["2023-10-10"]', '{"code": "4"}']


def test_numbers_keep_every_digit_and_broken_text_is_still_text(pull):
    rows = [case(1, code=10**40), case(2, unit="\ud800 P"), case(3, unit="A\u0000\u200bB")]
    table = pull({"data": {"items": rows, "total": 3}}, paging=WHOLE).raw.table
    assert table["case_number"][0].as_py() == "1" + "0" * 40
    assert table["unit"].to_pylist()[1:] == ["? P", "A B"]


MOVED = by_number(
    page(1, 2),
    page(2, 3),
    page(),
)


@pytest.mark.fault(48)
@pytest.mark.parametrize(
    ("replies", "why"),
    [
        pytest.param([page(1, 2), page(1, 2)], "hai lần", id="a page twice"),
        pytest.param([page(1, 2, total=4), page(2, 4, total=4)], "hai trang", id="a row on two pages"),
        pytest.param([page(1, 2), page(3, total=4)], "tổng số đổi", id="the total changes"),
        pytest.param([page(1, 2), page(3, 4)], "nhận 4 dòng, máy chủ báo 3", id="too many rows"),
        pytest.param([page(1, 2), page()], "nhận 2 dòng, máy chủ báo 3", id="too few rows"),
    ],
)
def test_a_list_that_moves_is_pulled_again_and_refused_when_it_never_rests(pull, server, replies, why):
    assert numbers(pull(*replies, FIRST, SECOND)) == ALL
    with pytest.raises(SourceError, match=rf"không đứng yên, đã lấy 4 lần.*{why}"):
        pull(lambda asked: replies[int(asked.params["page"]) - 1] if int(asked.params["page"]) < 3 else page())
    assert [asked.params["page"] for asked in server.asked].count("1") == 4


def test_a_list_that_moves_is_not_pulled_beyond_the_time_allowed(pull, patience):
    with pytest.raises(SourceError, match="đã lấy 2 lần"):
        pull(page(1, 2), page(1, 2), page(1, 2), page(1, 2), FIRST, SECOND, patience=replace(patience, total_seconds=4))


def test_a_number_twice_on_one_page_is_the_intake_s_to_judge(pull, hai_phong):
    rows = [case(1), case(1), case(2), case(2, due="2023-10-11")]
    pulled = pull({"data": {"items": rows, "total": 4}}, paging=WHOLE)
    intake = take_in(pulled.raw, profile_of(), source="cases", units=hai_phong.unit_by_name)
    assert (len(intake.accepted), len(intake.quarantined), intake.duplicates) == (1, 2, 1)


@pytest.mark.fault(49)
def test_an_endless_list_is_given_up(pull, server, patience):
    counter = itertools.count()

    def endless(asked):
        return {"data": {"items": [case(next(counter))]}, "next": f"?after={next(counter)}"}

    with pytest.raises(SourceError, match="dài quá 20 trang"):
        pull(endless, total=None, paging={"by": "link", "field": "next"}, patience=replace(patience, pages=20))
    assert len(server.asked) == 20


def test_a_link_that_is_missing_proves_no_end_without_a_total(pull):
    with pytest.raises(SourceError, match="không có liên kết trang sau"):
        pull(FIRST, total=None, paging={"by": "link", "field": "next"})


@pytest.mark.fault(49)
@pytest.mark.parametrize(
    "link", ["https://evil.example/v1", "//evil.example/v1", "http://127.0.0.1:1/x", "ftp://x/y", "http://[bad"]
)
def test_our_token_follows_no_link_to_another_server(pull, server, link):
    with pytest.raises(SourceError, match=r"dẫn sang máy chủ khác|không phải địa chỉ"):
        pull(FIRST | {"next": link}, paging={"by": "link", "field": "next"}, authentication={"kind": "bearer"})
    assert len(server.asked) == 1


@pytest.mark.fault(49)
@pytest.mark.parametrize(
    "target", ["https://evil.example/v1", "//evil.example/", "http://127.0.0.1:1/x", "http://[bad"]
)
def test_our_token_follows_no_redirect_to_another_server(pull, server, target):
    with pytest.raises(SourceError, match=r"dẫn sang máy chủ khác|không phải địa chỉ"):
        pull(Reply({}, status=302, headers={"Location": target}), authentication={"kind": "bearer"})
    assert len(server.asked) == 1


@pytest.mark.fault(94)
@pytest.mark.parametrize("form", ["{other}\\@{ours}", "{ours}\\@{other}", "{ours};@{other}", "a:b@{ours}"])
@pytest.mark.parametrize("by_redirect", [True, False])
def test_our_token_follows_no_address_that_two_parsers_read_differently(pull, server, free_port, form, by_redirect):
    ours, other = server.url.removeprefix("http://"), f"localhost:{free_port}"
    link = f"http://{form.format(ours=ours, other=other)}/v1/cases"
    reply = Reply({}, status=302, headers={"Location": link}) if by_redirect else FIRST | {"next": link}
    with pytest.raises(SourceError, match="dẫn sang máy chủ khác"):
        pull(reply, paging={"by": "link", "field": "next"}, authentication={"kind": "bearer"})
    assert len(server.asked) == 1


def test_a_redirect_on_the_same_server_is_followed_but_not_for_ever(pull):
    moved = Reply({}, status=301, headers={"Location": "/v2/cases?page=1"})
    assert numbers(pull(moved, FIRST, SECOND)) == ALL
    with pytest.raises(SourceError, match="chuyển hướng quá nhiều"):
        pull(moved)


def test_a_post_is_not_turned_into_a_get(pull):
    with pytest.raises(SourceError, match="trang đăng nhập"):
        pull(Reply({}, status=302, headers={"Location": "/login"}), method="POST")


def test_an_answer_too_big_is_refused_packed_or_not(pull, patience):
    small = replace(patience, answer_bytes=100_000)
    with pytest.raises(SourceError, match="dài quá"):
        pull(Reply(b" " * 200_000), patience=small)
    with pytest.raises(SourceError, match="dài quá"):
        pull(Reply(gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"}), patience=small)


def test_a_packed_answer_is_unpacked_and_a_broken_one_refused(pull):
    packed = gzip.compress(json.dumps(page(1, 2, 3)).encode())
    assert numbers(pull(Reply(packed, headers={"Content-Encoding": "gzip"}), paging=WHOLE)) == ALL
    with pytest.raises(SourceError, match="Trao đổi hỏng"):
        pull(Reply(b"no gzip at all", headers={"Content-Encoding": "gzip"}))


@pytest.mark.fault(50)
def test_a_token_that_ends_on_the_way_is_renewed_once_and_the_pull_starts_over(pull, server):
    accounts = iter([ApiAccount("nguon", server.url, None, "old"), ApiAccount("nguon", server.url, None, "new")])

    def answer(asked):
        if asked.headers["Authorization"] == "Bearer old":
            return page(8, 9) if asked.params["page"] == "1" else Reply({}, status=401)
        return by_number(FIRST, SECOND)(asked)

    assert numbers(pull(answer, account=lambda: next(accounts), authentication={"kind": "bearer"})) == ALL


def test_an_account_refused_twice_is_told(pull, server):
    with pytest.raises(SourceError, match=r"không nhận tài khoản.*\n.*\n.*kết nối nguon"):
        pull(Reply({}, status=401))
    assert len(server.asked) == 2


LEAKS = [
    Reply({}, status=503),
    Reply({}, status=401),
    Reply({}, status=400),
    Reply(f"<p>{SECRET}</p>".encode(), headers={"Content-Type": "text/html"}),
    Reply({}, status=302, headers={"Location": f"https://evil.example/?token={SECRET}"}),
    {"error_code": "7", "error_message": f"sai mật khẩu {SECRET}\nvan-phong"},
    {"error_code": "0", "session": {"x": SECRET}},
    Reply(b"{", headers={"Content-Type": "application/json"}),
    FIRST | {"error_code": "0", "session": "phien-mat", "result": SECRET},
]


@pytest.mark.parametrize("reply", LEAKS)
@pytest.mark.parametrize("kind", ["query", "portal"])
def test_no_secret_is_in_messages_logs_or_representations(pull, server, caplog, reply, kind):
    caplog.set_level(logging.DEBUG)
    account = ApiAccount("nguon", server.url, "van-phong", SECRET, {"params": {"token": SECRET}})
    profile = PORTAL if kind == "portal" else None
    with pytest.raises(DondocError) as caught:
        pull(reply, account=account, profile=profile)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(account) + repr(caught.value)
    assert SECRET not in told
    assert "phien-mat" not in told
