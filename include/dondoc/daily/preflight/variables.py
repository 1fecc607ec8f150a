"""Variables that point at a place where nothing is: of a source, or of the mail relay's log."""

from collections.abc import Iterator

from dondoc.campaign.loading import named_sources
from dondoc.errors import Problem
from dondoc.files import why_unreadable
from dondoc.installation import SOURCE_PREFIX, variable_of
from dondoc.installation.workplace import Workplace
from dondoc.vietnamese.names import guess


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


def check_relay_logs(place: Workplace) -> Iterator[Problem]:
    """Open each log `DONDOC_RELAY_LOG` names; without it a mail in doubt waits for a person."""
    for path in place.installation.relay_logs:
        try:
            with path.open("rb") as file:
                file.read(1)
        except OSError as error:
            why, remedy = why_unreadable(error)
            yield Problem(
                f"Nhật ký máy chủ thư không đọc được: {why}; thư chưa rõ sẽ chờ người quyết.",
                f"biến DONDOC_RELAY_LOG, {path}",
                remedy,
            )
