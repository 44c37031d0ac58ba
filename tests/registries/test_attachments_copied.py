"""What is attached to an image is found the same where it was copied to, whatever that registry keeps referrers by."""

from collections.abc import Iterator

import pytest

from bot.registries import ANONYMOUS, AttachmentKind, CopyOrder, Side
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_attestations import Attestation
from bot.sandbox.registry_images import build_image
from tests.parts.other_registry import OtherRegistry
from tests.registries.conftest import RegistriesFor

SPDX = "application/spdx+json"
DSSE = "application/vnd.dsse.envelope.v1+json"


@pytest.fixture(scope="module")
def elsewhere(registry: SandboxRegistry) -> Iterator[str]:
    """The host of a registry of another make; where this machine has none, of the same one."""
    other = OtherRegistry.start()
    yield other.host if other else registry.host
    if other:
        other.stop()


async def test_a_copy_has_attached_what_the_original_has(
    registry: SandboxRegistry, elsewhere: str, registries_for: RegistriesFor
) -> None:
    said = [Attestation("https://spdx.dev/Document", {"name": "x"})]
    image = build_image("attached/app:1.0", ["linux/amd64", "linux/arm64"], attestations=said)
    digest = await registry.push_image("attached/app", "1.0", image)
    arm = image.part("linux/arm64").manifest.digest
    await registry.attach("attached/app", digest, SPDX, [(SPDX, b'{"of": "all"}', {})])
    await registry.attach("attached/app", arm, SPDX, [(SPDX, b'{"of": "arm"}', {})])
    await registry.attest("attached/app", digest, [(DSSE, b'{"signed": 1}', {"dev.sigstore.cosign/chain": "-----"})])
    registries = registries_for(registry.host, elsewhere)
    original = await registries.attachments(registry.host, "attached/app", digest)

    sides = Side(registry.host, "attached/app", ANONYMOUS), Side(elsewhere, "copied/app", ANONYMOUS)
    await registries.copy(CopyOrder(*sides, digest, "1.0", "1.0", referrers=True))
    copied = await registries.attachments(elsewhere, "copied/app", digest)

    assert copied == original
    assert [found.kind for found in copied.found] == [
        *[AttachmentKind.ATTESTATION] * 2,
        AttachmentKind.REFERRER,
        AttachmentKind.COSIGN,
        AttachmentKind.REFERRER,
    ]
