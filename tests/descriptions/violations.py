"""What the checkers found wrong, in sentences a person can act on."""

from itertools import islice
from typing import TYPE_CHECKING

from jsonschema import ValidationError as SchemaError
from jsonschema.exceptions import best_match

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ERRORS = 5
MOST_CHARACTERS = 300


class NotAsDescribedError(AssertionError):
    """The sandbox, or who spoke to it, departed from GitHub's own description."""


def sentences(error: Exception) -> list[str]:
    """Say what a validation error of openapi-core means: one sentence for each place that is wrong, at most five."""
    errors: Iterable[Exception] = getattr(error.__cause__, "schema_errors", ())
    found = [_sentence(entry) for entry in islice(errors, MOST_ERRORS)]
    return found or [_cut(_chain(error))]


def _sentence(error: Exception) -> str:
    if not isinstance(error, SchemaError):
        return _cut(str(error))
    deepest = best_match([error]) or error
    return f"at {deepest.json_path}: {_cut(deepest.message)}"


def _chain(error: BaseException) -> str:
    """Join an error and what caused it: openapi-core says the reason in the cause."""
    words = str(error) or type(error).__name__
    return f"{words}: {_chain(error.__cause__)}" if error.__cause__ is not None else words


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}..."
