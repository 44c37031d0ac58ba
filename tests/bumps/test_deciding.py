"""One decision for each policy and each tag that stands in its files."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.bumps import decide, refusals, wanted
from bot.images import Tag
from bot.selection import Fact, Reason, Restriction, RestrictionKind
from tests.bumps.situations import AMD64, ARM64, NOW, pod, tag


def selected(situation) -> dict[tuple[str, str], str | None]:
    return {key: decision.selected and decision.selected.name for key, decision in situation.decisions.items()}


def test_each_tag_that_stands_in_the_files_is_decided_once(situation):
    situation.files = {
        "a.yaml": pod("ghcr.io/acme/app:1.0.0", "ghcr.io/acme/app:1.1.0"),
        "b.yaml": pod("ghcr.io/acme/app:1.0.0", "nginx:1.25"),
    }
    assert selected(situation) == {("app", "1.0.0"): "1.1.0", ("app", "1.1.0"): "1.1.0"}


def test_an_image_without_a_tag_is_decided_under_no_tag(situation):
    situation.files = {"a.yaml": pod("ghcr.io/acme/app")}
    situation.tags["ghcr.io/acme/app"].append(tag("latest"))
    assert selected(situation) == {("app", ""): "1.1.0"}


def test_an_image_without_a_tag_keeps_the_platforms_of_latest(situation):
    situation.files = {"a.yaml": pod("ghcr.io/acme/app")}
    situation.tags["ghcr.io/acme/app"] = [tag("latest"), tag("1.0.0"), tag("1.1.0", frozenset({AMD64}))]
    assert selected(situation) == {("app", ""): "1.0.0"}


def test_an_image_whose_tags_were_not_read_is_left_undecided(situation):
    situation.tags = {}
    assert selected(situation) == {}


@pytest.mark.parametrize(
    "policies",
    [
        "version: 1\nenabled: false\nimages:\n  - {image: ghcr.io/acme/app, range: 1.x}\n",
        "version: 1\nimages:\n  - {image: ghcr.io/acme/app, range: 1.x, enabled: false}\n",
        "version: 1\nimages: []\n",
    ],
)
def test_what_is_switched_off_is_not_decided(situation, policies):
    situation.policies = policies
    assert selected(situation) == {}


@pytest.mark.parametrize(
    "image",
    [
        "nginx:1.25",
        'ghcr.io/acme/app:1.0.0} # {"$imagepolicy": "other"}\n    - {name: x',
    ],
)
def test_what_follows_no_policy_is_not_decided(situation, image):
    situation.files = {"a.yaml": pod(image)}
    assert selected(situation) == {}


@pytest.mark.parametrize("path", [".github/workflows/pod.yaml", ".niro/pod.yaml", "../pod.yaml"])
def test_what_is_never_edited_is_not_decided(situation, path):
    situation.files = {path: pod("ghcr.io/acme/app:1.0.0")}
    assert selected(situation) == {}


def test_a_missing_fact_is_wanted_of_the_candidate_and_of_what_stands_in_the_file(situation):
    situation.tags["ghcr.io/acme/app"] = [tag("1.1.0", None)]
    assert {(want.policy, want.current, want.tag.name, want.fact) for want in wanted(situation.decisions)} == {
        ("app", "1.0.0", "1.1.0", Fact.PLATFORMS),
        ("app", "1.0.0", "1.0.0", Fact.PLATFORMS),
    }


def test_a_decision_is_complete_once_the_wanted_facts_are_among_the_tags(situation):
    situation.tags["ghcr.io/acme/app"] = [tag("1.1.0"), Tag("1.0.0", platforms=frozenset())]
    assert wanted(situation.decisions) == ()
    assert selected(situation) == {("app", "1.0.0"): "1.1.0"}


GONE = Tag("1.0.0", platforms=frozenset())


@pytest.mark.parametrize(
    ("platforms", "expected", "missing"),
    [(None, None, ["1.1.0"]), (frozenset(), "1.0.1", []), (frozenset({AMD64}), "1.1.0", [])],
    ids=["not known", "half pushed", "whole"],
)
def test_where_the_image_in_use_is_gone_the_next_one_still_has_to_run_somewhere(
    situation, platforms, expected, missing
):
    situation.tags["ghcr.io/acme/app"] = [GONE, tag("1.0.1"), tag("1.1.0", platforms)]
    assert selected(situation) == {("app", "1.0.0"): expected}
    assert [want.tag.name for want in wanted(situation.decisions)] == missing


def test_while_a_tag_waits_to_be_proven_the_others_keep_their_reasons(situation):
    situation.tags = {"ghcr.io/acme/app": [tag("1.0.0", frozenset()), tag("1.1.0", None), tag("2.0.0", None)]}

    decision = situation.decisions["app", "1.0.0"]

    assert (decision.selected, decision.reason) == (None, Reason.FACT_MISSING)
    assert decision.explain("2.0.0").reason is Reason.OUT_OF_RANGE


def test_a_newer_tag_that_lacks_a_platform_is_among_the_refusals(situation):
    situation.tags["ghcr.io/acme/app"] += [tag("1.2.0", frozenset({AMD64})), tag("2.0.0", frozenset({AMD64}))]
    (refusal,) = refusals(situation.decisions)
    assert (refusal.policy, refusal.current, refusal.tag) == ("app", "1.0.0", "1.2.0")
    assert str(ARM64) in refusal.sentence
    assert selected(situation) == {("app", "1.0.0"): "1.1.0"}


def test_a_refused_tag_is_told_also_when_nothing_is_to_be_moved(situation):
    situation.tags["ghcr.io/acme/app"] = [tag("1.0.0"), tag("1.2.0", frozenset({AMD64}))]
    assert [refusal.tag for refusal in refusals(situation.decisions)] == ["1.2.0"]
    assert situation.decisions["app", "1.0.0"].reason is Reason.CURRENT_IS_BEST


RULED_OUT = {
    "too young": ("    min-age: 3d\n", (), Reason.TOO_YOUNG, "old, which it is on"),
    "ignored": ("", (Restriction(RestrictionKind.IGNORE, tag="1.2.0"),), Reason.IGNORED, "is ignored"),
    "in quarantine": ("", (Restriction(RestrictionKind.QUARANTINE, tag="1.2.0"),), Reason.QUARANTINED, "quarantine"),
    "held": ("", (Restriction(RestrictionKind.HOLD, tag="1.2.0"),), Reason.HELD, "is held"),
}


@pytest.mark.parametrize("case", RULED_OUT)
def test_a_better_tag_that_is_ruled_out_is_among_the_refusals_with_its_sentence(situation, case):
    more, situation.restrictions, reason, word = RULED_OUT[case]
    situation.policies += more
    long_ago = NOW - timedelta(days=30)
    situation.tags["ghcr.io/acme/app"] = [
        tag("1.0.0", pushed_at=long_ago),
        tag("1.1.0", pushed_at=long_ago),
        tag("1.2.0", pushed_at=NOW - timedelta(days=1)),
    ]
    (refusal,) = refusals(situation.decisions)
    assert (refusal.tag, refusal.reason) == ("1.2.0", reason)
    assert word in refusal.sentence
    assert selected(situation) == {("app", "1.0.0"): "1.1.0"}


@pytest.mark.parametrize("name", ["0.9.0", "1.0.0", "2.0.0"])
def test_an_ignored_tag_that_would_not_have_been_chosen_is_no_news(situation, name):
    situation.tags["ghcr.io/acme/app"].append(tag(name))
    situation.restrictions = (Restriction(RestrictionKind.IGNORE, tag=name),)
    assert refusals(situation.decisions) == ()


@pytest.mark.parametrize(
    ("policy", "expected"), [(None, None), ("app", None), ("other", "1.1.0")], ids=["all", "this", "another"]
)
def test_a_restriction_counts_for_the_policy_that_it_was_laid_upon(situation, policy, expected):
    situation.restrictions = (Restriction(RestrictionKind.HOLD, policy=policy),)
    assert selected(situation) == {("app", "1.0.0"): expected}


MARKERS_ONLY = """
version: 1
images:
  - {image: ghcr.io/acme/app, name: marked, range: 1.x, update: {mode: markers}}
