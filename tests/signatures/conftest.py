"""A sigstore of our own, and verifiers that trust it."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.signatures import Signatures, Signed
from tests.signatures.authority import BUNDLE_0_3, DIGEST, GITHUB, WORKFLOW, Sigstore

Verify = Callable[..., Awaitable[Signed]]


@pytest.fixture(scope="session")
def sigstore() -> Sigstore:
    return Sigstore()


@pytest.fixture
def trusted_root(sigstore: Sigstore, tmp_path: Path) -> Path:
    path = tmp_path / "trusted_root.json"
    path.write_text(json.dumps(sigstore.trusted_root()))
    return path


@pytest.fixture
def verify(trusted_root: Path) -> Verify:
    """Verify a bundle (a document, or its bytes), by default for DIGEST and WORKFLOW."""
    signatures = Signatures(trusted_root)

    async def verified(document: Any, media_type: str = BUNDLE_0_3, **changes: Any) -> Signed:
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        demanded = {"annotations": {}, "digest": DIGEST, "identity": WORKFLOW, "issuer": GITHUB} | changes
        return await signatures.verified(content, media_type, **demanded)

    return verified
