"""Images found by the structure of what holds them: Helm values, and custom resources of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.images import quoted
from bot.manifests.fields import fields, followed, line_of
from bot.manifests.places import Note, Place
from bot.manifests.reasons import SkipReason
from bot.manifests.structure.global_registry import below_registry, registry_of_all
from bot.manifests.structure.image_maps import ANYWHERE, is_scalar, is_tagged, is_whole, mapped, text, whole
from bot.manifests.structure.roles import (
    ARE_CONTAINERS,
    ELEMENTS,
    HOLD_TEXTS,
    MAY_BE_TEMPLATES,
    OBJECT,
    SHAPES,
    TAKE_NAMES,
    Role,
    holds_entries,
    role_below,
)
from bot.manifests.structure.sibling_keys import Siblings, begins_as_image, names_image
from bot.manifests.tree import Alias, Mapping, Scalar, Sequence
from bot.manifests.ways import below, element

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Values

    from bot.manifests.places import Finding, Owner
    from bot.manifests.structure.image_maps import Claim
    from bot.manifests.tree import Node


# Fields of an object that are about it, not what it asks for. Its other fields tell that it is one: the values of a
# chart may well have a part that is called so.
_ABOUT: Final = frozenset({"metadata", "status"})
_SCHEMA: Final = "openAPIV3Schema"

_LONGEST_WAY: Final = 1_000


def images_below(node: Node, owner: Owner, way: str) -> Iterator[Finding]:
    """Find every image at any depth below a node by structure alone; `way` is the path of `node` in its document.

    The tables of this file and of `bot.manifests.structure.image_maps` tell what an image looks like. An image that
    aliases or merge keys lead to several times is found once.
    Raises Unreadable where merges are chained deeper than anybody writes them.
    """
    walk = _Walk(owner, set(), registry=registry_of_all(node))
    return walk.findings(_Step(node, _Way(None, way), Role.ANYTHING))


class _Way:
    """The way to a node, written out only where an image is found."""

    __slots__ = ("above", "step", "told")

    def __init__(self, above: _Way | None, step: str | int) -> None:
        self.above = above
        self.step = step
        self.told = str(step) if above is None else ""

    def written(self) -> str:
        """Write the way; of one that is longer than anybody's, the end."""
        unwritten: list[_Way] = []
        at = self
        while not at.told and at.above is not None:
            unwritten.append(at)
            at = at.above
        told = at.told
        for each in reversed(unwritten):
            told = below(told, each.step) if isinstance(each.step, str) else element(told, each.step)
            if len(told) > _LONGEST_WAY:
                told = f"...{told[-_LONGEST_WAY:]}"
            each.told = told
        return told


class _Step(NamedTuple):
    """A node that waits for its turn. `container` is the name that stands beside its key, where it is an image."""

    node: Node
    way: _Way
    role: Role
    container: str = ""


