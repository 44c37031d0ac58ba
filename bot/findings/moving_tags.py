"""Which tags move: what runs under them today may be something else tomorrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.findings.filling import is_filled_in, is_replaced
from bot.findings.image_places import is_no_text, place_of
from bot.manifests import Mode, selects
from bot.manifests.reasons import SkipReason
from bot.manifests.scope import WORKFLOWS
from bot.manifests.targets import UNTAGGED, names
from bot.policies.rules import RULES_BY_ID
from bot.selection import Strategy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.rule import Asked
    from bot.findings.subjects import Image
    from bot.images import ImageReference
    from bot.policies import ImagePolicy

_OPTION: Final = "mutable-tags"
_DEFAULT: Final = {option.name: option.default for option in RULES_BY_ID["latest-image-tag"].options}[_OPTION]


class MovingTag(NamedTuple):
    """A tag that moves, and the image that it is of. `is_written` False: none is written, so it is `latest`."""

    image: ImageReference
    tag: str
    is_written: bool


def moving_tag(image: Image, asked: Asked) -> MovingTag | None:
    """Tell the tag of an image that moves; None: it does not, or nobody can tell which one will be used.

    The tags of the option `mutable-tags` move, in any case of letters, and so does the one that a policy with the
    strategy `digest` follows. A digest counts before any tag. An image without a tag is at `latest` where nothing else
    can add one: in the values of a chart and in a kustomization the tag may well stand elsewhere.
    """
    reference = image.occurrence.reference
    if reference is None or is_pinned(image) or is_no_text(image):
        return None
    found = _moving(reference, image, asked)
    return None if found is None or is_filled_in(image) or is_replaced(image, asked) else found


def is_pinned(image: Image) -> bool:
    """Whether a digest says which image is meant, also one that stands beside it and is not read as its part."""
    occurrence = image.occurrence
    beside = occurrence.obstacle is not None and occurrence.obstacle.reason is SkipReason.PINNED_TO_DIGEST
    return beside or (occurrence.reference is not None and occurrence.reference.digest is not None)


def following(image: Image, asked: Asked) -> ImagePolicy | None:
    """Find the first policy in force that moves this image where it stands."""
    return next(_followers(image, asked), None)


def newest_tag(image: Image, asked: Asked) -> str | None:
    """Tell the tag that the policies choose which move this image where it stands; None: not known, or not one tag."""
    chosen = {asked.known.newest.get(policy.name) for policy in _followers(image, asked)} if asked.known.newest else ()
    return next(iter(chosen)) if len(chosen) == 1 else None


def _followers(image: Image, asked: Asked) -> Iterator[ImagePolicy]:
    reference = image.occurrence.reference
    if reference is None or asked.known.policy(reference) is None:
        return iter(())
    policies = (each for each in asked.known.policies if each.enabled and each.follows(reference))
    return (each for each in policies if _moves(each, image))


def _moving(reference: ImageReference, image: Image, asked: Asked) -> MovingTag | None:
    if reference.tag is None:
        return MovingTag(reference, UNTAGGED, is_written=False) if place_of(image).is_final else None
    tag = MovingTag(reference, reference.tag, is_written=True)
    if reference.tag.casefold() in mutable_tags(asked):
        return tag
    policy = following(image, asked)
    is_followed = policy is not None and policy.rule.strategy is Strategy.DIGEST
    return tag if is_followed and policy and policy.rule.track in {None, reference.tag} else None


def mutable_tags(asked: Asked) -> frozenset[str]:
    """List the tags that move, in lower case: those of the rule's option, or its default for a rule without one."""
    tags = dict(asked.settings.options).get(_OPTION, _DEFAULT)
    return frozenset(str(tag).casefold() for tag in tags) if isinstance(tags, tuple) else frozenset()


def _moves(policy: ImagePolicy, image: Image) -> bool:
    """Whether a policy changes the file and the place: by its paths, its mode, and the marker that may stand there."""
    path, marker = image.occurrence.path, image.occurrence.marker
    if not selects(policy.paths, path) or (path.startswith(WORKFLOWS) and not policy.workflows):
        return False
    return policy.mode is not Mode.MARKERS if marker is None else names(marker, policy.name)
