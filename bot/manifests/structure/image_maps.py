"""Images whose parts are fields of one mapping: `{registry, repository, tag, digest}`, as charts spell them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.images import ImageReference, InvalidImageReference
from bot.manifests.fields import followed, is_null, text_of
from bot.manifests.occurrences import Obstacle, Part
from bot.manifests.places import Piece
from bot.manifests.reasons import SkipReason
from bot.manifests.structure.pins import holds_digest_beside
from bot.manifests.tree import Alias, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.manifests.tree import Node

_LONGEST_REFERENCE: Final = 1024
_ADDRESS: Final = "://"
_NO_NAMES: Final = ("{{", "$", _ADDRESS)
_HOST: Final = "host"
PINNED: Final = Obstacle(
    SkipReason.PINNED_TO_DIGEST, "the image is pinned by a checksum that is written in a way not understood here"
)
_SPREAD: Final = Obstacle(SkipReason.TEMPLATE, "the name of the image is put together from more keys than are edited")
_UNCLEAR: Final = Obstacle(
    SkipReason.TEMPLATE, "two keys name the image, and whether it is put together from both cannot be told"
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
    template or an address; another name must be one of an image. What `last` holds stands behind the repository, and
    what `between` holds before it; `is_longer` asks for the former.
    """

    registries: tuple[str, ...]
    names: tuple[str, ...]
    tags: tuple[str, ...]
    needed: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset({"repository", "repo", "newName"})
    between: tuple[str, ...] = ()
    last: str = ""
    is_longer: bool = False


DIGESTS: Final = ("digest",)
PINS: Final = ("sha256", "sha")
_REPOSITORY: Final = "repository"
_TAG: Final = "tag"
_ORGANIZATIONS: Final = ("org", "organization", "organisation")
_OWNERS: Final = (*_ORGANIZATIONS, "owner", "namespace", "project", "account")

# What NVIDIA's operators write: the repository is all that stands before the image's last name.
_NAME_BELOW_REPOSITORY: Final = Shape(
    ("registry",), (_REPOSITORY,), (_TAG, "version"), frozenset({_REPOSITORY}), last="image", is_longer=True
)

# A mapping with any key. `repository` and `tag` alone may be of a chart or of a source.
ANYWHERE: Final = (
    _NAME_BELOW_REPOSITORY,
    Shape(
        ("registry",),
        (_REPOSITORY,),
        (_TAG,),
        frozenset({"registry", "digest", "pullPolicy", "imagePullPolicy", "pullSecrets", "imagePullSecrets"}),
        between=_ORGANIZATIONS,
    ),
)
_OF_AN_IMAGE: Final = Shape(
    ("registry", "host"),
    (_REPOSITORY, "repo", "newName", "name", "image"),
    (_TAG, "newTag", "imageTag", "version"),
    between=_OWNERS,
)
# A mapping whose key says that it is one of several images. What it is called may stand beside the repository.
ONE_OF_SEVERAL: Final = (_NAME_BELOW_REPOSITORY, _OF_AN_IMAGE)
# A mapping whose key says that it is an image; Strimzi writes its last name as `name`.
OF_AN_IMAGE: Final = (_NAME_BELOW_REPOSITORY, replace(_OF_AN_IMAGE, last="name"))
# A mapping whose key says that it holds images: most of them are no image themselves.
OF_IMAGES: Final = (Shape(("registry",), (_REPOSITORY, "repo"), (_TAG,), between=_OWNERS),)


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
        key = _first(values, candidates, may_be_address=part is not Part.REGISTRY)
        if key is not None and (part is not Part.DIGEST or _may_be_filled(values[key])):
            keys[part] = key
    if _holds_digest(values, keys):
        keys.pop(Part.DIGEST, None)
    pieces = [piece for part in Part if part in keys for piece in _pieces(part, values[keys[part]], keys)]
    is_pinned = "@" in text(values[name]) or any(text(values.get(pin)) for pin in pins)
    return Claim(name, frozenset(keys.values()), tuple(pieces), PINNED if is_pinned else None)


def is_told(values: Mapping[str, Node], tags: Sequence[str], digests: Sequence[str], pins: Sequence[str]) -> bool:
    """Tell whether there is a field for a tag, even an empty one, or a digest that is not empty."""
    return _first(values, tags) is not None or any(text(values.get(key)) for key in (*digests, *pins))


def text(node: Node | None) -> str:
    """Give the text of a scalar as a value: without the line end of a block, "" for a null and for anything else."""
    return "" if is_null(node) else text_of(node).rstrip("\n")


def is_scalar(node: Node | None) -> bool:
    """Tell whether a node is a scalar or an alias of one."""
    return isinstance(node.target if isinstance(node, Alias) else node, Scalar)


def is_address(node: Node) -> bool:
    """Tell whether a value is an address, such as that of a repository of git."""
    return _ADDRESS in text_of(node)


def has_host(name: str) -> bool:
    """Tell whether the name of an image begins with a host (github.com/distribution/reference, splitDockerDomain)."""
    host, slash, _ = name.partition("/")
    return bool(slash) and ("." in host or ":" in host or host == "localhost")


