"""What a document says, whichever kind it is of and however it is wrapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.promotion.documents.amazon import is_amazon, read_amazon
from bot.promotion.documents.cosign_vulnerabilities import is_cosign_vulnerabilities, read_cosign_vulnerabilities
from bot.promotion.documents.cyclonedx import is_cyclonedx, read_cyclonedx
from bot.promotion.documents.cyclonedx_xml import from_xml, is_xml
from bot.promotion.documents.envelopes import is_envelope, payload
from bot.promotion.documents.grype import is_grype, read_grype
from bot.promotion.documents.harbor import is_harbor, read_harbor
from bot.promotion.documents.openvex import is_openvex, read_openvex
from bot.promotion.documents.spdx import is_spdx, read_spdx
from bot.promotion.documents.statements import is_statement, read_statement
from bot.promotion.documents.told import AboutAnother, Told, Unreadable
from bot.promotion.documents.trivy import is_trivy, read_trivy
from bot.promotion.documents.values import loaded

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.promotion.documents.found import FoundDocument


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of document. called: what media types and predicate types that promise it have in them."""

    name: str
    called: tuple[str, ...]
    fits: Callable[[dict[str, Any]], bool]
    read: Callable[[dict[str, Any]], Told]


_KINDS: Final = (
    _Kind("SPDX", ("spdx",), is_spdx, read_spdx),
    _Kind("CycloneDX", ("cyclonedx",), is_cyclonedx, read_cyclonedx),
    _Kind("OpenVEX", ("openvex",), is_openvex, read_openvex),
    _Kind("a scan's report", ("attestation/vuln/",), is_cosign_vulnerabilities, read_cosign_vulnerabilities),
    _Kind("Harbor's report", ("vnd.security.vulnerability.report", "vnd.scanner.adapter"), is_harbor, read_harbor),
    _Kind("findings of Amazon ECR", ("amazon.ecr",), is_amazon, read_amazon),
    _Kind("Trivy's report", (), is_trivy, read_trivy),
    _Kind("Grype's report", (), is_grype, read_grype),
)
# How it was built, and by whom it was accepted: nothing that a promotion asks for.
_BESIDE: Final = (
    "https://slsa.dev/",
    "https://in-toto.io/Link/",
    *(f"https://in-toto.io/attestation/{name}" for name in ("link", "reference", "release", "scai", "test-result")),
    "https://in-toto.io/provenance",
    "https://cosign.sigstore.dev/attestation/v1",
    "https://sigstore.dev/cosign/sign/",
)


def read(document: FoundDocument) -> Told | None:
    """Read a document; None where it is of a kind that says nothing a promotion asks for, such as a provenance.

    Raise Unreadable where it counts for nothing, also where an in-toto statement does not name in its subject the
    digest that it was found at. What a document is called must be what it is.
    """
    if document.predicate_type.startswith(_BESIDE):
        return None
    if is_xml(document.content):
        return _of_kind(from_xml(document.content), document.media_type)
    value = loaded(document.content)
    if is_envelope(value):
        inner = payload(value)
        return None if inner is None else _of_statement(inner, document.subject)
    if is_statement(value):
        return _of_statement(value, document.subject)
    if "in-toto" in document.media_type or "dsse" in document.media_type or "sigstore" in document.media_type:
        raise Unreadable("it is called an in-toto statement, but is none")
    return _of_kind(value, document.media_type)


def _of_statement(value: dict[str, Any], subject: str) -> Told | None:
    if not is_statement(value):
        raise Unreadable("its envelope holds no in-toto statement")
    statement = read_statement(value)
    if subject not in statement.subjects:
        raise AboutAnother("it is a statement about another digest than the one it was found at")
    if statement.predicate_type.startswith(_BESIDE):
        return None
    return _of_kind(statement.predicate, statement.predicate_type)


def _of_kind(value: dict[str, Any], called: str) -> Told:
    promised = next((kind for kind in _KINDS if any(word in called.lower() for word in kind.called)), None)
    kind = promised or next((kind for kind in _KINDS if kind.fits(value)), None)
    if kind is None:
        raise Unreadable("it is of no kind that is read here")
    if not kind.fits(value):
        raise Unreadable(f"it is called {kind.name}, but is none")
    return kind.read(value)
