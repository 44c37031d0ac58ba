"""How the image of an occurrence is written at the tag and digest that a target asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.holding import written_as
from bot.manifests.markers.syntax import part_asked
from bot.manifests.obstacles import NO_TAG
from bot.manifests.occurrences import Obstacle, Part
from bot.manifests.reasons import SkipReason
from bot.manifests.references import name_of, reference_in
from bot.manifests.targets import UNTAGGED
from bot.manifests.texts import image_in, respelled, tag_in

if TYPE_CHECKING:
    from bot.manifests.occurrences import Found, Held
    from bot.manifests.targets import Target

_NO_PLACE: Final = Obstacle(
    SkipReason.NO_PLACE_FOR_DIGEST, "there is no place for the digest here, as a `digest` beside the tag would be"
)
_NOT_FOUND_AGAIN: Final = Obstacle(
    SkipReason.MARKER_NOT_UNDERSTOOD, "with the new tag nobody could tell any more where in this value it stands"
)
_REGISTRY_APART: Final = Obstacle(
    SkipReason.DIFFERENT_IMAGE, "another image stands here, and its registry apart from its name"
)


def spelled(found: Found, target: Target) -> tuple[Held, ...] | Obstacle:
    """Write the parts of an occurrence as the target wishes them; those that stay are as they were.

    The name of an image stays as it is written, unless its own marker asks for the name.
    """
    if any(each.part is Part.WHOLE for each in found.held):
        if found.occurrence.reference is None:
            return found.occurrence.obstacle or NO_TAG
        wish: tuple[Held, ...] | Obstacle = tuple(_replaced(each, _whole(found, target)) for each in found.held)
    else:
        wish = _Apart(found, target).spelled()
    if isinstance(wish, Obstacle) or found.occurrence.marker is None:
        return wish
    return _NOT_FOUND_AGAIN if _is_lost(found, wish) else wish


def _is_lost(found: Found, wish: tuple[Held, ...]) -> bool:
    """Whether a part was found by what the marked text looks like, and would not be found again after the edit."""
    return any(
        _place_of(before, found) == (before.start, before.end) and _place_of(after, found) != (after.start, after.end)
        for before, after in zip(found.held, wish, strict=True)
    )


def _place_of(held: Held, found: Found) -> tuple[int, int] | None:
    """Find the place of a part in its text as the marker has it found; None where a key tells it, or nobody."""
    if held.part is Part.WHOLE:
        return image_in(held.text)
    if held.part is not Part.TAG or found.occurrence.standing is None:
        return None
    asks_for_part = len(found.held) > 1 or part_asked(found.occurrence.marker or "") is not None
    return tag_in(held.text, is_version=not asks_for_part)


def _replaced(held: Held, value: str) -> Held:
    """Put another text into the place of a part."""
    text = held.text[: held.start] + value + held.text[held.end :]
    return held._replace(text=text, end=held.start + len(value))


def _whole(found: Found, target: Target) -> str:
    """Write the whole reference. Without a tag it stands for `latest`, and stays so where a digest is written."""
    reference, wish = found.occurrence.reference, target.reference
    assert reference is not None
    assert wish.tag is not None
    if wish.digest and reference.tag is None and wish.tag == UNTAGGED:
        return f"{reference.original.partition('@')[0]}@{wish.digest}"
    tag = wish.tag
    # A digest is that of the tag that is wished for, and of no other spelling of it.
    if reference.tag and found.occurrence.marker is not None and target.current is None and not wish.digest:
        tag = respelled(reference.tag, tag)
    text = str(reference.with_tag(tag))
    return f"{text}@{wish.digest}" if wish.digest else text


class _Apart:
    """An image whose parts stand apart, and what a target wishes of it."""

    def __init__(self, found: Found, target: Target) -> None:
        self._found = found
        self._target = target
        self._wish = target.reference
        self._held = {each.part: each for each in found.held}

    def spelled(self) -> tuple[Held, ...] | Obstacle:
        obstacle = self._obstacle()
        if obstacle is not None:
            return obstacle
        return tuple(self._part(each) for each in self._found.held)

    def _obstacle(self) -> Obstacle | None:
        if self._names_other_image() and Part.REGISTRY in self._held:
            return _REGISTRY_APART
        tag, digest = self._held.get(Part.TAG), self._place_of_digest()
        if digest is None and not (tag and tag.value):
            # A marker may ask for the name alone; that needs neither.
            return None if set(self._held) == {Part.NAME} else NO_TAG
        if self._wish.digest and digest is None and not self._takes_tag_alone(tag):
            return _NO_PLACE
        return None

    def _place_of_digest(self) -> Held | None:
        """Give the digest's own place; one that is empty and without quotes is none to put bytes into."""
        digest = self._held.get(Part.DIGEST)
        return None if digest is None or (digest.is_plain and not digest.value) else digest

    def _takes_tag_alone(self, tag: Held | None) -> bool:
        """Whether a digest that is wished for may be left out: a marker asks for the tag, or one field holds both."""
        return tag is not None and ("@" in tag.value or self._is_about_tag_alone())

    def _is_about_tag_alone(self) -> bool:
        marker = self._found.occurrence.marker
        return marker is not None and (Part.NAME not in self._held or not self._held[Part.NAME].is_writable)

    def _part(self, held: Held) -> Held:
        if not held.is_writable:
            return held
        match held.part:
            case Part.TAG if held.value:
                return _replaced(held, self._tag(held.value))
            case Part.DIGEST if self._wish.digest and self._place_of_digest():
                return _replaced(held, self._wish.digest)
            case Part.NAME if self._names_other_image():
                return _replaced(held, name_of(self._wish))
            case _:
                return held

    def _tag(self, stands: str) -> str:
        tag = self._wish.tag
        assert tag is not None
        written, at, _ = stands.partition("@")
        writes_digest = self._wish.digest and (at or self._place_of_digest())
        if self._found.occurrence.marker is not None and self._target.current is None and not writes_digest:
            tag = respelled(written, tag)
        return f"{tag}@{self._wish.digest}" if at else tag

    def _names_other_image(self) -> bool:
        """Whether a marker asks for the name, and another image is named there."""
        name = self._held.get(Part.NAME)
        if name is None or not name.is_writable or self._found.occurrence.standing is None:
            return False
        reference = reference_in(written_as([each for part, each in self._held.items() if part in _NAMING]))
        return reference is None or reference.name != self._wish.name


_NAMING: Final = frozenset({Part.REGISTRY, Part.NAME})
