"""A campaign: one office's drive, as typed configuration loaded from a folder."""

from dondoc.campaign.drive import Campaign, Period
from dondoc.campaign.gates import ALL_GATES, EVERY_GATE, GATES, Gates
from dondoc.campaign.loading import campaign_folders, load_calendar, load_campaign
from dondoc.campaign.office import Contact, PublicList, Unit
from dondoc.campaign.reminders import LadderRung, Reminders
from dondoc.campaign.rules import Rules, Waiver
from dondoc.campaign.sources import Source

__all__ = [
    "ALL_GATES",
    "EVERY_GATE",
    "GATES",
    "Campaign",
    "Contact",
    "Gates",
    "LadderRung",
    "Period",
    "PublicList",
    "Reminders",
    "Rules",
    "Source",
    "Unit",
    "Waiver",
    "campaign_folders",
    "load_calendar",
    "load_campaign",
]
