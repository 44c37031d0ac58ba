"""Put new values into the bytes of a file: each scalar once, in its own way of quoting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.occurrences import Span  # noqa: TC001 - the fields of a named tuple are read at run time
from bot.manifests.plain_scalars import is_read_as_text
from bot.manifests.scope import Format, format_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.manifests.occurrences import Found, Held

_FLOW_INDICATORS: Final = frozenset(",[]{}")


class Splice(NamedTuple):
    """New bytes for the value of one scalar. `line` is where it stands, from 1; `value` the text without quotes."""

    span: Span
    value: str
    written: bytes
    line: int


def agreed(found: Sequence[Found], wishes: Mapping[int, Sequence[Held]]) -> dict[int, frozenset[Splice]]:
    """Say what to write for each occurrence that moves, by its index in `found`.

    Occurrences share a scalar where aliases stand for it. It is written only if all of them wish the same for it, and
    no occurrence moves by halves.
    """
    moving = dict(wishes)
    shared = _shared(found, wishes)
    waiting = [scalar for scalar in shared.values() if scalar.is_contested]
    while waiting:
        contested = waiting.pop()
        for index in [index for index in contested.occurrences if index in moving]:
            del moving[index]
            for span in _spans(found[index]):
                if not shared[span].is_contested:
                    shared[span].wanted.add(shared[span].text)
                    waiting += [shared[span]] if shared[span].is_contested else []
    return {index: frozenset(_splices(found[index], wish)) for index, wish in moving.items()}


@dataclass(slots=True)
class _Shared:
    """A scalar, the occurrences that have a part in it, and the texts that they want it to be."""

    text: str
    occurrences: dict[int, None] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)

    @property
    def is_contested(self) -> bool:
        return len(self.wanted) > 1


def _shared(found: Sequence[Found], wishes: Mapping[int, Sequence[Held]]) -> dict[Span, _Shared]:
    """Gather the scalars; an occurrence that stays wants what stands there."""
    shared: dict[Span, _Shared] = {}
    for index, each in enumerate(found):
        texts = scalars(wishes.get(index, each.held), each.held)
        for held in each.held:
            if held.span is not None:
                scalar = shared.setdefault(held.span, _Shared(held.text))
                scalar.occurrences[index] = None
                scalar.wanted.add(texts[held.span])
    return shared


def spliced(content: bytes, splices: Iterable[Splice]) -> bytes:
    """Write splices that do not overlap into a file."""
    pieces: list[bytes] = []
    at = 0
    for splice in sorted(splices):
        pieces += (content[at : splice.span.start], splice.written)
        at = splice.span.end
    return b"".join((*pieces, content[at:]))


def scalars(wish: Sequence[Held], held: Sequence[Held]) -> dict[Span, str]:
    """Give the whole text of each scalar in which parts stand, with the parts of `wish` in place of those in `held`."""
    values: dict[Span, str] = {}
    for before, after in sorted(zip(held, wish, strict=True), key=lambda pair: -pair[0].start):
        if before.span is not None:
            text = values.get(before.span, before.text)
            values[before.span] = text[: before.start] + after.value + text[before.end :]
    return values


def _spans(found: Found) -> Iterable[Span]:
    return (held.span for held in found.held if held.span is not None)


def _splices(found: Found, wish: Sequence[Held]) -> Iterable[Splice]:
    after = scalars(wish, found.held)
    for held in found.held:
        if held.span is not None and after[held.span] != held.text:
            is_json = format_of(found.occurrence.path) is Format.JSON
            yield Splice(held.span, after[held.span], _written(held, after[held.span], is_json=is_json), held.line)


def _written(held: Held, value: str, *, is_json: bool) -> bytes:
    """Write a value in the style of the old one; in quotes where it would be read as something else than a text.

    JSON knows no text without quotes: what stands there without is a number.
    """
    in_flow = _FLOW_INDICATORS.isdisjoint(held.text)
    if not held.is_plain or (not is_json and is_read_as_text(value, in_flow=in_flow)):
        return value.encode()
    if '"' in value or "\\" in value:
        return "'{}'".format(value.replace("'", "''")).encode()
    return f'"{value}"'.encode()
