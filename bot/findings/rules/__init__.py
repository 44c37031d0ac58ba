"""The rules, one file each: a new rule is one more file here, and its row in bot/policies/rules.py."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from bot.policies.rules import RULES as TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.findings.rule import AnyRule


def _rule(name: str) -> AnyRule:
    """Take the rule out of the file that is named for it. Raises ModuleNotFoundError where there is none."""
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    rule: AnyRule = module.RULE
    if rule.id != name:
        raise ValueError(f"{module.__name__} holds the rule {rule.id}, not {name}")
    return rule


RULES: Final[Mapping[str, AnyRule]] = {row.id: _rule(row.id) for row in TABLE}
