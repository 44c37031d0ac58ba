"""A document about an image as it was found: its bytes, what it is attached to and where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.promotion.evidence import Source


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document about an image.

    subject: the digest that it is attached to or was posted for: of the index, or of the image of one platform.
    media_type: "" or application/json where nobody said; its shape then says what it is. predicate_type: as the
    registry's annotation has it, "" where none is told. source: where it is from, and who signed it for `subject`; its
    `at` None: the document's own time counts.
    """

    subject: str
    media_type: str
    predicate_type: str
    content: bytes
    source: Source
