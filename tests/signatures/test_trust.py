"""Whom to trust is read when it is needed and again every day; without it nothing is verified, and it says why."""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.signatures import NotSigned, Signatures, Signed, SigningUnavailable
from tests.signatures.authority import BUNDLE_0_3, DIGEST, GITHUB, SIGNED_AT, WORKFLOW, Sigstore, bundle


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = SIGNED_AT

    def __call__(self):
        return self.now


class Verifier:
    """Verifies one good bundle of `sigstore`, with a trusted root at a path."""

    def __init__(self, sigstore: Sigstore, path: Path | None) -> None:
        signing = sigstore.signing()
        self._content = json.dumps(bundle(signing, sigstore.entry(signing))).encode()
        self.clock = Clock()
        self._path = path
        self._signatures = Signatures(path, self.clock)

    def is_given(self, trusted_root: str | None) -> None:
        """Write the trusted root's file, or remove it."""
        assert self._path is not None
        if trusted_root is None:
            self._path.unlink()
        else:
            self._path.write_text(trusted_root)

    async def __call__(self) -> Signed:
        return await self._signatures.verified(self._content, BUNDLE_0_3, {}, DIGEST, identity=WORKFLOW, issuer=GITHUB)

    async def after(self, **time: float) -> Signed:
        self.clock.now += timedelta(**time)
        return await self()


@pytest.fixture
def verifier(sigstore: Sigstore, trusted_root: Path) -> Verifier:
    return Verifier(sigstore, trusted_root)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}']
)
async def test_a_file_that_is_no_trusted_root_is_told(verifier: Verifier, text: str) -> None:
    verifier.is_given(text)
    with pytest.raises(SigningUnavailable, match=r"trusted_root\.json"):
        await verifier()


async def test_a_file_that_is_gone_is_told(verifier: Verifier) -> None:
    verifier.is_given(None)
    with pytest.raises(SigningUnavailable, match="No such file"):
        await verifier()


@pytest.mark.parametrize("missing", ["ctlogs", "tlogs", "certificateAuthorities"])
async def test_a_root_that_lacks_what_is_needed_is_not_the_signers_fault(
    sigstore: Sigstore, verifier: Verifier, missing: str
) -> None:
    verifier.is_given(json.dumps(sigstore.trusted_root() | {missing: []}))
    with pytest.raises(SigningUnavailable):
        await verifier()


async def test_without_the_extra_it_says_what_to_install(verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigstore.models", None)
    with pytest.raises(SigningUnavailable, match=r"niro-bot\[sigstore\]"):
        await verifier()


async def test_a_public_instance_that_is_not_reached_is_told(
    sigstore: Sigstore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    with pytest.raises(SigningUnavailable, match="cannot be had from sigstore's public instance"):
        await Verifier(sigstore, None)()


async def test_a_new_root_is_trusted_a_day_later(verifier: Verifier) -> None:
    await verifier()
    verifier.is_given(json.dumps(Sigstore().trusted_root()))
    assert (await verifier.after(hours=23)).identity == WORKFLOW
    with pytest.raises(NotSigned):
        await verifier.after(hours=2)


async def test_a_root_that_cannot_be_had_again_is_trusted_for_a_week(verifier: Verifier) -> None:
    await verifier()
    verifier.is_given("broken")
    assert (await verifier.after(days=6)).identity == WORKFLOW
    with pytest.raises(SigningUnavailable):
        await verifier.after(days=1)


async def test_a_root_that_could_not_be_had_is_asked_for_again_after_a_pause(
    sigstore: Sigstore, verifier: Verifier
) -> None:
    verifier.is_given("broken")
    with pytest.raises(SigningUnavailable):
        await verifier()
    verifier.is_given(json.dumps(sigstore.trusted_root()))
    with pytest.raises(SigningUnavailable):
        await verifier.after(minutes=4)
    assert (await verifier.after(minutes=1)).identity == WORKFLOW


async def test_many_documents_are_verified_at_once(verifier: Verifier) -> None:
    signed = await asyncio.gather(*(verifier() for _ in range(20)))
    assert {each.identity for each in signed} == {WORKFLOW}
