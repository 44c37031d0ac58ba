"""A marker above an instruction of a Dockerfile is about what the instruction names."""

from __future__ import annotations

import pytest

from bot.manifests.dockerfiles import read_dockerfile
from bot.manifests.reasons import SkipReason
from bot.manifests.source import Source

APP = "ghcr.io/acme/app"
DIGEST = "sha256:" + "a" * 64


def marker(policy: str) -> str:
    return f'# {{"$imagepolicy": "{policy}"}}'


def read(*lines: str):
    found, skipped = read_dockerfile("Dockerfile", Source("\n".join(lines).encode()))
    return found, skipped


def followed(*lines: str) -> list[str]:
    """Tell each image as its line, its marker, the text of the parts that may be written, and what it stands at."""
    return [told(each) for each in read(*lines)[0]]


def told(found) -> str:
    occurrence = found.occurrence
    writable = " ".join(f"{each.part}={each.value}" for each in found.held if each.is_writable)
    tail = occurrence.obstacle.reason if occurrence.obstacle else writable
    standing = "" if occurrence.standing is None else f" standing={occurrence.standing}"
    return f"{occurrence.line} {occurrence.marker} {tail}{standing}"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([marker("app"), f"FROM {APP}:1"], [f"2 app whole={APP}:1"]),
        (['  ## {"$imagepolicy":"team:app"}', f"FROM {APP}:1"], [f"2 team:app whole={APP}:1"]),
        ([marker("app"), "# frozen until May", f"FROM {APP}:1"], [f"3 app whole={APP}:1"]),
        (["FROM \\", marker("app"), f"  {APP}:1"], [f"3 app whole={APP}:1"]),
        ([marker("app"), f"COPY --from={APP}:1 / /"], [f"2 app whole={APP}:1"]),
        (
            [marker("app"), "RUN --mount=from=a:1,target=/a --mount=from=b:2,target=/b true"],
            ["2 app whole=a:1", "2 app whole=b:2"],
        ),
        ([marker("app"), "", f"FROM {APP}:1"], [f"3 None whole={APP}:1"]),
        ([marker("app"), "CMD x", f"FROM {APP}:1"], [f"3 None whole={APP}:1"]),
        (["RUN <<EOF", marker("app"), "EOF", f"FROM {APP}:1"], [f"4 None whole={APP}:1"]),
    ],
)
def test_a_marker_is_about_the_images_of_the_instruction_below(lines, expected):
    assert followed(*lines) == expected


@pytest.mark.parametrize(
    ("asked", "image", "expected"),
    [
        ("tag", f"{APP}:1", "2 app:tag tag=1"),
        ("tag", APP, "2 app:tag no-tag"),
        ("tag", f"{APP}:1@{DIGEST}", "2 app:tag pinned-to-digest"),
        ("tag", "$UNKNOWN", "2 app:tag template"),
        ("tag", "{{image}}", "2 app:tag template"),
        ("tag", "No:Image:", "2 app:tag no-tag"),
        ("digest", f"{APP}@{DIGEST}", f"2 app:digest digest={DIGEST}"),
        ("digest", f"{APP}:1", "2 app:digest no-place-for-digest"),
        ("name", f"{APP}:1", "2 app:name marker-not-understood standing=1"),
    ],
)
def test_a_marker_may_ask_for_a_part_of_a_whole_image(asked, image, expected):
    assert followed(marker(f"app:{asked}"), f"FROM {image}") == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ARG V=1", marker("app"), f"FROM {APP}:$V"], f"1 app name={APP} tag=1"),
        ([marker("app"), "ARG V=1", f"FROM {APP}:$V"], f"2 app name={APP} tag=1"),
        ([marker("team:app:tag"), "ARG V=1", f"FROM {APP}:$V"], "2 team:app:tag tag=1"),
        ([marker("app:tag"), "ARG V=1", marker("app:tag"), f"FROM {APP}:$V"], "2 app:tag tag=1"),
        ([marker("app:tag"), "ARG V=1", marker("app"), f"FROM {APP}:$V"], f"2 app name={APP} tag=1"),
        (
            [marker("app:name"), f"ARG N={APP}", marker("app:tag"), "ARG V=1", "FROM $N:$V"],
            f"4 app name={APP} tag=1 standing=1",
        ),
        (
            [marker("app:name"), "ARG R=ghcr.io", "FROM $R/acme/app:1"],
            "3 app:name registry=ghcr.io name=acme/app standing=1",
        ),
        ([marker("app"), "ARG V=1", marker("other"), f"FROM {APP}:$V"], "2 None marker-not-understood"),
        ([marker("app"), f"ARG BASE={APP}:1", "FROM $BASE"], f"2 app whole={APP}:1"),
        ([f"ARG BASE={APP}:1", marker("app"), "FROM $BASE"], f"1 app whole={APP}:1"),
    ],
)
def test_markers_above_the_parts_of_an_image_are_about_the_image(lines, expected):
    assert followed(*lines) == [expected]


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        ("app:tag", "1.9.0", "2 app:tag tag=1.9.0 standing=1.9.0"),
        ("app", "1.9.0", "2 app tag=1.9.0 standing=1.9.0"),
        ("app:tag", '"1.9.0"', "2 app:tag tag=1.9.0 standing=1.9.0"),
        ("app:tag", f"--image={APP}:1.9.0", "2 app:tag tag=1.9.0 standing=1.9.0"),
        ("app", f"--image={APP}:1.9.0", f"2 app whole={APP}:1.9.0"),
        ("app:digest", DIGEST, f"2 app:digest digest={DIGEST} standing=@{DIGEST}"),
        ("app:name", APP, f"2 app:name name={APP} standing="),
        ("app:tag", '1.9"."0', "2 app:tag escaped standing=1.9.0"),
    ],
)
@pytest.mark.parametrize("instruction", ["ARG", "ENV"])
def test_a_value_that_is_marked_is_a_part_of_an_image(instruction, asked, value, expected):
    assert followed(marker(asked), f"{instruction} VALUE={value}") == [expected]


