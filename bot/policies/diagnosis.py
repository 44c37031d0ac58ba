"""What the model says is wrong, turned into problems at their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.policies import keys
from bot.policies.problems import MOST_PROBLEMS, Problem, shown_key
from bot.policies.tree import Node, place_of_key, place_of_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from bot.policies.tree import Place

_SHAPES: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "model_type": "is a mapping of keys",
    "model_attributes_type": "is a mapping of keys",
    "dict_type": "is a mapping of keys",
    "tuple_type": "is a list",
    "list_type": "is a list",
    "too_long": "holds too many items",
}
_UNKNOWN_KEY: Final = "extra_forbidden"


def problems_of(error: ValidationError, root: Node) -> list[Problem]:
    """Turn every error into a problem; of very many, the first of the file."""
    placed = sorted(
        ((_place(each, root), each) for each in error.errors(include_url=False, include_input=False)),
        key=lambda pair: (pair[0].line, pair[0].column),
    )
    return [_problem(place, each) for place, each in placed[: MOST_PROBLEMS + 1]]


def _place(error: ErrorDetails, root: Node) -> Place:
    where = place_of_key if error["type"] == _UNKNOWN_KEY else place_of_value
    return where(root, error["loc"])


def _problem(place: Place, error: ErrorDetails) -> Problem:
    location = error["loc"]
    key = _key(location)
    if error["type"] == _UNKNOWN_KEY:
        return Problem(place.line, place.column, key, keys.complaint(location))
    said = _SHAPES.get(error["type"], error["msg"])
    subject = shown_key(key) if key else "the file"
    if isinstance(location[-1], int):
        subject = f"an item of {subject}"
    return Problem(place.line, place.column, key, f"{subject} {said}")


def _key(location: Sequence[str | int]) -> str:
    """Tell the key that a location ends in; for an item of a list, the key of the list."""
    return next((step for step in reversed(location) if isinstance(step, str)), "")
