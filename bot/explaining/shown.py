"""Text of strangers, made safe for a terminal."""

from __future__ import annotations


def shown(text: str) -> str:
    r"""Escape what would move the cursor, colour the line, turn its direction or hide: `\x1b`, `\u202e`, `\n`.

    What can be seen stays as it is, whatever the script.
    """
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
