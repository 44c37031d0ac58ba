"""Names of branches: what git takes for one, and where the name of a policy stands in it."""

from __future__ import annotations

import re
from typing import Final

NAME: Final = "{name}"
OF_PROMOTION: Final = "niro/promotion-"
"""How the branch of a promotion's pull request begins; the promotion's name follows."""
LONGEST_BRANCH: Final = 200

_NOT_IN_A_BRANCH = re.compile(r"\.\.|@\{|//|[\x00-\x20\x7f~^:?*\[\\]|(?:^|/)[.-]|(?:\.lock|\.)(?:/|$)|^/|/$|^@$")


def is_branch(text: str) -> bool:
    """Whether git allows a branch of this name (git check-ref-format), and it has at most 200 characters."""
    return 0 < len(text) <= LONGEST_BRANCH and text.isprintable() and not _NOT_IN_A_BRANCH.search(text)


def filled_in(template: str, name: str) -> str:
    """Put the name of a policy or a group into a branch; its colon, which no branch may have, becomes a dash."""
    return template.replace(NAME, name.replace(":", "-"))


def folders_of(branch: str) -> list[str]:
    """Name the folders in which git keeps a branch: none of them can be a branch beside it."""
    parts = branch.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]
