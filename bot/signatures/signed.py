"""What a verification says: who signed, or a sentence why nobody did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement that the demanded identity signed.

    identity: the name in the certificate, such as an address of a workflow. issuer: the identity provider that vouched
    for it. payload: the in-toto statement, byte for byte as it was signed. at: aware, the earliest time that a log or a
    timestamp authority proves for the signature; None: only that it was valid is known.
    """

    identity: str
    issuer: str
    payload: bytes = field(repr=False)
    at: datetime | None = None


class NotSigned(Exception):
    """A document does not carry the demanded signature, or carries it for something else; the text is a sentence."""


class SigningUnavailable(Exception):
    """Signatures cannot be verified here and now; the text is a sentence that says what to do."""
