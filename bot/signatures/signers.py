"""Whom a certificate names, and whether that is who must have signed.

Fulcio writes the signer into the certificate's subject alternative name, and the identity provider that vouched for it
into an extension (https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat import asn1
from cryptography.x509 import (
    ExtensionNotFound,
    ObjectIdentifier,
    OtherName,
    RFC822Name,
    SubjectAlternativeName,
    UniformResourceIdentifier,
    UnrecognizedExtension,
)

from bot.safe_text import plain
from bot.signatures.signed import NotSigned
from bot.signatures.wildcards import matches

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

ISSUER_AS_BYTES = ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
ISSUER = ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
USERNAME = ObjectIdentifier("1.3.6.1.4.1.57264.1.7")


class DemandedSigner:
    """A policy in sigstore's sense: the certificate's name fits `identity` (may hold `*`), its issuer is `issuer`."""

    def __init__(self, identity: str, issuer: str) -> None:
        self._identity = identity
        self._issuer = issuer
        self.found = ""

    def verify(self, cert: Certificate) -> None:
        """Hold a certificate to the demand, and keep in `found` the name that fits. Raises NotSigned."""
        issuer = issuer_of(cert)
        if issuer != self._issuer:
            raise NotSigned(f"the signer is vouched for by {plain(issuer) or 'nobody'}, not by {self._issuer}")
        names = names_of(cert)
        fitting = next((name for name in names if matches(self._identity, name)), None)
        if fitting is None:
            raise NotSigned(f"it is signed by {plain(', '.join(names)) or 'nobody'}, not by {self._identity}")
        self.found = fitting


def names_of(certificate: Certificate) -> list[str]:
    """List the names that a certificate is for: mail addresses, URIs, and user names of Fulcio's kind."""
    try:
        names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        return []
    others = names.get_values_for_type(OtherName)
    return [
        *names.get_values_for_type(RFC822Name),
        *names.get_values_for_type(UniformResourceIdentifier),
        *(asn1.decode_der(str, other.value) for other in others if other.type_id == USERNAME),
    ]


def issuer_of(certificate: Certificate) -> str:
    """Tell which identity provider vouched for a certificate's name; "": it does not say."""
    written = _extension(certificate, ISSUER)
    if written is not None:
        return asn1.decode_der(str, written)
    return (_extension(certificate, ISSUER_AS_BYTES) or b"").decode()


def _extension(certificate: Certificate, identifier: ObjectIdentifier) -> bytes | None:
    try:
        value = certificate.extensions.get_extension_for_oid(identifier).value
    except ExtensionNotFound:
        return None
    return value.value if isinstance(value, UnrecognizedExtension) else None
