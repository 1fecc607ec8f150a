"""The sign-off DAG, run by Airflow; a leader answers each request."""

from datetime import UTC, datetime

import openpyxl
import pytest

from dondoc.daily import steps as day_steps
from dondoc.files import file_sha256
from dondoc.ledger import audit, transitions
from dondoc.ledger.batches import latest_batches
from dondoc.ledger.letters import latest_letters
from dondoc.ledger.store import open_ledger
from dondoc.letters.store import read_stored
from dondoc.signoff import printing

LEADER = {"id": "7", "name": "hai.bn"}
CODE, DAY, UNITS = "hai-phong-2023", "2023-11-14", ("DNGS", "QLDT")


@pytest.fixture
def draft(installation, turn_to, monkeypatch):
    """Draft the letters of some units of the sample day; none is printed, which takes seconds."""
    turn_to(DAY)
    monkeypatch.setattr(printing, "find_program", lambda: None)

    def run(*units):
        day = day_steps.open_day(day_steps.day_ref(CODE, DAY))
        found = day_steps.check(day, day_steps.gate(day, [day_steps.pull(day, name) for name in ("cases", "work")]))
        day_steps.draft_letters(day, found, list(units))

    return run


def answer(task_id, choice, reason, *, by=LEADER, resume=True):
    """Answer what a task asks, as the API would; return what was asked. Not resumed, the task goes on waiting."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.trigger import handle_event_submit
    from airflow.triggers.base import TriggerEvent
    from airflow.utils.session import create_session
    from sqlalchemy.orm import joinedload

    with create_session() as session:
        instance = session.get(TaskInstance, task_id, options=[joinedload(TaskInstance.hitl_detail)])
        detail = instance.hitl_detail
        detail.chosen_options, detail.params_input = [choice], {"reason": reason}
        detail.responded_by = by
        detail.responded_at = datetime.now(UTC)
        if resume:
            event = TriggerEvent(detail.as_resume_event_payload())
            handle_event_submit(event, task_instance=instance, session=session)
        return detail


def clear(task_id):
    from airflow.models.taskinstance import TaskInstance, clear_task_instances
    from airflow.utils.session import create_session

    with create_session() as session:
        clear_task_instances([session.get(TaskInstance, task_id)], session, dag_run_state=False)


@pytest.fixture(params=["{sign: [Hai.BN]}", '{roles: {lanh-dao: [Hai.BN]}, sign: ["role:lanh-dao"]}'])
def signer_named(own_campaigns, request):
    """Name one account that signs, by itself or by a role, before any DAG is read."""
    path = own_campaigns / CODE / "campaign.yaml"
    path.write_text(path.read_text().replace("answers:\n", f"permissions: {request.param}\nanswers:\n", 1))


@pytest.fixture
def sign(dags, installation, monkeypatch):
    """Run the sign-off with a leader; return the run, what was asked, and the register's letters.

    `choose(subject)` gives the option and the reason; `users` answer one after the other, then the leader; a task that
    `meanwhile(task)` sees to is not answered. A request is answered when its task has come to rest: `dag.test` writes
    once more that the task waits after it does, over an answer given in between, and would then wait for ever.
    """
    from airflow.sdk.definitions import dag as definitions

    run_task = definitions._run_task

    def run(choose=lambda subject: ("Duyệt", ""), meanwhile=lambda ti: None, users=()):
        asked = {}

        def run_and_answer(*, ti, **given):
            ran = run_task(ti=ti, **given)
            if ti.state == "awaiting_input" and not meanwhile(ti):
                subject = ran.ti.task.subject
                by = users.pop(0) if users else LEADER
                asked[subject] = answer(ti.id, *choose(subject), by=by)
            return ran

        monkeypatch.setattr(definitions, "_run_task", run_and_answer)
        ended = dags[f"{CODE}.signoff"].test(run_conf={})
        return ended, asked, latest_letters(ledger(installation), campaign=CODE)

    return run


def ledger(installation):
    return open_ledger(installation.ledger_url)


def batches(installation):
    return {batch.unit: batch for batch in latest_batches(ledger(installation), campaign=CODE)}


def states(run, task):
    return sorted(str(ti.state) for ti in run.get_task_instances() if ti.task_id == task)


def complete(letters, unit):
    return [letter for letter in letters.values() if letter.unit == unit and not letter.missing]


def test_each_batch_is_approved_or_returned_as_the_leader_says(draft, sign, installation):
    draft(*UNITS)
    run, asked, letters = sign(lambda subject: ("Trả lại", "sai tên") if "Doanh nghiệp" in subject else ("Duyệt", ""))
    assert (run.state, len(asked)) == ("success", 2)
    approved, returned = complete(letters, "QLDT"), complete(letters, "DNGS")
    assert ({found.state for found in approved}, {found.state for found in returned}) == ({"approved"}, {"returned"})
    assert {found.reason for found in returned} == {"sai tên"}
    for found in approved:
        read_stored(installation.out, CODE, found.sha256)
    found = batches(installation)["QLDT"]
    assert (found.state, found.decided_by, found.shown) == (
        "approved", "tài khoản hai.bn", {letter.id: letter.sha256 for letter in approved},
    )  # fmt: skip
    assert audit.verify(ledger(installation)).broken_at is None


@pytest.mark.fault(119)
def test_more_units_than_airflow_maps_are_asked_about_together(draft, sign, installation, monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__MAX_MAP_LENGTH", "1")
    draft(*UNITS)
    run, asked, letters = sign()
    assert (run.state, len(asked)) == ("success", 1)
    assert {found.state for unit in UNITS for found in complete(letters, unit)} == {"approved"}
    assert {batch.state for batch in batches(installation).values()} == {"approved"}


def test_a_request_shows_counts_codes_and_the_hash_but_no_citizen(draft, sign, installation):
    draft(*UNITS)
    _, asked, letters = sign()
    for subject, detail in asked.items():
        text = subject + detail.body
        assert not [found for found in letters.values() if found.facts["addressee"] in text]
    shown = next(detail.body for subject, detail in asked.items() if "Quản lý đầu tư" in subject)
    found = batches(installation)["QLDT"]
    assert found.sha256 in shown
    assert f"/dondoc/batches/{found.id})" in shown
    assert all(f"`{letter.case_number}`" in shown for letter in complete(letters, "QLDT"))


def test_a_letter_changed_after_it_was_put_up_is_not_approved(draft, sign, installation):
    draft("DNGS")

    def edit_then_approve(subject):
        from dondoc.letters.submission import put_up

        path = installation.out / complete(latest_letters(ledger(installation), campaign=CODE), "DNGS")[0].path
        path.write_bytes(path.read_bytes() + b"\0" * 22)
        put_up(ledger(installation), installation.out, campaign=CODE, unit="DNGS", by="x", at=datetime.now(UTC))
        return "Duyệt", ""

    run, _, letters = sign(edit_then_approve)
    assert (run.state, states(run, "sign.record")) == ("failed", ["failed"])
    assert {found.state for found in complete(letters, "DNGS")} == {"complete"}
    refused = batches(installation)["DNGS"]
    assert (refused.state, "đã khác" in refused.note) == ("refused", True)
    assert sign()[0].state == "success"


def label_of(task_id):
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session

    with create_session() as session:
        return session.get(TaskInstance, task_id).rendered_map_index


def labels(run):
    return [ti.rendered_map_index for ti in run.get_task_instances() if ti.task_id == "sign.decide"]


@pytest.mark.parametrize(
    ("first", "why"),
    [
        pytest.param(("Trả lại", "  "), "mà không ghi lý do", id="a return without a reason"),
        pytest.param(("Duyệt", "sai tên"), "mà lại ghi lý do", id="an approval with a reason of return"),
    ],
)
def test_what_is_no_answer_is_put_to_the_leader_again_at_once_with_the_reason(draft, sign, installation, first, why):
    draft("DNGS")
    answers, seen = [first, ("Trả lại", "sai tên")], []

    def see(ti):
        seen.append((label_of(ti.id), batches(installation)["DNGS"].note))
        return False

    run, _, letters = sign(lambda subject: answers.pop(0), meanwhile=see)
    assert (run.state, answers, states(run, "sign.decide")) == ("success", [], ["success"])
    assert {found.reason for found in complete(letters, "DNGS")} == {"sai tên"}
    [(_, no_note), (label, note)] = seen
    assert (no_note, why in note, why in label, label.startswith("⚠ ")) == (None, True, True, True)
    assert why not in labels(run)[0], "what was taken at last bears no warning"


@pytest.mark.fault(88)
def test_the_request_is_the_signers_and_anothers_answer_is_asked_again(signer_named, draft, sign, installation):
    draft("DNGS")
    users, told = [{"id": "8", "name": "ai.do"}, {"id": "7", "name": "hai.bn"}], []

    def see(ti):
        told.append(batches(installation)["DNGS"].note)
        return False

    run, asked, letters = sign(meanwhile=see, users=users)
    assert (run.state, users) == ("success", [])
    assert told == [None, "Không có quyền duyệt, trả lại thư xin lỗi của đợt này: tài khoản ai.do."]
    [detail] = asked.values()
    assert detail.assigned_users == [{"id": "Hai.BN", "name": "Hai.BN"}]
    assert {found.state for found in complete(letters, "DNGS")} == {"approved"}
    assert batches(installation)["DNGS"].decided_by == "tài khoản hai.bn"


@pytest.mark.parametrize(
    ("manager", "assigned"),
    [
        (
            "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
            [{"id": "Hai.BN", "name": "Hai.BN"}],
        ),
        (
            "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
            [{"id": "7", "name": "Hai.BN"}],
        ),
    ],
    ids=["by name", "by number"],
)
def test_a_request_of_a_role_is_its_accounts_as_each_auth_manager_knows_them(hai_phong, monkeypatch, manager, assigned):
    from dondoc.campaign.permissions import Permissions
    from dondoc_airflow.signing import assignees

    monkeypatch.setenv("AIRFLOW__CORE__AUTH_MANAGER", manager)
    held = {"roles": {"lanh-dao": ["Hai.BN"]}, "sign": ["role:lanh-dao"], "airflow_ids": {"Hai.BN": 7}}
    campaign = hai_phong.model_copy(update={"permissions": Permissions.model_validate(held)})
    assert assignees(campaign) == assigned


def test_without_login_a_rehearsals_person_approves(draft, sign, installation, monkeypatch, new_ledger):
    monkeypatch.setenv("DONDOC_REHEARSAL", DAY)
    rehearsed = type(installation).from_environment()
    new_ledger(rehearsed.out / "ledger.sqlite")
    draft("DNGS")
    run, _, _ = sign(users=[{"id": "Anonymous", "name": "Anonymous"}])
    assert (run.state, batches(rehearsed)["DNGS"].decided_by) == ("success", "người diễn tập")


def test_another_run_asks_only_about_new_letters(draft, sign, installation):
    from dondoc.signoff import steps

    draft("DNGS")
    waiting = steps.put_up(CODE, asked_in="an earlier run", pages="", most=9)
    draft("QLDT")
    _, asked, letters = sign()
    assert (len(waiting), [subject.split(":")[0] for subject in asked]) == (1, ["Phòng Quản lý đầu tư"])
    assert {found.state for found in complete(letters, "DNGS")} == {"complete"}
    assert batches(installation)["DNGS"].state == "waiting"


def test_a_task_whose_answer_airflow_lost_asks_again_when_it_is_cleared(draft, sign, installation):
    draft("DNGS")
    lost = []

    def lose_the_first(ti):
        if lost:
            return False
        lost.append(answer(ti.id, "Duyệt", "", resume=False))
        clear(ti.id)
        return True

    run, asked, letters = sign(meanwhile=lose_the_first)
    assert (run.state, len(lost), len(asked)) == ("success", 1, 1)
    assert {found.state for found in complete(letters, "DNGS")} == {"approved"}


def test_a_run_with_nothing_to_ask_ends_green(sign):
    run, asked, _ = sign()
    assert (run.state, asked, states(run, "sign.decide")) == ("success", {}, ["skipped"])


def test_the_run_takes_in_what_was_signed_on_paper_first(draft, sign, installation):
    from dondoc.signoff import steps

    draft("DNGS")
    steps.put_up(CODE, asked_in="an earlier run", pages="", most=9)
    ledger = open_ledger(installation.ledger_url)
    first = min(complete(latest_letters(ledger, campaign=CODE), "DNGS"), key=lambda found: found.case_number)
    shown, who = transitions.batch_sha256({first.id: first.sha256}), {"by": "Bùi Ngọc Hải", "at": first.put_up_at}
    transitions.approve(ledger, [first.id], batch=shown, **who)
    [sheet] = installation.out.glob("*/*/signoff/DNGS-*.xlsx")
    book = openpyxl.load_workbook(sheet)
    for column, value in (("D", "12/PXL-BQL"), ("E", "14/11/2023"), ("F", "Bùi Ngọc Hải")):
        book["Trình ký"][f"{column}4"] = value
    inbox = installation.out / CODE / "inbox"
    inbox.mkdir(parents=True)
    book.save(inbox / sheet.name)
    run, asked, letters = sign()
    signed = [found for found in letters.values() if found.state == "signed"]
    assert (run.state, [found.number for found in signed], signed[0].signer) == (
        "success",
        ["12/PXL-BQL"],
        "Bùi Ngọc Hải",
    )
    assert [detail.subject.split(":")[1] for detail in asked.values()] == [" 1 thư xin lỗi chờ ký"]
    assert file_sha256(installation.out / signed[0].path) == signed[0].sha256
