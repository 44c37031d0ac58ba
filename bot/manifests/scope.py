"""Which files of a repository are worth reading, and which are never edited."""

from __future__ import annotations

from typing import Final

from bot.manifests.reasons import SkipReason

_READ: Final = (".yaml", ".yml")
_FILE_MODES: Final = frozenset({"100644", "100755"})
_OTHER_MODES: Final = {"120000": SkipReason.SYMLINK, "160000": SkipReason.SUBMODULE}


def may_hold_images(path: str) -> bool:
    """Whether a file is worth reading, judged by its path in the repository alone."""
    return path.lower().endswith(_READ) and editable(path) is None


def editable(path: str, mode: str | None = None) -> SkipReason | None:
    """Why a file is never edited, or None when it may be.

    `path` is its path in the git tree, `mode` its mode there ("100644"; None: known to be a file). Case is not told
    apart, because the checkout of a repository may not tell it apart either.
    """
    if mode is not None and mode not in _FILE_MODES:
        return _OTHER_MODES.get(mode, SkipReason.NOT_A_FILE)
    if not _is_safe(path):
        return SkipReason.UNSAFE_PATH
    folded = path.casefold()
    if folded.startswith(".github/workflows/"):
        return SkipReason.WORKFLOW
    if folded.startswith(".niro/"):
        return SkipReason.POLICY_FILE
    return None


def _is_safe(path: str) -> bool:
    """Whether a path is as git itself would write it: relative, with no step up, no empty step and no `.git`."""
    steps = path.split("/")
    return (
        "\\" not in path
        and "\0" not in path
        and not any(step.casefold() in {"", ".", "..", ".git"} for step in steps)
        and _is_unicode(path)
    )


def _is_unicode(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
