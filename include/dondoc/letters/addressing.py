"""Tell whom a letter addresses: a person, a company or another organisation, as the source or the name itself says."""

import re

from dondoc.vietnamese.names import fold

CITIZEN = "citizen"
BUSINESS = "business"
ORGANISATION = "organisation"
HONORIFICS = {CITIZEN: "Ông/Bà", BUSINESS: "Quý Công ty", ORGANISATION: "Quý Tổ chức"}
ANYONE = "Ông/Bà/Tổ chức"  # the official form's own words, where nothing says who applied
COMPANY = re.compile(
    r"\b(cong ty|cty|ctcp|tnhh|doanh nghiep|dntn|company|corporation|corp|inc|jsc|llc|plc|gmbh|pte|limited|ltd)\b"
)


def applicant_kind(given: str, name: str) -> str:
    """Return `given`, else `business` for a company's name, else nothing: a person is never guessed."""
    if given in HONORIFICS:
        return given
    return BUSINESS if COMPANY.search(fold(name)) else ""


def honorific(kind: str) -> str:
    """Return how a letter addresses an applicant of `kind`."""
    return HONORIFICS.get(kind, ANYONE)
