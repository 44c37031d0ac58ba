"""Findings: what was said on a pull request stays said, until it is over or the pull request is long past."""

import asyncio

import pytest

from bot.store import SaidFinding, UnknownOwner
from tests.store.builders import LATER, NOW, repository, review, seconds, settle


def said(fingerprint="f1", **changes):
    return SaidFinding(
        **{"repository": 10, "number": 7, "rule": "host-network", "at": NOW} | changes, fingerprint=fingerprint
    )


async def say(store, *fingerprints, repository=10, number=7, at=NOW):
    await store.findings.say(repository, number, dict.fromkeys(fingerprints, "host-network"), at)


async def test_what_was_said_is_told_by_fingerprint(store):
    await settle(store)
    await store.findings.say(10, 7, {"f2": "single-replica", "f1": "host-network"}, NOW)
    assert await store.findings.said(10, 7) == [said("f1"), said("f2", rule="single-replica")]


async def test_saying_nothing_is_no_error(store):
    await settle(store)
    await store.findings.say(10, 7, {}, NOW)
    assert await store.findings.said(10, 7) == []


async def test_pull_requests_and_repositories_are_kept_apart(store):
    await settle(store, repository(10), repository(11))
    await say(store, "f1")
    assert await store.findings.said(10, 8) == []
    assert await store.findings.said(11, 7) == []


async def test_what_is_said_again_was_said_before(store):
    await settle(store)
    await say(store, "f1")
    await say(store, "f1", "f2", at=LATER)
    assert await store.findings.said(10, 7) == [said("f1"), said("f2", at=LATER)]


async def test_what_is_over_stays_known_and_what_was_never_said_cannot_be_over(store):
    await settle(store)
    await say(store, "f1", "f2")
    await store.findings.end(10, 7, ["f1", "f3"])
    await store.findings.end(10, 8, ["f2"])
    assert await store.findings.said(10, 7) == [said("f1", over=True), said("f2")]


async def test_what_comes_back_is_said_anew(store):
    await settle(store)
    await say(store, "f1")
    await store.findings.end(10, 7, ["f1"])
    await say(store, "f1", at=LATER)
    assert await store.findings.said(10, 7) == [said("f1", at=LATER)]


async def test_more_findings_than_one_transaction_takes_are_all_said_and_ended(store):
    await settle(store)
    names = [f"f{number:04}" for number in range(1203)]
    await say(store, *names)
    await store.findings.end(10, 7, names)
    assert await store.findings.said(10, 7) == [said(name, over=True) for name in names]


async def test_many_who_say_the_same_at_once_say_it_once(store, second_store):
    await settle(store)
    names = [f"f{number}" for number in range(20)]
    orders = (names, names[::-1])
    await asyncio.gather(*(say(each, *order) for each in (store, second_store) for order in orders * 5))
    assert len(await store.findings.said(10, 7)) == 20


async def test_a_forgotten_pull_request_was_told_nothing(store):
    await settle(store)
    for number in (7, 8):
        await say(store, "f1", number=number)
    await store.findings.forget(10, 7)
    assert await store.findings.said(10, 7) == []
    assert await store.findings.said(10, 8) == [said(number=8)]


async def test_what_was_said_on_pull_requests_long_past_is_forgotten_however_much_it_is(store):
    await settle(store)
    await say(store, *(f"f{number}" for number in range(1203)), at=NOW - seconds(1))
    await say(store, "f1", number=8)
    await store.findings.prune(NOW)
    assert await store.findings.said(10, 7) == []
    assert await store.findings.said(10, 8) == [said(number=8)]


async def test_nothing_is_forgotten_of_a_pull_request_on_which_something_was_said_since(store):
    await settle(store)
    await say(store, "f1", at=NOW - seconds(1))
    await say(store, "f2")
    await store.findings.prune(NOW)
    assert [each.fingerprint for each in await store.findings.said(10, 7)] == ["f1", "f2"]


async def test_nothing_is_forgotten_of_a_pull_request_that_was_reviewed_since(store):
    await settle(store)
    for number in (7, 8):
        await say(store, "f1", number=number, at=NOW - seconds(1))
    await store.reviews.put(review(number=7, at=NOW))
    await store.findings.prune(NOW)
    assert len(await store.findings.said(10, 7)) == 1
    assert await store.findings.said(10, 8) == []


async def test_findings_go_with_their_repository_and_need_one(store):
    await settle(store)
    await say(store, "f1")
    await store.repositories.remove(10)
    assert await store.findings.said(10, 7) == []
    with pytest.raises(UnknownOwner):
        await say(store, "f1")
