"""Which occurrences an edit moves, and what it says of the others."""

from __future__ import annotations

import pytest

from bot.manifests import Mode, SkipReason, update
from bot.manifests.source import LARGEST_FILE

DIGEST = "sha256:" + "0" * 64
OTHER = "sha256:" + "1" * 64


def moved(changed) -> list[str]:
    return [f"{change.old} -> {change.new}" for change in changed.changes]


def reasons(changed) -> list[SkipReason]:
    return [skipped.reason for skipped in changed.skipped]


def test_a_change_tells_where_it_stands_and_who_asked(pod, target):
    changed = update({"clusters/app.yaml": pod(name="shop")}, [target(policy="shop-app")])
    (change,) = changed.changes
    assert (change.path, change.line, change.policy) == ("clusters/app.yaml", 6, "shop-app")
    assert (change.kind, change.namespace, change.name, change.container) == ("Pod", "", "shop", "c0")
    assert change.field == "spec.containers[0].image"
    assert moved(changed) == ["ghcr.io/acme/app:1.0.0 -> ghcr.io/acme/app:2.0.0"]


def test_the_files_that_were_given_stay_as_they_are_and_only_changed_ones_come_back(pod, target):
    files = {"a.yaml": pod(), "b.yaml": pod("nginx:1.25")}
    before = dict(files)
    changed = update(files, [target()])
    assert files == before
    assert list(changed.files) == ["a.yaml"]
    assert changed.files["a.yaml"] == pod("ghcr.io/acme/app:2.0.0")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("nginx:1.25", "nginx:1.26"),
        ("library/nginx:1.25", "library/nginx:1.26"),
        ("docker.io/nginx:1.25", "docker.io/nginx:1.26"),
        ("index.docker.io/library/nginx:1.25", "index.docker.io/library/nginx:1.26"),
        ("docker.io/library/nginx", "docker.io/library/nginx:1.26"),
    ],
)
def test_the_name_of_an_image_stays_as_it_was_written(pod, target, written, expected):
    changed = update({"a.yaml": pod(written)}, [target("docker.io/library/nginx:1.26")])
    assert moved(changed) == [f"{written} -> {expected}"]


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (None, ["app:1.0.0", "app:1.1.0", "app"]),
        ("1.1.0", ["app:1.1.0"]),
        ("", ["app"]),
        ("3.0.0", []),
        (f"1.0.0@{DIGEST}", []),
    ],
)
def test_only_occurrences_at_the_current_tag_are_moved(pod, target, current, expected):
    content = pod("ghcr.io/acme/app:1.0.0", "ghcr.io/acme/app:1.1.0", "ghcr.io/acme/app")
    changed = update({"a.yaml": content}, [target(current=current)])
    assert [change.old.removeprefix("ghcr.io/acme/") for change in changed.changes] == expected
    assert changed.skipped == ()


def test_targets_move_occurrences_of_different_tags_apart(pod, target):
    content = pod("ghcr.io/acme/app:1.0.0", "ghcr.io/acme/app:2.0.0-rc.1")
    targets = [
        target("ghcr.io/acme/app:1.0.1", current="1.0.0"),
        target("ghcr.io/acme/app:2.0.0", current="2.0.0-rc.1"),
    ]
    changed = update({"a.yaml": content}, targets)
    assert changed.files["a.yaml"] == pod("ghcr.io/acme/app:1.0.1", "ghcr.io/acme/app:2.0.0")


def test_files_outside_the_paths_are_left_alone_with_the_reason(pod, target):
    files = {"clusters/prod/a.yaml": pod(), "clusters/legacy/a.yaml": pod(), "b.yaml": pod()}
    changed = update(files, [target(paths=("clusters/**", "!clusters/legacy/**"))])
    assert list(changed.files) == ["clusters/prod/a.yaml"]
    assert {skipped.path: skipped.reason for skipped in changed.skipped} == {
        "clusters/legacy/a.yaml": SkipReason.OUT_OF_PATHS,
        "b.yaml": SkipReason.OUT_OF_PATHS,
    }


def test_policies_for_different_paths_do_not_report_each_others_files(pod, target):
    targets = [
        target("ghcr.io/acme/app:2.0.0", policy="dev", paths=("dev/",)),
        target("ghcr.io/acme/app:1.5.0", policy="prod", paths=("prod/",)),
    ]
    changed = update({"dev/a.yaml": pod(), "prod/a.yaml": pod()}, targets)
    assert [(change.path, change.policy) for change in changed.changes] == [
        ("dev/a.yaml", "dev"),
        ("prod/a.yaml", "prod"),
    ]
    assert changed.skipped == ()


