"""Each file of `corpus` is awkward in its own way; the bot has to move the image in it and not one byte else.

Where our image stands, the files have `@TAG@`, `@BARE@` for a tag that is a value by itself and has no quotes, and
`@DIGEST@`. The path of a file is its path below `corpus`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from bot.images import ImageReference
from bot.manifests import Format, Target, format_of, read_manifest, update

CORPUS = Path(__file__).parent / "corpus"
PATHS = sorted(
    str(file.relative_to(CORPUS)) for file in CORPUS.rglob("*") if file.is_file() and file.name != ".gitattributes"
)
NAME = "ghcr.io/acme/app"
WHOLE = f"{NAME}:@TAG@".encode()
OLD_DIGEST, NEW_DIGEST = f"sha256:{'0' * 64}", f"sha256:{'1' * 64}"
MOVES = [("1.0.0", "2.0.0"), ("1.9", "1.10.1"), ("1.0.0-rc.1", "1.10"), ("main-abc1234", "main-def5678")]

# What is passed over in a file beside what moves, by reason. Of all other files nothing is.
PASSED_OVER = {
    "config-maps/not-marked.yaml": {"text-in-text": 3},
    "docker/Containerfile": {"other-policy": 1},
    "helm/release.yaml": {"other-policy": 1},
    "helm/values-marked.yaml": {"other-policy": 1},
    "kubernetes/other-policies.yaml": {"other-policy": 5},
    "kustomize/flux.yaml": {"other-policy": 1},
}

every_file = pytest.mark.parametrize("path", PATHS)
every_move = pytest.mark.parametrize(("before", "after"), MOVES, ids=lambda tag: tag)


class Standing(NamedTuple):
    """What stands in a file: the tag as a part of a value, the tag as a value without quotes, and the digest."""

    tag: str
    bare: str
    digest: str


def standing(tag: str, digest: str = OLD_DIGEST, *, bare: str | None = None) -> Standing:
    return Standing(tag, bare or tag, digest)


def rendered(path: str, stands: Standing) -> bytes:
    content = (CORPUS / path).read_bytes()
    for placeholder, value in zip((b"@TAG@", b"@BARE@", b"@DIGEST@"), stands, strict=True):
        content = content.replace(placeholder, value.encode())
    return content


def in_quotes(tag: str) -> str:
    """Write a tag as the editor does where no quotes stood: one that reads as a number gets some."""
    return f'"{tag}"' if re.fullmatch(r"\d+\.\d+", tag) else tag


def wish(path: str, tag: str, digest: str = "") -> Target:
    pinned = f"@{digest}" if digest and is_pinned(path) else ""
    return Target("app", ImageReference.parse(f"{NAME}:{tag}{pinned}"), "team", workflows=True)


def is_pinned(path: str) -> bool:
    return b"@DIGEST@" in (CORPUS / path).read_bytes()


def has_whole_images_alone(path: str) -> bool:
    content = (CORPUS / path).read_bytes()
    has_parts = any(part in content for part in (b"@BARE@", b"@DIGEST@", b':tag"'))
    return not has_parts and content.count(b"@TAG@") == content.count(WHOLE)


def moved(path: str, content: bytes, target: Target) -> bytes:
    return update({path: content}, [target]).files.get(path, content)


@every_file
@every_move
def test_the_image_moves_and_every_other_byte_stays(path, before, after):
    content = rendered(path, standing(before))
    expected = rendered(path, standing(after, NEW_DIGEST, bare=in_quotes(after)))
    assert moved(path, content, wish(path, after, NEW_DIGEST)) == expected


@every_file
@every_move
def test_moving_again_changes_nothing(path, before, after):
    content = rendered(path, standing(after, NEW_DIGEST, bare=in_quotes(after)))
    assert not update({path: content}, [wish(path, after, NEW_DIGEST)]).files


@every_file
@every_move
def test_there_and_back_restores_every_byte_but_quotes_that_had_to_come_in(path, before, after):
    there = rendered(path, standing(after, NEW_DIGEST, bare=in_quotes(after)))
    quotes = '"{}"' if in_quotes(after) != after else "{}"
    back = in_quotes(before) if quotes == "{}" else quotes.format(before)
    expected = rendered(path, standing(before, OLD_DIGEST, bare=back))
    assert moved(path, there, wish(path, before, OLD_DIGEST)) == expected


@pytest.mark.parametrize("path", [path for path in PATHS if has_whole_images_alone(path)])
def test_a_digest_is_written_behind_the_tag_of_a_whole_image(path):
    content = rendered(path, standing("1.0.0"))
    target = Target("app", ImageReference.parse(f"{NAME}:2.0.0@{NEW_DIGEST}"), "team", workflows=True)
    assert moved(path, content, target) == rendered(path, standing(f"2.0.0@{NEW_DIGEST}"))


@every_file
def test_nothing_is_passed_over_but_what_is_known(path):
    content = rendered(path, standing("1.0.0"))
    result = update({path: content}, [wish(path, "2.0.0", NEW_DIGEST)])
    assert Counter(str(skipped.reason) for skipped in result.skipped) == PASSED_OVER.get(path, {})


@every_file
@every_move
def test_the_reported_spans_hold_what_they_say(path, before, after):
    content = rendered(path, standing(before))
    for occurrence in read_manifest(path, content).occurrences:
        texts = {part: content[span.start : span.end].decode() for part, span in occurrence.parts.items()}
        reference = occurrence.reference
        expected = {"whole": occurrence.text}
        if reference:
            expected |= {"tag": reference.tag or "", "digest": reference.digest or ""}
        assert {part: texts[part] for part in texts if part in expected} == {
            part: expected[part] for part in texts if part in expected
        }


@every_file
@every_move
def test_a_reader_sees_the_new_values_and_nothing_else_changed(path, before, after):
    content = rendered(path, standing(before))
    changed = moved(path, content, wish(path, after, NEW_DIGEST))
    pairs = list(zip(read(path, content), read(path, changed), strict=True))
    differing = {(old, new) for old, new in pairs if old != new}
    assert differing
    assert all(old.replace(before, after).replace(OLD_DIGEST, NEW_DIGEST) == new for old, new in differing)


def read(path: str, content: bytes) -> list[str]:
    """Read a file as others do: everything that a YAML parser tells, the leaves of JSON, the lines of a Dockerfile."""
    text = content.decode("utf-8-sig")
    if format_of(path) is Format.DOCKERFILE:
        return text.splitlines()
    if format_of(path) is Format.JSON:
        return list(leaves(json.loads(text)))
    return [told(event) for event in yaml.parse(text, Loader=yaml.CSafeLoader)]


def told(event: yaml.Event) -> str:
    value = getattr(event, "value", None)
    return value if isinstance(value, str) else f"{type(event).__name__} {getattr(event, 'anchor', '')}"


def leaves(value: object, way: str = ""):
    if isinstance(value, dict):
        for key, each in value.items():
            yield f"{way}.{key}"
            yield from leaves(each, f"{way}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from leaves(each, f"{way}[{index}]")
    else:
        yield str(value)
