"""The one door to signatures: a document from a registry goes in, who signed it for an image comes out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.signatures.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.signatures.signed import Signed

MOST_AT_ONCE: Final = 2


class Signatures:
    """Verifies sigstore's signatures without asking the network for more than whom to trust.

    trusted_root: a file of sigstore's `TrustedRoot` (JSON); None: the public good instance's, brought by TUF.
    """

    def __init__(self, trusted_root: Path | None = None, clock: Callable[[], datetime] | None = None) -> None:
        self._trust = Trust(trusted_root, clock)
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    async def verified(
        self,
        content: bytes,
        media_type: str,
        annotations: Mapping[str, str],
        digest: str,
        *,
        identity: str,
        issuer: str,
    ) -> Signed:
        """Hold that `identity` signed this document for the image `digest`, and give the signed statement.

        content, media_type, annotations: a layer as a registry has it: a sigstore bundle (0.1 to 0.3), or cosign's DSSE
        envelope with annotations. digest: `sha256:...`, which the statement's subject must hold. identity: as the
        certificate names the signer; `*` stands for any characters. issuer: the identity provider's address, exactly.
        Raises NotSigned (what does not hold), SigningUnavailable (nothing can be verified here now).
        """
        verifier = await self._trust.verifier()
        async with self._room:
            from bot.signatures.verifying import verify  # noqa: PLC0415 - it needs sigstore, which is there by now

            return await asyncio.to_thread(
                verify, verifier, content, media_type, annotations, digest=digest, identity=identity, issuer=issuer
            )
