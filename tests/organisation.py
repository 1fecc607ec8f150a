"""An office that changed: some of its units are no more."""

from dataclasses import replace

from dondoc.campaign import Campaign


def changed(place, *gone, **succeeds):
    """Return `place` after the units `gone` were dissolved; `succeeds` says which unit takes over which codes."""
    campaign = place.day.campaign
    left = [unit for unit in campaign.units if unit.code not in gone]
    units = [unit.model_dump() | {"succeeds": succeeds.get(unit.code, ())} for unit in left]
    after = Campaign.model_validate(campaign.model_dump() | {"units": units})
    return replace(place, day=replace(place.day, campaign=after))
