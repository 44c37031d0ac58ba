"""What the checkers found wrong, in sentences a person can act on."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

from jsonschema import ValidationError as SchemaError  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ERRORS = 5
MOST_CHARACTERS = 300


class NotAsDescribedError(AssertionError):
    """The sandbox, or who spoke to it, departed from GitHub's own description."""


def sentences(error: Exception) -> list[str]:
    """Say what a validation error of openapi-core means: one sentence for each place that is wrong, at most five."""
    errors: Iterable[Exception] = getattr(error.__cause__, "schema_errors", ())
    found = [sentence for entry in errors for sentence in _sentences(entry)]
    return list(islice(found, MOST_ERRORS)) or [_cut(_chain(error))]


def _sentences(error: Exception) -> list[str]:
    if not isinstance(error, SchemaError):
        return [_cut(str(error))]
    if error.context:
        return [sentence for nested in _nearest(error) for sentence in _sentences(nested)]
    return [f"at {error.json_path}: {_cut(error.message)}"]


def _nearest(error: SchemaError) -> list[SchemaError]:
    """Return the errors of the alternative that fits best: the one whose errors lie deepest, then has fewest."""
    by_alternative = sorted(error.context, key=_alternative)
    alternatives = [list(errors) for _, errors in groupby(by_alternative, key=_alternative)]
    return max(alternatives, key=lambda errors: (min(len(nested.absolute_path) for nested in errors), -len(errors)))


def _alternative(error: SchemaError) -> int:
    return next((step for step in error.schema_path if isinstance(step, int)), 0)


def _chain(error: BaseException) -> str:
    """Join an error and what caused it: openapi-core says the reason in the cause."""
    words = str(error) or type(error).__name__
    cause = error.__cause__
    return words if cause is None or str(cause) in words else f"{words}: {_chain(cause)}"


def _cut(text: str) -> str:
    """Shorten a long text in its middle: the value stands in front, the reason at the end."""
    half = MOST_CHARACTERS // 2
    return text if len(text) <= MOST_CHARACTERS else f"{text[:half]} ... {text[-half:]}"
