"""What people laid upon policies, as sentences: held, ignored, pinned, snoozed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.selection import RestrictionKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Laid:
    """Something laid upon a policy: a restriction as it is kept, whose `range` nobody has read yet.

    `by`: the login of who laid it; "": the bot itself. `until`: when it ends by itself, aware; None: never.
    """

    policy: str
    kind: RestrictionKind
    tag: str | None = None
    digest: str | None = None
    range: str | None = None
    beyond: str | None = None
    until: datetime | None = None
    reason: str = ""
    by: str = ""


_SAID: Final[Mapping[RestrictionKind, tuple[str, str]]] = {
    RestrictionKind.HOLD: ("is held", "is held, and leaves out"),
    RestrictionKind.IGNORE: ("is ignored", "ignores"),
    RestrictionKind.PIN: ("is pinned", "is pinned to"),
    RestrictionKind.SNOOZE: ("is snoozed", "snoozes"),
    RestrictionKind.QUARANTINE: ("is in quarantine", "has in quarantine"),
}
"""Of a policy's image as a whole, and of some of its tags."""


def laid_sentence(laid: Laid) -> str:
    """Tell what was laid in one plain line without a stop: "api is held, by octo: 'flaky'".

    What people wrote is between quotes, or as long as it is; whoever shows it in Markdown makes it harmless.
    """
    whole, some = _SAID[laid.kind]
    what = _what(laid)
    said = f"{laid.policy} {some} {what}" if what else f"{laid.policy} {whole}"
    better = f" until something better than {laid.beyond} is there" if laid.beyond else ""
    ends = f"{', at the latest' if better else ' until'} {_moment(laid.until)}" if laid.until else ""
    by = f", by {laid.by}" if laid.by else ""
    return f"{said}{better}{ends}{by}" + (f": {quoted(laid.reason)}" if laid.reason else "")


def _what(laid: Laid) -> str:
    parts = (laid.tag or "", f"the range {laid.range}" if laid.range else "", laid.digest or "")
    return " ".join(part for part in parts if part)


def _moment(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M %Z").strip()
