"""Who writes a campaign's mails, and to whom what comes back goes: a name beside each address."""

from dondoc.campaign import Campaign
from dondoc.mail.compose import Correspondent

PRODUCT = "Đôn Đốc"


def writer(campaign: Campaign) -> Correspondent:
    """Return who a mail is from: the office by name, from the address that may send."""
    return Correspondent(f"{PRODUCT} – {campaign.office.short_name}", campaign.mail.sender)


def office(campaign: Campaign) -> Correspondent:
    """Return the people of the office who compile."""
    return Correspondent(campaign.office.name, campaign.office.email)


def readers(campaign: Campaign, *, workbooks: bool) -> tuple[Correspondent, ...]:
    """Return whom an answer to a mail goes to.

    A mail that asks for a workbook names the mailbox workbooks are read from, and the people besides: no machine reads
    what is said in words.
    """
    people = office(campaign)
    if not workbooks or campaign.answer_address == people.address:
        return (people,)
    return (Correspondent(f"Trả lời {PRODUCT} – {campaign.office.short_name}", campaign.answer_address), people)