def is_whole(value: str) -> bool:
    """Tell whether a text is a reference with a tag or a digest. A name without a letter is a ratio or a time."""
    if (":" not in value and "@" not in value) or value.startswith("sha256:"):
        return False
    reference = _reference(value)
    if reference is None or not (reference.tag or reference.digest):
        return False
    return any(character.isalpha() for character in value.partition(":")[0])


def is_tagged(value: str) -> bool:
    """Tell whether a text can hardly be anything but an image: a name with a slash, and a tag."""
    reference = _reference(value) if "/" in value and ":" in value else None
    return reference is not None and bool(reference.tag)


def is_name(value: str) -> bool:
    """Tell whether a text is the name of an image without tag and digest."""
    reference = _reference(value) if value else None
    return reference is not None and not reference.tag and not reference.digest


def _shaped(values: Mapping[str, Node], shape: Shape) -> Claim | None:
    name = _first(values, shape.names, may_be_address=False)
    if name is None or not is_told(values, shape.tags, DIGESTS, PINS):
        return None
    value = text(values[name])
    fits = _may_be_name(value) if name in shape.loose else is_name(value)
    last = _last(values, name, shape)
    if not fits or (shape.is_longer and last is None):
        return None
    claim = _put_together(values, name, last, shape)._replace(key=None)
    return claim._replace(obstacle=PINNED) if holds_digest_beside(values, claim.keys) else claim


def _last(values: Mapping[str, Node], name: str, shape: Shape) -> str | None:
    """Give the key of what may stand behind the repository: another name, and not that of the repository again."""
    last = text(values.get(shape.last))
    if name != _REPOSITORY or not is_name(last) or has_host(last):
        return None
    is_label = not shape.is_longer and ("/" in last or f"/{text(values[name])}".endswith(f"/{last}"))
    return None if is_label else shape.last


def _put_together(values: Mapping[str, Node], name: str, last: str | None, shape: Shape) -> Claim:
    """Make an image of up to four keys that its name stands in: registry, owner, repository and last name.

    Two of them are a registry and a name. More can be read, and not be written apart.
    """
    parts = {Part.TAG: shape.tags, Part.DIGEST: DIGESTS}
    registries = [key for key in shape.registries if key != _HOST or has_host(f"{text(values.get(key))}/")]
    registry = next((key for key in registries if text(values.get(key)) and not is_address(values[key])), None)
    tells_all = _tells_all(text(values[name]))
    owner = None if tells_all else next((key for key in shape.between if is_name(text(values.get(key)))), None)
    if last is not None and tells_all and not (shape.is_longer and _first(values, shape.tags) != _TAG):
        claim = apart(values, name, {Part.REGISTRY: [registry] if registry else registries, **parts}, PINS)
        return claim._replace(keys=claim.keys | {last}, obstacle=_UNCLEAR)
    keys = [key for key in (registry, owner, name, last) if key is not None]
    if len(keys) == 1 or keys == [registry, name]:
        return apart(values, name, {Part.REGISTRY: [registry] if registry else registries, **parts}, PINS)
    if keys == [name, last]:
        return apart(values, keys[1], {Part.REGISTRY: [name], **parts}, PINS)
    claim = apart(values, name, parts, PINS)
    return _spread(claim, [values[key] for key in keys])._replace(keys=claim.keys | set(keys))


def _tells_all(name: str) -> bool:
    """Tell whether a repository says more than a registry and an owner: there is nothing to put before or behind it."""
    return name.count("/") > int(has_host(name))


def _spread(claim: Claim, nodes: Sequence[Node]) -> Claim:
    """Let the name of an image be what several values make. They are pieces of it too: nobody edits them alone."""
    names = [Piece(Part.NAME, node) for node in (*nodes, _joined(nodes)) if isinstance(node, Scalar | Alias)]
    others = [piece for piece in claim.pieces if piece.part is not Part.NAME]
    return claim._replace(pieces=(*names, *others), obstacle=_SPREAD)


def _joined(nodes: Sequence[Node]) -> Scalar:
    """Make a scalar of several, which stands where the last one does; of a long one just as much as makes it none."""
    last = followed(nodes[-1])
    assert isinstance(last, Scalar)
    value = "/".join(text(node)[: _LONGEST_REFERENCE + 1].strip("/") for node in nodes)
    return Scalar(None, None, (True, False), value, last.start_mark, last.end_mark, last.style)


def _may_be_name(value: str) -> bool:
    if not value or len(value) > _LONGEST_REFERENCE:
        return False
    return not any(sign in value for sign in _NO_NAMES) and not is_whole(value)


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


def _first(values: Mapping[str, Node], keys: Sequence[str], *, may_be_address: bool = True) -> str | None:
    there = (key for key in keys if key in values and is_scalar(values[key]))
    return next((key for key in there if may_be_address or not is_address(values[key])), None)


def _reference(value: str) -> ImageReference | None:
    return _parsed(value) if len(value) <= _LONGEST_REFERENCE else None


# One image stands in many files, and in one file wherever merge keys lead to it.
@lru_cache(maxsize=4096)
def _parsed(value: str) -> ImageReference | None:
    try:
        return ImageReference.parse(value)
    except InvalidImageReference:
        return None