def test_a_line_that_two_policies_would_move_differently_is_left_alone(pod, target):
    targets = [target("ghcr.io/acme/app:2.0.0", policy="a"), target("ghcr.io/acme/app:3.0.0", policy="b")]
    changed = update({"a.yaml": pod()}, targets)
    assert changed.files == {}
    assert reasons(changed) == [SkipReason.CLAIMED_TWICE]


@pytest.mark.parametrize(
    "path", [".github/workflows/ci.yaml", ".niro/policies.yml", "../a.yaml", "/a.yaml", "a\\b.yaml"]
)
def test_a_file_that_is_never_edited_is_left_alone_with_the_reason(pod, target, path):
    changed = update({path: pod(), "a.yaml": pod()}, [target()])
    assert list(changed.files) == ["a.yaml"]
    assert [(skipped.path, skipped.line) for skipped in changed.skipped] == [(path, None)]


@pytest.mark.parametrize(
    ("comment", "mode", "expected"),
    [
        ("", Mode.AUTO, None),
        ("", Mode.MARKERS, SkipReason.NOT_MARKED),
        ('# {"$imagepolicy": "app"}', Mode.AUTO, None),
        ('# {"$imagepolicy": "app"}', Mode.MARKERS, None),
        ('# {"$imagepolicy": "team:app"}', Mode.MARKERS, None),
        ('# {"$imagepolicy": "other"}', Mode.AUTO, SkipReason.OTHER_POLICY),
        ('# {"$imagepolicy": "other"}', Mode.MARKERS, SkipReason.OTHER_POLICY),
        ('# {"$imagepolicy": "team:app:tag"}', Mode.AUTO, None),
        ('# {"$imagepolicy": "team:app:tag"}', Mode.MARKERS, None),
        ('# {"$imagepolicy": "other:tag"}', Mode.AUTO, SkipReason.OTHER_POLICY),
    ],
)
def test_markers_say_which_policy_a_line_follows(pod, target, comment, mode, expected):
    changed = update({"a.yaml": pod(f"ghcr.io/acme/app:1.0.0 {comment}")}, [target(mode=mode)])
    assert reasons(changed) == ([expected] if expected else [])
    assert bool(changed.files) is (expected is None)


def test_a_line_that_is_marked_for_a_policy_of_another_image_is_left_alone(pod, target):
    content = pod('nginx:1.25 # {"$imagepolicy": "app"}', "ghcr.io/acme/app:2.0.0")
    changed = update({"a.yaml": content}, [target()])
    assert changed.files == {}
    assert reasons(changed) == [SkipReason.DIFFERENT_IMAGE]


def test_a_digest_is_never_lost_and_moves_with_its_tag(pod, target):
    content = pod(f"ghcr.io/acme/app:1.0.0@{DIGEST}")
    assert reasons(update({"a.yaml": content}, [target()])) == [SkipReason.PINNED_TO_DIGEST]
    other = DIGEST.replace("0", "1")
    changed = update({"a.yaml": content}, [target(f"ghcr.io/acme/app:2.0.0@{other}")])
    assert changed.files["a.yaml"] == pod(f"ghcr.io/acme/app:2.0.0@{other}")


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("1.0.0", "app:1.0.0"),
        (f"1.0.0@{DIGEST}", f"app:1.0.0@{DIGEST}"),
        (f"1.0.0@{OTHER}", f"app:1.0.0@{OTHER}"),
        (f"@{DIGEST}", f"app@{DIGEST}"),
    ],
)
def test_an_occurrence_is_meant_by_its_tag_and_its_digest_together(pod, target, current, expected):
    written = ["app:1.0.0", f"app:1.0.0@{DIGEST}", f"app:1.0.0@{OTHER}", f"app@{DIGEST}"]
    content = pod(*(f"ghcr.io/acme/{image}" for image in written))
    changed = update({"a.yaml": content}, [target(f"ghcr.io/acme/app:2.0.0@{DIGEST}", current=current)])
    assert [change.old for change in changed.changes] == [f"ghcr.io/acme/{expected}"]
    assert changed.skipped == ()


