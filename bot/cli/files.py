"""Files that the caller of a command names: small texts, read whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from bot.cli.mistakes import BadInput


def text_of_file(path: str, largest: int) -> str:
    """Return the text of a file of at most `largest` bytes. Raises BadInput, which holds nothing of it."""
    try:
        with Path(path).open("rb") as file:
            return text_of(file, largest, f"the file {path}")
    except OSError as error:
        raise BadInput(f"the file {path} cannot be read: {error.strerror}") from None


def text_of(stream: IO[bytes], largest: int, place: str) -> str:
    """Return all that a stream holds; `place` is what a mistake calls it. Raises BadInput and OSError."""
    found = stream.read(largest + 1)
    if len(found) > largest:
        raise BadInput(f"{place} is larger than {largest // 1024} KiB")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{place} is not UTF-8 text") from None
