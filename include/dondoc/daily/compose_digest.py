"""The box “soạn thư tổng hợp”: what leaders are told of the units behind."""

from dondoc.daily import final, reminding
from dondoc.daily.check import read_figures
from dondoc.daily.references import Found
from dondoc.daily.standing import standing_of
from dondoc.daily.step import step
from dondoc.installation.workplace import Workplace


@step
def compose_digest(place: Workplace, found: Found) -> int:
    """Write the day's digest for the leaders who are due one, and return how many are; nothing is sent here."""
    if not final.still_reminds(place):
        return 0
    return reminding.plan_digest(place, figures=read_figures(place, found), standing=standing_of(place))
