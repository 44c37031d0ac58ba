"""Patterns as they stand in a policy file: globs of paths, and regular expressions of tags."""

from __future__ import annotations

from typing import Final

from bot.images import quoted
from bot.policies.values import read_text, refuse
from bot.selection import InvalidPattern, patterns
from bot.selection.filters import LONGEST_TEMPLATE

LONGEST_PATH: Final = 500


def read_pattern(value: object) -> str:
    """Read a regular expression of RE2. An empty one would be found in every tag."""
    text = read_text(value)
    if not text:
        refuse("is a pattern, and this one is empty")
    try:
        patterns.check(text)
    except InvalidPattern as error:
        refuse(f"will not do: {error}")
    return text


def read_template(value: object) -> str:
    """Read a template that names groups of a pattern in the way of Go: `$ts`, `${ts}`, `$1`."""
    text = read_text(value)
    if not text or len(text) > LONGEST_TEMPLATE:
        refuse(f"is a template of 1 to {LONGEST_TEMPLATE} characters, not {quoted(text)}")
    return text


def read_path(value: object) -> str:
    """Read a glob of paths, as .gitignore has them, `!` before those to leave out."""
    text = read_text(value)
    if not text or len(text) > LONGEST_PATH or not text.isprintable():
        refuse(f"is a glob of 1 to {LONGEST_PATH} printable characters, not {quoted(text)}")
    if ".." in text.removeprefix("!").split("/"):
        refuse(f"stays within the repository; {quoted(text)} climbs out")
    return text
