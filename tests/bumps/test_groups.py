"""Policies of one group share one pull request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.bumps import Close, Keep, Open, Update, describe, fingerprint_in
from bot.manifests import update
from bot.selection import Restriction, RestrictionKind
from tests.bumps.situations import pod, tag

GROUPED = """
version: 1
groups:
  backend: {branch: niro/behind, labels: [backend], title: "Bump {image} from {from} to {to}"}
images:
  - {image: ghcr.io/acme/app, range: 1.x, group: backend}
  - {image: ghcr.io/acme/worker, range: 2.x, group: backend}
  - {image: ghcr.io/acme/site, range: 3.x}
"""


@pytest.fixture
def grouped(situation):
    """Two images of a group and one of its own, each with a newer tag."""
    situation.policies = GROUPED
    situation.files = {
        "app.yaml": pod("ghcr.io/acme/app:1.0.0", "ghcr.io/acme/worker:2.0.0"),
        "site.yaml": pod("ghcr.io/acme/site:3.0.0"),
    }
    situation.tags |= {
        "ghcr.io/acme/worker": [tag("2.0.0"), tag("2.1.0")],
        "ghcr.io/acme/site": [tag("3.0.0"), tag("3.1.0")],
    }
    return situation


def of_group(situation):
    return next(item for item in situation.plan() if getattr(item, "group", None) == "backend")


def test_one_pull_request_holds_every_image_of_the_group_and_no_other(grouped):
    backend, site = grouped.plan()
    assert (backend.group, backend.branch, backend.labels) == ("backend", "niro/behind", ("backend",))
    assert [proposal.image for proposal in backend.proposals] == ["ghcr.io/acme/app", "ghcr.io/acme/worker"]
    assert site.group == "site"
    assert update(grouped.files, backend.targets).files == {
        "app.yaml": pod("ghcr.io/acme/app:1.1.0", "ghcr.io/acme/worker:2.1.0")
    }


def test_its_texts_name_each_image_and_its_trailer_the_group(grouped):
    item = of_group(grouped)
    changes = update(grouped.files, item.targets).changes
    text = describe(item, changes, grouped.decisions)
    assert text.title == "Bump ghcr.io/acme/app, ghcr.io/acme/worker from 1.0.0, 2.0.0 to 1.1.0, 2.1.0"
    assert "Moves `ghcr.io/acme/app` from `1.0.0` to `1.1.0`" in text.body
    assert "Moves `ghcr.io/acme/worker` from `2.0.0` to `2.1.0`" in text.body
    assert "by the policies `app`, `worker` of the group `backend`" in text.body
    assert text.message.count("\n- app.yaml:") == 2
    assert fingerprint_in(text.message, "backend") == item.fingerprint


def test_a_newer_tag_of_one_image_updates_the_shared_pull_request(grouped):
    grouped.policies = GROUPED.replace("  - {image: ghcr.io/acme/site, range: 3.x}\n", "")
    bump = grouped.open()
    assert [type(item) for item in grouped.plan()] == [Keep]
    grouped.tags["ghcr.io/acme/worker"].append(tag("2.2.0"))
    (item,) = grouped.plan()
    assert isinstance(item, Update)
    assert item.fingerprint != bump.fingerprint
    assert [proposal.selected for proposal in item.proposals] == ["1.1.0", "2.2.0"]


def test_an_image_whose_tags_are_not_known_does_not_keep_the_others_from_being_proposed(grouped):
    del grouped.tags["ghcr.io/acme/worker"]
    item = of_group(grouped)
    assert isinstance(item, Open)
    assert [proposal.image for proposal in item.proposals] == ["ghcr.io/acme/app"]


NOT_DECIDED = {
    "held": lambda situation: setattr(situation, "restrictions", (Restriction(RestrictionKind.HOLD, policy="worker"),)),
    "without tags": lambda situation: situation.tags.update({"ghcr.io/acme/worker": []}),
    "not listed yet": lambda situation: situation.tags.pop("ghcr.io/acme/worker"),
}


@pytest.fixture
def opened(grouped):
    """The pull request of the two images is open, and there is no other policy."""
    grouped.policies = GROUPED.replace("  - {image: ghcr.io/acme/site, range: 3.x}\n", "")
    grouped.open()
    return grouped


@pytest.mark.parametrize("undecided", NOT_DECIDED)
def test_an_image_of_which_nothing_can_be_told_keeps_what_is_open_for_it_and_the_others_go_on(opened, undecided):
    NOT_DECIDED[undecided](opened)
    (stays,) = opened.plan()
    assert isinstance(stays, Keep)
    assert "ghcr.io/acme/worker" in stays.sentence
    opened.tags["ghcr.io/acme/app"].append(tag("1.2.0"))
    (item,) = opened.plan()
    assert isinstance(item, Update)
    moves = [(proposal.image[13:], proposal.selected, proposal.kept) for proposal in item.proposals]
    assert moves == [("app", "1.2.0", False), ("worker", "2.1.0", True)]
    assert opened.edited()["app.yaml"] == pod("ghcr.io/acme/app:1.2.0", "ghcr.io/acme/worker:2.1.0")


@pytest.mark.parametrize("undecided", NOT_DECIDED)
def test_the_texts_say_which_image_waits_and_why(opened, undecided):
    NOT_DECIDED[undecided](opened)
    opened.tags["ghcr.io/acme/app"].append(tag("1.2.0"))
    (item,) = opened.plan()
    (sentence,) = item.waiting
    body = describe(item, (), opened.decisions).body
    assert "ghcr.io/acme/worker" in sentence
    assert "> - " + sentence in body
    assert "Moves `ghcr.io/acme/worker` from `2.0.0` to `2.1.0`, a minor update. That was decided earlier" in body


def test_an_image_of_which_nothing_could_ever_be_told_does_not_hold_up_the_pull_request_of_the_others(opened):
    opened.tags["ghcr.io/acme/worker"] = []
    opened.bumps = []
    opened.open()
    assert [type(item) for item in opened.plan()] == [Keep]
    opened.tags["ghcr.io/acme/app"].append(tag("1.2.0"))
    (item,) = opened.plan()
    assert isinstance(item, Update)
    assert [proposal.selected for proposal in item.proposals] == ["1.2.0"]
    opened.tags["ghcr.io/acme/app"] = [tag("1.0.0")]
    (item,) = opened.plan()
    assert isinstance(item, Close)
    assert item.sentence == "The policy wants nothing newer than what stands on the base branch."


def test_nothing_is_closed_while_it_is_not_known_what_the_pull_request_holds(opened):
    opened.tags["ghcr.io/acme/worker"] = []
    opened.bumps = [replace(opened.bumps[0], proposals=())]
    opened.tags["ghcr.io/acme/app"] = [tag("1.0.0")]
    assert [type(item) for item in opened.plan()] == [Keep]


def test_a_pull_request_of_images_of_which_nothing_can_be_told_stays_as_it_is(opened):
    opened.tags = {"ghcr.io/acme/app": []}
    assert [type(item) for item in opened.plan()] == [Keep]


def test_a_group_of_which_one_policy_left_is_another_wish_and_without_any_it_is_closed(grouped):
    grouped.policies = GROUPED.replace("  - {image: ghcr.io/acme/site, range: 3.x}\n", "")
    grouped.open()
    grouped.policies = grouped.policies.replace("range: 2.x, group", "enabled: false, range: 2.x, group")
    (item,) = grouped.plan()
    assert isinstance(item, Update)
    assert [proposal.policy for proposal in item.proposals] == ["app"]
    grouped.policies = grouped.policies.replace("range: 1.x, group", "enabled: false, range: 1.x, group")
    assert [type(item) for item in grouped.plan()] == [Close]


def test_a_title_names_the_first_of_many_images_and_counts_the_others(grouped):
    names = [f"app-{number}" for number in range(5)]
    grouped.policies = "version: 1\nimages:\n" + "".join(
        f"  - {{image: ghcr.io/acme/{name}, group: all}}\n" for name in names
    )
    grouped.files = {"all.yaml": pod(*(f"ghcr.io/acme/{name}:1.0.0" for name in names))}
    grouped.tags = {f"ghcr.io/acme/{name}": [tag("1.0.0"), tag("1.1.0")] for name in names}
    (item,) = grouped.plan()
    assert describe(item, (), grouped.decisions).title == (
        "Bump ghcr.io/acme/app-0, ghcr.io/acme/app-1, ghcr.io/acme/app-2 and 2 more from 1.0.0 to 1.1.0"
    )
