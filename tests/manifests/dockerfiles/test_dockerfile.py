"""Images in Dockerfiles are found where BuildKit would use one, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageReference
from bot.manifests import Target, update
from bot.manifests.dockerfiles.lines import LONGEST_INSTRUCTION, MOST_INSTRUCTIONS, MOST_LINES
from bot.manifests.dockerfiles.reading import MOST_ASSIGNMENTS, read_dockerfile
from bot.manifests.reasons import SkipReason
from bot.manifests.source import Source
from bot.manifests.tree import Unreadable

DIGEST = "sha256:" + "a" * 64


def read(content: str | bytes):
    content = content if isinstance(content, bytes) else content.encode()
    found, skipped = read_dockerfile("Dockerfile", Source(content))
    return [each.occurrence for each in found], skipped


def images(content: str | bytes) -> list[str]:
    """Tell each image as its line, its field, its text and, if it has one, the reason against editing it."""
    return [
        f"{each.line} {each.field} {each.text}" + (f" {each.obstacle.reason}" if each.obstacle else "")
        for each in read(content)[0]
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("FROM nginx:1.25\n", ["1 FROM nginx:1.25"]),
        ("FROM nginx", ["1 FROM nginx"]),
        (f"FROM nginx@{DIGEST}\n", [f"1 FROM nginx@{DIGEST}"]),
        ("FROM localhost:5000/a/b:1 AS build\n", ["1 FROM localhost:5000/a/b:1"]),
        ("from --platform=$BUILDPLATFORM\tnginx:1.25 as web\n", ["1 FROM nginx:1.25"]),
        ('FROM --platform="linux/amd64" nginx:1.25\n', ["1 FROM nginx:1.25"]),
        ("\n\n  FROM nginx:1.25  \n", ["3 FROM nginx:1.25"]),
        ("FROM scratch\n", []),
        ("FROM nginx:1 AS Web\nFROM web\nFROM WEB AS again\n", ["1 FROM nginx:1"]),
        ("FROM later\nFROM nginx:1 AS later\n", ["1 FROM later", "2 FROM nginx:1"]),
        ("FROM alpine AS alpine\n", ["1 FROM alpine"]),
        ("FROM 0\n", ["1 FROM 0"]),
        ("FROM Not/An:Image:\n", ["1 FROM Not/An:Image:"]),
    ],
)
def test_the_base_of_a_stage_is_an_image_unless_it_is_an_earlier_stage(content, expected):
    assert images(content) == expected


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("COPY --from=nginx:1.25 /a /b", ["2 COPY --from nginx:1.25"]),
        ("COPY --link --from=nginx --chown=1:1 /a /b", ["2 COPY --from nginx"]),
        ('COPY --from="nginx:1.25" /a /b', ["2 COPY --from nginx:1.25"]),
        ('copy --from=\'nginx:1.25\' ["/a", "/b"]', ["2 COPY --from nginx:1.25"]),
        ("COPY --from=BASE /a /b", []),
        ("COPY --from=below /a /b", []),
        ("COPY --from=0 /a /b", []),
        ("COPY --from=scratch /a /b", []),
        ("COPY --from= /a /b", []),
        ("COPY /a --from=nginx:1.25", []),
        ("COPY --from=$IMAGE /a /b", ["2 COPY --from $IMAGE template"]),
        ("COPY --from=ngi\\nx:1.25 /a /b", ["2 COPY --from nginx:1.25 escaped"]),
        ("ADD --from=nginx:1.25 /a /b", []),
        ("RUN --mount=type=bind,from=nginx:1.25,target=/x true", ["2 RUN --mount nginx:1.25"]),
        ("RUN --mount=from=nginx,target=/x --network=none true", ["2 RUN --mount nginx"]),
        ('RUN --mount=type=bind,from="nginx:1.25",target=/x true', ["2 RUN --mount nginx:1.25"]),
        ('RUN --mount="type=bind,from=nginx:1.25" true', ["2 RUN --mount nginx:1.25"]),
        ("RUN --mount='type=bind,\"From=nginx:1.25\"' true", ["2 RUN --mount nginx:1.25"]),
        (
            "RUN --mount=from=a:1,target=/a --mount=type=cache,target=/c --mount=from=b:2,target=/b true",
            ["2 RUN --mount a:1", "2 RUN --mount b:2"],
        ),
        ("RUN --mount=from=a:1,from=b:2,target=/x true", ["2 RUN --mount b:2"]),
        ("RUN --mount=type=bind,from=base,target=/x true", []),
        ("RUN echo --mount=from=nginx:1.25", []),
        ("ONBUILD COPY --from=nginx:1.25 /a /b", ["2 ONBUILD COPY --from nginx:1.25"]),
        ("ONBUILD RUN --mount=from=nginx:1.25,target=/x true", ["2 ONBUILD RUN --mount nginx:1.25"]),
        ("ONBUILD COPY --from=stage-of-another-file /a /b", []),
    ],
)
def test_flags_name_images_that_are_copied_from_or_mounted(flag, expected):
    content = f"FROM scratch AS base\n{flag}\nFROM scratch AS below\n"
    assert images(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("FROM \\\n  nginx:1.25\n", ["2 FROM nginx:1.25"]),
        ("FROM \\\n# why\n\n   # more\n  nginx:1.25 \\ \n AS web\n", ["5 FROM nginx:1.25"]),
        ("FROM nginx:\\\n1.25\n", ["1 FROM nginx:1.25 escaped"]),
        ("\\\nFROM nginx:1\n", ["2 FROM nginx:1"]),
        ("FROM a:1\nRUN echo \\\\\nFROM b:2\n", ["1 FROM a:1", "3 FROM b:2"]),
        ("RUN echo \\\nFROM nginx:1\n", []),
        ("# FROM nginx:1\n", []),
        ("# a comment does not go on \\\nFROM nginx:1\n", ["2 FROM nginx:1"]),
        ("FROM nginx:1 \\", ["1 FROM nginx:1"]),
        ("FROM nginx:1.25\r\nCOPY --from=a:1 \\\r\n  /a /b\r\n", ["1 FROM nginx:1.25", "2 COPY --from a:1"]),
        ("\ufeffFROM nginx:1.25\n", ["1 FROM nginx:1.25"]),
        ("# escape=`\nFROM `\n nginx:1\nRUN dir C:\\\nFROM b:2\n", ["3 FROM nginx:1", "5 FROM b:2"]),
        ("# Escape = ` \nFROM `\n nginx:1\n", ["3 FROM nginx:1"]),
        ("# first\n# escape=`\nFROM \\\n nginx:1\n", ["4 FROM nginx:1"]),
        ("# escape=x\nFROM \\\n nginx:1\n", ["3 FROM nginx:1"]),
    ],
)
def test_an_instruction_goes_on_over_lines_as_the_escape_character_says(content, expected):
    assert images(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("# syntax=docker/dockerfile:1.7\nFROM scratch\n", ["1 # syntax docker/dockerfile:1.7"]),
        ("#Syntax = docker/dockerfile  \n", ["1 # syntax docker/dockerfile"]),
        ("\ufeff# escape=`\r\n# syntax=docker/dockerfile:1\r\n", ["2 # syntax docker/dockerfile:1"]),
        ("#!/usr/bin/env docker\n# syntax=docker/dockerfile:1\n", ["2 # syntax docker/dockerfile:1"]),
        ("# check=skip=all\n# syntax=docker/dockerfile:1\n", ["2 # syntax docker/dockerfile:1"]),
        ("# syntax=docker/dockerfile:1 and more\n", ["1 # syntax docker/dockerfile:1"]),
        ("# a comment\n# syntax=docker/dockerfile:1\n", []),
        ("\n# syntax=docker/dockerfile:1\n", []),
        ("# syntax=docker/dockerfile:1\n# syntax=docker/dockerfile:2\n", ["1 # syntax docker/dockerfile:1"]),
    ],
)
def test_the_syntax_directive_names_an_image_at_the_top_only(content, expected):
    assert images(content) == expected


@pytest.mark.parametrize(
    "announced",
    [
        "RUN <<EOF",
        "RUN <<-EOF",
        'RUN <<"EOF"',
        "RUN << 'EOF'",
        "RUN 3<<EOF cat",
        "COPY <<EOF /x",
        "ADD <<EOF /x",
        "run --mount=from=scratch,target=/x <<EOF cat > /x",
        "ONBUILD RUN <<EOF",
        "RUN cat \\\n <<EOF",
    ],
)
def test_an_inline_text_holds_no_instruction(announced):
    assert images(f"{announced}\nFROM in:1\n EOF\nEOF \nEOF\nFROM out:2\n")[0].endswith("FROM out:2")


@pytest.mark.parametrize(
    "not_announced", ["CMD <<EOF", "RUN '<<EOF'", "RUN cat <<<EOF", "RUN $((1<<EOF))", "RUN it's <<EOF", "RUN a<b"]
)
def test_an_instruction_without_inline_text_is_followed_by_another(not_announced):
    assert images(f"{not_announced}\nFROM nginx:1\nEOF\n") == ["2 FROM nginx:1"]


def test_several_inline_texts_follow_each_other():
    content = "RUN <<A cat && <<-B cat\nFROM in:1\nB\nA\nFROM in:2\n\tB\nFROM out:1\n"
    assert images(content) == ["7 FROM out:1"]


def test_an_inline_text_without_end_is_told():
    occurrences, skipped = read("FROM a:1\nRUN <<EOF\nFROM b:2\n")
    assert [each.text for each in occurrences] == ["a:1"]
    assert [(each.line, each.reason) for each in skipped] == [(2, SkipReason.NOT_A_TEXT)]


def test_an_occurrence_tells_where_it_stands():
    (occurrence,) = read("FROM ghcr.io/acme/app:1.9.0 AS Web\n")[0]
    assert (occurrence.kind, occurrence.name, occurrence.container, occurrence.document) == ("Dockerfile", "Web", "", 0)


def test_what_is_copied_belongs_to_the_stage_it_is_copied_to():
    content = "FROM scratch AS web\nCOPY --from=a:1 / /\nFROM scratch\nCOPY --from=b:1 / /\n"
    assert [each.name for each in read(content)[0]] == ["web", ""]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("FROM {{ registry }}/app:1\n", SkipReason.TEMPLATE),
        ("FROM nginx # the web server\n", SkipReason.NOT_A_TEXT),
        ("FROM nginx:1 web\n", SkipReason.NOT_A_TEXT),
        ("FROM\n", SkipReason.NOT_A_TEXT),
        ("ONBUILD FROM nginx:1\n", SkipReason.NOT_A_TEXT),
    ],
)
def test_a_stage_that_no_builder_would_take_is_told(content, expected):
    occurrences, skipped = read(content)
    assert not occurrences
    assert [(each.line, each.reason) for each in skipped] == [(1, expected)]


def test_a_template_of_one_word_is_reported_and_not_edited():
    assert images("FROM {{image}}\n") == ["1 FROM {{image}} template"]


@pytest.mark.parametrize(
    "content", ["", "\n", "{}", "kind: Pod\nimage: nginx:1\n", "Once upon a time\n", "\\", "`\\\n"]
)
def test_what_is_no_dockerfile_has_no_images(content):
    assert read(content) == ([], [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("FROM a\n" * (MOST_INSTRUCTIONS + 1), SkipReason.TOO_MANY_EVENTS),
        ("\n" * MOST_LINES, SkipReason.TOO_MANY_EVENTS),
        ("ARG a=1\n" + ("ENV" + " a=1" * 10_000 + "\n") * (MOST_ASSIGNMENTS // 10_000), SkipReason.TOO_MANY_EVENTS),
        ("RUN " + "x" * LONGEST_INSTRUCTION, SkipReason.TOO_LARGE),
    ],
)
def test_a_file_beyond_all_bounds_is_refused(content, reason):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.reason is reason


instructions = st.sampled_from(
    ["FROM ", "COPY --from=", "RUN --mount=from=", "ARG A=", "ENV B=", "ONBUILD ", " AS web\n"]
)
values = st.sampled_from(
    ["a:1", "nginx", "ü", "$A", "${A", "}", "${B:-", f"@{DIGEST}", ":", "/", ",", "=", "'", '"', "{{"]
)
layout = st.sampled_from(
    [" ", "\t", "\n", "\n", "\r\n", "\\", "\\\n", "`", " <<", "<<-E ", "\nE\n", "# escape=`\n", "#syntax="]
)
comments = st.sampled_from(
    ["# ", '# {"$imagepolicy": "a:tag"}\n', '# {"$imagepolicy": "b"}\n', '\n# {"$imagepolicy": 1}\n']
)
texts = st.lists(instructions | values | layout | comments, max_size=60).map("".join) | st.text(max_size=80)


@given(st.sampled_from(["", "\ufeff"]), texts)
def test_whatever_a_file_holds_its_spans_hold_what_was_read(mark, text):
    content = (mark + text).encode()
    if b"\0" in content or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    for found in read_dockerfile("Dockerfile", Source(content))[0]:
        for held in found.held:
            assert held.span is None or content[held.span.start : held.span.end] == held.text.encode()
        for part, span in found.occurrence.parts.items():
            values = [held.value for held in found.held if held.part == part]
            assert all(content[span.start : span.end] == value.encode() for value in values)
            assert 0 <= span.start <= span.end <= len(content)


@given(texts)
def test_whatever_a_file_holds_it_is_edited_once(text):
    content = text.replace("\0", "").encode()
    targets = [Target("a", ImageReference.parse("a:2")), Target("b", ImageReference.parse("nginx:3"))]
    edited = update({"Dockerfile": content}, targets).files.get("Dockerfile", content)
    again = update({"Dockerfile": edited}, targets)
    assert not again.changes


def test_the_name_of_a_stage_is_told_no_longer_than_a_name_may_be():
    (image,), _ = read(f"FROM nginx:1 AS {'a' * 2_000}\n")
    assert image.name == "a" * 253


def test_a_text_that_is_no_image_is_told_no_longer_than_an_image_may_be():
    (image,), _ = read(f"FROM {'A' * 100_000}\n")
    assert (image.reference, image.text) == (None, "A" * 1024)
