"""What is known of apologies beside the sources: as of its day, kept with it, the same ever after."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert
from tests.checks.conftest import case, table

from dondoc.daily import evidence
from dondoc.daily.check import judge
from dondoc.figures import FIGURES, completed
from dondoc.ledger.answer_tables import answer, answer_file
from dondoc.ledger.letters import NewLetter, record_drafts
from dondoc.ledger.tables import letter
from dondoc.records import CASES, FIRST_DATES, SCHEMAS, empty_frame

AT = datetime(2023, 11, 10, 2, tzinfo=UTC)
TODAY, TOMORROW = date(2023, 11, 14), date(2023, 11, 15)
ANSWERED = {"reason": "chờ ý kiến", "applicant": "CÔNG TY A"}


class Office:
    """A day on given cases, with a register and answers of its own."""

    def __init__(self, place):
        self.place = place

    def on(self, day):
        return Office(replace(self.place, day=replace(self.place.day, business_date=day)))

    def register(self, case_number, state, *, campaign="hai-phong-2023", **given):
        facts = ("p", "0" * 64, "1" * 64, {}, "2" * 64, None, given.pop("drafted_on", date(2023, 11, 10)))
        record_drafts(self.place.ledger, [NewLetter(campaign, case_number, 1, "QLDT", (), *facts)], by="x", at=AT)
        with self.place.ledger.begin() as connection:
            mine = letter.c.case_number == case_number, letter.c.campaign == campaign
            connection.execute(letter.update().where(*mine).values(state=state, **given))

    def claim(self, number, on):
        code, day = "hai-phong-2023", self.place.day.business_date
        sent = {"campaign": code, "sha256": number * 64, "sender": "", "origin": "", "name": "x", "business_date": day}
        told = {"kind": "cases", "number": number, "state": "accepted", "campaign": code, "unit": "QLDT"}
        values = {"apology_number": "7", "apologised_on": on}
        with self.place.ledger.begin() as connection:
            file = (
                insert(answer_file).values(**sent, late=False, state="taken", taken_at=AT).returning(answer_file.c.id)
            )
            key = connection.execute(file).scalar_one()
            rows = [
                told | {"file_id": key, "business_date": day, "at": AT, "field": field, "value": value}
                for field, value in values.items()
            ]
            connection.execute(insert(answer), rows)

    def known(self, *cases):
        """Return what is known of each case, by number."""
        rows = evidence.gather(self.place, self.judge(*cases).cases).to_dict("records")
        return {row["case_number"]: row for row in rows}

    def judge(self, *cases, apologies=None):
        records = {kind: empty_frame(schema) for kind, schema in SCHEMAS.items()}
        return judge(self.place.day, records | {"cases": table(CASES, *cases)}, empty_frame(FIRST_DATES), apologies)


@pytest.fixture
def office(ledger_place):
    return Office(ledger_place)


def test_only_what_is_dated_by_the_day_is_known_on_it(office):
    office.register("A", "signed", number="12/PXL", signed_on=TODAY)
    office.register("B", "published", number="13/PXL", signed_on=TOMORROW)
    office.claim("C", "2023-11-13")
    office.on(TOMORROW).claim("D", "2023-11-13")
    today, tomorrow = office.known(case(number="A")), office.on(TOMORROW).known(case(number="A"))
    assert ({*today}, {*tomorrow}) == ({"A", "C"}, {"A", "B", "C", "D"})
    assert (today["A"]["letter_number"], today["C"]["claimed_number"]) == ("12/PXL", "7")


def test_a_letter_signed_in_another_campaign_is_an_apology_given(office):
    office.register("A", "signed", campaign="quy-1", number="12/PXL", signed_on=TODAY)
    assert office.known(case(number="A"))["A"]["letter_number"] == "12/PXL"


@pytest.mark.parametrize(
    ("state", "given", "lacks", "waiting"),
    [
        pytest.param(None, {}, {}, True, id="nothing is lacking, drafted today"),
        pytest.param(None, {}, {"reason": None}, False, id="no reason yet"),
        pytest.param("complete", {}, {}, True, id="complete"),
        pytest.param("complete", {}, {"reason": None}, False, id="complete once, and lacking now"),
        pytest.param("approved", {}, {"reason": None}, True, id="approved: what was shown stands"),
        pytest.param("returned", {}, {}, False, id="returned to the unit"),
        pytest.param("signed", {"number": "1", "signed_on": TOMORROW}, {}, True, id="signed tomorrow"),
        pytest.param("approved", {"drafted_on": TOMORROW}, {"reason": None}, False, id="drafted tomorrow"),
    ],
)
def test_a_case_is_in_the_registers_hands_once_nothing_is_asked_of_the_unit(office, state, given, lacks, waiting):
    if state:
        office.register("A", state, **given)
    ended = case(9, finished="13/11/2023", **(ANSWERED | lacks))
    known = office.known(ended)
    assert known.get("A", {}).get("waiting", False) == waiting


def test_a_day_without_evidence_of_its_own_knows_the_system_alone(office):
    facts = office.judge(case(number="A"))
    assert evidence.of_day(office.place, [], facts.cases).empty
    assert evidence.read(office.place, None).empty


def test_evidence_whose_file_is_gone_is_gathered_again(office):
    office.register("A", "signed", number="12/PXL", signed_on=TODAY)
    facts = office.judge(case(number="A"))
    taken = [{"source": evidence.NAME, "path": "gone.parquet"}]
    assert list(evidence.of_day(office.place, taken, facts.cases)["case_number"]) == ["A"]


def test_figures_of_an_older_version_counted_the_systems_word_alone(place):
    old = empty_frame(FIGURES).reindex(range(1)).assign(scope="unit", code="x", name="x", apologies_done=3)
    told = completed(old.astype({"apologies_done": "int64[pyarrow]"})).iloc[0]
    assert (told["apologies_system"], told["apologies_register"], told["apologies_waiting"]) == (3, 0, 0)
