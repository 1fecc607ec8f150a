"""A campaign: one office's drive, as typed configuration loaded from a folder."""

from dondoc.campaign.drive import Campaign, Period
from dondoc.campaign.gates import ALL_GATES, GATES, Gates
from dondoc.campaign.loading import campaign_folders, load_calendar, load_campaign
from dondoc.campaign.office import PublicList, Unit
from dondoc.campaign.rules import Rules, Waiver
from dondoc.campaign.sources import Source

__all__ = [
    "ALL_GATES",
    "GATES",
    "Campaign",
    "Gates",
    "Period",
    "PublicList",
    "Rules",
    "Source",
    "Unit",
    "Waiver",
    "campaign_folders",
    "load_calendar",
    "load_campaign",
]
