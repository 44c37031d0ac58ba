"""The one document of a file that an edit changes."""

from __future__ import annotations

from typing import NamedTuple

from bot.manifests.adding.additions import Addition
from bot.manifests.documents import documents_in
from bot.manifests.scope import Format, format_of
from bot.manifests.source import Source
from bot.manifests.tree import Unreadable


class Changed(NamedTuple):
    """The bytes of a document, the edit within them, and how many lines of the file stand before it."""

    content: bytes
    edit: Addition
    lines_before: int = 0

    @property
    def after(self) -> bytes:
        """The bytes of the document with the edit made."""
        return self.content[: self.edit.start] + self.edit.written + self.content[self.edit.end :]


def changed_document(path: str, content: bytes, edit: Addition) -> Changed | None:
    """Cut a file down to what an edit changes; None where it would fall into other documents after it.

    A Dockerfile comes as a whole, and so do documents that cannot be cut apart. Never raises for what a file holds.
    """
    whole = Changed(content, edit)
    if format_of(path) is Format.DOCKERFILE:
        return whole
    try:
        old, new = (list(documents_in(Source(each))) for each in (content, whole.after))
    except Unreadable:
        return None
    pairs = zip(old, new, strict=False)
    changed = [one.stretch for one, other in pairs if one.stretch.yaml != other.stretch.yaml]
    if len(old) != len(new) or len(changed) != 1:
        return None
    begin, end = changed[0].byte, changed[0].byte + len(changed[0].yaml)
    moved = Addition(edit.start - begin, edit.end - begin, edit.written)
    return Changed(content[begin:end], moved, changed[0].line)
