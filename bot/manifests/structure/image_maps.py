"""Images whose parts are fields of one mapping: `{registry, repository, tag, digest}`, as charts spell them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.images import ImageReference, InvalidImageReference
from bot.manifests.fields import followed, text_of
from bot.manifests.occurrences import Obstacle, Part
from bot.manifests.places import Piece
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Alias, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.manifests.tree import Node

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_LONGEST_REFERENCE: Final = 1024
_NO_NAMES: Final = ("{{", "$", "://")
_PINNED: Final = Obstacle(
    SkipReason.PINNED_TO_DIGEST, "the image is pinned by a checksum that is written in a way not understood here"
)


class Claim(NamedTuple):
    """An image made of fields of one mapping.

    `key` is the field that it is called after, None for the mapping itself. `keys` are all the fields that it takes.
    """

    key: str | None
    keys: frozenset[str]
    pieces: tuple[Piece, ...]
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to write an image as a mapping: the keys of each part, of which the first that stands there counts.

    One of `needed` must stand beside them, where there are any. What a `loose` name holds may be anything but a
    template or an address; another name must be one of an image.
    """

    registries: tuple[str, ...]
    names: tuple[str, ...]
    tags: tuple[str, ...]
    needed: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset({"repository", "repo", "newName"})


DIGESTS: Final = ("digest",)
PINS: Final = ("sha256", "sha")

# What NVIDIA's operators write: the repository is all that stands before the image's last name.
_NAME_BELOW_REPOSITORY: Final = Shape(("repository",), ("image",), ("tag", "version"), frozenset({"repository"}))

# A mapping with any key. `repository` and `tag` alone may be of a chart or of a source.
ANYWHERE: Final = (
    _NAME_BELOW_REPOSITORY,
    Shape(
        ("registry",),
        ("repository",),
        ("tag",),
        frozenset({"registry", "digest", "pullPolicy", "imagePullPolicy", "pullSecrets", "imagePullSecrets"}),
    ),
)
# A mapping whose key says that it is an image, or one of several.
OF_AN_IMAGE: Final = (
    _NAME_BELOW_REPOSITORY,
    Shape(
        ("registry",),
        ("repository", "repo", "newName", "name", "image"),
        ("tag", "newTag", "imageTag", "version"),
    ),
)
# A mapping whose key says that it holds images: most of them are no image themselves.
OF_IMAGES: Final = (Shape(("registry",), ("repository", "repo"), ("tag",)),)


def mapped(values: Mapping[str, Node], shapes: Sequence[Shape]) -> Claim | None:
    """Read the fields of a mapping as an image in the first of `shapes` that they have, None if they have none."""
    for shape in shapes:
        if not shape.needed or not shape.needed.isdisjoint(values):
            claim = _shaped(values, shape)
            if claim is not None:
                return claim
    return None


def whole(key: str, node: Node) -> Claim:
    """Make an image of a field whose text is the whole reference."""
    assert isinstance(node, Scalar | Alias)
    return Claim(key, frozenset({key}), (Piece(Part.WHOLE, node),))


def apart(values: Mapping[str, Node], name: str, others: Mapping[Part, Sequence[str]], pins: Sequence[str]) -> Claim:
    """Make an image of the field `name` and of those of `others` that stand there; `pins` may hold checksums.

    Use only where `is_told` says that these keys make an image. `Claim.key` is `name`.
    """
    keys = {Part.NAME: name}
    for part, candidates in others.items():
        key = _first(values, candidates)
        if key is not None and (part is not Part.DIGEST or _may_be_filled(values[key])):
            keys[part] = key
    if _holds_digest(values, keys):
        keys.pop(Part.DIGEST, None)
    pieces = [piece for part in Part if part in keys for piece in _pieces(part, values[keys[part]], keys)]
    is_pinned = "@" in text(values[name]) or any(text(values.get(pin)) for pin in pins)
    return Claim(name, frozenset(keys.values()), tuple(pieces), _PINNED if is_pinned else None)


def is_told(values: Mapping[str, Node], tags: Sequence[str], digests: Sequence[str], pins: Sequence[str]) -> bool:
    """Tell whether there is a field for a tag, even an empty one, or a digest that is not empty."""
    return _first(values, tags) is not None or any(text(values.get(key)) for key in (*digests, *pins))


def text(node: Node | None) -> str:
    """Give the text of a scalar as a value: without the line end of a block, "" for a null and for anything else."""
    value = text_of(node).rstrip("\n")
    return "" if value in _NULLS else value


def is_scalar(node: Node | None) -> bool:
    """Tell whether a node is a scalar or an alias of one."""
    return isinstance(node.target if isinstance(node, Alias) else node, Scalar)


def is_whole(value: str) -> bool:
    """Tell whether a text is a reference with a tag or a digest. A name without a letter is a ratio or a time."""
    if (":" not in value and "@" not in value) or value.startswith("sha256:"):
        return False
    reference = _reference(value)
    if reference is None or not (reference.tag or reference.digest):
        return False
    return any(character.isalpha() for character in value.partition(":")[0])


def is_name(value: str) -> bool:
    """Tell whether a text is the name of an image without tag and digest."""
    reference = _reference(value) if value else None
    return reference is not None and not reference.tag and not reference.digest


def _shaped(values: Mapping[str, Node], shape: Shape) -> Claim | None:
    name = _first(values, shape.names)
    if name is None or not is_told(values, shape.tags, DIGESTS, PINS):
        return None
    value = text(values[name])
    fits = _may_be_name(value) if name in shape.loose else is_name(value)
    if not fits:
        return None
    others = {Part.REGISTRY: shape.registries, Part.TAG: shape.tags, Part.DIGEST: DIGESTS}
    return apart(values, name, others, PINS)._replace(key=None)


def _may_be_name(value: str) -> bool:
    return bool(value) and not any(sign in value for sign in _NO_NAMES) and not is_whole(value)


def _may_be_filled(node: Node) -> bool:
    """Tell whether a digest stands here, or empty quotes for one; into a null none can be written."""
    scalar = followed(node)
    return bool(text(node)) or (isinstance(scalar, Scalar) and bool(scalar.style))


def _holds_digest(values: Mapping[str, Node], keys: Mapping[Part, str]) -> bool:
    """Tell whether the tag brings its digest with it ("1.2@sha256:...") and no other is written."""
    return "@" in text(values.get(keys.get(Part.TAG, ""))) and not text(values.get(keys.get(Part.DIGEST, "")))


def _pieces(part: Part, node: Node, keys: Mapping[Part, str]) -> list[Piece]:
    """Make the pieces of one field: mostly one, two of a tag with its digest."""
    assert isinstance(node, Scalar | Alias)
    tag, at, _ = text(node).partition("@")
    if part is Part.TAG and at and Part.DIGEST not in keys:
        return [Piece(Part.TAG, node, 0, len(tag)), Piece(Part.DIGEST, node, len(tag) + 1)]
    return [Piece(part, node)]


def _first(values: Mapping[str, Node], keys: Sequence[str]) -> str | None:
    return next((key for key in keys if key in values and is_scalar(values[key])), None)


def _reference(value: str) -> ImageReference | None:
    return _parsed(value) if len(value) <= _LONGEST_REFERENCE else None


# One image stands in many files, and in one file wherever merge keys lead to it.
@lru_cache(maxsize=4096)
def _parsed(value: str) -> ImageReference | None:
    try:
        return ImageReference.parse(value)
    except InvalidImageReference:
        return None
