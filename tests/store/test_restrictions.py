"""Restrictions: laid, listed and lifted as people say it, and handed to the selection as it wants them."""

import asyncio

import pytest

from bot.selection import Constraint, Restriction, RestrictionKind
from bot.store import UnknownOwner, UnstorableValue
from tests.store.builders import LATER, NOW, repository, restriction, seconds, settle

HOLD, IGNORE, PIN, SNOOZE = (RestrictionKind(name) for name in ("hold", "ignore", "pin", "snooze"))


async def lay(store, *records):
    for record in records:
        await store.restrictions.lay(record)


def about(records):
    """Return for each record its policy and what it means."""
    return [(each.policy, each.kind, each.tag or each.range or each.beyond) for each in records]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"kind": HOLD, "beyond": "1.5.0", "digest": "sha256:1", "source": "revert", "by": "", "reason": ""},
        {"kind": PIN, "tag": "1.4.0", "beyond": "1.5.0"},
        {"kind": SNOOZE, "until": LATER},
        {"range": ">=1.5 <2"},
        {"policy": "a b/c: \N{SNOWMAN} '\"`"},
    ],
    ids=str,
)
async def test_a_restriction_comes_out_as_it_went_in(store, changes):
    await settle(store)
    await lay(store, restriction(**changes))
    assert await store.restrictions.of(10, NOW) == [restriction(**changes)]


async def test_the_same_restriction_laid_again_replaces_the_first(store):
    await settle(store)
    again = restriction(tag="1.5.0", reason="Still broken.", by="hubot", source="comment:2", until=LATER, at=LATER)
    await lay(store, restriction(tag="1.5.0"), again)
    assert await store.restrictions.of(10, NOW) == [again]


@pytest.mark.parametrize(
    "changes",
    [
        {"policy": "db"},
        {"kind": HOLD},
        {"tag": "1.6.0"},
        {"digest": "sha256:1"},
        {"range": "1.5.0"},
        {"beyond": "1.5.0"},
    ],
    ids=str,
)
async def test_what_means_something_else_stands_beside_it(store, changes):
    await settle(store)
    await lay(store, restriction(tag="1.5.0"), restriction(**{"tag": "1.5.0", **changes}))
    assert len(await store.restrictions.of(10, NOW)) == 2


@pytest.mark.parametrize("kind", [PIN, SNOOZE])
async def test_a_policy_has_one_pin_and_one_snooze(store, kind):
    await settle(store)
    await lay(store, restriction(kind, tag="1.0"), restriction(kind, policy="db", tag="1.0"), restriction(tag="1.0"))
    await lay(store, restriction(kind, tag="2.0", until=LATER))
    kept = {("app", kind, "2.0"), ("db", kind, "1.0"), ("app", IGNORE, "1.0")}
    assert set(about(await store.restrictions.of(10, NOW))) == kept


async def test_pins_laid_at_once_leave_one(store, second_store):
    await settle(store)
    pins = [restriction(PIN, tag=f"1.{number}") for number in range(20)]
    await asyncio.gather(*((store, second_store)[n % 2].restrictions.lay(pin) for n, pin in enumerate(pins)))
    assert len(await store.restrictions.of(10, NOW)) == 1


@pytest.mark.parametrize(("until", "listed"), [(None, True), (LATER, True), (NOW, False), (NOW - seconds(1), False)])
async def test_what_ended_by_itself_is_not_listed(store, until, listed):
    await settle(store)
    await lay(store, restriction(SNOOZE, until=until))
    assert bool(await store.restrictions.of(10, NOW)) is listed
    assert bool(await store.restrictions.restrictions_for(10, NOW)) is listed


async def test_restrictions_are_listed_by_policy_and_the_earliest_first(store):
    await settle(store)
    await lay(store, restriction(policy="db"), restriction(tag="1.1", at=LATER), restriction(tag="1.2"))
    assert about(await store.restrictions.of(10, NOW)) == [
        ("app", IGNORE, "1.2"),
        ("app", IGNORE, "1.1"),
        ("db", IGNORE, None),
    ]


EVERY = (
    restriction(HOLD),
    restriction(IGNORE, tag="1.5"),
    restriction(IGNORE, beyond="1.5", source="pull-request:7"),
    restriction(IGNORE, range="<2"),
    restriction(PIN, policy="db", tag="1.5"),
    restriction(SNOOZE, policy="db", until=NOW),
    restriction(IGNORE, tag="1.6", digest="sha256:1"),
    restriction(IGNORE, tag="1.6", digest="sha256:2"),
)


