"""Settings that are well formed and wrong all the same: who is written to, until when, on what legal basis."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dondoc.campaign.deadline_words import contradictions
from dondoc.configuration import Loc, read_document
from dondoc.daily.preflight.written import Written
from dondoc.errors import DondocError, LedgerError, Problem
from dondoc.installation.workplace import Workplace
from dondoc.ledger import deadlines, store
from dondoc.mail.guards import off_domain

log = logging.getLogger(__name__)

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
# The campaign that is copied to make another.
SAMPLE = "hai-phong-2023"
# What a copy forgets besides the legal basis: said, never refused, for the sample's office is a real one.
OWN_WORDS = (
    ("title",),
    ("office", "name"),
    ("office", "letterhead"),
    ("office", "symbol"),
    ("office", "email"),
    ("signatory", "name"),
)


def check_recipients(place: Workplace) -> Iterator[Problem]:
    """Yield each address outside the domains the campaign may write to, and each such domain that is none."""
    campaign = place.day.campaign
    written = Written(place)
    wrong = [i for i, domain in enumerate(campaign.mail.domains) if not DOMAIN.fullmatch(domain.casefold())]
    for i in wrong:
        words = f"“{campaign.mail.domains[i]}” không phải tên miền; viết phần sau dấu @, ví dụ co-quan.gov.vn"
        yield written.problem(("mail", "domains", i), words, "sửa tên miền.")
    if wrong:
        return  # no address would be inside
    allowed = campaign.mail.allowed_domains
    for loc, address in _recipients(campaign.model_dump(exclude={"mail"})):
        if off_domain(address, allowed):
            words = f"“{address}” ở ngoài các miền được gửi thư ({', '.join(sorted(allowed))})"
            yield written.problem(loc, words, "sửa địa chỉ; hoặc, nếu đúng, thêm miền của nó vào mục domains của mail.")


def check_unreached(place: Workplace) -> Iterator[Problem]:
    """Yield each unit without an address: its reminders are written and go to nobody."""
    written = Written(place)
    for i, unit in enumerate(place.day.campaign.units):
        if not unit.addresses:
            words = "chưa khai địa chỉ thư (mục emails): thư nhắc việc của đơn vị không đến ai"
            yield written.problem(("units", i), words, "thêm emails; đơn vị không còn nhận việc thì không phải làm gì.")


def check_own_addresses(place: Workplace) -> Iterator[Problem]:
    """Yield each address a unit has twice, whatever its case: it is written to once."""
    written = Written(place)
    for i, unit in enumerate(place.day.campaign.units):
        known: set[str] = set()
        for j, address in enumerate(unit.emails):
            if address.casefold() in known:
                words = f"“{address}” đã có trong danh sách của đơn vị (hoa, thường là một): mỗi thư chỉ gửi một lần"
                yield written.problem(("units", i, "emails", j), words, "bỏ bớt một địa chỉ.")
            known.add(address.casefold())


def check_shared_addresses(place: Workplace) -> Iterator[Problem]:
    """Yield each address that two units have, whatever its case: allowed, but rarely meant."""
    written = Written(place)
    owners = dict[str, str]()
    for i, unit in enumerate(place.day.campaign.units):
        for j, address in enumerate(unit.emails):
            owner = owners.setdefault(address.casefold(), unit.code)
            if owner != unit.code:
                words = f"“{address}” cũng là địa chỉ của đơn vị “{owner}”: hộp thư này nhận thư của cả hai đơn vị"
                yield written.problem(("units", i, "emails", j), words, "sửa địa chỉ, nếu hai đơn vị không dùng chung.")


def check_successors(place: Workplace) -> Iterator[Problem]:
    """Yield each unit that is no more and that several units succeed: its open things are the first one's."""
    written = Written(place)
    heirs = place.day.campaign.successors
    for i, unit in enumerate(place.day.campaign.units):
        for j, code in enumerate(unit.succeeds):
            if heirs[code].code != unit.code:
                words = f"đơn vị cũ “{code}” đã có đơn vị “{heirs[code].code}” kế tục: thư, việc đang dở về đơn vị ấy"
                yield written.problem(
                    ("units", i, "succeeds", j), words, "đúng ý (đơn vị cũ được tách ra) thì không phải làm gì."
                )


