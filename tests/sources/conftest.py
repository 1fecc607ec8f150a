"""A file under a shipped profile, with the sum of its rows checked."""

import pytest
from books import profile_of

from dondoc.sources.files import read_rows
from dondoc.sources.intake import take_in


@pytest.fixture
def read(hai_phong):
    """Return what came of a file under a shipped profile, the sum of its rows checked."""

    def read_file(path, name="one-stop-export", as_of=None, **changes):
        profile = profile_of(name, **changes)
        intake = take_in(read_rows(path, profile), profile, source="s", units=hai_phong.unit_by_name, as_of=as_of)
        assert intake.rows_in == len(intake.accepted) + len(intake.quarantined) + intake.duplicates
        return intake

    return read_file
