"""Which images move on to their next repository, under which tag, and why: the core of promotions."""

from bot.promotion.candidates import candidates
from bot.promotion.criteria import Need, needs
from bot.promotion.evidence import (
    Component,
    Exploitability,
    ImageEvidence,
    Inventory,
    PlatformEvidence,
    Refused,
    ScanReport,
    Source,
    Statement,
    Vulnerability,
)
from bot.promotion.judging import judge
from bot.promotion.kept_verdicts import InvalidVerdict, verdict_from_json, verdict_to_json
from bot.promotion.severities import DEFAULT_SEVERITIES, InvalidSeverities, Severities
from bot.promotion.templates import InvalidTargetTag, target_tag
from bot.promotion.verdicts import Judged, Outcome, Verdict

__all__ = [
    "DEFAULT_SEVERITIES",
    "Component",
    "Exploitability",
    "ImageEvidence",
    "InvalidSeverities",
    "InvalidTargetTag",
    "InvalidVerdict",
    "Inventory",
    "Judged",
    "Need",
    "Outcome",
    "PlatformEvidence",
    "Refused",
    "ScanReport",
    "Severities",
    "Source",
    "Statement",
    "Verdict",
    "Vulnerability",
    "candidates",
    "judge",
    "needs",
    "target_tag",
    "verdict_from_json",
    "verdict_to_json",
]
