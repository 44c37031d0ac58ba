"""An image that a Dockerfile names by variables stands where the values of the variables stand."""

from __future__ import annotations

import pytest

from bot.manifests.dockerfiles import read_dockerfile
from bot.manifests.source import Source

DIGEST = "sha256:" + "a" * 64


def images(*lines: str) -> list[str]:
    """Tell each image as its line, its field, its text, and the text of its parts or the reason against editing it."""
    content = "\n".join(lines).encode()
    found, _ = read_dockerfile("Dockerfile", Source(content))
    return [told(each.occurrence, content) for each in found]


def told(occurrence, content: bytes) -> str:
    spans = sorted(occurrence.parts.items())
    parts = " ".join(f"{part}={content[span.start : span.end].decode()}" for part, span in spans if part != "whole")
    tail = occurrence.obstacle.reason if occurrence.obstacle else parts
    return f"{occurrence.line} {occurrence.field} {occurrence.text} {tail}".rstrip()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ARG BASE=nginx:1.25", "FROM $BASE"], ["1 ARG BASE nginx:1.25 name=nginx tag=1.25"]),
        (["ARG BASE=nginx:1.25", "FROM ${BASE} AS web", "FROM $BASE"], ["1 ARG BASE nginx:1.25 name=nginx tag=1.25"]),
        (['ARG BASE="nginx:1.25"', "FROM $BASE"], ["1 ARG BASE nginx:1.25 name=nginx tag=1.25"]),
        (["ARG BASE='nginx:1.25'", 'FROM "$BASE"'], ["1 ARG BASE nginx:1.25 name=nginx tag=1.25"]),
        (["ARG BASE=nginx", "FROM $BASE"], ["1 ARG BASE nginx name=nginx"]),
        (["ARG A=x OTHER B=nginx:1", "FROM $B"], ["1 ARG B nginx:1 name=nginx tag=1"]),
        (["ARG BASE=a:1", "ARG BASE=b:2", "FROM $BASE"], ["2 ARG BASE b:2 name=b tag=2"]),
        (["ARG BASE=a:1", "ARG BASE", "FROM $BASE"], ["1 ARG BASE a:1 name=a tag=1"]),
        (["ARG A=nginx:1", "ARG B=${A}", "FROM $B"], ["1 ARG A nginx:1 name=nginx tag=1"]),
        (["ARG BASE=scratch", "FROM $BASE"], []),
        (["ARG BASE=web", "FROM nginx:1 AS web", "FROM $BASE"], ["2 FROM nginx:1 name=nginx tag=1"]),
        (["ARG BASE=nginx:\\", "1.25", "FROM $BASE"], ["1 ARG BASE nginx:1.25 escaped"]),
        (['ARG BASE=ng"inx":1', "FROM $BASE"], ["1 ARG BASE nginx:1 escaped"]),
    ],
)
def test_an_argument_that_is_all_of_a_base_is_the_image(lines, expected):
    assert images(*lines) == expected


