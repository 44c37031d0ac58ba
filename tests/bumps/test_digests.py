"""A digest that stands in a file follows its policy: it moves with its tag, and is never lost."""

from __future__ import annotations

import pytest

from bot.bumps import Close, Keep, Open, Update, wanted
from bot.images import Tag
from bot.selection import Decision, Fact, Reason, UpdateKind
from tests.bumps.situations import AMD64, NOW, digest, pod, tag

OLD, NEW, ELSEWHERE = digest(1), digest(2), digest(3)
IMAGE = "ghcr.io/acme/app"
DIGEST_POLICY = f"version: 1\nimages:\n  - {{image: {IMAGE}, strategy: digest}}\n"


def known(situation, *tags: Tag) -> None:
    situation.tags = {IMAGE: list(tags)}


@pytest.fixture
def pinned(situation):
    """A file at 1.0.0 with its digest, and 1.1.0 in the registry."""
    situation.files = {"a.yaml": pod(f"{IMAGE}:1.0.0@{OLD}")}
    known(situation, tag("1.0.0", digest=OLD), tag("1.1.0", digest=NEW))
    return situation


def test_a_digest_moves_with_its_tag(pinned):
    (item,) = pinned.plan()
    assert isinstance(item, Open)
    (proposal,) = item.proposals
    assert (proposal.current, proposal.selected, proposal.digest) == (f"1.0.0@{OLD}", "1.1.0", NEW)
    assert proposal.update is UpdateKind.MINOR
    assert pinned.edited() == {"a.yaml": pod(f"{IMAGE}:1.1.0@{NEW}")}


def test_the_same_tag_with_and_without_a_digest_is_decided_apart_and_written_apart(pinned):
    pinned.files = {"a.yaml": pod(f"{IMAGE}:1.0.0@{OLD}", f"{IMAGE}:1.0.0", f"{IMAGE}:1.0.0@{ELSEWHERE}")}
    pinned.by_digest = {IMAGE: {ELSEWHERE: tag("any")}}
    assert sorted(pinned.decisions) == [
        ("app", "1.0.0"),
        ("app", f"1.0.0@{OLD}"),
        ("app", f"1.0.0@{ELSEWHERE}"),
    ]
    assert pinned.edited() == {"a.yaml": pod(f"{IMAGE}:1.1.0@{NEW}", f"{IMAGE}:1.1.0", f"{IMAGE}:1.1.0@{NEW}")}


def test_a_digest_that_is_not_known_is_wanted_before_anything_is_opened(pinned):
    known(pinned, tag("1.0.0", digest=OLD), tag("1.1.0"))
    assert [(want.tag.name, want.fact) for want in wanted(pinned.decisions)] == [("1.1.0", Fact.DIGEST)]
    assert pinned.plan() == ()


def test_the_platforms_of_a_tag_do_not_speak_for_another_digest_of_it(pinned):
    known(pinned, tag("1.0.0", frozenset({AMD64}), digest=ELSEWHERE), tag("1.1.0", frozenset({AMD64}), digest=NEW))
    (want,) = wanted(pinned.decisions)
    assert (want.tag.name, want.tag.digest, want.fact) == ("1.0.0", OLD, Fact.PLATFORMS)
    pinned.by_digest = {IMAGE: {OLD: tag("any")}}
    assert pinned.plan() == (), "the image in use runs on arm64 too"
    pinned.by_digest = {IMAGE: {OLD: tag("any", frozenset({AMD64}))}}
    assert pinned.edited() == {"a.yaml": pod(f"{IMAGE}:1.1.0@{NEW}")}


def test_what_is_known_of_the_tag_counts_for_a_file_without_a_digest(situation):
    known(situation, tag("1.0.0", frozenset({AMD64}), digest=OLD), tag("1.1.0", frozenset({AMD64}), digest=NEW))
    assert situation.edited() == {"app.yaml": pod(f"{IMAGE}:1.1.0")}


def test_a_tag_that_is_followed_by_its_digest_moves_when_it_is_another_image(situation):
    situation.policies = DIGEST_POLICY
    situation.files = {"a.yaml": pod(f"{IMAGE}:main@{OLD}")}
    known(situation, tag("main", digest=NEW))
    situation.by_digest = {IMAGE: {OLD: tag("any")}}
    (item,) = situation.plan()
    assert item.proposals[0].update is UpdateKind.DIGEST
    assert situation.edited() == {"a.yaml": pod(f"{IMAGE}:main@{NEW}")}


