"""What a marker is about, told by what its comment stands beside: one value, or one image."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.manifests.fields import fields, followed, text_of
from bot.manifests.markers.comments import Comment, Stand, after_space_and_comments
from bot.manifests.markers.meant import Image, Nothing, Subject, Value
from bot.manifests.markers.outline import NOTHING, Branch, Leaf, Outline
from bot.manifests.obstacles import NO_VERSION
from bot.manifests.reasons import SkipReason
from bot.manifests.texts import has_version, image_in
from bot.manifests.tree import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.manifests.occurrences import Part
    from bot.manifests.places import Place

_NOTHING_THERE: Final = "the marker stands beside nothing that could follow it"
_SEVERAL_ON_LINE: Final = "several images stand on this line; write the marker behind the one that is meant"
_SEVERAL_BELOW: Final = "several images stand in what this marker is about; write it behind the one that is meant"
_SEVERAL_VALUES: Final = "several values stand in what this marker is about; write it behind the one that is meant"
_SEVERAL_IN_VALUE: Final = "several images stand in this value, and the marker does not say which one is meant"

_DASH: Final = re.compile(r"-(?=\s|\Z)")
# No image and no version is as long as this; longer values are not searched for one.
_LONGEST_VALUE: Final = 4096
_VERSION_KEY: Final = re.compile(r"(?:image|tag|version|digest)\Z", re.IGNORECASE)
_BLOCK_STYLES: Final = frozenset({"|", ">"})
_SAYS_WHAT_IT_IS: Final = frozenset({"apiVersion", "kind"})


_MARKS_NOTHING: Final = Nothing(SkipReason.MARKS_NOTHING, _NOTHING_THERE)


class Subjects:
    """Tells what comments are about. `places` are those of all documents of the text, one after the other."""

    def __init__(self, text: str, outline: Outline, places: Sequence[Place]) -> None:
        self._text = text
        self._outline = outline
        self._places = places
        self._places_at: dict[int, list[int]] = {}
        for number, place in enumerate(places):
            leaves = {outline.leaf_of.get(id(piece.node), NOTHING) for piece in place.pieces}
            for leaf in leaves - {NOTHING}:
                self._places_at.setdefault(leaf, []).append(number)
        self._held = sorted(self._places_at)
        self._tellers: dict[Stand, Callable[[Comment], Subject]] = {
            Stand.BEHIND: self._behind,
            Stand.COMMA: self._behind_comma,
            Stand.CLOSING: self._behind_bracket,
            Stand.BARE: self._begun,
            Stand.ABOVE: self._below,
        }
        self._images_between: dict[tuple[int, int], Subject] = {}
        self._last_below: tuple[int, Subject] = (NOTHING, _MARKS_NOTHING)

    def place_of(self, subject: Value | Image) -> int | None:
        """Give the number of the image that a marker is about; None for a value that is part of none."""
        if isinstance(subject, Image):
            return subject.number
        return next(iter(self._places_at.get(subject.number, ())), None)

    def parts_at(self, subject: Value | Image) -> frozenset[Part] | None:
        """Tell the parts of an image that stand in the value that a marker is about; None: it is about the image."""
        place = self.place_of(subject)
        if place is None or isinstance(subject, Image):
            return None
        node = self._outline.leaves[subject.number].node
        return frozenset(piece.part for piece in self._places[place].pieces if piece.node is node)

    def of(self, comment: Comment) -> Subject:
        """Tell what a comment is about."""
        needs_value = comment.stand not in {Stand.BARE, Stand.ABOVE}
        teller = self._tellers.get(comment.stand)
        if teller is None or (needs_value and comment.leaf == NOTHING):
            return _MARKS_NOTHING
        return teller(comment)

    def _behind(self, comment: Comment) -> Subject:
        return self._value(comment.leaf)

    def _value(self, number: int) -> Subject:
        leaf = self._outline.leaves[number]
        target = followed(leaf.node)
        if not isinstance(target, Scalar):
            return self._held_by(self._outline.branches[self._outline.branch_of[id(target)]])
        is_key = leaf.is_key or self._outline.leaves[self._outline.leaf_of[id(target)]].is_key
        if is_key or (leaf.holder == NOTHING and leaf.start == leaf.end):
            return _MARKS_NOTHING
        if number not in self._places_at and len(text_of(leaf.node)) > _LONGEST_VALUE:
            return Nothing(NO_VERSION.reason, NO_VERSION.message)
        if len(self._places_at.get(number, ())) > 1:
            return Nothing(SkipReason.MARKER_NOT_UNDERSTOOD, _SEVERAL_IN_VALUE, frozenset(self._places_at[number]))
        return Value(number)

    def _behind_comma(self, comment: Comment) -> Subject:
        """The value before the comma; but where that is no image, the one image of the line."""
        on_line = self._places_on_line(comment)
        if comment.leaf in self._places_at or not on_line:
            return self._value(comment.leaf)
        return self._only(on_line, _SEVERAL_ON_LINE)

    def _behind_bracket(self, comment: Comment) -> Subject:
        """The one image of the line, or of what the bracket closes where none of it stands on the line."""
        on_line = self._places_on_line(comment)
        if on_line:
            return self._only(on_line, _SEVERAL_ON_LINE)
        node: Leaf | Branch = self._outline.leaves[comment.leaf]
        for _ in range(comment.closed):
            holder = self._outline.branches[node.holder] if node.holder != NOTHING else None
            if holder is None or holder.last != comment.leaf + 1:
                break
            node = holder
        return self._held_by(node) if isinstance(node, Branch) else _MARKS_NOTHING

    def _places_on_line(self, comment: Comment) -> set[int]:
        found: set[int] = set()
        leaves = self._outline.leaves
        if comment.line_start != leaves[comment.leaf].end:
            return found
        line = _last_line(leaves[comment.leaf])
        number = comment.leaf
        while number >= 0 and _last_line(leaves[number]) == line:
            found.update(self._places_at.get(number, ()))
            number -= 1
        return found

    def _begun(self, comment: Comment) -> Subject:
        """What begins behind a bare key or dash, or with the bracket before the comment."""
        number = bisect_left(self._outline.starts, comment.bound)
        if number == len(self._outline.leaves):
            return _MARKS_NOTHING
        node = self._outline.outermost(number, comment.bound)
        if node.is_key or (node.start > comment.start and node.start != comment.following):
            return _MARKS_NOTHING
        return self._held_by(node) if isinstance(node, Branch) else self._value(number)

    def _below(self, comment: Comment) -> Subject:
        """What a comment on a line of its own stands above."""
        if self._is_indented_deeper(comment):
            return _MARKS_NOTHING
        if self._last_below[0] != comment.following:
            self._last_below = (comment.following, self._following(comment.following))
        return self._last_below[1]

    def _following(self, following: int) -> Subject:
        """The item, the value of a key, or the collection in brackets that begins at a character."""
        dash = _DASH.match(self._text, following)
        if dash is not None:
            return self._item(dash.end())
        number = bisect_left(self._outline.starts, following)
        if number == len(self._outline.leaves):
            return _MARKS_NOTHING
        leaf, node = self._outline.leaves[number], self._outline.outermost(number, following)
        if leaf.start == following:
            return self._value_of(leaf) if leaf.is_key else self._value(number)
        if isinstance(node, Leaf) or node.start != following or node.is_key:
            return _MARKS_NOTHING
        return self._held_by(node)

    def _item(self, behind_dash: int) -> Subject:
        """An item of a sequence: its value, or the one image in it, or the one that it begins with."""
        number = bisect_left(self._outline.starts, behind_dash)
        if number == len(self._outline.leaves):
            return _MARKS_NOTHING
        node = self._outline.outermost(number, behind_dash)
        if node.is_key or node.start not in {behind_dash, after_space_and_comments(self._text, behind_dash)}:
            return _MARKS_NOTHING
        if isinstance(node, Leaf):
            return self._value(number)
        subject = self._held_by(node)
        if isinstance(subject, Nothing) and isinstance(node.node, Mapping):
            first = node.node.children[1]
            if self._outline.leaf_of.get(id(first)) in self._places_at:
                return self._value(self._outline.leaf_of[id(first)])
        return subject

    def _value_of(self, key: Leaf) -> Subject:
        """The value of a key. One that names no image and no version is passed over for the one image beside it."""
        holder = self._outline.branches[key.holder]
        if holder.is_key or not isinstance(holder.node, Mapping) or key.position % 2:
            return _MARKS_NOTHING
        value = self._outline.value_of(key)
        if isinstance(value, Branch):
            return self._held_by(value)
        number = self._outline.leaf_of[id(value.node)]
        if number in self._places_at:
            return self._value(number)
        beside = self._within(holder) if key.position == 0 else _MARKS_NOTHING
        if beside != _MARKS_NOTHING:
            return beside
        return self._value(number) if _may_be_meant(text_of(key.node), value) else _MARKS_NOTHING

    def _held_by(self, branch: Branch) -> Subject:
        """The one image in a collection, or the one value in which an image or a version stands."""
        subject = self._within(branch)
        first, last = bisect_left(self._versions, branch.first), bisect_left(self._versions, branch.last)
        if subject != _MARKS_NOTHING or first == last:
            return subject
        if last - first > 1:
            return Nothing(SkipReason.MARKER_NOT_UNDERSTOOD, _SEVERAL_VALUES)
        return self._value(self._versions[first])

    @cached_property
    def _versions(self) -> list[int]:
        """The values of the text in which an image or a version stands, in order."""
        return [number for number, leaf in enumerate(self._outline.leaves) if self._has_version(leaf)]

    def _has_version(self, leaf: Leaf) -> bool:
        if leaf.is_key or leaf.holder == NOTHING:
            return False
        holder = self._outline.branches[leaf.holder].node
        key = text_of(holder.children[leaf.position - 1]) if isinstance(holder, Mapping) else ""
        return key not in _SAYS_WHAT_IT_IS and _says_version(text_of(leaf.node))

    def _within(self, branch: Branch) -> Subject:
        """The one image of which a part stands in a collection."""
        between = bisect_left(self._held, branch.first), bisect_left(self._held, branch.last)
        if between not in self._images_between:
            found = {place for at in range(*between) for place in self._places_at[self._held[at]]}
            self._images_between[between] = self._only(found or self._merged_into(branch), _SEVERAL_BELOW)
        return self._images_between[between]

    def _merged_into(self, branch: Branch) -> set[int]:
        """The images that a merge key brings into a mapping."""
        if not isinstance(branch.node, Mapping):
            return set()
        leaves = (self._outline.leaf_of.get(id(value), NOTHING) for value in fields(branch.node).values.values())
        return {place for leaf in leaves for place in self._places_at.get(leaf, ())}

    def _only(self, places: set[int], several: str) -> Subject:
        """The one image of some, if it is one; one that stands in one value is that value."""
        if not places:
            return _MARKS_NOTHING
        if len(places) > 1:
            return Nothing(SkipReason.MARKER_NOT_UNDERSTOOD, several, frozenset(places))
        (number,) = places
        nodes = {id(piece.node) for piece in self._places[number].pieces}
        return Value(self._outline.leaf_of[nodes.pop()]) if len(nodes) == 1 else Image(number)

    def _is_indented_deeper(self, comment: Comment) -> bool:
        """Whether a comment ends what stands before it rather than begins what follows. In brackets nothing tells."""
        leaves = self._outline.leaves
        if comment.leaf == NOTHING or leaves[comment.leaf].is_key:
            return False
        return comment.start - comment.line_start > comment.column and not self._is_in_brackets(comment.leaf)

    def _is_in_brackets(self, leaf: int) -> bool:
        """Whether a bracket that was opened before a leaf is closed only behind another."""
        node: Leaf | Branch = self._outline.leaves[leaf]
        while node.holder != NOTHING:
            node = self._outline.branches[node.holder]
            if self._text[node.start] in "[{" and node.last > leaf + 1:
                return True
        return False


def _may_be_meant(key: str, value: Leaf) -> bool:
    """Whether a value under a marker names an image or a version, or its key says that it does."""
    if key in _SAYS_WHAT_IT_IS:
        return False
    if _VERSION_KEY.search(key):
        return True
    return _says_version(text_of(value.node))


def _says_version(text: str) -> bool:
    return len(text) <= _LONGEST_VALUE and (image_in(text) is not None or has_version(text))


def _last_line(leaf: Leaf) -> int:
    """Tell the line on which a value ends; no comment of a collection stands behind a block of text."""
    if isinstance(leaf.node, Scalar) and leaf.node.style in _BLOCK_STYLES:
        return NOTHING
    return int(leaf.node.end_mark.line)  # type: ignore[union-attr]
