"""Thousands of broken answers: each pull is whole, its sums close, or it ends with an error an operator can read.

`DONDOC_FUZZ_API` sets how many; the seed is fixed, so a failure comes back.
"""

import copy
import json
import os
import random
from dataclasses import replace

import pytest
from scripted_server import Reply
from specimens import PAUSE, PORTAL, by_number, page, portal_case, profile_of

from dondoc.errors import DondocError
from dondoc.sources.account import ApiAccount
from dondoc.sources.api import pull_records
from dondoc.sources.intake import take_in

COUNT = int(os.environ.get("DONDOC_FUZZ_API", "600"))
SEED = 20231114
PAGED = profile_of(error_code={"field": "error_code", "accepted": ["0"], "message": "error_message"})
JUNK = [None, True, 0, -1, 10**60, 1.5, "", "0", "x" * 3000, "\x00", "\ud800", "20231301000000", [], {}, [[]], {"": {}}]
CODES = [None, 0, 1, "1", "-1", "00", "", "0 ", [], {}, True, 9.9]
STATUSES = [201, 204, 301, 400, 401, 403, 404, 429, 500, 503]
TYPES = ["text/html", "text/plain", "", "application/json; charset=utf-8", "application/problem+json"]
TOTAL = 3
HTML = b"<!DOCTYPE html><title>Login</title>"


def nodes(document):
    """Yield every place in `document` as (container, key)."""
    pairs = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in list(pairs):
        yield document, key
        if isinstance(value, (dict, list)):
            yield from nodes(value)


def change_value(chance, document):
    where, key = chance.choice(list(nodes(document)))
    where[key] = copy.deepcopy(chance.choice(JUNK))


def remove_value(chance, document):
    where, key = chance.choice(list(nodes(document)))
    del where[key]


def nest_value(chance, document):
    where, key = chance.choice(list(nodes(document)))
    for _ in range(chance.choice([1, 3, 400])):
        where[key] = chance.choice([[where[key]], {"a": where[key]}])


def rename_key(chance, document):
    where, key = chance.choice([pair for pair in nodes(document) if isinstance(pair[1], str)])
    where[chance.choice([key.lower(), key.upper(), key + " ", "x"])] = where.pop(key)


def repeat_row(chance, document):
    lists = [where for where, _ in nodes(document) if isinstance(where, list) and where]
    if lists:
        rows = chance.choice(lists)
        rows.insert(chance.randrange(len(rows) + 1), copy.deepcopy(chance.choice(rows)))


def wrong_total(chance, document):
    if isinstance(document.get("data"), dict):
        document["data"]["total"] = chance.choice([0, 1, 2, 4, "3", "03", 3.0, -3, 10**30, None])


def wrong_code(chance, document):
    document["error_code"] = chance.choice(CODES)


def flip_bits(chance, body):
    found = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def cut_out(chance, body):
    start, end = sorted(chance.sample(range(len(body)), 2))
    return body[:start] + body[end:]


def double_up(chance, body):
    start, end = sorted(chance.sample(range(len(body)), 2))
    return body[:end] + body[start:]


def truncate(chance, body):
    return body[: chance.randrange(len(body))]


def html(chance, body):
    return HTML


IN_DOCUMENT = [change_value] * 3 + [remove_value, nest_value, rename_key, repeat_row, wrong_total, wrong_code]
IN_BYTES = [flip_bits, cut_out, double_up, truncate, html]


def mutated(chance, document):
    """Return the reply of a server that is broken in one to three ways, or not at all."""
    document, body_changes, headers, status = copy.deepcopy(document), [], {}, 200
    for _ in range(chance.randint(0, 3)):
        kind = chance.random()
        if kind < 0.6 and document:
            chance.choice(IN_DOCUMENT)(chance, document)
        elif kind < 0.9:
            body_changes.append(chance.choice(IN_BYTES))
        elif kind < 0.95:
            status = chance.choice(STATUSES)
        else:
            headers["Content-Type"] = chance.choice(TYPES)
    body = json.dumps(document).encode()
    for change in body_changes:
        body = change(chance, body) if len(body) > 2 else body
    return Reply(body, status, headers)


def paged_server(chance):
    pages = [page(1, 2) | {"error_code": "0"}, page(3) | {"error_code": "0"}]
    replies = [mutated(chance, document) for document in pages]
    return replies, by_number(*replies)


def portal_server(chance):
    cases = [portal_case(MaHoSo=f"H24-{n}", DanhSachHoSoBoSung=[PAUSE] * (n % 2)) for n in range(3)]
    login = mutated(chance, {"error_code": "0", "session": "s"}) if chance.random() < 0.2 else None
    listing = mutated(chance, {"error_code": "0", "error_message": "", "result": cases})
    opened = login or Reply({"error_code": "0", "session": "s"})
    return [listing], lambda asked: opened if asked.path == "/mapi/login" else listing


def rows_sent(replies, asked, rows_of):
    """Return how many records the server held out, read without any of our code.

    Pages that nobody asked for count too, unless the server itself declared a shorter list.
    """
    first = json.loads(replies[0].body)
    is_shorter = "data" in first and int(first["data"]["total"]) != TOTAL
    pages = {int(request.params.get("page", 1)) for request in asked}
    kept = [reply for page, reply in enumerate(replies, start=1) if page in pages or not is_shorter]
    return sum(len(rows_of(json.loads(reply.body))) for reply in kept)


SERVERS = {
    "paged": (paged_server, PAGED, lambda document: document["data"]["items"]),
    "portal": (portal_server, PORTAL, lambda document: document["result"]),
}


@pytest.mark.parametrize("kind", SERVERS)
def test_whatever_a_server_answers_no_row_is_lost_in_silence(server, patience, waiting, hai_phong, kind):
    chance = random.Random(f"{SEED}-{kind}")
    play, profile, rows_of = SERVERS[kind]
    ends = {"whole": 0, "refused": 0}
    for _ in range(COUNT // len(SERVERS)):
        replies, answer = play(chance)
        server.play(answer)
        waiting.slept.clear()
        try:
            pulled = pull_records(
                profile, lambda: ApiAccount("nguon", server.url), patience=replace(patience, total_seconds=60, tries=2)
            )
        except DondocError:
            ends["refused"] += 1
            continue
        intake = take_in(pulled.raw, profile, source="cases", units=hai_phong.unit_by_name)
        assert intake.rows_in == len(intake.accepted) + len(intake.quarantined) + intake.duplicates
        assert intake.rows_in == rows_sent(replies, server.asked, rows_of)
        ends["whole"] += 1
    assert min(ends.values()) > COUNT // 20, ends
