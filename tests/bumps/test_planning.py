"""One pull request a group: opened, brought up to date, closed or kept."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from bot.bumps import Base, Close, Keep, Open, Update
from bot.manifests import update
from bot.selection import Restriction, RestrictionKind
from tests.bumps.situations import AMD64, NOW, pod, tag

TWO_POLICIES = """
version: 1
images:
  - image: ghcr.io/acme/app
    name: prod
    range: 1.x
    update: {paths: ["prod/**"]}
  - image: ghcr.io/acme/app
    name: dev
    range: 2.x
    update: {paths: ["**", "!prod/**"]}
"""
OVERLAPPING = TWO_POLICIES.replace(', "!prod/**"', "")


def kinds(situation) -> list[type]:
    return [type(item) for item in situation.plan()]


def test_a_newer_tag_opens_a_pull_request(situation):
    (item,) = situation.plan()
    assert isinstance(item, Open)
    assert (item.group, item.branch, item.base) == ("app", "niro/app", Base("main", "c0ffee"))
    assert [(each.image, each.current, each.selected) for each in item.proposals] == [
        ("ghcr.io/acme/app", "1.0.0", "1.1.0")
    ]
    assert "1.1.0" in item.proposals[0].sentence
    assert situation.edited() == {"app.yaml": pod("ghcr.io/acme/app:1.1.0")}


def test_nothing_is_opened_where_the_files_stand_at_the_best_tag(situation):
    situation.files = {"app.yaml": pod("ghcr.io/acme/app:1.1.0")}
    assert kinds(situation) == []


def test_nothing_is_opened_while_a_fact_is_missing(situation):
    situation.tags["ghcr.io/acme/app"] = [tag("1.0.0"), tag("1.1.0", None)]
    assert kinds(situation) == []


def test_nothing_is_opened_for_a_tag_that_lacks_a_platform(situation):
    situation.tags["ghcr.io/acme/app"] = [tag("1.0.0"), tag("1.1.0", frozenset({AMD64}))]
    assert kinds(situation) == []


def test_the_same_wish_keeps_the_open_pull_request(situation):
    bump = situation.open()
    (item,) = situation.plan()
    assert isinstance(item, Keep)
    assert item.bump == bump


def test_the_same_wish_on_a_newer_commit_keeps_the_open_pull_request(situation):
    situation.open()
    situation.base = Base("main", "another")
    situation.files["b.yaml"] = pod("ghcr.io/acme/app:1.0.0")
    assert kinds(situation) == [Keep]


def test_a_newer_tag_updates_the_same_pull_request(situation):
    bump = situation.open(branch="niro/old-name")
    situation.tags["ghcr.io/acme/app"].append(tag("1.2.0"))
    (item,) = situation.plan()
    assert isinstance(item, Update)
    assert item.bump == bump
    assert item.branch == "niro/old-name"
    assert item.fingerprint != bump.fingerprint
    assert [each.selected for each in item.proposals] == ["1.2.0"]
    assert situation.edited() == {"app.yaml": pod("ghcr.io/acme/app:1.2.0")}


def test_a_withdrawn_tag_updates_the_pull_request_to_the_next_best(situation):
    situation.tags["ghcr.io/acme/app"].append(tag("1.2.0"))
    situation.open()
    situation.tags["ghcr.io/acme/app"].pop()
    (item,) = situation.plan()
    assert isinstance(item, Update)
    assert [each.selected for each in item.proposals] == ["1.1.0"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"files": {"app.yaml": pod("ghcr.io/acme/app:1.1.0")}}, "nothing newer"),
        ({"files": {}}, "uses"),
        ({"policies": "version: 1\nimages: []\n"}, "no longer"),
        ({"policies": "version: 1\nimages:\n  - {image: ghcr.io/acme/app, enabled: false}\n"}, "disabled"),
        ({"policies": "version: 1\nimages:\n  - {image: ghcr.io/acme/app, range: 7.x}\n"}, "7.x"),
    ],
    ids=["reached", "unused", "gone", "disabled", "out of range"],
)
def test_a_pull_request_that_nothing_asks_for_any_more_is_closed_with_a_sentence(situation, change, word):
    bump = situation.open()
    for name, value in change.items():
        setattr(situation, name, value)
    (item,) = situation.plan()
    assert isinstance(item, Close)
    assert item.bump == bump
    assert word in item.sentence


@pytest.mark.parametrize(
    "tags",
    [{}, {"ghcr.io/acme/app": []}, {"ghcr.io/acme/app": [tag("1.0.0"), tag("1.1.0", None)]}],
    ids=["not read", "an empty list", "a fact is missing"],
)
def test_what_is_not_known_closes_and_changes_nothing(situation, tags):
    situation.open()
    situation.tags = tags
    (item,) = situation.plan()
    assert isinstance(item, Keep)
    assert item.sentence


def test_a_bot_that_is_switched_off_touches_nothing(situation):
    situation.open()
    situation.policies = "version: 1\nenabled: false\nimages: []\n"
    assert kinds(situation) == [Keep]


def test_files_at_different_tags_share_the_pull_request_of_their_group(situation):
    situation.files["b.yaml"] = pod("ghcr.io/acme/app:0.9.0", "ghcr.io/acme/app:1.1.0")
    situation.tags["ghcr.io/acme/app"].append(tag("0.9.0"))
    (item,) = situation.plan()
    assert [(each.current, each.selected) for each in item.proposals] == [("0.9.0", "1.1.0"), ("1.0.0", "1.1.0")]
    assert situation.edited() == {
        "app.yaml": pod("ghcr.io/acme/app:1.1.0"),
        "b.yaml": pod("ghcr.io/acme/app:1.1.0", "ghcr.io/acme/app:1.1.0"),
    }


def test_each_policy_has_its_own_pull_request_and_leaves_the_files_of_the_others_alone(situation):
    situation.policies = TWO_POLICIES
    situation.tags["ghcr.io/acme/app"].append(tag("2.1.0"))
    situation.files = {name: pod("ghcr.io/acme/app:1.0.0") for name in ("prod/a.yaml", "dev/a.yaml")}
    prod, dev = situation.plan()
    assert list(update(situation.files, prod.targets).files) == ["prod/a.yaml"]
    assert list(update(situation.files, dev.targets).files) == ["dev/a.yaml"]


def test_a_marked_line_follows_its_policy_in_a_file_of_another(situation):
    situation.policies = OVERLAPPING.replace('paths: ["**"]', "mode: markers")
    situation.tags["ghcr.io/acme/app"].append(tag("2.1.0"))
    marked = 'ghcr.io/acme/app:1.0.0} # {"$imagepolicy": "dev"}\n    - {name: x, image: ghcr.io/acme/app:1.0.0'
    situation.files = {"prod/a.yaml": pod(marked)}
    prod, dev = situation.plan()
    assert [change.new for change in update(situation.files, prod.targets).changes] == ["ghcr.io/acme/app:1.1.0"]
    assert [change.line for change in update(situation.files, prod.targets).changes] == [6]
    assert [change.new for change in update(situation.files, dev.targets).changes] == ["ghcr.io/acme/app:2.1.0"]
    assert [change.line for change in update(situation.files, dev.targets).changes] == [5]


def test_a_paused_policy_does_not_hand_its_files_to_the_next(situation):
    situation.policies = OVERLAPPING.replace("range: 1.x", "range: 1.x\n    enabled: false")
    situation.tags["ghcr.io/acme/app"].append(tag("2.1.0"))
    situation.files = {"prod/a.yaml": pod("ghcr.io/acme/app:1.0.0")}
    assert kinds(situation) == []


def test_branches_of_different_groups_never_meet(situation):
    situation.policies = TWO_POLICIES.replace(
        "range: 1.x", "range: 1.x\n    pull-request: {branch: niro/same}"
    ).replace("range: 2.x", "range: 2.x\n    pull-request: {branch: niro/Same}")
    situation.tags["ghcr.io/acme/app"].append(tag("2.1.0"))
    situation.files = {name: pod("ghcr.io/acme/app:1.0.0") for name in ("prod/a.yaml", "dev/a.yaml")}
    branches = [item.branch for item in situation.plan()]
    assert branches[0] == "niro/same"
    assert branches[1].startswith("niro/Same-")


def test_the_base_branch_is_never_the_branch_of_a_bump(situation):
    situation.policies += "    pull-request: {branch: main}\n"
    (item,) = situation.plan()
    assert item.branch != "main"


def test_a_policy_for_another_base_is_not_planned_on_this_one(situation):
    situation.policies += "    pull-request: {base: release}\n"
    assert kinds(situation) == []
    situation.base = Base("release", "c0ffee", default=False)
    (item,) = situation.plan()
    assert item.base.branch == "release"


def test_a_policy_without_a_base_means_the_default_branch(situation):
    situation.base = Base("release", "c0ffee", default=False)
    assert kinds(situation) == []


def test_a_bump_on_a_base_that_the_policy_has_left_is_closed(situation):
    situation.open()
    situation.policies += "    pull-request: {base: release}\n"
    assert kinds(situation) == [Close]


def test_a_bump_on_a_base_that_is_not_at_hand_is_not_judged(situation):
    situation.open()
    situation.base = Base("release", "c0ffee", default=False)
    assert kinds(situation) == []


def test_a_plan_says_what_the_pull_request_needs(situation):
    situation.policies += "    pull-request: {labels: [dependencies], title: 'To {to}', auto-merge: true}\n"
    (item,) = situation.plan()
    assert item.labels == ("dependencies",)
    assert item.title == "To {to}"
    assert item.auto_merge is not None


@pytest.mark.parametrize("field", ["group", "base"])
def test_a_fingerprint_tells_groups_and_bases_apart(situation, field):
    bump = situation.open()
    situation.bumps = []
    if field == "group":
        situation.policies = situation.policies.replace("range", "name: other\n    range")
    else:
        situation.base = Base("trunk", "c0ffee")
    (item,) = situation.plan()
    assert item.fingerprint != bump.fingerprint


def test_a_fingerprint_is_sixteen_hexadecimal_digits(situation):
    fingerprint = situation.open().fingerprint
    assert len(fingerprint) == 16
    assert set(fingerprint) <= set("0123456789abcdef")


HOLDING = {
    "held": Restriction(RestrictionKind.HOLD),
    "snoozed": Restriction(RestrictionKind.SNOOZE, until=NOW + timedelta(days=1)),
}


@pytest.mark.parametrize("case", HOLDING)
def test_what_a_person_holds_keeps_the_open_pull_request_as_it_is(situation, case):
    situation.open()
    situation.restrictions = (HOLDING[case],)
    situation.tags["ghcr.io/acme/app"].append(tag("1.2.0"))
    assert kinds(situation) == [Keep]
    situation.bumps = []
    assert kinds(situation) == []


@pytest.mark.parametrize("case", HOLDING)
def test_what_is_held_is_made_anew_with_what_it_holds_where_that_is_asked_for(situation, case):
    bump = situation.open()
    situation.restrictions = (HOLDING[case],)
    situation.tags["ghcr.io/acme/app"].append(tag("1.2.0"))
    (item,) = situation.plan(anew="app")
    assert isinstance(item, Update)
    assert ([each.wanted for each in item.proposals], item.fingerprint) == (["1.1.0"], bump.fingerprint)


@pytest.mark.parametrize(
    "restriction",
    [
        Restriction(RestrictionKind.IGNORE),
        Restriction(RestrictionKind.QUARANTINE),
        Restriction(RestrictionKind.IGNORE, tag="1.1.0"),
        Restriction(RestrictionKind.QUARANTINE, tag="1.1.0"),
    ],
)
def test_what_must_not_be_proposed_any_more_closes_the_pull_request(situation, restriction):
    situation.open()
    situation.restrictions = (restriction,)
    assert kinds(situation) == [Close]


def test_a_time_that_is_not_known_keeps_the_pull_request(situation):
    situation.open()
    situation.policies = situation.policies.replace("range: 1.x", "strategy: newest-build")
    assert kinds(situation) == [Keep]


def test_bumps_of_groups_that_are_gone_are_closed_in_the_order_of_their_names(situation):
    bump = situation.open()
    others = [dataclasses.replace(bump, group=name) for name in ("z", "b")]
    situation.bumps = [bump, *others]
    assert [(type(item), item.bump.group) for item in situation.plan()] == [(Keep, "app"), (Close, "b"), (Close, "z")]
