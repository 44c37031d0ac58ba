"""Policies about globs, made into policies about the images that a repository has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageReference
from bot.policies import ImagePolicy, PolicyFile, load


def expanded(policies: str, *images: str) -> PolicyFile:
    text = f"version: 1\nimages:\n{policies}"
    return load(text).for_images([ImageReference.parse(image) for image in images])


def told(file: PolicyFile) -> list[tuple[str, str]]:
    return [(policy.name, str(policy.image)) for policy in file.images]


def branches(file: PolicyFile) -> list[str]:
    return [policy.pull_request.branch for policy in file.images]


def test_a_glob_becomes_a_policy_for_each_image_that_it_matches():
    file = expanded(
        "  - image: r.io/o/*\n    range: 1.x\n", "r.io/o/b:1", "r.io/o/a", "r.io/o/x/y", "q.io/o/c", "r.io/p/d"
    )

    assert told(file) == [("a", "r.io/o/a"), ("b", "r.io/o/b")]
    assert branches(file) == ["niro/a", "niro/b"]
    assert {(policy.line, policy.range) for policy in file.images} == {(3, "1.x")}
    assert not any(policy.is_pattern for policy in file.images)


def test_an_image_is_one_however_often_and_however_it_is_written():
    file = expanded("  - image: o/*\n", "o/a:1", "docker.io/o/a:2", "index.docker.io/o/a@sha256:" + "a" * 64)

    assert len(file.images) == 1
    assert file.images[0].image.tag is file.images[0].image.digest is None


@pytest.mark.parametrize(
    ("glob", "matched"),
    [("app-?", ["app-1", "app-2"]), ("*-1", ["app-1", "web-1"]), ("app*", ["app", "app-1", "app-2"]), ("x*", [])],
)
def test_a_glob_is_read_within_the_last_segment(glob, matched):
    file = expanded(f"  - image: o/{glob}\n", "o/app", "o/app-1", "o/app-2", "o/web-1", "o/app-1/x")

    assert [policy.name for policy in file.images] == matched


@pytest.mark.parametrize("exact", ["{image: o/a, range: 1.x}", "{image: o/a, enabled: false}"])
def test_an_image_with_a_policy_of_its_own_is_left_to_it(exact):
    for policies in (f"  - image: o/*\n  - {exact}\n", f"  - {exact}\n  - image: o/*\n"):
        file = expanded(policies, "o/a", "o/b")

        assert sorted(told(file)) == [("a", "o/a"), ("b", "o/b")]
        assert {policy.line for policy in file.images if policy.name == "a"} != {
            policy.line for policy in file.images if policy.name == "b"
        }


def test_an_image_that_two_globs_match_is_left_to_the_first():
    file = expanded("  - image: o/app-*\n  - image: o/*\n", "o/app-1", "o/web")

    assert [(policy.name, policy.line) for policy in file.images] == [("app-1", 3), ("web", 4)]


def test_globs_that_are_written_alike_share_their_images():
    dev, prod = "{image: o/*, name: dev, update: {paths: [dev]}}", "{image: o/*, name: prod, update: {paths: [prod]}}"
    file = expanded(f"  - {dev}\n  - {prod}\n", "o/a")

    assert [(policy.name, policy.paths) for policy in file.images] == [("dev-a", ("dev",)), ("prod-a", ("prod",))]


def test_policies_of_a_named_glob_are_named_after_it():
    file = expanded("  - {image: o/*, name: 'ns:all'}\n", "o/a")

    assert (told(file), branches(file)) == ([("ns:all-a", "o/a")], ["niro/ns-all-a"])


@pytest.mark.parametrize(
    "other", ["{image: p/x, name: a}", "{image: p/x, group: a}", "{image: 'p/*', name: a}", "{image: q/a}"]
)
def test_a_name_that_is_taken_gets_the_whole_name_of_the_image(other):
    file = expanded(f"  - image: r.io:5000/o/*\n  - {other}\n", "r.io:5000/o/a")

    assert told(file)[0] == ("a-r.io-5000-o-a", "r.io:5000/o/a")
    assert branches(file)[0] == "niro/a-r.io-5000-o-a"


def test_names_that_are_taken_twice_are_counted():
    taken = "  - {image: p/x, name: a}\n  - {image: p/y, name: a-docker.io-o-a}\n"
    file = expanded(f"  - image: o/*\n{taken}", "o/a")

    assert told(file)[0][0] == "a-docker.io-o-a-2"


def test_policies_of_a_group_share_its_branch():
    file = expanded("  - {image: o/*, group: g}\n", "o/a", "o/b")

    assert branches(file) == ["niro/g", "niro/g"]
    assert {policy.group for policy in file.images} == {"g"}


def test_commits_of_a_glob_may_go_to_one_branch():
    file = expanded("  - {image: o/*, pull-request: {delivery: commit, branch: main}}\n", "o/a", "o/b")

    assert branches(file) == ["main", "main"]
    assert file.problems == ()


@pytest.mark.parametrize(
    ("policies", "image"),
    [
        ("  - image: o/*\n", "o/a.lock"),
        ("  - image: o/*\n  - {image: p/x, pull-request: {branch: niro/a}}\n", "o/a"),
        ("  - image: o/*\n  - {image: p/x, pull-request: {branch: niro/a/b}}\n", "o/a"),
        (
            "  - {image: o/*, pull-request: {branch: 'x/{name}/y'}}\n  - {image: p/x, pull-request: {branch: x/a}}\n",
            "o/a",
        ),
    ],
)
def test_an_image_that_can_have_no_branch_is_left_out_with_a_problem(policies, image):
    file = expanded(policies, image, "o/other")

    assert image not in [str(policy.image) for policy in file.images]
    assert "o/other" in [str(policy.image) for policy in file.images]
    (problem,) = file.problems
    assert (problem.line, problem.key) == (3, "branch")
    assert f"'docker.io/{image}' is left out" in problem.message


def test_a_file_without_globs_stays_as_it_is():
    file = load("version: 1\nimages: [{image: a}, {image: b}]")

    assert file.for_images([ImageReference.parse("a"), ImageReference.parse("c")]) == file


def test_what_is_not_an_image_policy_is_kept():
    file = load("version: 1\ndashboard: true\nenabled: false\nimages: [{image: a/*}]").for_images([])

    assert (file.dashboard, file.enabled, file.images) == (True, False, ())


IMAGES = st.lists(st.from_regex(r"\A[op]/[ab](\.lock|-[ab])?\Z").map(ImageReference.parse), max_size=8)
POLICIES = st.lists(
    st.sampled_from(
        ["{image: o/*}", "{image: o/a*, name: x}", "{image: p/*, name: y}", "{image: p/?, name: z}", "{image: o/a}",
         "{image: p/b-a, name: a-a}", "{image: o/b, group: b}"]
    ),
    unique=True,
)  # fmt: skip


@given(POLICIES, IMAGES)
def test_each_policy_follows_one_image_under_one_name_on_one_branch(policies, images):
    file = load("version: 1\nimages: [" + ", ".join(policies) + "]").for_images(images)

    names = [policy.name for policy in file.images]
    followed = [policy.image.name for policy in file.images]
    own = [policy.pull_request.branch for policy in file.images if policy.grouped_under is None]
    assert len(set(names)) == len(names)
    assert len(set(followed)) == len(followed)
    assert len(set(own)) == len(own)
    assert all(isinstance(policy, ImagePolicy) and not policy.is_pattern for policy in file.images)
