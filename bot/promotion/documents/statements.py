"""The in-toto statement: what a predicate is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.promotion.documents.told import Unreadable
from bot.promotion.documents.values import loaded, mapping, objects, text

_TYPE: Final = "https://in-toto.io/Statement/"


@dataclass(frozen=True, slots=True)
class InTotoStatement:
    """A statement: the digests of its subjects, and what it says of them."""

    subjects: frozenset[str]
    predicate_type: str
    predicate: dict[str, Any]


def is_statement(document: dict[str, Any]) -> bool:
    """Say whether a document is an in-toto statement (in-toto/attestation, spec/v1/statement.md; also v0.1)."""
    return str(document.get("_type", "")).startswith(_TYPE)


def read_statement(document: dict[str, Any]) -> InTotoStatement:
    """Read a statement; raise Unreadable where it has no subject with a SHA-256 digest, or no predicate."""
    subjects = [mapping(subject.get("digest")).get("sha256") for subject in objects(document.get("subject"))]
    digests = frozenset(f"sha256:{text(subject)}" for subject in subjects if subject)
    if not digests:
        raise Unreadable("it is a statement about nothing: it has no subject with a digest")
    return InTotoStatement(digests, text(document.get("predicateType")), _predicate(document.get("predicate")))


def _predicate(value: object) -> dict[str, Any]:
    """A predicate is an object; cosign before 2.0 wrote a document of its own as a text, also in `Data`."""
    inner = mapping(value).get("Data", value)
    if isinstance(inner, str):
        return loaded(inner.encode("utf-8", "replace"))
    if not isinstance(inner, dict):
        raise Unreadable("it is a statement without a predicate")
    return inner
