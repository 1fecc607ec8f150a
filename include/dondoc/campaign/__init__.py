"""A campaign: one office's drive, as typed configuration loaded from a folder."""

from dondoc.campaign.drive import Campaign, Period
from dondoc.campaign.gates import Gates
from dondoc.campaign.loading import campaign_folders, load_calendar, load_campaign
from dondoc.campaign.office import PublicList, Unit
from dondoc.campaign.sources import Source

__all__ = [
    "Campaign",
    "Gates",
    "Period",
    "PublicList",
    "Source",
    "Unit",
    "campaign_folders",
    "load_calendar",
    "load_campaign",
]