def check_deadline_reading(place: Workplace) -> Iterator[Problem]:
    """Yield what the deadline's words say that its day does not; mails and the report print the words."""
    campaign = place.day.campaign
    for words in contradictions(campaign.deadline_reading, campaign.deadline):
        yield Written(place).problem(
            ("deadline_reading",),
            words,
            "sửa deadline (ngày cuối được tính), hoặc sửa câu này cho khớp: thư và báo cáo in đúng câu này.",
        )


def check_deadline_move(place: Workplace) -> Iterator[Problem]:
    """Yield a move of the deadline that names nobody and no document, and a report date that did not move with it."""
    campaign = place.day.campaign
    known = _known_ends(place)
    if unexplained := deadlines.unexplained(known, deadlines.version_of(campaign)):
        remedy = "ghi mục deadline_moved: by là người quyết định, document là văn bản dời hạn lần này."
        yield Problem(f"{unexplained}.", str(place.installation.campaign_file(campaign.code)), remedy)
    moved = campaign.deadline_moved or (known and known[0].deadline != campaign.deadline)
    if moved and campaign.report_wanted_at.date() < campaign.deadline:
        words = f"hạn chót đã dời sang {campaign.deadline:%d/%m/%Y} mà báo cáo cuối cùng vẫn phải có trước ngày ấy"
        yield Written(place).problem(("final_report_at",), words, "dời cả mục này.")


def _known_ends(place: Workplace) -> Sequence[deadlines.DeadlineVersion]:
    """Return the versions of the campaign's end; none where there is no ledger yet."""
    try:
        if store.may_exist(place.installation.ledger_url):
            return deadlines.versions(place.ledger, campaign=place.day.campaign.code)
    except LedgerError as error:
        log.info("chưa đọc được sổ cái: %s", error)
    return []


def check_legal_basis(place: Workplace) -> Iterator[Problem]:
    """Yield each legal basis that is the shipped sample's."""
    sample = _sample(place)
    for i, basis in enumerate(place.day.campaign.legal_basis):
        if basis in (sample.get("legal_basis") or ()):
            yield Written(place).problem(
                ("legal_basis", i),
                f"“{basis}” là căn cứ của đợt mẫu {SAMPLE}",
                "thay bằng văn bản của đợt này; báo cáo in nguyên văn mục này.",
            )


def check_copied_words(place: Workplace) -> Iterator[Problem]:
    """Yield one problem that names every word of the office that is still the shipped sample's."""
    sample = _sample(place)
    own = place.day.campaign.model_dump()
    same = [loc for loc in OWN_WORDS if sample and _at(own, loc) == _at(sample, loc)]
    if same:
        names = ", ".join(".".join(loc) for loc in same)
        words = f"còn giống đợt mẫu {SAMPLE}: {names}"
        yield Written(place).problem(same[0], words, "sửa cho đúng cơ quan và đợt này; đúng rồi thì không phải làm gì.")


def _recipients(value: Any, loc: tuple[str | int, ...] = ()) -> Iterator[tuple[Loc, str]]:
    """Yield every whole address in the settings, and where."""
    if isinstance(value, str):
        yield from [(loc, value)] if ADDRESS.fullmatch(value) else []
    elif isinstance(value, Mapping | list | tuple):
        items: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, inner in items:
            yield from _recipients(inner, (*loc, key))


def _sample(place: Workplace) -> Mapping[str, Any]:
    """Return the shipped sample's settings; nothing for the sample itself, or where it was removed or changed."""
    path = place.installation.include / "campaigns" / SAMPLE / "campaign.yaml"
    if place.day.campaign.code == SAMPLE or not path.is_file():
        return {}
    try:
        value = read_document(path).value
    except DondocError:
        return {}
    return value if isinstance(value, Mapping) else {}


def _at(value: Any, loc: Iterable[str]) -> Any:
    for key in loc:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