TOOLS = "ghcr.io/acme/tools"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([f"ARG T={TOOLS}:1", "FROM scratch"], [f"1 ARG T {TOOLS}:1 name={TOOLS} tag=1"]),
        ([f"ARG T={TOOLS}@{DIGEST}"], [f"1 ARG T {TOOLS}@{DIGEST} digest={DIGEST} name={TOOLS}"]),
        ([f"ARG T={TOOLS}", "FROM scratch"], []),
        ([f"ARG D={DIGEST}", "FROM scratch"], []),
        (["ARG ADDRESS=db.example:5432 TIME=12:30 NOTHING=", "FROM scratch"], []),
        ([f"ONBUILD ARG T={TOOLS}:1", "FROM scratch"], []),
        ([f"ENV T={TOOLS}:1", "FROM scratch"], []),
    ],
)
def test_another_argument_is_an_image_where_all_stages_see_it_and_a_tag_stands_in_it(lines, expected):
    assert images(*lines) == expected


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (f"T={TOOLS}:1", [f"2 ARG T {TOOLS}:1 name={TOOLS} tag=1"]),
        (f'T="{TOOLS}:1"', [f"2 ARG T {TOOLS}:1 name={TOOLS} tag=1"]),
        (f"A T={TOOLS}:1 U=a:2", [f"2 ARG T {TOOLS}:1 name={TOOLS} tag=1", "2 ARG U a:2 name=a tag=2"]),
        (f"T={TOOLS}@{DIGEST}", [f"2 ARG T {TOOLS}@{DIGEST} digest={DIGEST} name={TOOLS}"]),
        (f"T={TOOLS}:\\\n1", [f"2 ARG T {TOOLS}:1 escaped"]),
        (f"T={TOOLS}", []),
        (f"T={DIGEST}", []),
        (f"T={TOOLS}:$VERSION", []),
        ("ADDRESS=db.example:5432 TIME=12:30 NOTHING=", []),
        (f"T=the {TOOLS}:1", []),
    ],
)
def test_an_argument_of_a_stage_is_an_image_where_it_is_one_with_a_tag_or_a_digest(argument, expected):
    assert images("FROM scratch", f"ARG {argument}") == expected


def test_an_argument_of_a_stage_is_an_image_beside_the_one_before_all_stages():
    assert images("ARG B=a:1", "FROM $B", "ARG B=b:2") == ["1 ARG B a:1 name=a tag=1", "3 ARG B b:2 name=b tag=2"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ARG V=1.25", "FROM nginx:${V}"], "1 FROM nginx:1.25 name=nginx tag=1.25"),
        (["ARG V=1.25", "FROM nginx:$V"], "1 FROM nginx:1.25 name=nginx tag=1.25"),
        (['ARG V="1.25"', "FROM nginx:$V"], "1 FROM nginx:1.25 name=nginx tag=1.25"),
        (["ARG A=x V=1.25", "FROM nginx:$V"], "1 FROM nginx:1.25 name=nginx tag=1.25"),
        (["ARG N=nginx", "FROM ${N}:1.25"], "2 FROM nginx:1.25 name=nginx tag=1.25"),
        (["ARG T=:1.25", "FROM nginx$T"], "1 FROM nginx:1.25 name=nginx tag=1.25"),
        (["ARG T=1.25", "FROM ${N:-nginx:${T}}"], "1 FROM nginx:1.25 name=nginx tag=1.25"),
        (["ARG V=1", "ARG BASE=nginx:$V", "FROM $BASE"], "1 FROM nginx:1 name=nginx tag=1"),
        ([f"ARG D={DIGEST}", "FROM nginx:1@$D"], f"2 FROM nginx:1@{DIGEST} digest={DIGEST} name=nginx tag=1"),
        ([f"ARG D={DIGEST}", "FROM nginx@$D"], f"1 FROM nginx@{DIGEST} digest={DIGEST} name=nginx"),
        (["ARG B=nginx:1", f"FROM $B@{DIGEST}"], f"1 FROM nginx:1@{DIGEST} digest={DIGEST} name=nginx tag=1"),
    ],
)
def test_an_image_put_together_is_one_with_its_parts_apart(lines, expected):
    assert images(*lines) == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ARG R=ghcr.io", "FROM $R/acme/app:1"], "2 FROM ghcr.io/acme/app:1 name=acme/app registry=ghcr.io tag=1"),
        (["ARG R=ghcr.io/", "FROM ${R}app:1"], "2 FROM ghcr.io/app:1 name=app registry=ghcr.io tag=1"),
        (
            ["ARG R=ghcr.io/acme N=app V=1", "FROM $R/$N:$V"],
            "1 FROM ghcr.io/acme/app:1 name=app registry=ghcr.io/acme tag=1",
        ),
        (["ARG R=", "FROM ${R}nginx:1"], "2 FROM nginx:1 name=nginx tag=1"),
        (["ARG O=acme", "FROM ghcr.io/$O/app:1"], "2 FROM ghcr.io/acme/app:1 template"),
        (["ARG N=app", "FROM my$N:1"], "2 FROM myapp:1 template"),
    ],
)
def test_a_registry_may_stand_apart_from_the_name(lines, expected):
    assert images(*lines) == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ARG V=1.25", "FROM nginx:${V}-alpine"], "2 FROM nginx:1.25-alpine template"),
        (["ARG A=1 B=25", "FROM nginx:$A.$B"], "2 FROM nginx:1.25 template"),
        (["ARG V", "FROM nginx:$V"], "2 FROM nginx:$V template"),
        (["FROM nginx:${V}"], "1 FROM nginx:${V} template"),
        (["FROM build-$TARGETARCH"], "1 FROM build-$TARGETARCH template"),
        (["ARG V=", "FROM nginx:$V"], "2 FROM nginx: template"),
        (["ARG V=1.25", "FROM nginx:${V%.25}"], "2 FROM nginx:${V%.25} template"),
        (["ARG V=1.25", "FROM nginx:${V"], "2 FROM nginx:${V template"),
        (["ARG N=ghcr.io/acme/app", "FROM $N"], "1 ARG N ghcr.io/acme/app name=ghcr.io/acme/app"),
        (["ARG R=ghcr.io", "FROM $R/app"], "2 FROM ghcr.io/app no-tag"),
        (["ARG V=1.\\", "25", "FROM nginx:$V"], "1 FROM nginx:1.25 escaped"),
    ],
)
def test_what_cannot_be_edited_is_reported_with_the_reason(lines, expected):
    assert images(*lines) == [expected]


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("${SET:-9}", "1 FROM nginx:1 name=nginx tag=1"),
        ("${SET-9}", "1 FROM nginx:1 name=nginx tag=1"),
        ("${SET:?needed}", "1 FROM nginx:1 name=nginx tag=1"),
        ("${SET:+9}", "2 FROM nginx:9 name=nginx tag=9"),
        ("${EMPTY:-9}", "2 FROM nginx:9 name=nginx tag=9"),
        ("${EMPTY:+8}9", "2 FROM nginx:9 name=nginx tag=9"),
        ("${EMPTY+9}", "2 FROM nginx:9 name=nginx tag=9"),
        ("${UNSET:-9}", "2 FROM nginx:9 name=nginx tag=9"),
        ("${UNSET-9}", "2 FROM nginx:9 name=nginx tag=9"),
        ("${UNSET:-${SET}}", "1 FROM nginx:1 name=nginx tag=1"),
        ("${UNSET:+9}1", "2 FROM nginx:1 name=nginx tag=1"),
    ],
)
def test_a_variable_may_have_another_value_to_stand_in(variable, expected):
    assert images("ARG SET=1 EMPTY= UNSET", f"FROM nginx:{variable}") == [expected]


