"""The report's pictures: drawn once, as PNG for Word and as SVG for a page; the same facts make the same bytes.

Each tells its parts apart by hatching and label, never by colour alone: offices print in grey. matplotlib takes most
of a second to load, so this module is imported only where a picture is wanted.
"""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dondoc.campaign.day import Day
from dondoc.figures import OFFICE, PROCEDURE, UNIT, Earlier, only, progress
from dondoc.vietnamese.wording import number, percent, short_date

# In centimetres; the template's frames have this shape.
WIDTH = 16.5
HEIGHT = 11.0
INCH = 2.54
DPI = 200
# More bars than this cannot be read; the worst are shown.
BARS = 24
PROCEDURES = 8
NAME_LENGTH = 44
# In the smaller letters of names in several lines.
LINE_LENGTH = 54
# The keys are literals to the type checker.
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "dondoc",
    "svg.fonttype": "path",
}
DARK = "#1f4e79"
MIDDLE = "#8fb0d0"
LIGHT = "#ffffff"
FORECAST = "DỰ BÁO theo tốc độ hiện nay"


@dataclass(frozen=True)
class Picture:
    """One picture in both forms."""

    png: bytes
    svg: bytes


def progress_picture(day: Day, units: pd.DataFrame) -> Picture:
    """Return how far each unit is from the target, with what it needs a day; schema PROGRESS, units alone."""
    told = units[units["due"] > 0]
    shown = _worst(told.sort_values("rate", ascending=False, kind="stable"))
    figure, axes = _canvas(_some("Tỷ lệ hoàn thành của từng đơn vị, %", len(told), len(shown)))
    rates = shown["rate"].astype(float).tolist()
    names = _names(shown["name"])
    axes.barh(names, rates, color=DARK, edgecolor="black", linewidth=0.5, label="đã hoàn thành")
    rest = [max(day.campaign.target - rate, 0) for rate in rates]
    axes.barh(names, rest, left=rates, color=LIGHT, edgecolor="black", hatch="///", linewidth=0.5, label="còn phải làm")
    axes.axvline(day.campaign.target, color="black", linestyle="--", linewidth=1)
    for i, row in enumerate(shown.astype(object).to_dict("records")):
        axes.text(day.campaign.target + 1, i, _needs(row), va="center", fontsize=7)
    axes.set_xlim(0, day.campaign.target + 60)
    axes.set_xticks(range(0, 101, 20))
    left = day.working_days_left
    axes.set_xlabel(f"Còn {number(left)} ngày làm việc đến hạn {short_date(day.campaign.deadline)}")
    _legend(figure, axes)
    return _saved(figure)


def lateness_picture(figures: pd.DataFrame) -> Picture:
    """Return where late cases come from: by unit, and the procedures with most of them; schema FIGURES."""
    figure = Figure(figsize=(WIDTH / INCH, HEIGHT / INCH), layout="constrained")
    with mpl.rc_context(STYLE):
        above, below = figure.subplots(2, 1)
        for axes, scope, most, lines, title in (
            (above, UNIT, 14, 1, "Hồ sơ quá hạn theo đơn vị"),
            (below, PROCEDURE, PROCEDURES, 2, "Hồ sơ quá hạn theo thủ tục"),
        ):
            rows = only(figures, scope)
            late = rows[rows["cases_late"] > 0].sort_values("cases_late", kind="stable")
            shown = late.tail(most)
            _stack(axes, shown, lines=lines)
            axes.set_title(_some(title, len(late), len(shown), "nhiều nhất"), fontsize=9, fontweight="bold", loc="left")
        _legend(figure, above)
    return _saved(figure)


