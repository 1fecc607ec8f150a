"""What makes a function a step of the day."""

import functools
import inspect
import logging
import time
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from dondoc.errors import DondocError, LedgerError, SetAsideError, told
from dondoc.installation import Installation
from dondoc.installation.workplace import DayRef, Workplace
from dondoc.ledger import runs
from dondoc.ledger.troubles import in_words

log = logging.getLogger(__name__)

# What a mapped step is given a part of; and as much of it as the ledger's column takes.
PARTS = ("source", "kind", "units")
KEY_LENGTH = 40

# Steps as the boxes of the DAGs call them.
STEP_NAMES = {
    "open_day": "Mở ngày",
    "_check_before_work": "Mở ngày",
    "pull": "Lấy nguồn",
    "stand_in": "Bù nguồn thiếu",
    "_complete": "Bù nguồn thiếu",
    "gate": "Kiểm tra dữ liệu nguồn",
    "check": "Rà soát",
    "return_rejected": "Trả lại dòng bị loại",
    "draft_letters": "Soạn thư xin lỗi",
    "compose_reminders": "Soạn thư nhắc việc",
    "compose_digest": "Soạn thư tổng hợp cho lãnh đạo",
    "write_report": "Lập báo cáo",
    "compose_closing": "Soạn thư kết thúc đợt",
    "write_receipts": "Soạn thư báo nhận",
    "remind_leader": "Nhắc trình ký",
    "why_held": "Gửi thư",
    "send_mail": "Gửi thư",
    "offer_again": "Gửi thư hẹn lại",
    "close_day": "Đóng ngày",
}

P = ParamSpec("P")
R = TypeVar("R")


def step(function: Callable[Concatenate[Workplace, P], R]) -> Callable[Concatenate[DayRef, P], R]:
    """Make a step callable by the day's reference; what stops it is written in the day's row before it is raised."""
    return _as_step(function, _finish)


def closing_step(function: Callable[Concatenate[Workplace, P], R]) -> Callable[Concatenate[DayRef, P], R]:
    """Make a step that closes its day: the last it writes is that the day is over."""
    return _as_step(function, _close)


def _finish(place: Workplace, key: str) -> None:
    runs.finish_step(place.ledger, key, **place.run_key)


def _close(place: Workplace, key: str) -> None:
    runs.close_run(place.ledger, place.run_id, key=key)


def _as_step(
    function: Callable[Concatenate[Workplace, P], R], end: Callable[[Workplace, str], None]
) -> Callable[Concatenate[DayRef, P], R]:
    named = inspect.signature(function)

    @functools.wraps(function)
    def run_step(ref: DayRef, *args: P.args, **kwargs: P.kwargs) -> R:
        place: Workplace | None = None
        given = named.bind(None, *args, **kwargs).arguments
        key = step_key(function.__name__, next((given[part] for part in PARTS if part in given), ""))
        began = time.perf_counter()
        try:
            place = Workplace.of(ref)
            result = function(place, *args, **kwargs)
            end(place, key)
        except Exception as error:  # noqa: BLE001 (raised below, without what it quotes)
            stopped = _told(error, function.__name__, place)
        else:
            log.info("%s: %.2f s", function.__name__, time.perf_counter() - began)
            return result
        log.error("%s", stopped)
        if row := place or _on_live_settings(ref):
            _keep_why(row, key, stopped)
        raise stopped

    return run_step


def step_key(name: str, part: str | Sequence[str] = "") -> str:
    """Return what tells a step's part from its others in the ledger: a source, a kind of mail, the first of units."""
    return f"{name} {part if isinstance(part, str) else part[0] if part else ''}".strip()[:KEY_LENGTH]


def in_step(name: str) -> str:
    """Return in which step something is done, in words; the function's own name for a step that is no box."""
    return f"bước “{STEP_NAMES.get(name, name)}”"


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function raise only errors whose words are ours, as a step does."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 (raised below, without what it quotes)
            stopped = _told(error, function.__name__, None)
        raise stopped

    return run


def _told(error: Exception, name: str, place: Workplace | None) -> DondocError:
    url = (place.installation if place else Installation.from_environment()).ledger_url
    found = told(in_words(error, url), doing=in_step(name), folder=place.out if place else None)
    return place.to_mend(found) if place else found


def _on_live_settings(ref: DayRef) -> Workplace | None:
    """Return the workplace of a day whose pinned settings are lost: its row can still say so."""
    unpinned = ref.copy()
    if unpinned.pop("settings", None) is None:
        return None
    try:
        return Workplace.of(unpinned)
    except DondocError:
        return None


def _keep_why(place: Workplace, key: str, stopped: DondocError) -> None:
    """Write in the day's row what stopped it; a ledger that is down cannot, and the error still ends the task."""
    try:
        runs.fail_step(place.ledger, place.run_id, key, str(stopped), set_aside=isinstance(stopped, SetAsideError))
    except (SQLAlchemyError, LedgerError):
        log.error("không ghi được lỗi này vào sổ cái: trong sổ lượt còn là “đang chạy” cho đến khi chạy lại")
