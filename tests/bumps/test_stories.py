"""The source that an image says it was built from, and what was released there between two versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.bumps import Proposal
from bot.bumps.stories import REVISION, SOURCE, VERSION, may_be_quoted, source, source_named, story
from bot.bumps.surroundings import ImageStory
from tests.bumps.situations import AMD64, ARM64, NOW, digest, tag

URL = "https://github.com/acme/app"


@dataclass(frozen=True)
class Release:
    tag: str
    name: str = ""
    url: str = ""
    body: str = ""
    published_at: datetime | None = None
    prerelease: bool = False


def proposal(
    current: str = "1.0.0", selected: str = "1.1.0", image: str = "ghcr.io/acme/app", **more: object
) -> Proposal:
    return Proposal("app", image, current, selected, "It is newer.", **more)


def told(moved: Proposal, *releases: str | Release, before=None, after=None):
    known = [Release(each) if isinstance(each, str) else each for each in releases]
    return source(moved, "acme/app", URL, before or {}, after or {}, known)


def names(moved: Proposal, *releases: str | Release, **labels) -> list[str]:
    return [note.name for note in told(moved, *releases, **labels).releases]


NAMED = [
    ("https://github.com/acme/app", "acme/app"),
    ("https://github.com/acme/app.git", "acme/app"),
    ("https://github.com/acme/app/", "acme/app"),
    ("https://github.com/acme/app/tree/main/images/x", "acme/app"),
    ("https://github.com/acme/app#main", "acme/app"),
    ("https://github.com/acme/app.git#main", "acme/app"),
    ("https://GitHub.com/acme/app", "acme/app"),
    (" https://github.com/acme/app\n", "acme/app"),
    ("https://github.com/acme/a.b_c-d", "acme/a.b_c-d"),
    ("http://github.com/acme/app", None),
    ("git://github.com/acme/app.git", None),
    ("git@github.com:acme/app.git", None),
    ("https://gitlab.com/acme/app", None),
    ("https://github.com.evil.example/acme/app", None),
    ("https://user@github.com/acme/app", None),
    ("https://github.com:443/acme/app", None),
    ("https://github.com/acme", None),
    ("https://github.com/acme/", None),
    ("https://github.com/acme/..", None),
    ("https://github.com/../app", None),
    ("https://github.com/acme/a%2fb", None),
    ("https://github.com/acme/app name", None),
    ("https://github.com/@acme/app", None),
    (f"https://github.com/acme/{'a' * 101}", None),
    ("", None),
]


@pytest.mark.parametrize(("label", "expected"), NAMED)
def test_a_source_counts_on_this_github_only(label, expected):
    assert source_named({SOURCE: label}, "https://github.com") == expected


@pytest.mark.parametrize(
    ("web_url", "expected"),
    [
        ("https://github.example", "a/b"),
        ("https://github.example/", "a/b"),
        ("http://github.example", None),
        ("", None),
    ],
)
def test_the_github_is_the_one_that_people_meet(web_url, expected):
    assert source_named({SOURCE: "https://github.example/a/b"}, web_url) == expected


def test_an_image_that_says_nothing_has_no_source():
    assert source_named({}, "https://github.com") is None


@pytest.mark.parametrize(
    ("source_is_private", "here_is_private", "expected"),
    [(False, False, True), (False, True, True), (True, True, True), (True, False, False)],
)
def test_nothing_private_is_quoted_in_public(source_is_private, here_is_private, expected):
    assert may_be_quoted(source_is_private=source_is_private, here_is_private=here_is_private) is expected


BETWEEN = {
    "after the old one, up to the new one": (
        ("1.0.0", "1.2.0"),
        ["v0.9.0", "v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0"],
        ["v1.2.0", "v1.1.0"],
    ),
    "by version, not by the order of the list": (("1.0.0", "1.10.0"), ["v1.10.0", "v1.2.0"], ["v1.10.0", "v1.2.0"]),
    "written without its zeros": (("1.0", "1.1"), ["v1.0.0", "v1.1.0"], ["v1.1.0"]),
    "of a variant": (("1.0.0-alpine", "1.1.0-alpine"), ["v1.0.0", "v1.1.0"], ["v1.1.0"]),
    "without pre-releases": (("1.0.0", "1.1.0"), ["v1.1.0-rc.1", "v1.0.1-beta", "v1.1.0"], ["v1.1.0"]),
    "without what its authors call one": (
        ("1.0.0", "1.1.0"),
        [Release("v1.0.5", prerelease=True), "v1.1.0"],
        ["v1.1.0"],
    ),
    "but a pre-release that is proposed": (
        ("2.0.0-rc.1", "2.0.0-rc.10"),
        ["v2.0.0-rc.2", "v2.0.0-rc.10"],
        ["v2.0.0-rc.10"],
    ),
    "from a pre-release": (("1.1.0-rc.1", "1.1.0"), ["v1.1.0-rc.1", "v1.1.0"], ["v1.1.0"]),
    "where the new one was not released": (("1.0.0", "1.2.0"), ["v1.1.0"], []),
    "from a word": (("latest", "1.1.0"), ["v1.0.0", "v1.1.0"], ["v1.1.0"]),
    "from no tag": (("", "1.1.0"), ["v1.0.0", "v1.1.0"], ["v1.1.0"]),
    "to an older one": (("1.2.0", "1.0.0"), ["v1.2.0", "v1.1.0", "v1.0.0"], ["v1.0.0"]),
    "the same version again": (("1.0.0@sha256:1", "1.0.0"), ["v1.0.0"], []),
    "of four numbers": (("1.0.0.1", "1.0.0.3"), ["1.0.0.2", "1.0.0.3"], ["1.0.0.3", "1.0.0.2"]),
    "that are no versions": (("1.0.0", "1.1.0"), ["nightly", "v1.1.0", "", "x" * 300], ["v1.1.0"]),
    "of this image": (("1.0.0", "1.1.0"), ["app-v1.1.0", "chart-1.1.0", "chart-1.0.5"], ["app-v1.1.0"]),
    "of the whole, where none is of this image": (("1.0.0", "1.1.0"), ["v1.1.0", "chart-1.1.0"], ["v1.1.0"]),
    "of the only one that has the version": (("1.0.0", "1.1.0"), ["server/v1.1.0", "cli/v2.0.0"], ["server/v1.1.0"]),
    "of none where that cannot be told": (("1.0.0", "1.1.0"), ["server-1.1.0", "cli-1.1.0"], []),
}


@pytest.mark.parametrize("case", BETWEEN)
def test_the_releases_between_two_versions(case):
    moved, releases, expected = BETWEEN[case]
    assert names(proposal(*moved), *releases) == expected


def test_where_the_tag_is_a_word_the_label_tells_the_version():
    moved = proposal("main@sha256:1", "main")
    assert names(moved, "v1.0.0", "v1.1.0", before={VERSION: "1.0.0"}, after={VERSION: "v1.1.0"}) == ["v1.1.0"]


@pytest.mark.parametrize(
    ("label", "expected"),
    [("1.1.4", ["v1.1.4"]), ("22.04", ["v1.1.0"]), ("1.1", ["v1.1.0"]), ("a word", ["v1.1.0"]), ("", ["v1.1.0"])],
)
def test_a_label_counts_where_it_says_the_same_as_the_tag_and_more(label, expected):
    releases = ("v1.1.0", "v1.1.4", "v22.04")
    assert names(proposal("latest", "1.1"), *releases, after={VERSION: label}) == expected


def test_a_release_without_a_title_is_called_by_its_tag():
    release = Release("v1.1.0", " Faster ", f"{URL}/releases/tag/v1.1.0", "notes", NOW)
    (note,) = told(proposal(), release).releases
    assert (note.name, note.url, note.body, note.published_at) == ("Faster", release.url, "notes", NOW)


OLD, NEW = "a" * 40, "b" * 40
COMPARED = {
    "by the commits of the images": ({REVISION: OLD}, {REVISION: NEW}, [], f"{URL}/compare/{OLD}...{NEW}"),
    "by the tags of the releases": ({}, {}, ["v1.0.0", "v1.1.0"], f"{URL}/compare/v1.0.0...v1.1.0"),
    "with tags that need escapes": ({}, {}, ["app@1.0.0", "app@1.1.0"], f"{URL}/compare/app%401.0.0...app%401.1.0"),
    "never from one image alone": ({}, {REVISION: NEW}, [], ""),
    "never with itself": ({REVISION: OLD}, {REVISION: OLD}, [], ""),
    "never by what is no commit": ({REVISION: "main"}, {REVISION: "x/../.."}, [], ""),
    "never by commits of two sources": ({REVISION: OLD, SOURCE: "x"}, {REVISION: NEW, SOURCE: "y"}, [], ""),
    "never from a version that was not released": ({}, {}, ["v1.1.0"], ""),
}


@pytest.mark.parametrize("case", COMPARED)
def test_the_two_versions_are_compared(case):
    before, after, releases, expected = COMPARED[case]
    assert told(proposal(), *releases, before=before, after=after).compare_url == expected


class TestAStory:
    def test_tells_what_the_registry_tells_of_the_tag(self):
        known = tag("1.1.0", digest=digest(1), pushed_at=NOW, first_seen=datetime(2026, 5, 5, tzinfo=UTC))
        assert story(proposal(), known, looked_at=7) == ImageStory(
            digest(1), ("linux/amd64", "linux/arm64"), NOW, 7, None, datetime(2026, 5, 5, tzinfo=UTC)
        )

    def test_tells_the_digest_that_is_proposed(self):
        moved = proposal(digest=digest(2))
        assert story(moved, tag("1.1.0", pushed_at=NOW)) == ImageStory(digest(2), ("linux/amd64", "linux/arm64"), NOW)

    @pytest.mark.parametrize(
        "other", [None, tag("1.1.0", digest=digest(3), pushed_at=NOW), tag("1.2.0", pushed_at=NOW)]
    )
    def test_tells_nothing_of_another_image(self, other):
        assert story(proposal(digest=digest(2)), other, looked_at=7) == ImageStory(digest(2), looked_at=7)

    def test_sorts_the_platforms(self):
        assert story(proposal(), tag("1.1.0", frozenset({ARM64, AMD64}))).platforms == ("linux/amd64", "linux/arm64")
