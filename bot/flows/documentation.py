"""Where people find the page about the rules: in the repository that the App names as its home."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.flows.parts import Parts

RULES: Final = "docs/rules.md"
_REPOSITORY: Final = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?/(?!OWNER/)[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")


async def rules_page(parts: Parts) -> str:
    """Return the address of the page about the rules; "" where there is none that is known."""
    return rules_page_of((await parts.github.identity()).homepage)


def rules_page_of(homepage: str) -> str:
    """Tell the address of the page about the rules from an App's homepage; "" where that is no repository.

    The homepage is what the operator registered the App with: `url` of app.yml, once somebody has filled OWNER in.
    """
    home = homepage.rstrip("/")
    return f"{home}/blob/HEAD/{RULES}" if _REPOSITORY.fullmatch(home) else ""