@pytest.mark.parametrize(
    ("written", "wish", "expected"),
    [
        (f"app@{DIGEST}", f"app:latest@{OTHER}", f"app@{OTHER}"),
        ("app", f"app:latest@{OTHER}", f"app@{OTHER}"),
        (f"app:latest@{DIGEST}", f"app:latest@{OTHER}", f"app:latest@{OTHER}"),
        (f"app@{DIGEST}", f"app:stable@{OTHER}", f"app:stable@{OTHER}"),
        ("app", "app:latest", "app:latest"),
    ],
)
def test_an_image_that_stands_for_latest_without_saying_so_is_not_given_that_tag_beside_a_digest(
    pod, target, written, wish, expected
):
    changed = update({"a.yaml": pod(f"ghcr.io/acme/{written}")}, [target(f"ghcr.io/acme/{wish}")])
    assert moved(changed) == [f"ghcr.io/acme/{written} -> ghcr.io/acme/{expected}"]


def test_a_target_without_a_tag_moves_nothing(pod, target):
    changed = update({"a.yaml": pod()}, [target("ghcr.io/acme/app")])
    assert reasons(changed) == [SkipReason.INVALID_TARGET]


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("1.9.1", "1.9.1"),
        ("1.10", '"1.10"'),
        ("2", '"2"'),
        ("1e3", '"1e3"'),
        ("on", '"on"'),
        ("2026-11-21", '"2026-11-21"'),
    ],
)
def test_a_tag_gets_quotes_where_yaml_would_read_it_as_something_else_than_a_text(target, tag, written):
    before = "images:\n  - name: ghcr.io/acme/app\n    newTag: {} # ours\n"
    changed = update({"kustomization.yaml": before.format("v1").encode()}, [target(f"ghcr.io/acme/app:{tag}")])
    assert changed.files["kustomization.yaml"].decode() == before.format(written)


@pytest.mark.parametrize("quoted", ['"{}"', "'{}'"])
def test_quotes_that_stand_stay(target, quoted):
    before = f"images: [{{{{name: ghcr.io/acme/app, newTag: {quoted}}}}}]\n"
    changed = update({"kustomization.yaml": before.format("1.9").encode()}, [target("ghcr.io/acme/app:1.10")])
    assert changed.files["kustomization.yaml"].decode() == before.format("1.10")


def test_a_number_of_json_becomes_a_text(target):
    before = b'{"images": [{"name": "ghcr.io/acme/app", "newTag": 1.9}]}'
    changed = update({"kustomization.json": before}, [target("ghcr.io/acme/app:v2")])
    assert changed.files == {"kustomization.json": before.replace(b"1.9", b'"v2"')}


def test_a_whole_image_that_yaml_would_read_as_a_number_gets_quotes(pod, target):
    changed = update({"a.yaml": pod("12:x"), "b.yaml": pod('"12:x"')}, [target("12:30")])
    assert changed.files == {"a.yaml": pod('"12:30"'), "b.yaml": pod('"12:30"')}


@pytest.mark.parametrize(("tag", "expected"), [("2.0.0", []), ("2.0.10", [SkipReason.CHECK_FAILED])])
def test_a_file_that_would_not_read_as_meant_any_more_stays_as_it_was(pod, target, tag, expected):
    full = pod() + b"#" * (LARGEST_FILE - len(pod()))
    changed = update({"a.yaml": full, "b.yaml": pod()}, [target(f"ghcr.io/acme/app:{tag}")])
    assert reasons(changed) == expected
    assert [change.path for change in changed.changes] == list(changed.files)
    assert list(changed.files) == (["b.yaml"] if expected else ["a.yaml", "b.yaml"])


@pytest.mark.parametrize(("policy", "is_moved"), [("other", False), ("app", True)])
def test_a_marker_on_an_item_that_gets_its_image_by_a_merge_key_is_about_that_image(target, policy, is_moved):
    before = (
        "kind: Pod\nx: &x {image: ghcr.io/acme/app:1.0.0}\nspec:\n  containers:\n"
        f'    - {{<<: *x, name: a}} # {{"$imagepolicy": "{policy}"}}\n'
    )
    changed = update({"a.yaml": before.encode()}, [target()])
    assert bool(changed.files) is is_moved
    assert [skipped.reason for skipped in changed.skipped] == ([] if is_moved else [SkipReason.OTHER_POLICY])