def test_a_tag_that_is_followed_by_its_digest_stays_while_it_is_the_same_image(situation):
    situation.policies = DIGEST_POLICY
    situation.files = {"a.yaml": pod(f"{IMAGE}:main@{OLD}")}
    known(situation, tag("main", digest=OLD))
    assert situation.plan() == ()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f"{IMAGE}@{OLD}", f"{IMAGE}@{NEW}"),
        (IMAGE, f"{IMAGE}@{NEW}"),
        (f"{IMAGE}:latest@{OLD}", f"{IMAGE}:latest@{NEW}"),
    ],
)
def test_an_image_without_a_tag_is_followed_by_the_digest_of_latest(situation, written, expected):
    situation.policies = DIGEST_POLICY
    situation.files = {"a.yaml": pod(written)}
    known(situation, tag("latest", digest=NEW))
    situation.by_digest = {IMAGE: {OLD: tag("any")}}
    assert situation.edited() == {"a.yaml": pod(expected)}


def test_an_image_of_a_digest_that_is_gone_does_not_keep_a_half_pushed_tag_in_the_running(pinned):
    known(pinned, tag("1.0.0", frozenset(), digest=ELSEWHERE), tag("1.1.0", frozenset(), digest=NEW))
    pinned.by_digest = {IMAGE: {OLD: Tag("any", platforms=frozenset())}}
    assert pinned.plan() == ()


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [(None, [Fact.PLATFORMS]), (frozenset(), []), (frozenset({AMD64}), [])],
    ids=["not known", "half pushed", "whole"],
)
def test_where_the_digest_in_use_is_gone_the_new_one_still_has_to_run_somewhere(situation, platforms, expected):
    situation.policies = DIGEST_POLICY
    situation.files = {"a.yaml": pod(f"{IMAGE}:main@{OLD}")}
    situation.by_digest = {IMAGE: {OLD: Tag("any", platforms=frozenset())}}
    known(situation, tag("main", platforms, digest=NEW))
    assert [want.fact for want in wanted(situation.decisions)] == expected
    moved = {"a.yaml": pod(f"{IMAGE}:main@{NEW}")} if platforms else situation.files
    assert situation.edited() == moved


def test_an_image_without_a_tag_that_should_stand_at_latest_stays_as_it_is(situation):
    situation.policies = situation.policies.replace("range: 1.x", "strategy: alphabetical")
    situation.files = {"a.yaml": pod(IMAGE)}
    known(situation, tag("latest"), tag("1.0.0"))
    assert situation.plan() == ()


def test_a_pinned_digest_does_not_speak_for_the_platforms_of_the_image_in_use(situation):
    situation.policies += f"    pin: {ELSEWHERE}\n"
    situation.by_digest = {IMAGE: {ELSEWHERE: tag("any", frozenset({AMD64}), digest=ELSEWHERE)}}
    known(situation, tag("1.0.0", None))
    assert "1.0.0" in [want.tag.name for want in wanted(situation.decisions) if want.tag.digest is None]
    assert situation.plan() == ()


def test_a_pinned_digest_that_no_tag_has_is_written_once_it_was_read(situation):
    situation.policies += f"    pin: {ELSEWHERE}\n"
    assert [(want.tag.digest, want.fact) for want in wanted(situation.decisions)] == [(ELSEWHERE, Fact.PLATFORMS)]
    situation.by_digest = {IMAGE: {ELSEWHERE: Tag("any", ELSEWHERE, platforms=frozenset({AMD64}))}}
    assert situation.plan() == (), "the image in use runs on arm64 too"
    situation.by_digest = {IMAGE: {ELSEWHERE: tag("any", digest=ELSEWHERE)}}
    assert situation.edited() == {"app.yaml": pod(f"{IMAGE}:1.0.0@{ELSEWHERE}")}


def test_a_decision_that_would_lose_a_digest_opens_and_closes_nothing(pinned):
    (opened,) = pinned.plan()
    bump = pinned.open()
    losing = {("app", f"1.0.0@{OLD}"): Decision(tag("1.1.0"), Reason.NEWER, "1.1.0 is the newest.")}
    for bumps, kinds in (([], []), ([bump], [Keep])):
        items = _planned(pinned, losing, bumps)
        assert [type(item) for item in items] == kinds
    assert opened.fingerprint


def _planned(situation, decisions, bumps):
    from bot.bumps import plan

    return plan(situation.policy_file, situation.occurrences, decisions, bumps, (), situation.base, NOW)


def test_another_digest_of_the_same_tag_is_another_wish(situation):
    situation.policies = DIGEST_POLICY
    situation.files = {"a.yaml": pod(f"{IMAGE}:main@{OLD}")}
    situation.by_digest = {IMAGE: {OLD: tag("any")}}
    known(situation, tag("main", digest=NEW))
    situation.open()
    known(situation, tag("main", digest=ELSEWHERE))
    (item,) = situation.plan()
    assert isinstance(item, Update)
    known(situation, tag("main", digest=OLD))
    (item,) = situation.plan()
    assert isinstance(item, Close)