def test_a_marked_value_tells_its_stage_and_its_name():
    (_, found), _ = read(
        "FROM scratch AS web", "FROM web AS tools", marker("app:tag"), "ARG V=1", "COPY --from=a:1 / /"
    )
    occurrence = found.occurrence
    assert (occurrence.name, occurrence.field) == ("tools", "COPY --from")


@pytest.mark.parametrize(
    "lines",
    [
        [marker("app")],
        [marker("app"), ""],
        [marker("app"), "CMD echo 1.9.0"],
        [marker("app"), "ENV VERSION 1.9.0"],
        [marker("app"), "ARG VERSION"],
        [marker("app"), "ARG A=1.9.0 B=2.0.0"],
        [marker("app"), "ARG VERSION=$OTHER"],
        [marker("app:tag"), "ARG WORDS='more than one'"],
        [marker("app:digest"), "ARG VERSION=1.9.0"],
        [marker("app:name"), "ARG VERSION=A"],
        [marker("app"), "FROM scratch"],
        [marker("app"), "# more", "", "FROM scratch"],
        [marker("app"), "COPY --from=0 / /"],
        [marker("app"), "\\"],
    ],
)
def test_a_marker_that_is_about_nothing_is_told(lines):
    found, skipped = read(*lines)
    assert not found
    assert [(each.line, each.reason) for each in skipped] == [(1, SkipReason.MARKS_NOTHING)]


@pytest.mark.parametrize(("asked", "part"), [("app", f"whole={APP}:1"), ("app:tag", "tag=1")])
def test_a_marker_is_about_an_argument_of_a_stage_that_is_an_image(asked, part):
    assert followed("FROM scratch", marker(asked), f"ARG T={APP}:1") == [f"3 {asked} {part}"]


def test_two_policies_above_one_value_are_about_nothing():
    found, skipped = read(marker("app:tag"), marker("other:tag"), "ARG VERSION=1.9.0")
    assert not found
    assert [each.line for each in skipped] == [1, 2]


@pytest.mark.parametrize("policies", [("app", "other"), ("app", "app"), ("app:name", "app:tag")])
def test_an_image_below_two_markers_follows_none_of_them(policies):
    assert followed(*map(marker, policies), f"FROM {APP}:1") == ["3 None marker-not-understood"]


def test_two_markers_are_about_no_part_of_an_image_either():
    lines = [marker("app:tag"), marker("app"), "ARG V=1", f"FROM {APP}:$V"]
    assert followed(*lines) == ["3 None marker-not-understood"]


@pytest.mark.parametrize("comment", ['# {"$imagepolicy": 5}', '# see {"$imagepolicy": "app"}', "# $imagepolicy", "# {"])
def test_a_comment_that_is_no_marker_is_about_nothing(comment):
    found, skipped = read(comment, f"FROM {APP}:1")
    assert (told(found[0]), skipped) == (f"2 None whole={APP}:1", [])
