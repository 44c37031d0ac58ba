"""What happens next with a pull request, in one plain sentence: who or what merges it, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.selection import ALL_UPDATES

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.policies import AutoMerge
    from bot.policies.window import Window
    from bot.selection import UpdateKind

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def next_step(
    auto_merge: AutoMerge | None,
    updates: Collection[UpdateKind | None],
    *,
    ordered_by: str = "",
    has_other_commits: bool = False,
) -> str:
    """Tell who or what merges a pull request.

    `updates` says how far its images move. `ordered_by` is who gave the order to merge it, `has_other_commits` that
    people committed to its branch.
    """
    if ordered_by:
        return f"{ordered_by} asked for it: the bot merges it as soon as its checks allow that."
    if auto_merge is None:
        return "A person merges it. After /niro merge the bot does, as soon as its checks allow that."
    if has_other_commits:
        return "A person merges it, for people committed to its branch. /niro merge with the commit lets the bot do it."
    barred = _barred(auto_merge, updates)
    if barred:
        return f"A person merges it, for the policy leaves this to people: {barred}."
    checks = "every required check is green" if auto_merge.require_checks else "its checks are green"
    return f"The bot merges it by {auto_merge.method.value} once {checks}{_hours(auto_merge.window)}."


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
