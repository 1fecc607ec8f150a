"""Variables that point at another place of a source, and name none."""

from collections.abc import Iterator

from dondoc.campaign.loading import named_sources
from dondoc.errors import Problem
from dondoc.installation import SOURCE_PREFIX, variable_of
from dondoc.names import guess
from dondoc.workplace import Workplace


def check_variables(place: Workplace) -> Iterator[Problem]:
    """Yield each `DONDOC_SOURCE_…` that names no source of any campaign; nothing while a campaign cannot be read."""
    named = named_sources(place.installation.campaigns)
    if None in named.values():
        return
    known = {variable_of(name) for names in named.values() for name in names or ()}
    known |= {variable_of(f"{code}__{name}") for code, names in named.items() for name in names or ()}
    names = [SOURCE_PREFIX + one for one in sorted(known)]
    for name in sorted(set(place.installation.source_paths) - known):
        yield Problem(
            f"Biến {SOURCE_PREFIX}{name} không chỉ nguồn nào của đợt nào, nên không có tác dụng."
            f"{guess(SOURCE_PREFIX + name, names)}",
            "biến môi trường (tệp .env, /etc/dondoc.env hoặc dịch vụ)",
            f"viết {SOURCE_PREFIX}<NGUỒN> cho mọi đợt, {SOURCE_PREFIX}<ĐỢT>__<NGUỒN> cho một đợt; dùng được: "
            f"{', '.join(names)}.",
        )
