"""Which tag wins: versions, ranges, and the choice among a repository's tags."""

from bot.selection.choice import choose
from bot.selection.constraint import Constraint, InvalidConstraint
from bot.selection.decision import Decision, Explained, Fact, Reason
from bot.selection.patterns import InvalidPattern
from bot.selection.rule import Restriction, RestrictionKind, SelectionRule, Strategy
from bot.selection.version import InvalidVersion, Version

__all__ = [
    "Constraint",
    "Decision",
    "Explained",
    "Fact",
    "InvalidConstraint",
    "InvalidPattern",
    "InvalidVersion",
    "Reason",
    "Restriction",
    "RestrictionKind",
    "SelectionRule",
    "Strategy",
    "Version",
    "choose",
]
