"""The steps of a sign-off run, one function each: what a DAG task or a command calls. Each can be repeated safely."""

from collections.abc import Sequence

from dondoc.actor import MACHINE, Actor
from dondoc.errors import LetterError, Problem
from dondoc.installation import Installation
from dondoc.installation.workplace import Workplace
from dondoc.ledger.store import now
from dondoc.signoff.answer import LeaderAnswer, apply_answer, why_ask_again
from dondoc.signoff.inbox import take_in_signed
from dondoc.signoff.request import APPROVE, RETURN, Request, put_up_batches

__all__ = ["APPROVE", "RETURN", "LeaderAnswer", "answer", "ask_again", "put_up", "take_in"]


def take_in(campaign: str) -> dict[str, int]:
    """Take in what was signed outside Airflow, and return how many rows ended how."""
    return take_in_signed(_place(campaign), at=now())


def put_up(
    campaign: str, *, asked_in: str, pages: str, most: int, again: bool = False, by: Actor = MACHINE
) -> list[Request]:
    """Put up the letters nobody is asked about yet, and return what the run `asked_in` asks; `by` asks for it anew."""
    return put_up_batches(_place(campaign), asked_in=asked_in, pages=pages, at=now(), most=most, again=again, by=by)


def ask_again(campaign: str, batches: Sequence[int], given: LeaderAnswer, *, asked_in: str) -> str:
    """Return why the answer is put to the leader again, empty where it can be carried out."""
    return why_ask_again(_place(campaign), batches, given, asked_in=asked_in)


def answer(campaign: str, batches: Sequence[int], given: LeaderAnswer, *, asked_in: str) -> str:
    """Carry out the answer to each of `batches`, about which the run `asked_in` asked, and return what was done.

    Raises:
        LetterError: it cannot be carried out for some; the others are done.
    """
    place = _place(campaign)
    done = []
    refused = list[Problem]()
    for batch in batches:
        try:
            done.append(apply_answer(place, batch, given, asked_in=asked_in))
        except LetterError as error:
            refused += error.problems
    if refused:
        raise LetterError.of(refused)
    return "; ".join(done)


def _place(campaign: str) -> Workplace:
    installation = Installation.from_environment()
    today = installation.today(installation.campaign(campaign).zone)
    return Workplace.on(campaign, today)
