"""Which images move on to their next repository, under which tag, and why: the core of promotions."""

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

__all__ = [
    "Component",
    "Exploitability",
    "ImageEvidence",
    "Inventory",
    "PlatformEvidence",
    "Refused",
    "ScanReport",
    "Source",
    "Statement",
    "Vulnerability",
]
