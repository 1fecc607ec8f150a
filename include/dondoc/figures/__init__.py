"""The figures of a day, computed once: the report, the mails and `summary.json` print these and no others."""

from dondoc.figures.columns import (
    COUNTS,
    FIGURES,
    OFFICE,
    OFFICIAL,
    PROCEDURE,
    RATES,
    UNIT,
    WAITING,
    WITNESS_COUNTS,
    WORDS,
)
from dondoc.figures.definitions import DEFINITIONS
from dondoc.figures.progress import Earlier, needed_a_day, progress_of
from dondoc.figures.remaining import beside_sentence, is_behind, owed, owed_sentence, remaining
from dondoc.figures.table import completed, day_figures, only, require_sums, total_figures, unit_figures, with_rates
from dondoc.figures.witnesses import evidence_definition, witness_sentence

__all__ = [
    "COUNTS",
    "DEFINITIONS",
    "FIGURES",
    "OFFICE",
    "OFFICIAL",
    "PROCEDURE",
    "RATES",
    "UNIT",
    "WAITING",
    "WITNESS_COUNTS",
    "WORDS",
    "Earlier",
    "beside_sentence",
    "completed",
    "day_figures",
    "evidence_definition",
    "is_behind",
    "needed_a_day",
    "only",
    "owed",
    "owed_sentence",
    "progress_of",
    "remaining",
    "require_sums",
    "total_figures",
    "unit_figures",
    "with_rates",
    "witness_sentence",
]
