"""The steps of a sign-off run, one function each: what a DAG task or a command calls. Each can be repeated safely."""

from dondoc.installation import Installation
from dondoc.ledger.store import now
from dondoc.signoff.answer import Answer, apply_answer
from dondoc.signoff.inbox import take_in_signed
from dondoc.signoff.request import APPROVE, RETURN, Request, put_up_batches
from dondoc.workplace import Workplace

__all__ = ["APPROVE", "RETURN", "Answer", "answer", "put_up", "take_in"]


def take_in(campaign: str) -> dict[str, int]:
    """Take in what was signed outside Airflow, and return how many rows ended how."""
    return take_in_signed(_place(campaign), at=now())


def put_up(campaign: str, *, asked_in: str, pages: str, again: bool = False) -> list[Request]:
    """Put up the letters nobody is asked about yet, and return what the run `asked_in` asks."""
    return put_up_batches(_place(campaign), asked_in=asked_in, pages=pages, at=now(), again=again)


def answer(campaign: str, batch: int, given: Answer, *, asked_in: str) -> str:
    """Carry out the answer to a batch that the run `asked_in` asked about, and return what was done."""
    return apply_answer(_place(campaign), batch, given, asked_in=asked_in)


def _place(campaign: str) -> Workplace:
    installation = Installation.from_environment()
    today = installation.today(installation.campaign(campaign).zone)
    return Workplace.of({"campaign": campaign, "business_date": today.isoformat(), "kind": "daily"})
