"""update.path: the folder or the file that an automation edits, as globs."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.manifests import exactly

if TYPE_CHECKING:
    from collections.abc import Container

    from bot.policies.flux.fields import Fields

EVERYWHERE: Final = ("**",)
LONGEST_PATH: Final = 500
_MANIFESTS: Final = (".yaml", ".yml")


def read_paths(update: Fields, files: Container[str]) -> tuple[str, ...]:
    """Read `path` of the key `update`: a folder with all below it, or a file; nothing written is the whole repository.

    As in Flux a path begins at the root of the repository, with a slash or without. One that climbs out of it is
    refused in the report.
    """
    text = update.text("path") or ""
    path = posixpath.normpath(text.lstrip("/") or ".")
    if len(path) > LONGEST_PATH or not path.isprintable():
        update.refuse("path", f"is a path of at most {LONGEST_PATH} printable characters, not {quoted(text)}")
    elif path == ".." or path.startswith("../"):
        update.refuse("path", f"stays within the repository; {quoted(text)} climbs out")
    elif path != ".":
        return _globs(path, is_file=path in files or path.lower().endswith(_MANIFESTS))
    return EVERYWHERE


def _globs(path: str, *, is_file: bool) -> tuple[str, ...]:
    exact = exactly(path)
    return (exact,) if is_file else (f"{exact.removeprefix('/')}/**",)
