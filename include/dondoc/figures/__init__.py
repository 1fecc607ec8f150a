"""The figures of a day, computed once: the report, the mails and `summary.json` print these and no others."""

from dondoc.figures.definitions import DEFINITIONS
from dondoc.figures.progress import Earlier, progress_of
from dondoc.figures.table import (
    COUNTS,
    FIGURES,
    OFFICE,
    OFFICIAL,
    OWED_WORDS,
    PROCEDURE,
    RATES,
    UNIT,
    WORDS,
    day_figures,
    is_behind,
    only,
    owed,
    owed_sentence,
    require_sums,
    total_figures,
    unit_figures,
    with_rates,
)

__all__ = [
    "COUNTS",
    "DEFINITIONS",
    "FIGURES",
    "OFFICE",
    "OFFICIAL",
    "OWED_WORDS",
    "PROCEDURE",
    "RATES",
    "UNIT",
    "WORDS",
    "Earlier",
    "day_figures",
    "is_behind",
    "only",
    "owed",
    "owed_sentence",
    "progress_of",
    "require_sums",
    "total_figures",
    "unit_figures",
    "with_rates",
]
