"""Where a review's links lead to: into the files of the change, and to the page about the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.safe_text import encoded

_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that a review may link to, all of the bot's own making; "" is no link.

    `files` is where files are shown as they are after the change ("https://github.com/o/r/blob/<commit>"), `rules` the
    page about the rules, and `policy` the policy file as it is in force.
    """

    files: str = ""
    rules: str = ""
    policy: str = ""

    def at_line(self, shown: str, path: str, line: int) -> str:
        """Link what is shown, which is safe Markdown, to a line of a file."""
        return linked(shown, f"{self.files}/{encoded(path)}#L{line}" if self.files else "")

    def rule(self, name: str) -> str:
        """Show the name of a rule, linked to its section of the page."""
        return linked(f"`{name}`", f"{self.rules}#{name}" if self.rules else "")


def linked(shown: str, address: str) -> str:
    """Write a link, or only what is shown where there is no address, or one that is too long for a table."""
    return f"[{shown}]({address})" if 0 < len(address) <= _LONGEST else shown
