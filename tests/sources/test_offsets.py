"""Times with an offset from Greenwich are the office's times; one column may mix them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pytest
from specimens import portal_case

from dondoc.sources.dates import to_instants

HANOI, BOSTON = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("America/New_York")
FORMS = {"declared": ("%Y-%m-%dT%H:%M:%S%z", "%d/%m/%Y"), "not declared": ("%d/%m/%Y",)}


@pytest.mark.parametrize("formats", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("2023-11-14T00:00:00+07:00", datetime(2023, 11, 14), id="midnight of Hanoi stays its day"),
        pytest.param("2023-11-13T17:00:00Z", datetime(2023, 11, 14), id="midnight of Hanoi as Greenwich has it"),
        pytest.param(
            "2023-11-14T08:30:00.250+0700", datetime(2023, 11, 14, 8, 30), id="without a colon, with fractions"
        ),
        pytest.param("2023-11-14T10:00:00+09:00", datetime(2023, 11, 14, 8), id="another zone"),
        pytest.param("2023-11-14 08:30:00+07:00", datetime(2023, 11, 14, 8, 30), id="with a space"),
        pytest.param("2023-11-14T08:30+07:00", datetime(2023, 11, 14, 8, 30), id="without seconds"),
        pytest.param("2023-11-14T08:30:00", datetime(2023, 11, 14, 8, 30), id="without an offset: the office's own"),
        pytest.param("2023-11-14T08:30:00+99:00", None, id="no such offset"),
        pytest.param("14/11/2023", datetime(2023, 11, 14), id="the profile's own form"),
    ],
)
def test_an_offset_is_taken_off(written, read, formats):
    instants = to_instants(pa.array([written, "2023-11-14T00:00:00+07:00", "2023-11-14T00:00:00-05:00"]), formats)
    assert instants.to_pylist() == [read, datetime(2023, 11, 14), datetime(2023, 11, 14, 12)]


def test_the_office_s_own_zone_counts_and_its_summer_time_too():
    text = pa.array(["2016-01-12T12:00:00Z", "2016-07-12T12:00:00Z"])
    assert to_instants(text, (), BOSTON).to_pylist() == [datetime(2016, 1, 12, 7), datetime(2016, 7, 12, 8)]


def test_a_server_s_offsets_are_read_in_one_column(portal_take):
    given = ["2023-10-02T00:00:00+07:00", "2023-10-01T17:00:00Z"]
    taken = portal_take(*(portal_case(MaHoSo=f"H24-{i}", NgayTiepNhan=at) for i, at in enumerate(given)))
    assert taken.accepted["received_at"].tolist() == [pd.Timestamp(2023, 10, 2)] * 2
