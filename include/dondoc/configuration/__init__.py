"""Configuration files: YAML read into typed, frozen settings, with errors an operator can act on."""

from dondoc.configuration.documents import Document, Loc, read_document
from dondoc.configuration.places import spoken
from dondoc.configuration.settings import Settings, TimeOfDay, read_settings
from dondoc.configuration.slips import ContradictionError

__all__ = ["ContradictionError", "Document", "Loc", "Settings", "TimeOfDay", "read_document", "read_settings", "spoken"]
