"""ImageRepository: which image is followed, how often it is looked at, and which tags are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import ImageReference, InvalidImageReference, quoted
from bot.policies.durations import SHORTEST_POLL, shown_duration
from bot.policies.flux.expressions import is_usable
from bot.policies.policy import POLL

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.policies.flux.fields import Fields
    from bot.policies.flux.objects import FluxObject

# The defaults and the limit are those of the custom resource definition.
SIGNATURES: Final = (r"^.*\.sig$",)
MOST_PATTERNS: Final = 25


@dataclass(frozen=True, slots=True)
class Repository:
    """What an ImageRepository says. `exclude` holds patterns of RE2."""

    image: ImageReference
    exclude: tuple[str, ...]
    poll: timedelta
    suspended: bool


def read_repository(found: FluxObject) -> Repository | None:
    """Read an ImageRepository; None, with the reasons in its report, where it cannot be used."""
    spec = found.spec
    image = _image(spec)
    exclude = _exclude(spec)
    poll = _poll(spec)
    suspended = spec.flag("suspend")
    if image is None:
        return None
    return Repository(image, exclude, poll, suspended)


def _poll(spec: Fields) -> timedelta:
    interval = spec.duration("interval")
    if interval is not None and interval < SHORTEST_POLL:
        spec.note("interval", f"is taken for {shown_duration(SHORTEST_POLL)}: no registry is asked more often")
        return SHORTEST_POLL
    return POLL if interval is None else interval


def _image(spec: Fields) -> ImageReference | None:
    text = spec.required("image")
    if text is None:
        return None
    if "://" in text:
        spec.refuse("image", f"is a name without a scheme, not {quoted(text)}")
        return None
    try:
        image = ImageReference.parse(text)
    except InvalidImageReference as error:
        spec.refuse("image", f"will not do: {error}")
        return None
    if image.tag is not None or image.digest is not None:
        spec.refuse("image", f"is written without tag and digest, not {quoted(text)}")
        return None
    return image


def _exclude(spec: Fields) -> tuple[str, ...]:
    exclude = spec.texts("exclusionList")
    if exclude is None:
        return SIGNATURES
    if len(exclude) > MOST_PATTERNS:
        spec.refuse("exclusionList", f"holds at most {MOST_PATTERNS} patterns, not {len(exclude)}")
        return ()
    return exclude if all(is_usable(pattern, spec, "exclusionList") for pattern in exclude) else ()
