"""Whether an in-toto statement is about an image: its subject must hold the image's digest."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, Field, ValidationError

from bot.signatures.signed import NotSigned

STATEMENT_TYPE: Final = "application/vnd.in-toto+json"


_STATEMENTS: Final = r"^https://in-toto\.io/Statement/v(0\.1|1)$"


class _Subject(BaseModel):
    digest: dict[str, str]


class _Statement(BaseModel):
    kind: str = Field(alias="_type", pattern=_STATEMENTS)
    subject: list[_Subject]


def require_subject(payload_type: str, payload: bytes, digest: str) -> None:
    """Hold that a signed payload is an in-toto statement about `digest` (`sha256:...`). Raises NotSigned.

    in-toto's Statement layer: an artifact is a subject when one of the subject's digests is the artifact's.
    """
    if payload_type != STATEMENT_TYPE:
        raise NotSigned("what is signed is no in-toto statement, so it names no image")
    try:
        statement = _Statement.model_validate_json(payload)
    except ValidationError:
        raise NotSigned("what is signed is no in-toto statement that can be read") from None
    algorithm, _, value = digest.partition(":")
    if not value or all(subject.digest.get(algorithm) != value for subject in statement.subject):
        raise NotSigned(f"it is signed for another image: the statement's subject does not hold {digest}")
