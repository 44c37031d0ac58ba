"""The settings file as the setup page leaves it: the App's credentials, readable by this user alone."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv.parser import parse_stream

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER_ONLY = 0o600

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def keep_settings(path: Path, values: Mapping[str, str]) -> None:
    """Write settings (`NIRO_...` names to values) into the file at `path` with mode 0600, and keep its other lines.

    The file is replaced as a whole: a reader sees the old one or the new one. Raises OSError when it cannot be written.
    """
    path = path.resolve()
    lines = [*_others(path, values), *(f"{name}={quoted(value)}\n" for name, value in values.items())]
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            os.fchmod(file.fileno(), OWNER_ONLY)
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _make_durable(path.parent)


def quoted(value: str) -> str:
    """Write a value as python-dotenv reads it back: it unescapes double quotes, and fills in `${...}` in every kind.

    `${:-$}` is the variable without a name, which nobody can set, with `$` as its default.
    """
    return '"' + value.translate(_ESCAPES).replace("${", "${:-$}{") + '"'


def _others(path: Path, values: Mapping[str, str]) -> list[str]:
    """Return what stands in the file besides these settings, statement by statement."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        kept = [binding.original.string for binding in parse_stream(file) if binding.key not in values]
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += "\n"
    return kept


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
