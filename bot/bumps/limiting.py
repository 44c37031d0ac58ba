"""Whether a repository may be asked to look at one more pull request now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.policies import Limits

_HOUR: Final = timedelta(hours=1)


class NotNow(NamedTuple):
    """Why a pull request is not opened now. `again_at` is when the hour lets it in, None: when another one closes."""

    sentence: str
    again_at: datetime | None


def admitted(limits: Limits, living: int, openings: Sequence[datetime], now: datetime) -> NotNow | None:
    """Tell why one more pull request must wait; None: it may be opened.

    `living` counts the other pull requests of the bot in the repository that are open or being opened, `openings` are
    the moments at which it opened some, in any order; those of the last hour count.
    """
    if living >= limits.open_pull_requests:
        which = f"as many as the limit open-pull-requests: {limits.open_pull_requests} lets be open at once"
        sentence = f"It waits until another pull request of the bot is merged or closed: {living} stand open, {which}."
        return NotNow(sentence, None)
    recent = sorted(each for each in openings if each > now - _HOUR)
    if len(recent) < limits.new_per_hour:
        return None
    which = f"the limit new-per-hour: {limits.new_per_hour} is reached"
    if not limits.new_per_hour:
        return NotNow(f"It waits for another limit: {which}.", None)
    again_at = recent[-limits.new_per_hour] + _HOUR
    return NotNow(f"It is opened on {again_at:%Y-%m-%d at %H:%M %Z} or later: {which}.", again_at)
