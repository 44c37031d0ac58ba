"""Variants: what follows a version's numbers, and which tags are therefore of one family."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.selection import Variant, Versioning
from bot.selection.reading import Family, read
from bot.selection.variants import EndingStyle, ending_of

# tag, the v, how many numbers and the suffix, the suffix's numbers, the version that a range sees
OF_A_FAMILY = [
    ("1.2.3", (False, 3, ""), (), "1.2.3"),
    ("v1.2.3", (True, 3, ""), (), "v1.2.3"),
    ("1.25", (False, 2, ""), (), "1.25"),
    ("v1", (True, 1, ""), (), "v1"),
    ("20.04", (False, 2, ""), (), "20.04"),
    ("01.02.03", (False, 3, ""), (), "01.02.03"),
    ("20240101", (False, 1, ""), (), "20240101"),
    ("1.25.3-alpine", (False, 3, "alpine"), (), "1.25.3"),
    ("1.25.3-alpine3.19", (False, 3, "alpine#.#"), (3, 19), "1.25.3"),
    ("1.25.3-alpine3.19-slim", (False, 3, "alpine#.#-slim"), (3, 19), "1.25.3"),
    ("1.25-alpine3.9", (False, 2, "alpine#.#"), (3, 9), "1.25"),
    ("16.1-alpine3.18", (False, 2, "alpine#.#"), (3, 18), "16.1"),
    ("16-bookworm", (False, 1, "bookworm"), (), "16"),
    ("3.12.1-slim-bookworm", (False, 3, "slim-bookworm"), (), "3.12.1"),
    ("2.4.58-bullseye", (False, 3, "bullseye"), (), "2.4.58"),
    ("8-jdk17", (False, 1, "jdk#"), (17,), "8"),
    ("8.5.0-jdk17-alpine", (False, 3, "jdk#-alpine"), (17,), "8.5.0"),
    ("10.1.18-jre21-temurin-jammy", (False, 3, "jre#-temurin-jammy"), (21,), "10.1.18"),
    ("7.0.5-windowsservercore-ltsc2022", (False, 3, "windowsservercore-ltsc#"), (2022,), "7.0.5"),
    ("7.0.5-nanoserver-1809", (False, 3, "nanoserver-#"), (1809,), "7.0.5"),
    ("12.2.0-devel-ubuntu22.04", (False, 3, "devel-ubuntu#.#"), (22, 4), "12.2.0"),
    ("12.2.0-cudnn8-runtime-ubuntu22.04", (False, 3, "cudnn#-runtime-ubuntu#.#"), (8, 22, 4), "12.2.0"),
    ("8.2.14-fpm-alpine", (False, 3, "fpm-alpine"), (), "8.2.14"),
    ("1.2.3-debian-12-r5", (False, 3, "debian-#-r#"), (12, 5), "1.2.3"),
    ("16.2.0-debian-11-r0", (False, 3, "debian-#-r#"), (11, 0), "16.2.0"),
    ("v1.29.0-k3s1", (True, 3, "k#s#"), (3, 1), "v1.29.0"),
    ("v1.28.4-eks-1-28-11", (True, 3, "eks-#-#-#"), (1, 28, 11), "v1.28.4"),
    ("6.4.2-ls227", (False, 3, "ls#"), (227,), "6.4.2"),
    ("1.2.3-r0", (False, 3, "r#"), (0,), "1.2.3"),
    ("1.2.3-ALPINE", (False, 3, "ALPINE"), (), "1.2.3"),
    ("1.2.3-python_3.11", (False, 3, "python_#.#"), (3, 11), "1.2.3"),
    ("1.2.3-linux_amd64", (False, 3, "linux_amd#"), (64,), "1.2.3"),
    ("1.2.3-g1a2b3c", (False, 3, "g#a#b#c"), (1, 2, 3), "1.2.3"),
    ("1.2.3-alpha.beta", (False, 3, "alpha.beta"), (), "1.2.3"),
    ("1.2.3-betamax", (False, 3, "betamax"), (), "1.2.3"),
    ("1.2.3-a1", (False, 3, "a#"), (1,), "1.2.3"),
    # pre-releases
    ("1.2.3-rc.1", (False, 3, ""), (), "1.2.3-rc.1"),
    ("1.2.3-RC1", (False, 3, ""), (), "1.2.3-RC1"),
    ("1.2.3-rc", (False, 3, ""), (), "1.2.3-rc"),
    ("1.2.3-rc-1", (False, 3, ""), (), "1.2.3-rc-1"),
    ("6.0.0-m1", (False, 3, ""), (), "6.0.0-m1"),
    ("6.0.0-M2", (False, 3, ""), (), "6.0.0-M2"),
    ("2.0.0-alpha3.1", (False, 3, ""), (), "2.0.0-alpha3.1"),
    ("2.0.0-beta", (False, 3, ""), (), "2.0.0-beta"),
    ("2.0.0-pre.4", (False, 3, ""), (), "2.0.0-pre.4"),
    ("2.0.0-preview7", (False, 3, ""), (), "2.0.0-preview7"),
    ("2.0.0-dev", (False, 3, ""), (), "2.0.0-dev"),
    ("2.0.0-SNAPSHOT", (False, 3, ""), (), "2.0.0-SNAPSHOT"),
    ("2.0.0-canary.12", (False, 3, ""), (), "2.0.0-canary.12"),
    ("2.0.0-nightly-20240101", (False, 3, ""), (), "2.0.0-nightly-20240101"),
    ("1.2.3-20240101", (False, 3, ""), (), "1.2.3-20240101"),
    ("1.2.3-20240101.12", (False, 3, ""), (), "1.2.3-20240101.12"),
    ("1.25-rc1", (False, 2, ""), (), "1.25-rc1"),
    # both
    ("v1.2.3-rc.1-alpine", (True, 3, "alpine"), (), "v1.2.3-rc.1"),
    ("1.2.3-alpine-rc.1", (False, 3, "alpine"), (), "1.2.3-rc.1"),
    ("1.2.3-rc1-alpine3.19", (False, 3, "alpine#.#"), (3, 19), "1.2.3-rc1"),
    ("1.2.3-20240101-alpine", (False, 3, "alpine"), (), "1.2.3-20240101"),
    ("1.2.3-alpine-20240101", (False, 3, "alpine-#"), (20240101,), "1.2.3"),
    ("1.2.3-jre-beta2-7-alpine", (False, 3, "jre-alpine"), (), "1.2.3-beta2-7"),
    ("1.2.3-rc.1+build.5", (False, 3, ""), (), "1.2.3-rc.1"),
    ("1.2.3-alpine+build.5", (False, 3, "alpine"), (), "1.2.3"),
]


@pytest.mark.parametrize(("tag", "family", "numbers", "version"), OF_A_FAMILY)
def test_a_tag_is_of_the_family_of_its_v_its_precision_and_its_suffix(tag, family, numbers, version):
    reading = read(tag, Versioning.SEMVER, Variant.KEEP)

    assert reading.family == Family(*family)
    assert reading.key[-1] == numbers
    assert reading.text == version


@pytest.mark.parametrize(
    "tag",
    [
        "", "v", "latest", "stable-alpine", "sha-abc", "RELEASE.2024-01-16T16-07-38Z", "alpine3.19", "V1.2.3",
        "1.2.3.4",
        "1.2.", "1..2", ".1", "-1", "1.2.3-", "1.2.3--", "1.2.3--alpine", "1.2.3-alpine-", "1.2.3-alpine--slim",
        "1.2.3_4",
        "17.0.9_9-jre-alpine", "1.2.3-01", "1.2.3-rc.01", "1.2.3-rc.", "1.2.3-rc..1", "3.13.0rc1-slim", "1.2.x",
        "1.2.3 ",
        "1.2.3-alpine\n", "1.2.3-é", "1.2.3-a b", "1.2.3+", "1.2.3+a_b", "1.2.3-alpine+", "\u0661.2.3", "1.2.3-\u0661",
        "18446744073709551616.0.0", "0.0.99999999999999999999", "1.2.3-" + "a" * 251,
    ],
)  # fmt: skip
def test_what_is_no_version_is_of_no_family(tag):
    assert read(tag, Versioning.SEMVER, Variant.KEEP) is None


@pytest.mark.parametrize(
    "rising",
    [
        ["1.25.3-alpine3.9", "1.25.3-alpine3.18", "1.25.3-alpine3.19", "1.25.4-alpine3.18", "1.26.0-alpine3.17"],
        ["1.2.3-debian-11-r9", "1.2.3-debian-11-r10", "1.2.3-debian-12-r0", "1.2.4-debian-11-r0"],
        ["1.2.3-rc.2-alpine", "1.2.3-rc.10-alpine", "1.2.3-alpine", "1.2.4-rc.1-alpine"],
        ["8-jdk8", "8-jdk11", "8-jdk17", "9-jdk8"],
        ["1.2.3-r9", "1.2.3-r18446744073709551616", "1.2.4-r0"],
    ],
)
def test_the_numbers_of_a_suffix_order_after_the_version(rising):
    readings = [read(tag, Versioning.SEMVER, Variant.KEEP) for tag in rising[::-1]]

    assert len({reading.family for reading in readings}) == 1
    assert [reading.key for reading in sorted(readings, key=lambda each: each.key)] == [
        read(tag, Versioning.SEMVER, Variant.KEEP).key for tag in rising
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2.3", "v1.2.3"),
        ("1.2.3", "1.2"),
        ("1.2.3", "1.2.3-alpine"),
        ("1.2.3-alpine", "1.2.3-alpine3.19"),
        ("1.2.3-alpine3", "1.2.3-alpine3.19"),
        ("1.2.3-alpine3.19", "1.2.3-alpine3-19"),
        ("1.2.3-alpine", "1.2.3-Alpine"),
        ("1.2.3-slim", "1.2.3-slim-bookworm"),
        ("1.2.3-jre-slim", "1.2.3-slim-jre"),
        ("1.2.3-linux", "1.2.3-windows"),
    ],
)
def test_families_are_told_apart(one, other):
    first, second = (read(tag, Versioning.SEMVER, Variant.KEEP) for tag in (one, other))

    assert first.family != second.family


STYLES = st.builds(EndingStyle, st.booleans(), st.booleans(), st.booleans())
ENDINGS = st.text() | st.lists(
    st.sampled_from(["-", "_", "+", ".", "1", "007", "rc", "M", "alpine", "build", "é"])
).map("".join)


@given(ENDINGS, STYLES)
def test_any_ending_is_read_or_refused(rest, style):
    ending = ending_of(rest, style)

    assert ending is None or ending.suffix.count("#") == len(ending.suffix_numbers)
