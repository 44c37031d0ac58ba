"""Who signed a document for an image: sigstore's bundles, behind plain values."""

from bot.signatures.signatures import Signatures
from bot.signatures.signed import NotSigned, Signed, SigningUnavailable

__all__ = ["NotSigned", "Signatures", "Signed", "SigningUnavailable"]
