"""Readings: a tag as a version, in each versioning, and its place in the order."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.selection import InvalidVersion, UpdateKind, Variant, Version, Versioning
from bot.selection.reading import ANY_FAMILY, is_dotted_number, read, update_kind, version_of

KEEP, ANY = Variant.KEEP, Variant.ANY
SEMVER, CALVER, FOUR_PART, BUILD = Versioning.SEMVER, Versioning.CALVER, Versioning.FOUR_PART, Versioning.BUILD

AS_FLUX_READS = [
    # tag, the version that a range sees; None: none for Flux
    ("1.2.3", "1.2.3"),
    ("v1.2.3", "v1.2.3"),
    ("01.02.03", "01.02.03"),
    ("v2025.07.03", "v2025.07.03"),
    ("1.2.3-alpine3.19", "1.2.3-alpine3.19"),
    ("1.2.3-rc.1-alpine", "1.2.3-rc.1-alpine"),
    ("v1.2.3-rc.1", "v1.2.3-rc.1"),
    ("1.2.3--", "1.2.3--"),
    ("1.2.3-0a", "1.2.3-0a"),
    ("v1.2-rc.1", "v1.2-rc.1"),
    ("1-a.b.c", "1-a.b.c"),
    ("1.2.3+b.1", "1.2.3"),
    ("18446744073709551615.0.0", "18446744073709551615.0.0"),
    ("1.2", None),
    ("1", None),
    ("1.2-rc1", None),
    ("1-a.b", None),
    ("latest", None),
    ("a.b.c", None),
    ("V1.2.3", None),
    ("1.2.3.4", None),
    ("1.2.3-01", None),
    ("1.2.3-", None),
    ("1.2.3-a..b", None),
    ("1.2.3_4", None),
    ("1.2.3-a_b", None),
    ("1.2.3 ", None),
    ("18446744073709551616.0.0", None),
]


@pytest.mark.parametrize(("tag", "version"), AS_FLUX_READS)
def test_any_variant_is_read_as_flux_reads_it(tag, version):
    reading = read(tag, SEMVER, ANY)

    assert (reading and reading.text) == version
    assert reading is None or reading.family == ANY_FAMILY


@pytest.mark.parametrize(
    ("versioning", "before", "after", "kind"),
    [
        (SEMVER, "1.2.3", "2.0.0", UpdateKind.MAJOR),
        (SEMVER, "2.0.0", "1.9.9", UpdateKind.MAJOR),
        (SEMVER, "1.2.3", "1.3.0", UpdateKind.MINOR),
        (SEMVER, "1.2.3", "1.2.4", UpdateKind.PATCH),
        (SEMVER, "1.2.3-rc.1", "1.2.3-rc.2", UpdateKind.PATCH),
        (SEMVER, "1.2.3-rc.1", "1.2.3", UpdateKind.PATCH),
        (SEMVER, "1.2.3-rc.1", "1.3.0-rc.1", UpdateKind.MINOR),
        (SEMVER, "1.25", "1.26", UpdateKind.MINOR),
        (SEMVER, "1.2.3-alpine3.18", "1.2.3-alpine3.19", UpdateKind.BUILD),
        (SEMVER, "1.2.3-alpine3.18", "1.2.4-alpine3.19", UpdateKind.PATCH),
        (SEMVER, "1.2.3", "v1.2.3", UpdateKind.BUILD),
        (CALVER, "2026.11.20", "2026.11.20-2", UpdateKind.BUILD),
        (CALVER, "2026.11.20", "2026.11.21", UpdateKind.PATCH),
        (CALVER, "20261120", "20261201", UpdateKind.MINOR),
        (CALVER, "2026.11.20.1", "2026.11.20.2", UpdateKind.BUILD),
        (FOUR_PART, "1.2.3.4", "1.2.3.5", UpdateKind.BUILD),
        (FOUR_PART, "1.2.3.4", "1.2.4.0", UpdateKind.PATCH),
        (BUILD, "1.2.3_4", "1.2.3_5", UpdateKind.BUILD),
        (BUILD, "1.2.3_4", "1.3.0_1", UpdateKind.MINOR),
    ],
)
def test_a_change_goes_as_far_as_the_first_number_that_differs(versioning, before, after, kind):
    assert update_kind(read(before, versioning, KEEP), read(after, versioning, KEEP)) is kind


def test_the_way_a_version_is_written_does_not_make_it_another():
    one, zeros, other = (read(tag, SEMVER, ANY) for tag in ("v1.2.3", "01.2.3", "1.2.4"))

    assert one.key == zeros.key
    assert one.key != other.key


@pytest.mark.parametrize(
    ("text", "is_dotted"),
    [
        ("1.2.3", True), ("v1.2", True), ("1.2.3.4.5", True), ("1.2rc1", True), ("17.0.9_9-jre", True), ("2024.x",
        False),
        ("8-jdk17", False), ("1", False), ("v1", False), ("latest", False), ("", False), ("V1.2", False), ("a1.2",
        False),
        ("1.", False), ("\u0661.2", False), ("1.\u0661", False),
    ],
)  # fmt: skip
def test_a_dotted_number_is_known_by_how_it_begins(text, is_dotted):
    assert is_dotted_number(text) is is_dotted


IDENTIFIERS = st.lists(st.sampled_from(["0", "1", "2", "10", "rc", "rc1", "rc10", "a-b", "A", "-", "1a"]), max_size=3)
PLAIN = st.builds(
    "{}{}.{}.{}{}".format,
    st.sampled_from(["", "v"]),
    *[st.sampled_from(["0", "1", "2", "10", "01"])] * 3,
    IDENTIFIERS.map(lambda identifiers: "-" + ".".join(identifiers) if identifiers else ""),
)


@given(PLAIN, PLAIN)
def test_the_order_of_keys_is_the_order_of_versions(one, other):
    first, second = read(one, SEMVER, ANY).key, read(other, SEMVER, ANY).key
    older, newer = Version.parse(one), Version.parse(other)

    assert (first < second, first == second) == (older < newer, older == newer)
    assert first != second or hash(first) == hash(second)


@given(PLAIN, PLAIN)
def test_where_no_suffix_stands_keeping_the_variant_does_not_change_the_order(one, other):
    kept = [read(tag, SEMVER, KEEP) for tag in (one, other)]
    assume(all(reading is not None and not reading.family.suffix for reading in kept))
    any_variant = [read(tag, SEMVER, ANY) for tag in (one, other)]

    assert [reading.key for reading in kept] == [reading.key for reading in any_variant]


PIECES = [
    "1",
    "2",
    "10",
    "007",
    "2026",
    "11",
    "20",
    "20261120",
    "v",
    ".",
    "-",
    "_",
    "+",
    "rc",
    "alpine3.19",
    "build",
    "é",
]
NUMBERED = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "v"]),
    st.lists(st.sampled_from(["1", "10", "2026", "11", "20"]), min_size=1, max_size=4).map(".".join),
    st.lists(st.sampled_from(["-1", "-20", "_4", "_build.4", "-rc.1", "-RC2", "-alpine3.19", "+b", "-", "-_"])).map(
        "".join
    ),
)
TEXTS = st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | NUMBERED


@given(TEXTS, st.sampled_from(Versioning), st.sampled_from(Variant))
def test_any_text_is_a_version_or_none(text, versioning, variant):
    reading = read(text, versioning, variant)
    if reading is None:
        return

    version = version_of(reading)
    assert version == Version.parse(reading.text)
    assert version.parts == Version.parse(reading.text).parts
    assert version.release == reading.key[:3]
    assert variant is KEEP or reading.family == ANY_FAMILY


@given(TEXTS)
def test_any_variant_takes_what_masterminds_takes_and_splits_into_three(text):
    try:
        version = Version.parse(text)
    except InvalidVersion:
        version = None

    reading = read(text, SEMVER, ANY)
    if version is None or text.count(".") < 2:
        assert reading is None
    else:
        assert version_of(reading) == version


@given(NUMBERED, NUMBERED, st.sampled_from(Versioning), st.sampled_from(Variant))
def test_any_two_keys_of_a_versioning_compare(one, other, versioning, variant):
    first, second = read(one, versioning, variant), read(other, versioning, variant)
    if first is None or second is None:
        return

    assert (first.key < second.key) + (first.key == second.key) + (first.key > second.key) == 1


@pytest.mark.parametrize(
    "tag", ["20260101-rc" + "1" * 245, "1" * 257, "1.2.3-" + "a-" * 125 + "a", "1.2.3" + "_" * 300, "v" + "1." * 200]
)
@pytest.mark.parametrize("versioning", Versioning)
def test_a_text_that_is_too_long_is_no_version(tag, versioning):
    assert read(tag, versioning, ANY) is None