@pytest.mark.parametrize(
    ("kinds", "narrowed", "lifted"),
    [
        ([], {}, ()),
        ([HOLD, SNOOZE], {}, (0, 5)),
        ([IGNORE], {}, (1, 2, 3, 6, 7)),
        ([IGNORE], {"tag": "1.6"}, (6, 7)),
        ([IGNORE], {"tag": "1.6", "digest": "sha256:2"}, (7,)),
        ([IGNORE], {"digest": "sha256:1"}, (6,)),
        ([IGNORE], {"tag": "1.5"}, (1, 2)),
        ([IGNORE], {"tag": "1.50"}, ()),
        ([IGNORE], {"range": "<2"}, (3,)),
        ([IGNORE, PIN], {"tag": "1.5", "policies": ["db"]}, (4,)),
        ([IGNORE, HOLD], {"source": "pull-request:7"}, (2,)),
        ([HOLD, IGNORE], {"policies": []}, ()),
        ([HOLD, PIN], {"policies": {"app", "db"}}, (0, 4)),
    ],
)
async def test_what_is_lifted_is_told_and_the_rest_stays(store, kinds, narrowed, lifted):
    await settle(store, repository(10), repository(11))
    await lay(store, *EVERY, *(restriction(kind, repository=11) for kind in RestrictionKind))
    taken = await store.restrictions.lift(10, kinds, **narrowed)
    assert set(taken) == {EVERY[position] for position in lifted}
    assert set(await store.restrictions.of(10, NOW - seconds(1))) == set(EVERY) - set(taken)
    assert len(await store.restrictions.of(11, NOW)) == len(RestrictionKind)


async def test_lifting_twice_lifts_nothing_more(store):
    await settle(store)
    await lay(store, restriction())
    assert await store.restrictions.lift(10, [IGNORE]) == [restriction()]
    assert await store.restrictions.lift(10, [IGNORE]) == []


async def test_the_selection_gets_them_with_their_ranges_read(store):
    await settle(store)
    await lay(store, restriction(range=">=1.5 <2"), restriction(PIN, policy="db", tag="1.4", beyond="1.5", until=LATER))
    assert await store.restrictions.restrictions_for(10, NOW) == [
        Restriction(IGNORE, "It is broken.", range=Constraint.parse(">=1.5 <2"), policy="app"),
        Restriction(PIN, "It is broken.", tag="1.4", until=LATER, policy="db", beyond="1.5"),
    ]


@pytest.mark.parametrize("kind", RestrictionKind)
async def test_one_whose_range_cannot_be_read_holds_the_image_and_says_so(store, kind):
    await settle(store)
    await lay(store, restriction(kind, range="not a range", until=LATER))
    [found] = await store.restrictions.restrictions_for(10, NOW)
    assert "is not a range of versions" in found.reason
    assert found == Restriction(HOLD, found.reason, until=LATER, policy="app")


async def test_what_ended_long_ago_is_forgotten_for_good(store):
    await settle(store)
    await lay(store, restriction(), restriction(SNOOZE, until=NOW), restriction(SNOOZE, policy="db", until=LATER))
    assert await store.restrictions.forget_ended(LATER) == 1
    assert about(await store.restrictions.of(10, NOW - seconds(1))) == [("app", IGNORE, None), ("db", SNOOZE, None)]


async def test_a_removed_repository_takes_them_along(store):
    await settle(store)
    await lay(store, restriction())
    await store.repositories.remove(10)
    await settle(store)
    assert await store.restrictions.of(10, NOW) == []


async def test_a_repository_that_is_not_stored_has_none(store):
    with pytest.raises(UnknownOwner):
        await store.restrictions.lay(restriction())
    assert await store.restrictions.of(10, NOW) == []


@pytest.mark.parametrize("field", ["policy", "tag", "digest", "range", "beyond", "source", "by"])
async def test_a_name_that_cannot_be_held_is_refused(store, field):
    await settle(store)
    with pytest.raises(UnstorableValue, match="refuse it where it came in"):
        await store.restrictions.lay(restriction(**{field: "a\0b"}))


async def test_the_longest_names_fit_into_the_key(store):
    await settle(store)
    long = dict.fromkeys(("policy", "tag", "digest", "beyond"), "☃" * 85)
    await lay(store, restriction(**long, range="~" * 512, reason="\0" * 5000))
    [found] = await store.restrictions.of(10, NOW)
    assert (found.policy, found.range, found.reason) == (long["policy"], "~" * 512, "\ufffd" * 4000)
