"""The settings file as the setup page leaves it: the App's credentials, readable by this user alone."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER_ONLY = 0o600


def keep_settings(path: Path, values: Mapping[str, str]) -> None:
    r"""Write settings (`NIRO_...` names to values) into the file at `path` with mode 0600, and keep its other lines.

    The file is replaced as a whole: a reader sees the old one or the new one. Line ends in values are written `\\n`.
    """
    kept = [line for line in _lines(path) if line.partition("=")[0].strip() not in values]
    lines = [*kept, *(f"{name}={_quoted(value)}" for name, value in values.items())]
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), OWNER_ONLY)
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _quoted(value: str) -> str:
    return "'" + value.replace("\n", "\\n").replace("'", "\\'") + "'"
