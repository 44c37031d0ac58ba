"""A merged bump that somebody took back is known by its files: they stand at something else, and would move again."""

from __future__ import annotations

import pytest

from bot.bumps import Reverted, landed, reverted
from tests.bumps.situations import digest, pod, tag

APP, WEB = "ghcr.io/acme/app", "ghcr.io/acme/web"
BACK = (Reverted("app", "1.1.0", None, "1.0.0", "1.1.0"),)


@pytest.fixture
def merged(situation):
    """Merge what the plan wishes, and give a question: which policies were taken back, as the files stand now."""
    (item,) = situation.plan()
    paths = set(situation.edited())

    def ask(paths=paths):
        found = reverted(situation.policy_file, situation.occurrences, item.proposals, paths, situation.decisions)
        assert isinstance(found, tuple)
        return found

    situation.files = situation.edited()
    return ask


def test_what_stands_as_it_was_merged_was_not_taken_back(merged):
    assert merged() == ()


def test_what_stands_as_before_was_taken_back(situation, merged):
    situation.files["app.yaml"] = pod(f"{APP}:1.0.0")
    assert merged() == BACK


def test_what_stands_at_yet_another_tag_was_taken_back_too(situation, merged):
    situation.files["app.yaml"] = pod(f"{APP}:1.0.7")
    situation.tags[APP].append(tag("1.0.7"))
    assert merged() == (Reverted("app", "1.1.0", None, "1.0.7", "1.1.0"),)


@pytest.mark.parametrize(
    "image",
    [f"{APP}:1.2.0", "quay.io/acme/app:1.0.0", f"{APP}:stable", "nginx:1"],
    ids=["it moved on", "it moved to another registry", "it follows no version any more", "another image"],
)
def test_what_would_not_be_moved_to_the_same_again_was_not(situation, merged, image):
    situation.tags[APP] += [tag("1.2.0"), tag("stable", frozenset())]
    situation.files["app.yaml"] = pod(image)
    assert merged() == ()


def test_what_would_be_moved_to_something_newer_was_not(situation, merged):
    situation.files["app.yaml"] = pod(f"{APP}:1.0.0")
    situation.tags[APP].append(tag("1.2.0"))
    assert merged() == ()


def test_a_policy_that_is_gone_has_nothing_to_hold(situation, merged):
    situation.files["app.yaml"] = pod(f"{APP}:1.0.0")
    situation.policies = f"version: 1\nimages: [{{image: {WEB}}}]"
    assert merged() == ()


def test_a_file_that_the_bump_did_not_edit_tells_nothing(situation, merged):
    situation.files["new.yaml"] = pod(f"{APP}:1.0.0")
    assert merged() == ()


def test_one_of_several_files_tells_it(situation):
    situation.files = {"a.yaml": pod(f"{APP}:1.0.0"), "b.yaml": pod(f"{APP}:1.0.0")}
    (item,) = situation.plan()
    situation.files = situation.edited() | {"b.yaml": pod(f"{APP}:1.0.0")}
    found = reverted(
        situation.policy_file, situation.occurrences, item.proposals, {"a.yaml", "b.yaml"}, situation.decisions
    )
    assert found == BACK


def test_each_policy_is_told_once(situation):
    situation.files = {"a.yaml": pod(f"{APP}:1.0.0", f"{APP}:1.0.1")}
    situation.tags[APP].append(tag("1.0.1"))
    (item,) = situation.plan()
    found = reverted(situation.policy_file, situation.occurrences, item.proposals, ["a.yaml"], situation.decisions)
    assert found == BACK


def test_of_a_group_only_what_was_taken_back_is_told(situation):
    situation.policies = f"""
version: 1
images:
  - {{image: {APP}, range: 1.x, group: all}}
  - {{image: {WEB}, range: 1.x, group: all}}
groups: {{all: {{}}}}
"""
    situation.tags[WEB] = situation.tags[APP]
    situation.files = {"app.yaml": pod(f"{APP}:1.0.0", f"{WEB}:1.0.0")}
    (item,) = situation.plan()
    situation.files["app.yaml"] = pod(f"{APP}:1.0.0", f"{WEB}:1.1.0")
    found = reverted(situation.policy_file, situation.occurrences, item.proposals, ["app.yaml"], situation.decisions)
    assert found == BACK


def test_a_digest_that_was_taken_back(situation):
    situation.policies = f"version: 1\nimages: [{{image: {APP}, strategy: digest}}]"
    situation.tags[APP] = [tag("main", digest=digest(2))]
    situation.by_digest = {APP: {digest(1): tag("main", digest=digest(1))}}
    situation.files = {"app.yaml": pod(f"{APP}:main@{digest(1)}")}
    (item,) = situation.plan()
    found = reverted(situation.policy_file, situation.occurrences, item.proposals, ["app.yaml"], situation.decisions)
    assert found == (Reverted("app", "main", digest(2), f"main@{digest(1)}", f"main@{digest(2)}"),)


def test_a_place_without_room_for_the_digest_was_written_as_far_as_it_goes(situation):
    situation.policies = f"version: 1\nimages: [{{image: {APP}, range: 1.x, pin-digest: always}}]"
    situation.tags[APP] = [tag("1.0.0", digest=digest(1)), tag("1.1.0", digest=digest(2))]
    situation.files = {"a.yaml": b'V: 1.0.0 # {"$imagepolicy": "app:tag"}'}
    (item,) = situation.plan()
    situation.files = situation.edited()
    assert situation.files["a.yaml"].startswith(b"V: 1.1.0 ")
    found = reverted(situation.policy_file, situation.occurrences, item.proposals, ["a.yaml"], situation.decisions)
    assert found == ()


def test_a_place_that_another_image_shares_was_never_written(situation):
    shared = "a: {image: {repository: ghcr.io/acme/app, tag: &tag 1.0.0}}\nb: {image: {repository: nginx, tag: *tag}}"
    situation.files = {"a.yaml": pod(f"{APP}:1.0.0"), "values.yaml": shared.encode()}
    (item,) = situation.plan()
    situation.files = situation.edited()
    paths = ["a.yaml", "values.yaml"]
    found = reverted(situation.policy_file, situation.occurrences, item.proposals, paths, situation.decisions)
    assert found == ()


def test_what_stands_as_merged_has_landed_and_what_was_taken_back_has_not(situation):
    (item,) = situation.plan()
    before, after = dict(situation.files), situation.edited()

    def seen(files):
        situation.files = files
        found = landed(situation.policy_file, situation.occurrences, item.proposals, set(after))
        return [each.policy for each in found]

    assert (seen(before), seen(after)) == ([], [each.policy for each in item.proposals])


def test_another_place_of_a_file_that_stands_as_merged_was_not_taken_back(situation, merged):
    situation.files["app.yaml"] = pod(f"{APP}:1.1.0") + b"---\n" + pod(f"{APP}:1.0.0")
    assert merged() == ()
