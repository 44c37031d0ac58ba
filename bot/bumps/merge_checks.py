"""What the checks on a pull request say to its merge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.bumps.merge_facts import CheckState
from bot.bumps.merge_reasons import MergeReason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.bumps.merge_facts import MergeFacts

_MOST_NAMED: Final = 5


def checks_are_green(facts: MergeFacts) -> tuple[MergeReason, str] | None:
    """Say which check stands against a merge; None: none does."""
    if facts.unreviewed:
        return MergeReason.WAITING_FOR_CHECKS, "The bot's own review of this head has not finished."
    states = required_states(facts)
    word = "A required check"
    if not states:
        if _needs_a_required_one(facts):
            sentence = "The base branch demands no check, so nothing says that the change is good."
            return MergeReason.NO_REQUIRED_CHECK, sentence
        states, word = _reported_states(facts), "A check"
    failed = [name for name, found in states.items() if CheckState.FAILURE in found]
    if failed:
        return MergeReason.CHECK_FAILED, f"{word} failed: {named(failed)}."
    waiting = [name for name, found in states.items() if not found or not all(state.is_green for state in found)]
    if waiting:
        return MergeReason.WAITING_FOR_CHECKS, f"{word} has not finished: {named(waiting)}."
    return None


def required_states(facts: MergeFacts) -> dict[str, list[CheckState]]:
    """Collect the states of each required check by its name; none where it has not reported.

    A check that must come from one App has not reported when somebody else uses its name.
    """
    states: dict[str, list[CheckState]] = {name: [] for name in facts.required}
    for check in facts.checks:
        apps = facts.required_apps.get(check.name)
        is_meant = check.name in states and (apps is None or check.app in apps)
        if check.required or is_meant:
            states.setdefault(check.name, []).append(check.state)
    return states


def own_failures(facts: MergeFacts) -> list[str]:
    """Name the bot's own checks that failed, each once."""
    failed = (check.name for check in facts.checks if check.own and check.state is CheckState.FAILURE)
    return list(dict.fromkeys((*facts.violations, *failed)))


def named(names: Iterable[str]) -> str:
    """Name a few of many things in a sentence."""
    every = sorted(names)
    shown = every[:_MOST_NAMED]
    more = len(every) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _needs_a_required_one(facts: MergeFacts) -> bool:
    if facts.is_ordered:
        return False
    return facts.auto_merge is None or facts.auto_merge.require_checks


def _reported_states(facts: MergeFacts) -> dict[str, list[CheckState]]:
    """Collect the states of each check that has reported, by its name."""
    states: dict[str, list[CheckState]] = {}
    for check in facts.checks:
        states.setdefault(check.name, []).append(check.state)
    return states
