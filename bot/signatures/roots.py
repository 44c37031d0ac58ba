"""Whom sigstore trusts: the operator's file of keys and certificates, or the public good instance's by TUF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.safe_text import plain
from bot.signatures.signed import SigningUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from sigstore.verify import Verifier


def load_verifier(trusted_root: Path | None) -> Verifier:
    """Make a verifier; this blocks, and asks the network where `trusted_root` (JSON) is None.

    Raises SigningUnavailable: sigstore is not installed, the file is no trusted root, TUF's repository is not reached.
    """
    try:
        from sigstore.models import TrustedRoot  # noqa: PLC0415 - an extra, and slow to import
        from sigstore.verify import Verifier  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise SigningUnavailable(
            "signatures cannot be verified without sigstore: install the bot with its extra, `niro-bot[sigstore]` "
            f"({error})"
        ) from None
    try:
        if trusted_root is None:
            return Verifier.production()
        return Verifier(trusted_root=TrustedRoot.from_file(str(trusted_root)))
    except Exception as error:  # noqa: BLE001 - files, TUF and HTTP raise all kinds, and each ends here
        place = "sigstore's public instance" if trusted_root is None else str(trusted_root)
        reason = f"{type(error).__name__}: {plain(str(error))}"
        raise SigningUnavailable(f"the trusted root cannot be had from {place} ({reason})") from None
