"""Texts that a pull request is made of: branches, titles and messages with placeholders, labels, and people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.policies.branches import filled_in, is_branch
from bot.policies.values import read_text, refuse

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST_TITLE: Final = 256
LONGEST_MESSAGE: Final = 10_000
LONGEST_AUTHOR: Final = 200
LONGEST_LABEL: Final = 50

AUTHOR_PATTERN: Final = r"^[^<>\s]([^<>]*[^<>\s])? <[^<>\s@]+@[^<>\s@]+>$"

BRANCH_PLACEHOLDERS: Final = frozenset({"name"})
TITLE_PLACEHOLDERS: Final = frozenset({"image", "from", "to"})
MESSAGE_PLACEHOLDERS: Final = TITLE_PLACEHOLDERS | {"changes", "objects", "files"}

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_AUTHOR = re.compile(AUTHOR_PATTERN)
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_TEAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")


def refuse_unknown(text: str, known: Collection[str]) -> None:
    """Refuse a text that names a placeholder other than these."""
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            allowed = ", ".join(f"{{{each}}}" for each in sorted(known))
            refuse(f"knows the placeholders {allowed}, not {quoted('{' + name + '}')}")


def read_branch(value: object) -> str:
    """Read the name of a branch."""
    text = read_text(value)
    if not is_branch(text):
        refuse(f"cannot be a branch in git: {quoted(text)}")
    return text


def read_branch_template(value: object) -> str:
    """Read the name of a branch in which {name} stands for the policy's name."""
    text = read_text(value)
    refuse_unknown(text, BRANCH_PLACEHOLDERS)
    if not is_branch(filled_in(text, "name")):
        refuse(f"cannot be a branch in git: {quoted(text)}")
    return text


def read_title(value: object) -> str:
    """Read the title of a pull request, with the placeholders {image}, {from} and {to}."""
    text = read_text(value)
    if len(text) > LONGEST_TITLE or not text.isprintable() or not text.strip():
        refuse(f"is one line of at most {LONGEST_TITLE} characters, not {quoted(text)}")
    refuse_unknown(text, TITLE_PLACEHOLDERS)
    return text


def read_message(value: object) -> str:
    """Read the message of a commit: lines with the title's placeholders and {changes}, {objects}, {files}."""
    text = read_text(value)
    is_printable = text.replace("\n", "").replace("\t", "").isprintable()
    if len(text) > LONGEST_MESSAGE or not is_printable or not text.strip():
        refuse(f"is a message of at most {LONGEST_MESSAGE} printable characters, not {quoted(text)}")
    refuse_unknown(text, MESSAGE_PLACEHOLDERS)
    return text


def read_author(value: object) -> str:
    """Read who is named in the trailer `Co-authored-by` of a commit, as git writes an author: Name <email>."""
    text = read_text(value)
    if len(text) > LONGEST_AUTHOR or not text.isprintable() or not _AUTHOR.fullmatch(text):
        refuse(
            f"is an author as git writes one, Name <email>, of at most {LONGEST_AUTHOR} characters, not {quoted(text)}"
        )
    return text


def read_label(value: object) -> str:
    """Read a label."""
    text = read_text(value)
    if len(text) > LONGEST_LABEL or not text.isprintable() or not text.strip():
        refuse(f"is a label of at most {LONGEST_LABEL} printable characters, not {quoted(text)}")
    return text


def read_reviewer(value: object) -> str:
    """Read a person's login, or a team as `organisation/team`."""
    text = read_text(value)
    if not _LOGIN.fullmatch(text) and not _TEAM.fullmatch(text):
        refuse(f"is a login, or a team written as organisation/team, not {quoted(text)}")
    return text


def read_assignee(value: object) -> str:
    """Read a person's login."""
    text = read_text(value)
    if not _LOGIN.fullmatch(text):
        refuse(f"is a login, not {quoted(text)}")
    return text
