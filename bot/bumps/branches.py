"""Names of branches that git and GitHub take, whatever a policy file asked for."""

from __future__ import annotations

import hashlib
import re
from typing import Final

_LONGEST: Final = 150
_STEP = re.compile(r"[^A-Za-z0-9._+-]+")
_DOTS = re.compile(r"\.{2,}")
_RESERVED: Final = frozenset({"head", "refs"})
_FALLBACK: Final = "niro/bump"


def safe_branch(wish: str, *, taken: frozenset[str] = frozenset()) -> str:
    """Make a branch name from a wish: as it is where git takes it, else made safe and told apart by a short hash.

    `taken` are names it may not get, in any case of letters (the base branch, branches of other groups). The rules
    are those of git-check-ref-format(1), and stricter: letters, digits and `._+-/` only.
    """
    safe = _cleaned(wish)
    if safe == wish and not _clashes(safe, taken):
        return safe
    return _marked(safe, wish, taken)


def _cleaned(wish: str) -> str:
    steps = (_cleaned_step(step) for step in wish.split("/"))
    name = "/".join(step for step in steps if step)[:_LONGEST]
    name = _cleaned_end(name)
    return name if name and name.partition("/")[0].casefold() not in _RESERVED else _FALLBACK


def _cleaned_step(step: str) -> str:
    return _cleaned_end(_DOTS.sub(".", _STEP.sub("-", step)).lstrip(".-"))


def _cleaned_end(text: str) -> str:
    text = text.rstrip("./-")
    while text.lower().endswith(".lock"):
        text = text[: -len(".lock")].rstrip("./-")
    return text


def _clashes(name: str, taken: frozenset[str]) -> bool:
    return name.casefold() in {other.casefold() for other in taken}


def _marked(name: str, wish: str, taken: frozenset[str]) -> str:
    """Add a hash of the wish, and of more where that is taken too."""
    seed = wish
    while True:
        mark = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        marked = f"{name}-{mark}"
        if not _clashes(marked, taken):
            return marked
        seed = f"{seed}\n{mark}"
