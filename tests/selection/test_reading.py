"""Readings: a tag as a version, in each versioning, and its place in the order."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.selection import InvalidVersion, UpdateKind, Variant, Version, Versioning
from bot.selection.reading import ANY_FAMILY, is_dotted_number, read, same_version, update_kind, version_of

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


READ = [
    # versioning, variant, tag, the version that a range sees, (suffix, fourth number, counter, the suffix's numbers)
    (CALVER, KEEP, "2026.11.20", "2026.11.20", ("", 0, (), ())),
    (CALVER, KEEP, "v2026.11.20", "v2026.11.20", ("", 0, (), ())),
    (CALVER, KEEP, "2026.11.20-2", "2026.11.20", ("", 0, (2,), ())),
    (CALVER, KEEP, "2026.11.20-2.1", "2026.11.20", ("", 0, (2, 1), ())),
    (CALVER, KEEP, "2026.11.20-02", "2026.11.20", ("", 0, (2,), ())),
    (CALVER, KEEP, "2026.11", "2026.11", ("", 0, (), ())),
    (CALVER, KEEP, "20.04", "20.04", ("", 0, (), ())),
    (CALVER, KEEP, "24.04.1-LTS", "24.04.1", ("LTS", 0, (), ())),
    (CALVER, KEEP, "2026.11.20.3", "2026.11.20", ("", 3, (), ())),
    (CALVER, KEEP, "2026.11.20.3-4", "2026.11.20", ("", 3, (4,), ())),
    (CALVER, KEEP, "2026-11-20", "2026.11.20", ("", 0, (), ())),
    (CALVER, KEEP, "2026-11-20-2", "2026.11.20", ("", 0, (2,), ())),
    (CALVER, KEEP, "2026-11-20-153000", "2026.11.20", ("", 0, (153000,), ())),
    (CALVER, KEEP, "20261120", "2026.11.20", ("", 0, (), ())),
    (CALVER, KEEP, "20261120-1", "2026.11.20", ("", 0, (1,), ())),
    (CALVER, KEEP, "20261120-alpine3.19", "2026.11.20", ("alpine#.#", 0, (), (3, 19))),
    (CALVER, KEEP, "2026.11.20-2-alpine-3", "2026.11.20", ("alpine-#", 0, (2,), (3,))),
    (CALVER, KEEP, "2026.11.20-rc1", "2026.11.20-rc1", ("", 0, (), ())),
    (CALVER, KEEP, "2026.11.20-beta.2-slim", "2026.11.20-beta.2", ("slim", 0, (), ())),
    (CALVER, KEEP, "2026-02-31", "2026.02.31", ("", 0, (), ())),
    (CALVER, KEEP, "1900.0", "1900.0", ("", 0, (), ())),
    (CALVER, KEEP, "2026.53", "2026.53", ("", 0, (), ())),
    (CALVER, ANY, "2026.11", "2026.11", ("", 0, (), ())),
    (CALVER, ANY, "20261120-2", "2026.11.20", ("", 0, (2,), ())),
    (CALVER, ANY, "2026.11.20-2-alpine", "2026.11.20-alpine", ("", 0, (2,), ())),
    (FOUR_PART, KEEP, "1.2.3.4", "1.2.3", ("", 4, (), ())),
    (FOUR_PART, KEEP, "v1.2.3.4-rc.1-slim2", "v1.2.3-rc.1", ("slim#", 4, (), (2,))),
    (FOUR_PART, KEEP, "1.2.3", "1.2.3", ("", 0, (), ())),
    (FOUR_PART, KEEP, "1.2", "1.2", ("", 0, (), ())),
    (FOUR_PART, ANY, "v1.2.3.4", "v1.2.3", ("", 4, (), ())),
    (FOUR_PART, ANY, "1.2.3.4-alpine", "1.2.3-alpine", ("", 4, (), ())),
    (BUILD, KEEP, "1.2.3_4", "1.2.3", ("", 0, (4,), ())),
    (BUILD, KEEP, "1.2.3_build.4", "1.2.3", ("", 0, (4,), ())),
    (BUILD, KEEP, "1.2.3_build4", "1.2.3", ("", 0, (4,), ())),
    (BUILD, KEEP, "1.2.3_Build-4", "1.2.3", ("", 0, (4,), ())),
    (BUILD, KEEP, "1.2.3_4.5", "1.2.3", ("", 0, (4, 5), ())),
    (BUILD, KEEP, "1.2.3-rc.1_build.4", "1.2.3-rc.1", ("", 0, (4,), ())),
    (BUILD, KEEP, "17.0.9_9-jre-alpine", "17.0.9", ("jre-alpine", 0, (9,), ())),
    (BUILD, KEEP, "17.0.9_9-jdk-ubi9-minimal", "17.0.9", ("jdk-ubi#-minimal", 0, (9,), (9,))),
    (BUILD, KEEP, "17_35-jdk", "17", ("jdk", 0, (35,), ())),
    (BUILD, KEEP, "1.2.3-alpine_4", "1.2.3", ("alpine", 0, (4,), ())),
    (BUILD, KEEP, "1.2.3_amd64", "1.2.3", ("_amd#", 0, (), (64,))),
    (BUILD, KEEP, "1.2.3_4_5", "1.2.3", ("_#_#", 0, (), (4, 5))),
    (BUILD, KEEP, "1.2.3-alpine3.19", "1.2.3", ("alpine#.#", 0, (), (3, 19))),
    (BUILD, ANY, "1.2.3_build.4", "1.2.3", ("", 0, (4,), ())),
    (BUILD, ANY, "1.2.3_4-alpine", "1.2.3-alpine", ("", 0, (4,), ())),
]


@pytest.mark.parametrize(("versioning", "variant", "tag", "version", "more"), READ)
def test_other_versionings_see_what_orders_after_the_version(versioning, variant, tag, version, more):
    reading = read(tag, versioning, variant)

    assert str(version_of(reading)) == version
    assert (reading.family.suffix, reading.key[3], *reading.key[5:]) == more


@pytest.mark.parametrize(
    ("versioning", "variant", "tags"),
    [
        (
            CALVER,
            KEEP,
            [
                "2026", "26", "1.25.3", "6.06", "999.1", "1899.1", "0999.1.1", "10000.1", "2026.1.2.3.4", "2026-13-01",
                "2026-00-01", "2026-01-32", "2026-1-2", "2026-01", "20261301", "20260100", "202601", "2026010",
                "20260101.2",
                "2026.", "2026.01_2", "2026.01.02-", "2026.01-é", "18446744073709551616.1", "2026.18446744073709551616",
                "RELEASE.2024-01-16", "latest", "2026.11.20-rc.01", "26-11-20",
            ],
        ),
        (FOUR_PART, KEEP, ["1.2.3.4.5", "1.2.3.", "1.2.3.4_5", "1.2.3.4-", "1.2.3.x", "1.2.3.99999999999999999999"]),
        (FOUR_PART, ANY, ["1.2", "1", "1-a.b.c", "1.2.3.4-a_b"]),
        (BUILD, KEEP, ["1.2.3.4", "1.2.3_", "1.2.3_-4", "1.2.3_4-", "_4", "1.2.3_é", "1.2.3_4 5", "1.2.3__4-+"]),
        (BUILD, ANY, ["1.2_4", "1.2.3_", "1.2.3_é", "1.2.3-_4", "1.2.3_4-"]),
    ],
)  # fmt: skip
def test_what_is_no_version_in_a_versioning_is_not_read(versioning, variant, tags):
    assert [tag for tag in tags if read(tag, versioning, variant) is not None] == []


RISING = [
    (
        CALVER,
        [
            "1999.12.31", "2026.1.20", "2026.11.9", "2026.11.20-rc1", "2026.11.20", "2026.11.20-0", "2026.11.20-2",
            "2026.11.20-2.1", "2026.11.20-10", "2026.11.20.1-rc1", "2026.11.20.1", "2026.11.20.2", "2026.11.21",
            "9999.1.1",
        ],
    ),
    (CALVER, ["08.04", "20.04", "20.10", "24.04-rc1", "24.04", "24.04-1"]),
    (CALVER, ["2025-12-31", "2026-01-01", "2026-01-01-9", "2026-01-01-10", "2026-02-01"]),
    (CALVER, ["20251231", "20260101", "20260101-1", "20261101"]),
    (FOUR_PART, ["1.2.2.9", "1.2.3.3", "1.2.3.4-rc.1", "1.2.3.4", "1.2.3.10", "1.2.4.0", "10.0.0.0"]),
    (
        BUILD,
        ["1.2.3-rc.1", "1.2.3-rc.1_4", "1.2.3", "1.2.3_4", "1.2.3_build.5", "1.2.3_5.1", "1.2.3_10", "1.2.4-rc.1_99",
        "1.2.4"],
    ),
    (BUILD, ["17.0.9_9-jre", "17.0.9_10-jre", "17.0.10_7-jre"]),
    (SEMVER, ["1.0.0-1", "1.0.0-2", "1.0.0-11", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.2", "1.0.0-rc.11", "1.0.0"]),
]  # fmt: skip


@pytest.mark.parametrize(("versioning", "tags"), RISING)
@pytest.mark.parametrize("variant", Variant)
def test_tags_rise_with_their_keys(versioning, tags, variant):
    read_tags = [tag for tag in reversed(tags) if read(tag, versioning, variant) is not None]

    assert sorted(read_tags, key=lambda tag: read(tag, versioning, variant).key) == read_tags[::-1]
    assert variant is ANY or len(read_tags) == len(tags)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026.11.20", "2026-11-20"),
        ("2026.11.20", "20261120"),
        ("2026-11-20", "20261120"),
        ("2026.11.20", "26.11.20"),
        ("2026.11.20", "2026.11"),
        ("2026.11.20", "2026.11.20.1"),
        ("2026.11.20", "v2026.11.20"),
        ("2026.11.20", "2026.11.20-alpine"),
    ],
)
def test_dates_written_in_other_ways_are_of_other_families(one, other):
    assert read(one, CALVER, KEEP).family != read(other, CALVER, KEEP).family
    assert read(one, CALVER, ANY).family == read(other, CALVER, ANY).family


@pytest.mark.parametrize(
    ("versioning", "one", "other"),
    [
        (CALVER, "2026.11.20", "2026.11.20-2"),
        (CALVER, "2026.11.20-rc1", "2026.11.20"),
        (BUILD, "1.2.3", "1.2.4_build.1"),
        (BUILD, "1.2.3_4", "1.2.4_build.1"),
        (FOUR_PART, "1.2.3.4", "2.0.0.0"),
    ],
)
def test_a_counter_leaves_the_family(versioning, one, other):
    assert read(one, versioning, KEEP).family == read(other, versioning, KEEP).family


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

    assert same_version(one, zeros)
    assert not same_version(one, other)


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
    assert same_version(first, second) is (first.key == second.key)


@pytest.mark.parametrize(
    "tag", ["20260101-rc" + "1" * 245, "1" * 257, "1.2.3-" + "a-" * 125 + "a", "1.2.3" + "_" * 300, "v" + "1." * 200]
)
@pytest.mark.parametrize("versioning", Versioning)
def test_a_text_that_is_too_long_is_no_version(tag, versioning):
    assert read(tag, versioning, ANY) is None
