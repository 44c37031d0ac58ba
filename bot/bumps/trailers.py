"""How a commit of the bot is known again: the trailer that its message ends with."""

from __future__ import annotations

import re
from typing import Final

from bot.safe_text import plain

TRAILER: Final = "Niro-Bump"
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{16}")


def trailer(group: str, fingerprint: str) -> str:
    """Write the last line of a commit message: whose commit it is, and for which wish."""
    return f"{TRAILER}: {plain(group).replace(' ', '-')}/{fingerprint}"


def fingerprint_in(message: str, group: str) -> str | None:
    """Read the fingerprint of the wish that a commit of `group` stands for; None when it is none of that group.

    Anybody can write such a trailer: who made the commit has to be asked elsewhere.
    """
    last = message.rstrip().rpartition("\n")[2]
    begin = trailer(group, "")
    found = last.removeprefix(begin) if last.startswith(begin) else ""
    return found if _FINGERPRINT.fullmatch(found) else None
