"""What of a file is sound, and what is not: a mistake in one policy hides none in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from bot.policies.diagnosis import problems_of
from bot.policies.models import FileSection
from bot.policies.tree import MappingNode, Place, Scalar, plain_data

if TYPE_CHECKING:
    from bot.policies.problems import Problem

_VERSION: Final = {"version": Scalar(Place(1, 1), "1", plain=True)}


@dataclass(frozen=True, slots=True)
class Validated:
    """The sound part of a file.

    `positions` tells for each of `file.images` which item of the list in the file it is, from 0. `spoilt` names keys of
    the file that hold a mistake, and stand in `file` as if they were not written.
    """

    file: FileSection
    positions: tuple[int, ...]
    problems: tuple[Problem, ...] = ()
    spoilt: frozenset[str] = frozenset()


def validate(root: MappingNode) -> Validated:
    """Check the shape of a file and every value in it."""
    data = {key: plain_data(entry.value) for key, entry in root.entries.items()}
    try:
        file = FileSection.model_validate(data)
    except ValidationError as error:
        return _sound_part(data, error, root)
    return Validated(file, tuple(range(len(file.images))))


def _sound_part(data: dict[str, object], error: ValidationError, root: MappingNode) -> Validated:
    locations = [each["loc"] for each in error.errors(include_url=False, include_context=False, include_input=False)]
    spoilt = frozenset(str(location[0]) for location in locations if location[0] != "images" or len(location) == 1)
    spoilt_items = {location[1] for location in locations if location[0] == "images" and len(location) > 1}
    images = data.get("images")
    items = images if isinstance(images, list) else []
    positions = tuple(position for position in range(len(items)) if position not in spoilt_items)
    sound = {key: value for key, value in data.items() if key not in spoilt and key != "images"}
    file = FileSection.model_validate(_VERSION | sound | {"images": [items[position] for position in positions]})
    return Validated(file, positions, tuple(problems_of(error, root)), spoilt)
