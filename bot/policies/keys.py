"""Which keys there are, and what is said of one that is not among them."""

from __future__ import annotations

from inspect import isclass
from typing import TYPE_CHECKING, Any, get_args, get_origin

from bot.policies.models import FileSection
from bot.policies.problems import shown_key, suggestion
from bot.policies.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence


def complaint(location: Sequence[str | int]) -> str:
    """Say what is wrong with the key at the end of `location`, which its section does not have."""
    *above, last = location
    key = str(last)
    section = _section_at(above)
    name = next((step for step in reversed(above) if isinstance(step, str)), "")
    where = f" of {shown_key(name)}" if name else ""
    known = frozenset() if section is None else _keys_of(section)
    return f"{shown_key(key)} is not a key{where}{suggestion(key, known)}"


def _section_at(location: Sequence[str | int]) -> type[Section] | None:
    """Follow a location through the sections; None where it leaves them."""
    section: Any = FileSection
    for step in location:
        if isinstance(step, int) or section is None:
            continue
        if get_origin(section) is dict:  # the keys are names: the section is that of the values
            section = _section_in(section)
            continue
        field = next((field for name, field in section.model_fields.items() if (field.alias or name) == step), None)
        annotation = None if field is None else field.annotation
        section = annotation if get_origin(annotation) is dict else _section_in(annotation)
    return None if section is None else _section_in(section)


def _section_in(annotation: Any) -> type[Section] | None:
    """Give the section that stands somewhere in a type such as `tuple[ImageSection, ...]`."""
    if isclass(annotation) and issubclass(annotation, Section):
        return annotation
    return next((found for each in get_args(annotation) if (found := _section_in(each))), None)


def _keys_of(section: type[Section]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in section.model_fields.items())
