"""The list of all rules: what each finds, and by which article of law."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dondoc.campaign import Rules
from dondoc.campaign.regime import Regime
from dondoc.checks import apologies, archives, filing, lapsing, overdue, promises, systems
from dondoc.checks.facts import DayFacts
from dondoc.checks.findings import gather, waive
from dondoc.records import FindingKind

K = FindingKind
# Those of the day's regime.
APOLOGY = "{apology}"
HANDOVER = "{handover}"
UNKNOWN = "quy định về một cửa có hiệu lực ngày ấy"
TERM = "Điều 147, 148 Bộ luật Dân sự 2015"
FILING = "Điều 29, 31 Nghị định số 30/2020/NĐ-CP"
CHECKING = "đối chiếu số liệu"


@dataclass(frozen=True)
class Rule:
    """The function that finds one kind of finding; a campaign turns it on by the kind's name."""

    kind: FindingKind
    find: Callable[[DayFacts], pd.DataFrame]
    article: str


REGISTRY = (
    Rule(K.CASE_OVERDUE, overdue.find_overdue, TERM),
    Rule(K.APOLOGY_OWED, apologies.find_apology_owed, APOLOGY),
    Rule(K.WORK_UNREPORTED, filing.find_unreported, "thông báo của đợt"),
    Rule(K.WORK_UNFILED, filing.find_unfiled, FILING),
    Rule(K.WORK_OVERDUE, filing.find_overdue_work, "hạn ghi khi giao việc"),
    Rule(K.APOLOGY_WAITING, apologies.find_waiting, APOLOGY),
    Rule(K.APOLOGY_INCOMPLETE, lapsing.find_incomplete_apologies, APOLOGY),
    Rule(K.APOLOGY_NOT_IN_SYSTEM, apologies.find_not_in_system, CHECKING),
    Rule(K.APOLOGY_NOT_IN_REGISTER, apologies.find_not_in_register, CHECKING),
    Rule(K.APOLOGY_DUE_SOON, lapsing.find_apology_due_soon, APOLOGY),
    Rule(K.CASE_DUE_SOON, lapsing.find_due_soon, TERM),
    Rule(K.DUE_MOVED, promises.find_moved, APOLOGY),
    Rule(K.SECOND_POSTPONEMENT, promises.find_postponed_again, APOLOGY),
    Rule(K.DUE_CONTRADICTS_TERM, promises.find_contradicted, TERM),
    Rule(K.FILE_NOT_HANDED_OVER, archives.find_not_handed_over, HANDOVER),
    Rule(K.STATISTICS_DIFFER, archives.find_statistics_differ, CHECKING),
    Rule(K.SYSTEMS_DIFFER, systems.find_systems_differ, CHECKING),
    Rule(K.SOURCES_DIFFER, systems.find_sources_differ, CHECKING),
)
ARTICLES = {rule.kind: rule.article for rule in REGISTRY}
RULES = overdue.RULES | filing.RULES | lapsing.RULES | promises.RULES | archives.RULES | systems.RULES
RULES |= apologies.RULES
# Told whatever a campaign turns on: what is no longer the unit's to do, and what merging two systems passed over.
ALWAYS = (K.APOLOGY_WAITING, K.SOURCES_DIFFER)


def article_of(kind: FindingKind, regime: Regime | None) -> str:
    """Return by which article something is found, as it is cited under the regime."""
    cited = {name: getattr(regime, name) if regime else UNKNOWN for name in ("apology", "handover")}
    return ARTICLES[kind].format(**cited)


def active(rules: Rules) -> list[Rule]:
    """Return the rules a campaign has turned on."""
    return [rule for rule in REGISTRY if rule.kind in (*rules.find, *ALWAYS)]


def find_all(facts: DayFacts) -> pd.DataFrame:
    """Return all that is found on the day, schema `records.FINDINGS`, waived ones marked."""
    campaign = facts.day.campaign
    parts = {rule.kind: rule.find(facts) for rule in active(campaign.rules)}
    findings = gather(parts, unit_order=[unit.code for unit in campaign.units])
    return waive(findings, campaign.waivers, as_of=facts.day.business_date)
