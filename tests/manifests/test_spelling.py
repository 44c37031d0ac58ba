"""What an edit writes in a marked value, and when it writes nothing.

In the texts `<app>` stands for the comment `# {"$imagepolicy": "app"}`.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageReference
from bot.manifests import SkipReason, Target, find_images, standing_of, update

DIGEST = "sha256:" + "a" * 64
SPLIT = "image:\n  repository: ghcr.io/acme/app\n  tag: {} <app>"


def written(text: str) -> bytes:
    return (re.sub(r"<([a-z:]+)>", r'# {"$imagepolicy": "\1"}', text) + "\n").encode()


def wish(tag: str, current: str | None = None) -> Target:
    return Target("app", ImageReference.parse(f"ghcr.io/acme/app:{tag}"), current=current)


def edited(text: str, target: Target) -> bytes:
    return update({"values.yaml": written(text)}, [target]).files.get("values.yaml", written(text))


def reasons(text: str, target: Target) -> list[SkipReason]:
    return [skipped.reason for skipped in update({"values.yaml": written(text)}, [target]).skipped]


@pytest.mark.parametrize(
    ("text", "current", "tag", "after"),
    [
        # wholly a tag
        ("a: 1.9.0-debug <app:tag>", "1.9.0-debug", "2.0.0", "a: 2.0.0 <app:tag>"),
        ("a: 1.9.0-debug <app>", "1.9.0-debug", "2.0.0", "a: 2.0.0 <app>"),
        ("a: api-1.9.0 <app:tag>", "api-1.9.0", "api-2.0.0", "a: api-2.0.0 <app:tag>"),
        ("a: api-1.9.0 <app:tag>", "api-1.9.0", "2.0.0", "a: 2.0.0 <app:tag>"),
        ("a: main-abc1234 <app:tag>", "main-abc1234", "main-def5678", "a: main-def5678 <app:tag>"),
        # in a longer text
        ("a: V=1.9.0-debug <app:tag>", "1.9.0-debug", "2.0.0", "a: V=2.0.0 <app:tag>"),
        ("a: V=1.9.0-debug <app>", "1.9.0-debug", "2.0.0-debug", "a: V=2.0.0-debug <app>"),
        ("a: V='api-v1.9.0' <app:tag>", "v1.9.0", "2.0.0", "a: V='api-2.0.0' <app:tag>"),
        ("a: --chart=app-1.9.0.tgz <app:tag>", "1.9.0", "2.0.0", "a: --chart=app-2.0.0.tgz <app:tag>"),
        ("a: --x prefix1.9.0 <app:tag>", "1.9.0", "2.0.0", "a: --x prefix2.0.0 <app:tag>"),
        ("a: TAG=main-abc1234 <app:tag>", "main-abc1234", "main-def", "a: TAG=main-def <app:tag>"),
        # of an image
        ("a: repo:1.9.0-debug <app:tag>", "1.9.0-debug", "2.0.0", "a: repo:2.0.0 <app:tag>"),
        ("a: ghcr.io/acme/app:1.9.0-debug <app>", "1.9.0-debug", "2.0.0", "a: ghcr.io/acme/app:2.0.0 <app>"),
        (SPLIT.format("1.9.0-x"), "1.9.0-x", "2.0.0", SPLIT.format("2.0.0")),
    ],
)
def test_where_it_is_known_what_stands_there_the_tag_is_written_whole(text, current, tag, after):
    assert edited(text, wish(tag, current)) == written(after)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: repo:1.9.0-debug <app:tag>", "a: repo:2.0.0-debug <app:tag>"),
        ("a: ghcr.io/acme/app:1.9.0-debug <app>", "a: ghcr.io/acme/app:2.0.0-debug <app>"),
        ("a: APP_VERSION=1.9.0 <app:tag>", "a: APP_VERSION=2.0.0 <app:tag>"),
        ("a: APP_VERSION=api-v1.9.0-debug <app>", "a: APP_VERSION=api-2.0.0-debug <app>"),
        ("a: api-1.9.0 <app:tag>", "a: api-2.0.0 <app:tag>"),
        ("a: 1.9.0-debug <app:tag>", "a: 2.0.0-debug <app:tag>"),
    ],
)
def test_where_nobody_asked_what_stands_there_what_is_beside_the_version_stays(text, after):
    assert edited(text, wish("2.0.0")) == written(after)


@pytest.mark.parametrize("current", ["api-1.9.0", "1.9.0.tgz", "V=1.9.0", "prefix1.9.0", ""])
def test_a_text_does_not_stand_at_what_no_registry_has(current):
    text = "- V=api-1.9.0 <app:tag>\n- --chart=app-1.9.0.tgz <app:tag>\n- --x prefix1.9.0 <app:tag>"
    assert edited(text, wish("2.0.0", current)) == written(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("a: --chart=app-1.9.0.tgz <app:tag>", "main-abc"),
        ("a: --x prefix1.9.0 <app:tag>", "v2.0.0"),
        ("a: V=api-1.9.0 <app:tag>", "api-2.0.0"),
        ("a: V=1.9.0 <app:tag>", "1.9.0.tgz"),
        ("a: V=latest <app:tag>", "2.0.0.tgz"),
        ("a: --x 1.9.0 <app:tag>", "latest"),
        # without `:tag` a version has to stand there
        ("a: V=1.9.0 <app>", "latest"),
        ("a: 1.9.0 <app>", "latest"),
        # the image in a text
        ("a: docker run app:1.9.0 --x <app:tag>", "latest"),
    ],
)
def test_a_tag_is_not_written_where_it_would_not_be_found_again(text, tag):
    assert edited(text, wish(tag)) == written(text)
    assert reasons(text, wish(tag)) == [SkipReason.MARKER_NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    "text", ["nothing", "latest", "main", "true", "3", "two words", "TAG=main-abc1234", "TAG=latest", DIGEST]
)
@pytest.mark.parametrize("tag", ["2.0.0", "main"])
def test_a_marker_that_asks_for_no_part_overwrites_nothing_but_a_version(text, tag):
    assert edited(f"a: {text} <app>", wish(tag)) == written(f"a: {text} <app>")
    assert reasons(f"a: {text} <app>", wish(tag)) == [SkipReason.MARKER_NOT_UNDERSTOOD]


def test_another_image_is_not_written_beside_the_registry_that_stands_apart():
    text = "image: {registry: ghcr.io, repository: other/app, tag: 1.9.0} <app:name>"
    assert edited(text, wish("2.0.0")) == written(text)
    assert reasons(text, wish("2.0.0")) == [SkipReason.DIFFERENT_IMAGE]


def test_a_tag_is_found_again_where_another_marker_tells_the_name():
    text = "a:\n  b: other/app <app:name>\n  c: V={} <app:tag>"
    assert b"c: V=latest" in edited(text.format("1.9.0"), wish("latest"))


def test_a_tag_is_found_again_where_its_key_tells_that_an_image_stands_there():
    text = "kind: Pod\nspec:\n  containers:\n  - image: my.app:{} <app:tag>"
    assert edited(text.format("1.9.0"), wish("20240101")) == written(text.format("20240101"))


def test_an_image_in_a_text_is_not_moved_where_it_would_not_be_found_again():
    text = "a: docker run docker.io:1.9.0 --x <app>"
    target = Target("app", ImageReference.parse("docker.io:latest"))
    assert edited(text, target) == written(text)
    assert reasons(text, target) == [SkipReason.MARKER_NOT_UNDERSTOOD]


def test_the_policys_image_may_stand_in_two_parts():
    text = "image:\n  registry: ghcr.io\n  repository: acme/app <app:name>\n  tag: {} <app:tag>"
    assert edited(text.format("1.9.0"), wish("2.0.0")) == written(text.format("2.0.0"))


tags = st.from_regex(r"(v|api-|main-)?[0-9](\.[0-9]){0,2}(-debug|-rc\.1|\.tgz|_x)?", fullmatch=True)
values = st.builds(
    "a: {}{}{} <app{}>".format,
    st.sampled_from(["", "V=", "--x app-", "docker run app:", "ghcr.io/acme/app:", "--x prefix", "see "]),
    tags,
    st.sampled_from(["", ".tgz", " --y", ".tar.gz"]),
    st.sampled_from(["", ":tag"]),
)


@given(values, tags)
def test_what_was_moved_from_where_it_stood_stands_at_the_tag_that_was_asked_for(text, tag):
    (before,) = find_images("values.yaml", written(text))
    after = edited(text, wish(tag, standing_of(before)))
    if after != written(text):
        (moved,) = find_images("values.yaml", after)
        assert standing_of(moved) == tag
        assert edited(text, wish(tag, standing_of(before))) == after


@given(values, tags)
def test_no_marked_value_makes_the_check_after_the_edit_fail(text, tag):
    (before,) = find_images("values.yaml", written(text))
    for current in (None, standing_of(before)):
        assert SkipReason.CHECK_FAILED not in reasons(text, wish(tag, current))


def test_a_digest_stands_beside_the_tag_that_it_belongs_to(target):
    digest = "sha256:" + "1" * 64
    before = 'image: ghcr.io/acme/app:1.9.0-debug # {"$imagepolicy": "app"}\n'
    changed = update({"a.yaml": before.encode()}, [target(f"ghcr.io/acme/app:2.0.0@{digest}")])
    assert changed.files["a.yaml"].decode() == before.replace("1.9.0-debug", f"2.0.0@{digest}")
