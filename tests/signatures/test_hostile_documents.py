"""Whatever a registry gives for a signature, the answer is a sentence, soon, and in little memory."""

import json
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bot.signatures import NotSigned
from tests.signatures.authority import BUNDLE_0_1, BUNDLE_0_3, ENVELOPE, Sigstore, bundle, statement
from tests.signatures.conftest import Verify

VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SHARED_FIXTURES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@SHARED_FIXTURES
@given(data=some.data())
async def test_any_value_in_any_place_of_a_bundle_is_refused_or_changes_nothing(
    sigstore: Sigstore, verify: Verify, data: some.DataObject
) -> None:
    signing = sigstore.signing()
    version = data.draw(some.sampled_from([BUNDLE_0_1, BUNDLE_0_3]))
    document = json.loads(json.dumps(bundle(signing, sigstore.entry(signing), version)))
    place, name = document, data.draw(some.sampled_from(sorted(document)))
    while isinstance(place[name], dict | list) and place[name] and data.draw(some.booleans()):
        place = place[name]
        name = data.draw(some.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[name] = data.draw(VALUES)
    try:
        said: str | bytes = (await verify(document, version)).payload
    except NotSigned as refused:
        said = str(refused)
    assert said == signing.payload or (isinstance(said, str) and said.isprintable())


@SHARED_FIXTURES
@given(content=some.binary(max_size=40), media_type=some.sampled_from([BUNDLE_0_1, BUNDLE_0_3, ENVELOPE]))
async def test_any_bytes_are_refused(verify: Verify, content: bytes, media_type: str) -> None:
    with pytest.raises(NotSigned):
        await verify(content, media_type)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b" " * (64 * 1024 * 1024 + 1), "larger than"),
        (b'{"mediaType":"' + BUNDLE_0_1.encode() + b'","verificationMaterial":[' + b"1," * 2_000_000, "more values"),
        (b'{"mediaType":"' + BUNDLE_0_3.encode() + b'","verificationMaterial":' + b"[" * 5_000_000, "cannot be"),
        (b'{"mediaType":"' + BUNDLE_0_1.encode() + b'","verificationMaterial":' + b'{"a":' * 1_000_000, "cannot be"),
        (b'{"mediaType":' + b"9" * 10_000_000 + b"}", "cannot be"),
    ],
    ids=["larger", "millions of values", "deep", "deep and old", "a long number"],
)
async def test_a_monstrous_document_is_refused_in_little_memory(verify: Verify, content: bytes, said: str) -> None:
    tracemalloc.start()
    with pytest.raises(NotSigned, match=said):
        await verify(content, BUNDLE_0_1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * 1024 * 1024


async def test_a_large_statement_that_is_signed_is_read(sigstore: Sigstore, verify: Verify) -> None:
    payload = statement(predicate={"packages": ["x" * 100] * 100_000})
    signing = sigstore.signing(payload)
    assert (await verify(bundle(signing, sigstore.entry(signing)))).payload == payload
