"""Manifests written in JSON are read as they are, whatever JSON allows that YAML does not."""

from __future__ import annotations

import json

import pytest

from bot.manifests import SkipReason, find_images, read_manifest, update

IMAGE = "ghcr.io/acme/app:1.0.0"


def a_pod(image: object = IMAGE, name: str = "shop", **more: object) -> dict[str, object]:
    return {"kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": image}]}, **more}


def texts(content: str) -> list[str]:
    return [occurrence.text for occurrence in find_images("app.json", content.encode())]


LAYOUTS = {
    "indented": json.dumps(a_pod(), indent=2),
    "indented with tabs": json.dumps(a_pod(), indent="\t"),
    "on one line": json.dumps(a_pod(), separators=(",", ":")),
    "with a byte order mark": "\ufeff" + json.dumps(a_pod()),
    "with carriage returns": json.dumps(a_pod(), indent=2).replace("\n", "\r\n"),
    "behind blank lines": "\n\n" + json.dumps(a_pod()) + "\n\n",
    "with letters of other scripts": json.dumps(a_pod(name="größe 日本 🚀"), ensure_ascii=False),
    "with letters as escapes": json.dumps(a_pod(name="größe 日本 🚀")),
    "with half a letter": json.dumps(a_pod(name="\ud83d and \udE00")),
    "with half a letter in capitals": json.dumps(a_pod(name="\ud83d")).replace("ud83d", "uD83D"),
    "with backslashes before what looks like a half": json.dumps(a_pod(name="\\ud83d \\\\ud83d \\\ud83d")),
    "with every short escape": json.dumps(a_pod(name='"\\/\b\f\n\r\t')).replace("/", "\\/").replace("io\\/", "io/")
    .replace("acme\\/", "acme/"),
    "with numbers, truth and nothing": json.dumps(a_pod(data={"a": 1.5e-7, "b": True, "c": None, "d": [], "e": {}})),
    "with what is a comment in YAML": json.dumps(a_pod(name="a # b: c, [d] - &e *f !g |h >i %j @k `l")),
}  # fmt: skip


@pytest.mark.parametrize("content", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_manifest_in_json_is_read(content):
    assert texts(content) == [IMAGE]
    assert read_manifest("app.json", content.encode()).skipped == ()


@pytest.mark.parametrize("content", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_manifest_in_json_is_edited_in_its_tag_alone(content, target):
    changed = update({"app.json": content.encode()}, [target()]).files["app.json"].decode()
    assert changed == content.replace(":1.0.0", ":2.0.0")


def test_the_objects_of_a_list_are_read():
    listed = {"kind": "List", "items": [a_pod(), a_pod("redis:7")]}
    assert texts(json.dumps(listed)) == [IMAGE, "redis:7"]


@pytest.mark.parametrize("image", [5, 1.0, True, None, {"a": 1}, [1]])
def test_an_image_that_is_no_text_is_never_edited(image, target):
    content = json.dumps(a_pod(image)).encode()
    assert update({"app.json": content + b"\n"}, [target()]).files == {}


def test_an_image_written_with_escapes_is_found_and_left_alone(target):
    content = json.dumps(a_pod()).replace("ghcr.io/", "ghcr.io\\/").encode()
    assert [found.text for found in find_images("app.json", content)] == [IMAGE]
    assert [skipped.reason for skipped in update({"app.json": content}, [target()]).skipped] == [SkipReason.ESCAPED]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(a_pod()) + "\n" + json.dumps(a_pod()) + "\n",
        "// a comment\n" + json.dumps(a_pod()),
        "{ /* a comment */\n" + json.dumps(a_pod())[1:],
        json.dumps(a_pod())[:-1],
        json.dumps(a_pod()) + "}",
    ],
    ids=["several values", "a comment before", "a comment inside", "no end", "more than an end"],
)
def test_what_is_no_json_is_skipped_with_a_reason(content):
    manifest = read_manifest("app.json", content.encode())
    assert manifest.occurrences == ()
    assert [skipped.reason for skipped in manifest.skipped] == [SkipReason.BROKEN_YAML]


def test_a_key_that_stands_twice_is_told():
    content = '{"kind": "Pod", "spec": {"containers": [{"image": "a/b:1", "image": "a/b:2"}]}}'
    assert texts(content) == []
    assert [skipped.reason for skipped in read_manifest("app.json", content.encode()).skipped] == [
        SkipReason.DUPLICATE_KEY
    ]