"""
MARKED = 'ghcr.io/acme/app:1.0.0} # {"$imagepolicy": "marked"}\n    - {name: x, image: ghcr.io/acme/app:1.1.0'


def test_a_policy_that_asks_for_markers_follows_only_what_is_marked_for_it(situation):
    situation.policies = MARKERS_ONLY
    situation.files = {"a.yaml": pod(MARKED)}
    assert selected(situation) == {("marked", "1.0.0"): "1.1.0"}


def test_what_is_not_marked_falls_to_the_next_policy_that_takes_it(situation):
    situation.policies = MARKERS_ONLY + "  - {image: ghcr.io/acme/app, name: rest, range: 1.x}\n"
    situation.files = {"a.yaml": pod(MARKED)}
    assert selected(situation) == {("marked", "1.0.0"): "1.1.0", ("rest", "1.1.0"): "1.1.0"}


def test_a_policy_about_a_glob_decides_once_it_is_told_apart(situation):
    situation.policies = "version: 1\nimages:\n  - {image: ghcr.io/acme/*, range: 1.x}\n"
    assert selected(situation) == {}
    images = [found.reference for found in situation.occurrences]
    apart = decide(situation.policy_file.for_images(images), situation.occurrences, situation.tags, (), NOW)
    assert {key: decision.selected.name for key, decision in apart.items()} == {("app", "1.0.0"): "1.1.0"}


def test_of_many_refused_tags_the_newest_five_are_told(situation):
    situation.tags["ghcr.io/acme/app"] += [tag(f"1.{minor}.0", frozenset({AMD64})) for minor in range(2, 30)]
    assert [refusal.tag for refusal in refusals(situation.decisions)] == [
        "1.29.0",
        "1.28.0",
        "1.27.0",
        "1.26.0",
        "1.25.0",
    ]


def test_only_the_policies_that_are_asked_about_are_decided_and_the_whole_file_tells_what_follows_them(situation):
    situation.policies = (
        "version: 1\nimages:\n"
        "  - {image: ghcr.io/acme/app, name: prod, update: {paths: ['prod/**']}}\n"
        "  - {image: ghcr.io/acme/app, name: dev, update: {paths: ['dev/**']}}\n"
    )
    situation.files = {"prod/a.yaml": pod("ghcr.io/acme/app:1.0.0"), "dev/a.yaml": pod("ghcr.io/acme/app:1.1.0")}
    asked = (situation.policy_file, situation.occurrences, situation.tags, (), NOW)
    assert list(decide(*asked, only={"dev"})) == [("dev", "1.1.0")]
