"""From a place in a tree of YAML to an occurrence: its text, what it means, and the bytes of each part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.binary_scalars import BINARY
from bot.manifests.fields import followed, is_null
from bot.manifests.obstacles import ESCAPED, NO_TAG, TEMPLATE
from bot.manifests.occurrences import Found, Held, Obstacle, Occurrence, Part, Span
from bot.manifests.reasons import SkipReason
from bot.manifests.references import cut, reference_in
from bot.manifests.targets import stands_at
from bot.manifests.tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.images import ImageReference
    from bot.manifests.markers.marking import MarkedPlace
    from bot.manifests.places import Piece, Place
    from bot.manifests.source import Position

LONGEST_NAME: Final = 253
"""Characters of a name that are kept: Kubernetes allows no longer one."""
LONGEST_TEXT: Final = 1024
"""Characters that are kept of a text that is no image reference."""

_RANKS: Final = {part: rank for rank, part in enumerate((Part.WHOLE, Part.TAG, Part.DIGEST, Part.NAME, Part.REGISTRY))}
_STRING_TAGS: Final = frozenset({None, "!", "tag:yaml.org,2002:str"})
_BLOCK_STYLES: Final = frozenset({"|", ">"})
_BLOCK = Obstacle(SkipReason.BLOCK_SCALAR, "the value is a block of several lines and is not edited")
_TAGGED = Obstacle(SkipReason.TAGGED, "the value carries a YAML tag that is not known here")


class Surroundings(NamedTuple):
    """What the occurrences of one text have in common."""

    path: str
    content: bytes
    positions: Mapping[int, Position]


def characters_of(place: Place) -> Iterable[int]:
    """List the characters of the parsed text whose positions `hold` asks for."""
    for piece in place.pieces:
        yield _end(piece.node)
        scalar = _scalar(piece)
        yield _start(scalar)
        yield _end(scalar)


def hold(marked: MarkedPlace, document: int, around: Surroundings) -> Found:
    """Make the occurrence of a place in the document of this number."""
    place = marked.place
    held = tuple(_held(piece, marked, around) for piece in place.pieces)
    text = written_as(held)
    reference = reference_in(text) if marked.standing is None else None
    obstacle = place.obstacle or _obstacle(marked, held, reference)
    occurrence = Occurrence(
        path=around.path,
        reference=reference,
        text=text if reference or marked.standing is not None else text[:LONGEST_TEXT],
        kind=place.owner.kind[:LONGEST_NAME],
        namespace=place.owner.namespace[:LONGEST_NAME],
        name=place.owner.name[:LONGEST_NAME],
        container=place.container[:LONGEST_NAME],
        field=place.field,
        line=_line(place, held, around),
        marker=marked.marker,
        parts={} if obstacle else parts_of(held, reference),
        document=document,
        obstacle=obstacle,
        standing=_standing(marked, reference),
    )
    return Found(occurrence, held)


def _standing(marked: MarkedPlace, reference: ImageReference | None) -> str | None:
    """Tell what stands here where the marker alone says which policy is followed, whatever the image is called."""
    names_image = marked.writable is not None and Part.NAME in marked.writable
    return stands_at(reference) if names_image and reference is not None else marked.standing


def written_as(held: Sequence[Held]) -> str:
    """Put the parts of an image together as one reference."""
    values = {each.part: each.value for each in held}
    if Part.WHOLE in values:
        return values[Part.WHOLE]
    if Part.NAME not in values:
        return "@".join(each.text for each in held)
    registry, name = values.get(Part.REGISTRY, ""), values.get(Part.NAME, "")
    text = f"{registry.rstrip('/')}/{name}" if registry else name
    if values.get(Part.TAG):
        text += f":{values[Part.TAG]}"
    if values.get(Part.DIGEST):
        text += f"@{values[Part.DIGEST]}"
    return text


def parts_of(held: Sequence[Held], reference: ImageReference | None) -> dict[Part, Span]:
    """Tell the bytes of each part, and cut a whole reference into its name, tag and digest."""
    parts: dict[Part, Span] = {}
    for each in held:
        if each.span is None:
            continue
        # A part is ASCII wherever it is a part of a reference; what stands before it need not be.
        start = each.span.start + len(each.text[: each.start].encode())
        parts[each.part] = Span(start, start + len(each.value.encode()))
    if Part.WHOLE in parts and reference is not None:
        begin = parts[Part.WHOLE].start
        parts |= {part: Span(begin + start, begin + end) for part, start, end in cut(reference)}
    return parts


def _held(piece: Piece, marked: MarkedPlace, around: Surroundings) -> Held:
    scalar = _scalar(piece)
    text, span = _text_and_span(scalar, around)
    begin = around.positions[_start(scalar)]
    return Held(
        part=piece.part,
        text=text,
        start=piece.start,
        end=len(text) if piece.end is None else piece.end,
        span=span,
        line=begin.line if span is None else begin.line + around.content.count(b"\n", begin.byte, span.start),
        is_plain=not scalar.style and scalar.tag is None,
        is_writable=marked.writable is None or piece.part in marked.writable,
    )


def _text_and_span(scalar: Scalar, around: Surroundings) -> tuple[str, Span | None]:
    text = str(scalar.value)
    if scalar.style in _BLOCK_STYLES and scalar.tag != BINARY:
        text = text.rstrip("\n")
        return text, _block_span(scalar, text, around)
    span = _value_span(scalar, around) if scalar.tag != BINARY else None
    return "" if is_null(scalar) else text, span


def _obstacle(marked: MarkedPlace, held: Sequence[Held], reference: ImageReference | None) -> Obstacle | None:
    for piece, each in zip(marked.place.pieces, held, strict=True):
        scalar = _scalar(piece)
        if scalar.tag not in _STRING_TAGS:
            return _TAGGED
        if each.span is None:
            return _BLOCK if scalar.style in _BLOCK_STYLES else ESCAPED
        if reference is None and "{{" in each.text:
            return TEMPLATE
    values = {each.part: each.value for each in held}
    asks_for_tag = Part.NAME in values and marked.writable != frozenset({Part.NAME})
    if asks_for_tag and not values.get(Part.TAG) and not values.get(Part.DIGEST):
        return NO_TAG
    return None


def _value_span(scalar: Scalar, around: Surroundings) -> Span | None:
    """Give the bytes of a value without its quotes, or None when they are not the value's text as it is.

    Counted from the end, because the start mark of a scalar lies before its anchor and its tag.
    """
    end = around.positions[_end(scalar)].byte
    quote = (scalar.style or "").encode()
    value = str(scalar.value).encode()
    span = Span(end - len(quote) - len(value), end - len(quote))
    written = around.content[span.start - len(quote) : end]
    return span if written == quote + value + quote else None


def _block_span(scalar: Scalar, text: str, around: Surroundings) -> Span | None:
    """Give the bytes of a block scalar of one line, or None for one of several."""
    start, end = around.positions[_start(scalar)].byte, around.positions[_end(scalar)].byte
    _, line_end, block = around.content[start:end].partition(b"\n")
    value = text.encode()
    if not line_end or not value or block.strip() != value:
        return None
    begin = end - len(block) + block.index(value)
    return Span(begin, begin + len(value))


def _line(place: Place, held: Sequence[Held], around: Surroundings) -> int:
    """Tell the line of the tag, or of the first part that stands where none is written; of an alias its own."""
    piece, each = min(zip(place.pieces, held, strict=True), key=lambda pair: _RANKS[pair[0].part])
    return each.line if isinstance(piece.node, Scalar) else around.positions[_end(piece.node)].line


def _scalar(piece: Piece) -> Scalar:
    scalar = followed(piece.node)
    assert isinstance(scalar, Scalar)
    return scalar


def _start(scalar: Scalar) -> int:
    assert scalar.start_mark is not None
    return int(scalar.start_mark.index)


def _end(node: object) -> int:
    return int(node.end_mark.index)  # type: ignore[attr-defined]
