"""Every source has a profile that fits it, and a file that is there, can be read and carries the profile's headings."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from dondoc.campaign import Source
from dondoc.daily.waits import settle_waits
from dondoc.errors import DondocError, Problem
from dondoc.installation.workplace import Workplace
from dondoc.records import FIRST_DATES, empty_frame
from dondoc.sources.files import read_source
from dondoc.sources.headings import columns_of, columns_words
from dondoc.sources.intake import take_in
from dondoc.sources.profile import Profile, load_profile
from dondoc.sources.rows import RawRows
from dondoc.vietnamese.wording import number


def check_profiles(place: Workplace) -> Iterator[Problem]:
    """Yield what is wrong with the profiles of the campaign's sources."""
    for source in place.day.campaign.sources:
        path = place.profile_file(source.profile)
        try:
            has_api = load_profile(path).api is not None
        except DondocError as error:
            yield from error.problems
            continue
        if has_api != (source.connection is not None):
            yield _other_sort(source, path, has_api=has_api)


def check_source_files(place: Workplace) -> Iterator[Problem | str]:
    """Read every source that is a file as its pull would; yield what is wrong, or how much it holds.

    A source on a server is not asked: its account is known to Airflow alone.
    """
    for source in place.day.campaign.sources:
        pattern = place.installation.source_pattern(place.day.campaign, source)
        if pattern is None:
            yield f"nguồn “{source.name}”: lấy qua kết nối “{source.connection}”, lệnh này không hỏi máy chủ"
            continue
        try:
            profile = load_profile(place.profile_file(source.profile))
        except DondocError:
            continue  # told by `check_profiles`
        try:
            rows = read_source(pattern, profile)
        except DondocError as error:
            yield from (_named(source, problem) for problem in error.problems)
            continue
        seen = columns_words(columns_of(rows, profile))
        yield f"nguồn “{source.name}”: {pattern.name}, {number(len(rows))} dòng, {seen}"
        if waits := _waits(place, source, profile, rows):
            yield f"nguồn “{source.name}”: {waits}"


def _waits(place: Workplace, source: Source, profile: Profile, rows: RawRows) -> str:
    """Return how the source's due dates stand to its pauses, as the file alone tells; nothing where it has none."""
    if "pauses" not in {*rows.details, *rows.table.column_names}:
        return ""
    taken = take_in(rows, profile, source=source.name, units=place.day.campaign.unit_by_name)
    _, waits = settle_waits(
        taken.accepted, profile, calendar=place.day.calendar, first_dates=partial(empty_frame, FIRST_DATES)
    )
    return waits


def _named(source: Source, problem: Problem) -> Problem:
    return replace(problem, where=f"nguồn “{source.name}”, {problem.where}")


def _other_sort(source: Source, path: Path, *, has_api: bool) -> Problem:
    return Problem(
        f"Nguồn “{source.name}” và hồ sơ nguồn “{source.profile}” không khớp: "
        + ("hồ sơ nguồn lấy qua API, nguồn lại chỉ tệp." if has_api else "nguồn có kết nối, hồ sơ nguồn lại đọc tệp."),
        str(path),
        "hồ sơ nguồn có mục api thì nguồn dùng connection; không có thì nguồn dùng path.",
    )
