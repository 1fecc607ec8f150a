"""The gates at work on real snapshots, on each database."""

from datetime import date

import pandas as pd
import pytest
from tests.people import LE_VAN_A

from dondoc.daily import admission, steps
from dondoc.daily.intake import gate, pull
from dondoc.daily.opening import day_ref, open_day
from dondoc.errors import LedgerError, SourceError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import audit
from dondoc.ledger.gates import gate_results
from dondoc.records import CASES, conform, empty_frame

CODE = "hai-phong-2023"
MONDAY, TUESDAY = "2023-11-13", "2023-11-14"
DECISION = {"gates": ["freshness"], "decided_by": "Nguyễn Văn A", "reason": "một cửa hôm qua không phát sinh"}


@pytest.fixture
def take(monkeypatch, turn_to, ledger_place):
    """Run a day up to its gates on the sample; return its workplace."""
    monkeypatch.setenv("DONDOC_LEDGER_URL", ledger_place.installation.ledger_url)

    def run(on, *, decision=None, change=lambda snapshots: snapshots):
        turn_to(on)
        day = open_day(day_ref(CODE, on), mode="armed", by=LE_VAN_A, decision=decision)
        snapshots = change([pull(day, name) for name in ("cases", "work")])
        place = Workplace.of(day)
        gate(day, snapshots)
        return place

    return run


def closed(place):
    return {(one.gate, one.source) for one in gate_results(place.ledger, place.run.id) if not one.open}


def test_the_sample_day_opens_every_gate(take):
    place = take(MONDAY)
    assert closed(place) == set()
    assert len(gate_results(place.ledger, place.run.id)) == 16
    assert place.run.hold_reason is None
    assert admission.gate_notes(place) == [{"label": "mở", "closed": False}]


@pytest.mark.fault(37)
def test_yesterdays_file_closes_the_gate_and_holds_the_mail(take):
    take(MONDAY)
    place = take(TUESDAY)
    assert closed(place) == {("freshness", "cases"), ("freshness", "work")}
    assert "cổng dữ liệu mới đóng: nguồn work: dữ liệu giống hệt ngày 13/11/2023" in place.run.hold_reason
    assert all(note["closed"] and note["label"].startswith("ĐÓNG – nguồn") for note in admission.gate_notes(place))


def test_a_named_person_lets_the_mail_of_that_day_through(take):
    take(MONDAY)
    place = take(TUESDAY, decision=DECISION)
    assert place.run.hold_reason is None
    assert closed(place) == {("freshness", "cases"), ("freshness", "work")}
    notes = admission.gate_notes(place)
    assert {note["closed"] for note in notes} == {False}
    assert all(
        "mở theo quyết định của tài khoản le.van.a (ghi tên: Nguyễn Văn A): một cửa" in note["label"] for note in notes
    )
    assert take("2023-11-15").run.hold_reason is not None
    assert audit.verify(place.ledger).broken_at is None


def test_a_decision_on_one_gate_opens_no_other(take):
    take(MONDAY)
    assert take(TUESDAY, decision=DECISION | {"gates": ["row_count"]}).run.hold_reason is not None
    assert take(TUESDAY, decision=DECISION | {"gates": ["all"]}).run.hold_reason is None


@pytest.mark.parametrize("blank", [{"gates": []}, {"reason": " "}])
def test_half_a_decision_stops_the_day(take, blank):
    with pytest.raises(LedgerError, match="phải có lý do"):
        take(MONDAY, decision=DECISION | blank)


def test_an_empty_form_is_no_decision(take):
    assert take(MONDAY, decision={"gates": [], "decided_by": None, "reason": ""}).run.state == "running"


@pytest.mark.parametrize("count", ["rows_in", "accepted", "quarantined", "duplicates"])
def test_rows_that_do_not_add_up_stop_the_day_whatever_was_decided(take, count):
    def corrupt(snapshots):
        return [snapshots[0], snapshots[1] | {count: snapshots[1][count] + 1}]

    with pytest.raises(SourceError, match=r"Số dòng không khớp.*\n.*nguồn work"):
        take(MONDAY, decision=DECISION | {"gates": ["all"]}, change=corrupt)


def test_two_wrong_counts_that_make_up_for_each_other_are_found_too(take):
    def corrupt(snapshots):
        more, less = snapshots[0]["accepted"] + 1, snapshots[0]["quarantined"] - 1
        return [snapshots[0] | {"accepted": more, "quarantined": less}, snapshots[1]]

    with pytest.raises(SourceError, match="Số dòng không khớp"):
        take(MONDAY, change=corrupt)


def test_late_cases_are_judged_against_the_day_before(take):
    place = take(MONDAY)
    admission.judge_late_cases(place, 40)
    place = take(TUESDAY, decision=DECISION)
    admission.judge_late_cases(place, 79)
    assert place.run.hold_reason is None
    admission.judge_late_cases(place, 80)
    assert "hồ sơ quá hạn: 80, ngày 13/11/2023 là 40" in place.run.hold_reason
    assert ("late_growth", "") in closed(place)
    assert [note["closed"] for note in admission.gate_notes(place)] == [True]


def test_the_whole_day_judges_its_late_cases(take):
    place = take(MONDAY)
    day = place.ref
    steps.check(day, [pull(day, name) for name in ("cases", "work")])
    verdict = gate_results(place.ledger, place.run.id)[-1]
    assert (verdict.gate, verdict.open) == ("late_growth", True)
    assert verdict.figures["late"] > 0


@pytest.fixture
def cases():
    began = pd.to_datetime(["2023-11-10 00:00", "2023-11-14 15:00", "2023-11-20 00:00"])
    return conform(
        empty_frame(CASES)
        .reindex(range(3))
        .assign(
            case_number=["H-1", "H-2", "H-3"],
            procedure="Cấp phép",
            unit=["VP", "VP", "QLDT"],
            received_at=began,
            status=4,
            source_file="a.xlsx",
            source_row=[4, 5, 6],
        ),
        CASES,
    )


def profile(frame):
    return admission.profile_of(frame, "cases", as_of=date(2023, 11, 14))


def test_a_profile_says_what_later_days_compare_with(cases):
    found = profile(cases)
    assert found["unit_rows"] == {"QLDT": 1, "VP": 2}
    assert found["newest_on"] == "2023-11-14"


@pytest.mark.fault(37)
def test_the_same_content_is_known_in_any_order_and_any_file(cases):
    moved = conform(cases.iloc[::-1].assign(source_file="b.csv", source_row=[1, 2, 3]), CASES)
    assert profile(moved)["content_sha256"] == profile(cases)["content_sha256"]


@pytest.mark.parametrize("change", [{"status": 9}, {"reason": "thiếu người"}, {"unit": "VP"}])
def test_any_change_of_content_is_another(cases, change):
    changed = conform(cases.assign(**change), CASES)
    assert profile(changed)["content_sha256"] != profile(cases)["content_sha256"]


def test_no_rows_have_a_profile_too():
    found = profile(empty_frame(CASES))
    assert (found["unit_rows"], found["newest_on"]) == ({}, None)