def forecast_picture(day: Day, figures: pd.DataFrame, outlook: pd.Series, earlier: Sequence[Earlier]) -> Picture:
    """Return the office's rate day by day and, marked as a forecast, where today's pace leads by the deadline.

    Args:
        day: the business day.
        figures: schema FIGURES, of the day.
        outlook: the office's row of schema PROGRESS.
        earlier: the days before, oldest first.
    """
    figure, axes = _canvas("Tỷ lệ hoàn thành chung của cơ quan, %")
    known = [(past.on, _office_rate(past.figures)) for past in earlier] + [(day.business_date, _office_rate(figures))]
    known = [(on, rate) for on, rate in known if rate is not None]
    if known:
        axes.plot(*zip(*known, strict=True), color=DARK, marker="o", linewidth=1.5, label="đã đạt")
        for on, rate in (known[0], known[-1]) if known[1:] else known:
            axes.annotate(percent(rate), (on, rate), textcoords="offset points", xytext=(0, 7), ha="center")
    axes.axhline(day.campaign.target, color="black", linestyle="--", linewidth=1, label="chỉ tiêu")
    axes.axvline(date2num(day.campaign.deadline), color="black", linestyle=":", linewidth=1, label="hạn hoàn thành")
    if known and pd.notna(outlook["forecast"]) and day.business_date < day.campaign.deadline:
        ahead = [known[-1], (day.campaign.deadline, float(outlook["forecast"]))]
        axes.plot(*zip(*ahead, strict=True), color="black", marker="s", linestyle="-.", linewidth=1.2, label=FORECAST)
        axes.annotate(
            f"{FORECAST}: {percent(outlook['forecast'])}",
            ahead[1],
            textcoords="offset points",
            xytext=(-6, -14),
            ha="right",
        )
    elif outlook["verdict"] == progress.UNKNOWN:
        axes.text(
            0.5, 0.5, "Chưa có ngày trước để tính tốc độ, chưa dự báo được", transform=axes.transAxes, ha="center"
        )
    axes.set_ylim(0, 112)
    axes.margins(x=0.08)
    axes.xaxis.set_major_formatter(DateFormatter("%d/%m"))
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=4, frameon=False)
    return _saved(figure)


def _canvas(title: str) -> tuple[Figure, Axes]:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH / INCH, HEIGHT / INCH), layout="constrained")
        axes = figure.subplots()
    axes.set_title(title, fontsize=10, fontweight="bold", loc="left")
    return figure, axes


def _stack(axes: Axes, rows: pd.DataFrame, *, lines: int) -> None:
    names = _names(rows["name"], lines=lines)
    overdue = rows["cases_overdue"].astype(int).tolist()
    ended = [late - open_ for late, open_ in zip(rows["cases_late"].astype(int), overdue, strict=True)]
    axes.barh(names, ended, color=MIDDLE, edgecolor="black", linewidth=0.5, label="đã giải quyết, tạm dừng")
    axes.barh(
        names, overdue, left=ended, color=LIGHT, edgecolor="black", hatch="xxx", linewidth=0.5, label="đang giải quyết"
    )
    for i, late in enumerate(rows["cases_late"].astype(int)):
        axes.text(late, i, f" {number(late)}", va="center", fontsize=7)
    axes.tick_params(axis="y", labelsize=7 if lines == 1 else 5.5)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.margins(x=0.12)


def _legend(figure: Figure, axes: Axes) -> None:
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)


def _worst(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.tail(BARS)


def _some(title: str, all_: int, shown: int, which: str = "thấp nhất") -> str:
    return title if all_ == shown else f"{title} ({number(shown)} {which} trong {number(all_)})"


def _names(names: pd.Series, *, lines: int = 1) -> list[str]:
    """Return `names` in so many lines; ones that would be the same are told apart, for bars go by their name."""
    fitted = [_fitted(name, lines) for name in names]
    seen = [fitted[: i + 1].count(name) for i, name in enumerate(fitted)]
    return [f"{name} ({nth})" if nth > 1 else name for name, nth in zip(fitted, seen, strict=True)]


def _fitted(name: str, lines: int) -> str:
    """Return a name as it fits; a long one loses its middle: names that begin alike differ in how they end."""
    length = NAME_LENGTH if lines == 1 else LINE_LENGTH
    wrapped = textwrap.wrap(name, length)
    if len(wrapped) <= lines:
        return "\n".join(wrapped)
    kept = wrapped[: lines - 1]
    head = "" if kept else textwrap.shorten(name, length // 2, placeholder="")
    room = length - len(head) - 2
    return "\n".join([*kept, f"{head}…{_tail(name, room)}"])


def _tail(name: str, room: int) -> str:
    """Return the last whole words of a name that fit into so many characters."""
    return textwrap.shorten(name[::-1], room, placeholder="")[::-1] or name[-room:]


def _needs(row: dict[Any, Any]) -> str:
    rate = percent(row["rate"])
    if row["verdict"] == progress.REACHED:
        return rate
    needed = f", cần {number(row['needed'])}/ngày" if pd.notna(row["needed"]) else ""
    return f"{rate}, còn lại {number(row['remaining'])}{needed}"


def _office_rate(figures: pd.DataFrame) -> float | None:
    rate = only(figures, OFFICE)["rate"].iloc[0]
    return None if pd.isna(rate) else float(rate)


def _saved(figure: Figure) -> Picture:
    files = []
    with mpl.rc_context(STYLE):
        for form, metadata in (("png", {"Software": None}), ("svg", {"Date": None, "Creator": None})):
            buffer = io.BytesIO()
            figure.savefig(buffer, format=form, dpi=DPI, metadata=metadata)
            files.append(buffer.getvalue())
    return Picture(*files)
