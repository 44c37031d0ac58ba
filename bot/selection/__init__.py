"""Which tag wins: versions, ranges, and the choice among a repository's tags."""

from bot.selection.choice import choose
from bot.selection.constraint import Constraint, InvalidConstraint
from bot.selection.decision import Decision, Explained, Fact, Reason
from bot.selection.filters import TagFilter
from bot.selection.patterns import InvalidPattern
from bot.selection.rule import (
    ALL_UPDATES,
    Clock,
    Order,
    PinDigest,
    Restriction,
    RestrictionKind,
    SelectionRule,
    Strategy,
    UpdateKind,
    Variant,
    Versioning,
)
from bot.selection.version import InvalidVersion, Version
from bot.selection.waiting import waiting

__all__ = [
    "ALL_UPDATES",
    "Clock",
    "Constraint",
    "Decision",
    "Explained",
    "Fact",
    "InvalidConstraint",
    "InvalidPattern",
    "InvalidVersion",
    "Order",
    "PinDigest",
    "Reason",
    "Restriction",
    "RestrictionKind",
    "SelectionRule",
    "Strategy",
    "TagFilter",
    "UpdateKind",
    "Variant",
    "Version",
    "Versioning",
    "choose",
    "waiting",
]
