"""The report's pictures: the same facts, the same bytes; told apart without colour; in Vietnamese letters."""

import warnings
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest

from dondoc.figures import OFFICE, UNIT, Earlier, only
from dondoc.report import charts
from dondoc.report.specimen import specimen

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def facts(place):
    found = specimen(place.day)
    return replace(
        found, earlier=[Earlier(date(2023, 11, 10), found.figures), Earlier(date(2023, 11, 13), found.figures)]
    )


def draw(facts):
    office = only(facts.progress, OFFICE).iloc[0]
    return (
        charts.progress_picture(facts.day, only(facts.progress, UNIT)),
        charts.forecast_picture(facts.day, facts.figures, office, facts.earlier),
        charts.lateness_picture(facts.figures),
    )


def test_the_same_facts_make_the_same_bytes(facts):
    assert draw(facts) == draw(facts)


def test_every_letter_has_its_glyph(facts):
    named = facts.figures.assign(name=facts.figures["name"] + " ĐđƠơƯưẰẳẫặỆễộỚợỬữỵ")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = draw(replace(facts, figures=named))
    assert all(picture.png.startswith(b"\x89PNG") for picture in drawn)


def test_parts_are_told_apart_by_hatching(facts):
    bars, _, late = (ET.fromstring(picture.svg) for picture in draw(facts))  # noqa: S314 (our own bytes)
    assert all(list(picture.iter(f"{SVG}pattern")) for picture in (bars, late))


def test_no_picture_says_when_it_was_drawn(facts):
    for picture in draw(facts):
        assert b"<dc:date>" not in picture.svg
        assert b"Software" not in picture.png
        assert b"Matplotlib" not in picture.svg


def test_a_campaign_of_two_hundred_units_is_drawn_with_its_worst(facts):
    units = only(facts.progress, UNIT)
    many = units.loc[units.index.repeat(20)].assign(due=10, done=5, remaining=5, rate=50.0)
    assert charts.progress_picture(facts.day, many).png.startswith(b"\x89PNG")


def test_without_an_earlier_day_nothing_is_forecast(facts):
    alone = replace(facts, earlier=[])
    assert draw(alone)[1] != draw(facts)[1]
