"""What happens next with a pull request, in one plain sentence: who or what merges it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.selection import ALL_UPDATES

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.policies import AutoMerge
    from bot.policies.window import Window
    from bot.selection import UpdateKind

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


MOST_FILES: Final = 100
"""Files that a pull request may change for the bot to see all of the change, and so to merge it."""


@dataclass(frozen=True, slots=True)
class InTheWay:
    """What keeps a pull request from being merged by the bot as things are.

    `held`: somebody holds or snoozes an image of it. `other_commits`: people committed to its branch. `files`: how many
    it changes. `against`: a sentence about what was found when its merge was judged last, "" nothing.
    """

    held: bool = False
    other_commits: bool = False
    files: int = 0
    against: str = ""


def next_step(
    auto_merge: AutoMerge | None,
    updates: Collection[UpdateKind | None],
    in_the_way: InTheWay = InTheWay(),
    *,
    ordered_by: str = "",
) -> str:
    """Tell who or what merges a pull request.

    `updates` says how far its images move. `ordered_by` is who gave the order to merge it at the head where it stands.
    """
    if in_the_way.held:
        return "The bot does not merge it while it is held or snoozed. /niro resume ends that."
    if ordered_by:
        return f"{ordered_by} asked for it. {_then(in_the_way, 'The bot merges it as soon as its checks allow that.')}"
    if auto_merge is None:
        return "A person merges it. After /niro merge the bot does, as soon as its checks allow that."
    reason = _left_to_people(auto_merge, updates, in_the_way)
    if reason:
        return f"A person merges it, {reason}"
    checks = "every required check is green" if auto_merge.require_checks else "its checks are green"
    promise = f"The bot merges it by {auto_merge.method.value} once {checks}{_hours(auto_merge.window)}."
    return _then(in_the_way, promise)


def _then(in_the_way: InTheWay, promise: str) -> str:
    """Promise a merge, unless it was seen that something is in its way."""
    if not in_the_way.against:
        return promise
    return f"The bot does not merge it as things are. {in_the_way.against}"


def _left_to_people(auto_merge: AutoMerge, updates: Collection[UpdateKind | None], in_the_way: InTheWay) -> str:
    """Say what leaves a pull request to people although its policy lets the bot merge; "": nothing."""
    stating = "/niro merge with the commit lets the bot do it."
    if in_the_way.other_commits:
        return f"for people committed to its branch. {stating}"
    barred = _barred(auto_merge, updates)
    if barred:
        return f"for the policy leaves this to people: {barred}."
    if in_the_way.files > MOST_FILES:
        return f"for it changes more than {MOST_FILES} files, which GitHub does not show at once. {stating}"
    return ""


def _barred(auto_merge: AutoMerge, updates: Collection[UpdateKind | None]) -> str:
    if auto_merge.updates == ALL_UPDATES:
        return ""
    kinds = {kind for kind in updates if kind not in auto_merge.updates}
    named = [f"a {kind.value} update" for kind in sorted(filter(None, kinds), key=lambda kind: kind.value)]
    unknown = ["an update of which it is not known how far it goes"] if None in kinds or not updates else []
    return ", ".join(named + unknown)


def _hours(window: Window | None) -> str:
    if window is None:
        return ""
    days = ", ".join(_DAYS[day] for day in sorted(window.days))
    return f", on {days} from {window.begins:%H:%M} to {window.ends:%H:%M} ({window.timezone})"
