"""Boxes that act like commands: each keeps its command in a comment that GitHub does not show."""

from __future__ import annotations

import re
import string
from typing import Final

LONGEST_BODY: Final = 65_536
"""Characters that GitHub lets an issue have; nothing longer is a body that it sends."""

_PLAIN: Final = frozenset(f"{string.ascii_letters}{string.digits} :/@.,+*=^~!_-")
_WRITTEN: Final = re.compile("%([0-9a-f]{1,5});")
# A box of ours begins its line; the bounds keep a hostile body cheap.
_BOX: Final = re.compile(r"^ {0,6}- \[([ xX])\] <!-- niro: ([^<>\r\n]{1,600}) -->", re.MULTILINE)


def box(command: str, label: str) -> str:
    """Write an empty box for a command line (`resume api`), with Markdown beside it.

    No character of the command can end the comment that holds it, nor make it one that GitHub would show.
    """
    return f"- [ ] <!-- niro: {_hidden(command)} -->{label}"


def ticked(before: str, after: str) -> tuple[str, ...]:
    """Return the commands of the boxes that are ticked in one body of an issue and were empty in the one before.

    In the order of the boxes, each once. A box that was not there before counts for nothing: the bot did not write
    it. Whether a command means something is for whoever reads it to say.
    """
    empty = {command for is_ticked, command in _boxes(before) if not is_ticked}
    commands = dict.fromkeys(command for is_ticked, command in _boxes(after) if is_ticked and command in empty)
    return tuple(commands)


def has_boxes(body: str) -> bool:
    """Whether the body of an issue holds boxes as the bot writes them."""
    return bool(_boxes(body))


def _boxes(body: str) -> list[tuple[bool, str]]:
    if len(body) > LONGEST_BODY:
        return []
    found = ((tick != " ", _shown(hidden)) for tick, hidden in _BOX.findall(body))
    return [(is_ticked, command) for is_ticked, command in found if command.isprintable()]


def _hidden(command: str) -> str:
    """Write all but plain letters by their numbers; two hyphens in a row may not stand in a comment (HTML)."""
    written = "".join(letter if letter in _PLAIN else f"%{ord(letter):x};" for letter in command)
    return written.replace("--", "-%2d;")


def _shown(hidden: str) -> str:
    return _WRITTEN.sub(lambda written: chr(int(written[1], 16)), hidden)
