"""Versions: what is read as one, and which is newer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.selection import InvalidVersion, Version

READ = [
    # text, release, pre-release, build, numbers written
    ("1.2.3", (1, 2, 3), "", "", 3),
    ("v1.2.3", (1, 2, 3), "", "", 3),
    ("1.2", (1, 2, 0), "", "", 2),
    ("1", (1, 0, 0), "", "", 1),
    ("01.02.03", (1, 2, 3), "", "", 3),
    ("v2025.07.03", (2025, 7, 3), "", "", 3),
    ("1.2.3-rc.1", (1, 2, 3), "rc.1", "", 3),
    ("1.2.3-alpine", (1, 2, 3), "alpine", "", 3),
    ("1.2.3-alpine3.18", (1, 2, 3), "alpine3.18", "", 3),
    ("1.2.3+build.5", (1, 2, 3), "", "build.5", 3),
    ("1.2.3-rc.1+b", (1, 2, 3), "rc.1", "b", 3),
    ("1.2-rc.1", (1, 2, 0), "rc.1", "", 2),
    ("1-a.b.c", (1, 0, 0), "a.b.c", "", 1),
    ("1.2.3--", (1, 2, 3), "-", "", 3),
    ("1.2.3-0a", (1, 2, 3), "0a", "", 3),
    ("18446744073709551615.0.0", (2**64 - 1, 0, 0), "", "", 3),
]


@pytest.mark.parametrize(("text", "release", "prerelease", "build", "parts"), READ)
def test_a_version_is_read_loosely(text, release, prerelease, build, parts):
    version = Version.parse(text)

    assert (version.release, version.prerelease, version.build, version.parts) == (release, prerelease, build, parts)
    assert (version.major, version.minor, version.patch) == release
    assert version.original == str(version) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "v", "latest", "V1.2.3", "1.2.3.4", "1.2.3_1", " 1.2.3", "1.2.3 ", "1.2.3\n", "1.2.", ".1", "1..2", "-1",
        "1.2.3-", "1.2.3-a..b", "1.2.3-01", "1.2.3-a.007", "1.2.3+", "1.2.3+a_b", "1.x", "\u0661.2.3", "vv1.2.3",
        "18446744073709551616.0.0", "0.0.99999999999999999999", "1" * 257, "1.2.3-" + "a" * 251,
    ],
)  # fmt: skip
def test_what_is_no_version_is_refused(text):
    with pytest.raises(InvalidVersion) as caught:
        Version.parse(text)

    assert caught.value.text == text
    assert caught.value.reason


RISING = [
    "0.0.0-0", "0.0.0", "0.0.1", "0.1.0", "1.0.0-1", "1.0.0-2", "1.0.0-11", "1.0.0--", "1.0.0-alpha", "1.0.0-alpha.1",
    "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0-rc10", "1.0.0-rc9", "1.0.0",
    "1.0.1-rc.1", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "10.0.0", "2024.1.1",
]  # fmt: skip


def test_versions_rise_by_precedence():
    assert [str(version) for version in sorted(Version.parse(text) for text in reversed(RISING))] == RISING


@pytest.mark.parametrize(
    ("one", "other"),
    [("v1.0.0", "1.0.0"), ("1", "1.0.0"), ("01.02.03", "1.2.3"), ("1.0.0+a", "1.0.0+b"), ("v1.0-rc.1", "1.0.0-rc.1")],
)
def test_the_way_a_version_is_written_does_not_count(one, other):
    first, second = Version.parse(one), Version.parse(other)

    assert first == second
    assert hash(first) == hash(second)
    assert not first < second
    assert not first > second


def test_a_version_equals_nothing_but_versions():
    assert Version.parse("1.0.0") != "1.0.0"


VERSIONS = st.from_regex(
    r"v?(0|[1-9][0-9]?)(\.[0-9]{1,2}){0,2}(-(0|[1-9]|[a-z]{1,2})(\.(0|[1-9]|rc))?)?", fullmatch=True
)


@given(VERSIONS, VERSIONS, VERSIONS)
def test_the_order_of_versions_is_total(one, two, three):
    first, second, third = Version.parse(one), Version.parse(two), Version.parse(three)

    assert (first < second) + (first == second) + (first > second) == 1
    if first <= second <= third:
        assert first <= third


@given(st.text() | st.text(alphabet="0123456789v.-+aA_ ", max_size=20))
def test_any_text_is_a_version_or_a_refusal(text):
    try:
        version = Version.parse(text)
    except InvalidVersion:
        return

    assert version.original == text
    assert max(version.release) < 2**64
