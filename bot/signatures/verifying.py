"""One document held to its signature, with sigstore: certificate, log entry, envelope, and the image it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sigstore.errors import Error, MetadataError

from bot.safe_text import plain
from bot.signatures.bundles import read_bundle
from bot.signatures.signed import NotSigned, Signed, SigningUnavailable
from bot.signatures.signers import DemandedSigner
from bot.signatures.statements import require_subject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sigstore.models import Bundle
    from sigstore.verify import Verifier


def verify(
    verifier: Verifier,
    content: bytes,
    media_type: str,
    annotations: Mapping[str, str],
    *,
    digest: str,
    identity: str,
    issuer: str,
) -> Signed:
    """Verify one document as Signatures.verified promises; this blocks. Raises NotSigned, SigningUnavailable."""
    signer = DemandedSigner(identity, issuer)
    try:
        bundle = read_bundle(content, media_type, annotations)
        payload_type, payload = verifier.verify_dsse(bundle, signer)
        require_subject(payload_type, payload, digest)
        return Signed(signer.found, issuer, payload, _signed_at(verifier, bundle))
    except (NotSigned, SigningUnavailable):
        raise
    except MetadataError as error:
        raise SigningUnavailable(f"the trusted root is of no use: {plain(str(error))}") from None
    except Error as error:
        raise NotSigned(f"the signature does not hold: {plain(str(error))}") from None
    except BaseException as error:  # noqa: BLE001 - strangers wrote it, and a panic in Rust is no Exception
        raise NotSigned(f"the signature cannot be read ({type(error).__name__})") from None


def _signed_at(verifier: Verifier, bundle: Bundle) -> datetime | None:
    """Tell the earliest proven time; the library counts times that its verification, just done, has held."""
    proven = verifier._establish_time(bundle)  # noqa: SLF001 - the library has no door for it
    return min((result.time for result in proven), default=None)