class _Walk:
    """One walk over a tree, without recursion. `seen` are the nodes that were visited, each with its role.

    `registry` stands before the images that name none, as `registry_of_all` reads it.
    A walk that is `trying` only tells whether there is anything, also through keys that stand twice.
    """

    def __init__(
        self,
        owner: Owner,
        seen: set[tuple[int, Role]],
        *,
        registry: Scalar | Alias | None = None,
        trying: bool = False,
    ) -> None:
        self._owner = owner
        self._seen = seen
        self._registry = registry
        self._trying = trying
        self._tried: set[tuple[int, Role]] = set()
        self._reported: set[tuple[int, ...]] = set()

    def findings(self, first: _Step) -> Iterator[Finding]:
        waiting = [first]
        while waiting:
            step = waiting.pop()
            target = followed(step.node)
            if (id(target), step.role) in self._seen:
                continue
            self._seen.add((id(target), step.role))
            if isinstance(target, Mapping):
                yield from self._in_mapping(target, step, waiting)
            elif isinstance(target, Sequence):
                yield from self._in_sequence(target, step, waiting)

    def _in_mapping(self, mapping: Mapping, step: _Step, waiting: list[_Step]) -> Iterator[Finding]:
        if step.role in MAY_BE_TEMPLATES and _is_template(mapping):
            yield Note(line_of(mapping), SkipReason.TEMPLATE, "the image is a template, not a text")
            return
        values, twice = fields(mapping)
        pairs = [*values.items(), *_doubled(mapping, twice)] if twice else list(values.items())
        values = dict(pairs) if twice else values
        claims = _claims(values, step.role)
        steps = list(_steps(pairs, values, claims, step))
        if twice and not self._trying:
            yield from self._doubtful(twice, claims, steps)
            claims = [claim for claim in claims if claim.keys.isdisjoint(twice)]
            steps = [(key, each) for key, each in steps if key not in twice]
        if step.role in ARE_CONTAINERS and isinstance(followed(values.get("image")), Sequence):
            yield Note(line_of(values["image"]), SkipReason.NOT_A_TEXT, "the image of this container is not a text")
        if claims:
            yield from self._claimed(claims, values, step)
        waiting += (each for _, each in reversed(steps))

    def _claimed(self, claims: list[Claim], values: Values[str, Node], step: _Step) -> Iterator[Place]:
        name = text(values.get("name"))
        for claim in claims:
            beside = "" if "name" in claim.keys else name
            way = step.way if claim.key is None else _Way(step.way, claim.key)
            placed = below_registry(claim, values, self._registry) if self._registry else claim
            yield from self._place(placed, way, step.container or beside)

    def _in_sequence(self, sequence: Sequence, step: _Step, waiting: list[_Step]) -> Iterator[Finding]:
        role = ELEMENTS.get(step.role, Role.ANYTHING)
        steps = [_Step(each, _Way(step.way, index), role) for index, each in enumerate(sequence.children)]
        if step.role in HOLD_TEXTS:
            for each in steps:
                if is_scalar(each.node) and is_whole(text(each.node)):
                    yield from self._place(whole("", each.node), each.way, "")
        waiting += (each for each in reversed(steps) if not is_scalar(each.node))

    def _place(self, claim: Claim, way: _Way, container: str) -> Iterator[Place]:
        mark = tuple(id(piece.node) for piece in claim.pieces)
        if mark not in self._reported:
            self._reported.add(mark)
            yield Place(self._owner, container, way.written(), claim.pieces, claim.obstacle)

    def _doubtful(self, twice: Values[str, int], claims: list[Claim], steps: list[tuple[str, _Step]]) -> Iterator[Note]:
        """Note each key that stands twice and through which an image would be found."""
        leading = {key for claim in claims for key in claim.keys}
        for key, each in steps:
            if key in twice and key not in leading:
                trial = _Walk(self._owner, self._tried, trying=True)
                if next(trial.findings(each), None) is not None:
                    leading.add(key)
        for key, line in twice.items():
            if key in leading:
                message = f"the key {quoted(key)} stands twice in one mapping"
                yield Note(line, SkipReason.DUPLICATE_KEY, message)


def _claims(values: Values[str, Node], role: Role) -> list[Claim]:
    """Find the images that the fields of one mapping make."""
    shapes = SHAPES.get(role) or (ANYWHERE if "repository" in values else ())
    itself = mapped(values, shapes)
    claims = [itself] if itself else []
    taken = set(itself.keys) if itself else set()
    holds_texts = holds_entries(role, is_image=itself is not None)
    siblings: Siblings | None = None
    for key, value in values.items():
        is_named = names_image(key) or (role is Role.IMAGE_VOLUME and key == "reference")
        may_be = is_named or holds_texts or begins_as_image(key)
        if not may_be or key in taken or not is_scalar(value):
            continue
        claim = None
        takes_whole = is_named or (holds_texts and not key.lower().endswith("registry"))
        if is_whole(text(value)) if takes_whole else is_tagged(text(value)):
            claim = whole(key, value)
        elif is_named:
            siblings = siblings or Siblings(values)
            claim = siblings.beside(key, taken) or _untagged(key, values, role)
        if claim is not None:
            claims.append(claim)
            taken |= claim.keys
    return claims


def _untagged(key: str, values: Values[str, Node], role: Role) -> Claim | None:
    """Take a text for an image because of its place, with a tag or without."""
    is_volume = role is Role.IMAGE_VOLUME and key == "reference"
    is_container = role is Role.CONTAINER or (role is Role.NAMED_CONTAINER and text(values.get("name")))
    if text(values[key]) and (is_volume or (is_container and key == "image")):
        return whole(key, values[key])
    return None


def _steps(
    pairs: list[tuple[str, Node]], values: Values[str, Node], claims: list[Claim], above: _Step
) -> Iterator[tuple[str, _Step]]:
    """Give the mappings and sequences in a mapping to look into, each with its key."""
    is_object = not OBJECT.isdisjoint(values)
    is_image = any(claim.key is None for claim in claims)
    for key, value in pairs:
        if is_scalar(value) or key == _SCHEMA or (is_object and key in _ABOUT):
            continue
        role = role_below(key, above.role, is_image=is_image)
        container = text(values.get("name")) if role in TAKE_NAMES else ""
        yield key, _Step(value, _Way(above.way, key), role, container)


def _doubled(mapping: Mapping, twice: Values[str, int]) -> Iterator[tuple[str, Node]]:
    """Give the values of the keys that stand twice."""
    for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=True):
        if isinstance(key, Scalar) and key.value in twice:
            yield key.value, value


def _is_template(node: Mapping) -> bool:
    """Tell whether this is how a YAML reader sees an unquoted `{{ ... }}`: a mapping whose key is a mapping."""
    return bool(node.children) and isinstance(node.children[0], Mapping)
