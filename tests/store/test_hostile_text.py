"""Text that other people wrote: what a database cannot hold is refused or cleaned, the same on both."""

import asyncio
import base64
import random

import pytest

from bot.store import PolicyRecord, UnstorableValue
from bot.store.columns import LONGEST_NAME, check_name, cleaned
from tests.store.builders import NOW, bump, decision, delivery, file, installation, repository, request, settle, use

BAD_NAMES = {
    "NUL": "a\0b",
    "lone surrogate": "a\udc80b",
    "too long": "x" * 5000,
    "too long in bytes": "\N{SNOWMAN}" * 2000,
}
bad_name = pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES.keys())


@bad_name
async def test_a_name_that_cannot_be_held_is_refused_everywhere_it_is_written(store, name):
    await settle(store)
    writes = [
        lambda: store.deliveries.append(delivery(name)),
        lambda: store.deliveries.append_dead(delivery(event=name), "reason"),
        lambda: store.due.ask([request(name)]),
        lambda: store.installations.save(installation(account=name)),
        lambda: store.repositories.save(repository(full_name=name)),
        lambda: store.index.put(10, [file(name)]),
        lambda: store.index.put(10, [file(images=[use(tag=name)])]),
        lambda: store.ledger.record("ghcr.io", "acme/app", [name], NOW),
        lambda: store.bumps.save(bump(group=name)),
        lambda: store.decisions.save(decision(policy=name)),
    ]
    for write in writes:
        with pytest.raises(UnstorableValue, match="refuse it where it came in"):
            await write()


@bad_name
async def test_a_name_that_cannot_be_held_is_refused_when_it_is_looked_for(store, name):
    with pytest.raises(UnstorableValue):
        await store.deliveries.status(name)
    with pytest.raises(UnstorableValue):
        await store.index.followers(name, "acme/app")


async def test_a_bad_delivery_does_not_spoil_those_that_come_with_it(store):
    good, bad = delivery("good"), delivery("b\0d")
    answers = await asyncio.gather(*map(store.deliveries.append, (good, bad)), return_exceptions=True)
    assert answers[0] is True
    assert isinstance(answers[1], UnstorableValue)


async def test_the_longest_names_that_are_let_in_can_be_stored_and_indexed(store):
    await settle(store)
    # Random, so that PostgreSQL cannot press them below the size its index takes.
    long = base64.b64encode(random.Random(1).randbytes(LONGEST_NAME)).decode()[:LONGEST_NAME]
    await store.due.ask([request(long, kind=long[:64])])
    await store.index.put(10, [file(long, images=[use(long[:512], host=long[:255], tag=long[:255])])])
    await store.ledger.record(long[:255], long[:512], [long[:255]], NOW, long[:255])
    assert (await store.index.files(10))[0].path == long
    assert [work.key for work in await store.due.lease(NOW, window=1, share=1, until=NOW)] == [long]


async def test_sentences_and_documents_are_cleaned_not_refused(store):
    await settle(store)
    await store.repositories.save_policy(10, PolicyRecord("b", "a: \0\udc80 b", (), "c"))
    await store.decisions.save(decision(sentence="no\0 \udfff way"))
    await store.index.put(10, [file(occurrences='["\ud800"]')])
    await store.deliveries.append_dead(delivery(), "\0" * 9000)
    assert (await store.repositories.policy(10)).text == "a: \ufffd\ufffd b"
    assert (await store.decisions.of(10, "app")).sentence == "no\ufffd \ufffd way"
    assert (await store.index.files(10))[0].occurrences == '["\ufffd"]'
    assert (await store.deliveries.status("d-1")).reason == "\ufffd" * 4000


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40])
async def test_a_number_that_needs_more_than_64_bits_is_refused(store, number):
    with pytest.raises(UnstorableValue):
        await store.installations.save(installation(number))
    with pytest.raises(UnstorableValue):
        await store.repositories.get(number)


async def test_a_time_without_a_zone_is_refused(store):
    with pytest.raises(UnstorableValue, match="aware"):
        await store.deliveries.append(delivery(received_at=NOW.replace(tzinfo=None)))
    with pytest.raises(UnstorableValue, match="aware"):
        await store.due.ask([request(due_at=NOW.replace(tzinfo=None))])


def test_an_error_never_shows_the_text():
    with pytest.raises(UnstorableValue, match="a tag has 9 bytes, at most 8") as refused:
        check_name("verysecre", "a tag", 8)
    assert "verysecre" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "plain", "\N{SNOWMAN} \U0001f600", "a\tb\r\n", "\x01\x7f\ufffe"])
def test_text_that_both_databases_hold_stays_as_it_is(text):
    assert cleaned(text) == check_name(text, "a name") == text
