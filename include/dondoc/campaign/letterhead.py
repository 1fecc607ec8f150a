"""The office as its own documents name it: letterhead, symbol, signature."""

from dondoc.campaign import Campaign


def office_fields(campaign: Campaign, *, document_type: str) -> dict[str, str]:
    """Return the letterhead and signature fields of any document of the office."""
    office = campaign.office
    signatory = campaign.signatory
    return {
        "letterhead_parent": office.letterhead_parent.upper(),
        "letterhead": office.letterhead.upper(),
        "office_name": office.name,
        "office_short": office.short_name,
        "symbol": f"{document_type}-{office.symbol}",
        "place": office.place,
        "authority": signatory.authority,
        "position": signatory.position,
        "signer": signatory.name,
        "archive": f"VT, {office.unit}",
        "contact": office.contact or f"{office.name}, thư điện tử {office.email}",
    }