def test_an_argument_that_is_a_part_of_a_base_is_no_image_of_its_own():
    assert images("ARG APP=ghcr.io/acme/app:1.9.0", "FROM $APP-debug") == [
        "2 FROM ghcr.io/acme/app:1.9.0-debug template"
    ]


def test_only_the_arguments_before_the_first_stage_are_seen_by_a_base():
    assert images("FROM a:1", "ARG V=2", "FROM b:$V")[1:] == ["3 FROM b:$V template"]


def test_nothing_is_filled_in_within_single_quotes():
    assert images("ARG V=1", "ARG BASE='nginx:$V'", "FROM $BASE") == ["2 ARG BASE nginx:$V"]


def test_arguments_that_unfold_without_bound_are_not_followed():
    lines = ["ARG A0=0123456789", *(f"ARG A{n + 1}=$A{n}$A{n}" for n in range(5_000)), "FROM nginx:$A5000"]
    assert images(*lines)[0].endswith("FROM nginx:$A5000 template")


def test_each_image_that_an_argument_is_a_part_of_holds_it():
    found, _ = read_dockerfile("Dockerfile", Source(b"ARG V=1\nFROM a:$V\nFROM b:$V-alpine\nFROM $UNKNOWN:$V\n"))
    spans = [{held.span for held in each.held} for each in found]
    assert len(spans[0] & spans[1] & spans[2]) == 1
