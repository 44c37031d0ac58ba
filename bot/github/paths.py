"""Which paths of a repository GitHub can be asked for."""

from __future__ import annotations

from typing import Final

LONGEST_PATH: Final = 4_096

_ODD_STEPS: Final = frozenset({"", ".", ".."})


def askable(path: str) -> bool:
    """Tell whether a path can be asked for by name, and then means what it says.

    Git itself takes paths that are no Unicode, and a hostile tree may hold steps such as "..", a NUL or no end.
    """
    if len(path) > LONGEST_PATH or "\0" in path or not _ODD_STEPS.isdisjoint(path.split("/")):
        return False
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
