"""Cases for which another campaign of the office holds the letter: it is not drafted twice."""

from collections.abc import Mapping, Sequence

from dondoc.campaign import Campaign
from dondoc.errors import DondocError
from dondoc.installation.workplace import Workplace
from dondoc.ledger.causes import Elsewhere, letters_elsewhere
from dondoc.ledger.letters import WITHDRAWN, Letter
from dondoc.vietnamese.names import fold

HELD_ELSEWHERE = "đã có thư ở đợt {}"
TAKEN_OVER = "đợt đã qua hạn: đợt {} soạn tiếp"


def office_key(campaign: Campaign) -> str:
    """Return what tells an installation's offices apart: their names, however spelt.

    Case numbers are given within an office's own system; two offices on one installation may number alike.
    """
    return fold(campaign.office.name)


def held_elsewhere(place: Workplace, numbers: Sequence[str], mine: Mapping[str, Letter]) -> dict[str, str]:
    """Return the code of the campaign that holds the letter of each of the cases `numbers`, where it is another.

    Args:
        place: the day.
        numbers: cases that owe a letter.
        mine: the campaign's own latest letters by case number. Of two letters that an older version drafted for one
            case the approved one stays, else the one drafted again since, else the first.
    """
    rivals = _rivals(place, numbers, mine)
    left = _left(place, rivals)
    return {one.case_number: one.campaign for one in rivals if one.id not in left}


def left_elsewhere(place: Workplace, numbers: Sequence[str], mine: Mapping[str, Letter]) -> list[int]:
    """Return the ids of the letters of the cases `numbers` that a campaign now over left undecided: ours to draft."""
    return sorted(_left(place, _rivals(place, numbers, mine)))


def _rivals(place: Workplace, numbers: Sequence[str], mine: Mapping[str, Letter]) -> list[Elsewhere]:
    campaign = place.day.campaign
    found = letters_elsewhere(place.ledger, numbers, campaign=campaign.code, office=office_key(campaign))
    return [one for one in found if _goes_before(one, mine.get(one.case_number))]


def _goes_before(other: Elsewhere, own: Letter | None) -> bool:
    if own is None or own.state == WITHDRAWN:
        return True
    if own.standing or other.standing:
        return not own.standing
    if own.office and not other.office:
        return False
    return bool(other.office) or other.id < own.id


def _left(place: Workplace, rivals: Sequence[Elsewhere]) -> set[int]:
    today = place.day.business_date
    over = {code for code in {one.campaign for one in rivals} if _is_over(place, code)}
    return {one.id for one in rivals if one.campaign in over and not one.standing and one.drafted_on <= today}


def _is_over(place: Workplace, code: str) -> bool:
    try:
        return place.installation.campaign(code).deadline < place.day.business_date
    except DondocError:
        return True  # it was removed, or cannot run: nobody goes on with its drafts
