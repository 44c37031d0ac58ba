"""Versionings: dates, four numbers, builds; which tags are versions, of one family, and in which order."""

import pytest

from bot.selection import Variant, Versioning
from bot.selection.reading import read, version_of

KEEP, ANY = Variant.KEEP, Variant.ANY
SEMVER, CALVER, FOUR_PART, BUILD = Versioning.SEMVER, Versioning.CALVER, Versioning.FOUR_PART, Versioning.BUILD

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
    (BUILD, ANY, "1.2.3-alpine_4", "1.2.3-alpine", ("", 0, (4,), ())),
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
