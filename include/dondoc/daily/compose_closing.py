"""The box “soạn thư kết thúc đợt”: how the campaign ended, told to each unit once."""

from collections.abc import Sequence

from dondoc.daily import final, mail_planning
from dondoc.daily.check import read_figures
from dondoc.daily.references import Found
from dondoc.daily.setbacks import CLOSINGS, do_apart
from dondoc.daily.step import step
from dondoc.installation.workplace import Workplace
from dondoc.ledger import endings
from dondoc.ledger.mail_kinds import CLOSING


@step
def compose_closing(place: Workplace, found: Found) -> int:
    """Write, once the deadline is past, the note that thanks each unit or says what it left; return how many were."""
    if place.day.business_date < final.ending(place).closing_on:
        return 0
    figures = read_figures(place, found)
    notes = endings.offered_on_other_days(
        place.ledger, campaign=place.day.campaign.code, kind=CLOSING, today=place.day.business_date
    )
    units = place.day.campaign.unit_by_code

    def compose(some: Sequence[str]) -> int:
        return sum(mail_planning.plan_closing(place, units[one], figures=figures.loc[one], notes=notes) for one in some)

    return sum(do_apart(place, CLOSINGS, list(units), compose))
