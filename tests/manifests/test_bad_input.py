"""Whatever a file holds, it is read or left alone with a reason, and the files beside it are still done."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from bot.manifests import SkipReason, find_images, read_manifest, update
from bot.manifests.source import LARGEST_FILE
from bot.manifests.tree import MOST_EVENTS, MOST_FINDINGS


def merge_bomb(levels: int = 8, width: int = 9) -> bytes:
    grown = [f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * width)}]}}" for level in range(1, levels)]
    return "\n".join(["image: ghcr.io/acme/app", "a0: &a0 {k: v}", *grown]).encode()


def merge_chain(length: int) -> bytes:
    """Write a pod whose container gets its image through so many merges."""
    links = [f"a{number}: &a{number} {{<<: *a{number - 1}}}" for number in range(1, length)]
    heading = ["a0: &a0 {image: ghcr.io/acme/app:1.0.0}", *links, "kind: Pod"]
    return "\n".join([*heading, f"spec: {{containers: [{{<<: *a{length - 1}}}]}}", ""]).encode()


class Filled(NamedTuple):
    """A file of the largest size that is read, made of one piece over and over."""

    head: bytes
    piece: bytes
    tail: bytes = b""

    def content(self) -> bytes:
        space = LARGEST_FILE - len(self.head) - len(self.tail)
        return self.head + self.piece * (space // len(self.piece)) + self.tail


IMAGE = b"image: ghcr.io/acme/app:1.0.0\n"
BAD = {
    "broken": (IMAGE + b"kind: [", SkipReason.BROKEN_YAML),
    "a tab as indentation": (IMAGE + b"a:\n\tb: c\n", SkipReason.BROKEN_YAML),
    "a control character": (IMAGE + b"a: \x07\n", SkipReason.BROKEN_YAML),
    "an alias of nothing": (IMAGE + b"a: *nothing\n", SkipReason.BROKEN_YAML),
    "an alias of another document": (IMAGE + b"a: &a b\n---\nimage: *a\n", SkipReason.BROKEN_YAML),
    "a tag that is no text": (IMAGE + b"a: !%ED%A0%80 b\n", SkipReason.BROKEN_YAML),
    "half a letter": (IMAGE + b'a: "\\ud83d"\n', SkipReason.BROKEN_YAML),
    "several values of JSON": (b'{"image": "ghcr.io/acme/app:1.0.0"}\n' * 2, SkipReason.BROKEN_YAML),
    "a document after an end without a marker": (IMAGE + b"...\n" + IMAGE, SkipReason.BROKEN_YAML),
    "a template": (IMAGE + b"a: [{{ .Values.image\n", SkipReason.TEMPLATE),
    "binary": (b"\x7fELF\0\0" + IMAGE, SkipReason.BINARY),
    "UTF-16 with its mark": (IMAGE.decode().encode("utf-16"), SkipReason.NOT_UTF8),
    "UTF-16 without a mark": (IMAGE.decode().encode("utf-16-le"), SkipReason.BINARY),
    "Latin-1": (IMAGE + "a: größe\n".encode("latin-1"), SkipReason.NOT_UTF8),
    "a pointer to Git LFS": (b"version https://git-lfs.github.com/spec/v1\n# " + IMAGE, SkipReason.LFS_POINTER),
    "10 MB": (IMAGE + b"# filler\n" * 1_200_000, SkipReason.TOO_LARGE),
    "1,000 levels of flow": (IMAGE + b"a: " + b"[" * 1_000 + b"]" * 1_000, SkipReason.TOO_DEEP),
    "100,000 open brackets": (IMAGE + b"a: " + b"[" * 100_000, SkipReason.TOO_DEEP),
    "1,000 levels of blocks": (b"- " * 1_000 + IMAGE, SkipReason.TOO_DEEP),
    "100,000 documents": ((b"---\n" + IMAGE) * 100_000, SkipReason.TOO_MANY_EVENTS),
    "too many commas": (IMAGE + b"a: [" + b"b," * MOST_EVENTS + b"]", SkipReason.TOO_MANY_EVENTS),
    "a merge bomb": (merge_bomb(), SkipReason.TOO_MANY_ALIASES),
    "more tag directives than anybody needs": (
        b"".join(b"%%TAG !t%d! tag:acme,2026:\n" % number for number in range(200)) + b"---\n" + IMAGE,
        SkipReason.TOO_MANY_EVENTS,
    ),
    "a chain of 1,000 merges": (merge_chain(1_000), SkipReason.TOO_MANY_ALIASES),
    "5,000 aliases": (IMAGE + b"a: &a b\nc: [" + b"*a , " * 5_000 + b"]", SkipReason.TOO_MANY_ALIASES),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_skipped_with_its_reason(content, reason):
    manifest = read_manifest("bad.yaml", content)
    assert manifest.occurrences == ()
    assert [skipped.reason for skipped in manifest.skipped] == [reason]
    assert manifest.skipped[0].path == "bad.yaml"
    assert manifest.skipped[0].message


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD.keys())
def test_bad_files_do_not_keep_others_from_being_edited(content, reason, pod, target):
    content += b"\nghcr.io/acme/app"
    changed = update({"a.yaml": pod(), "bad.yaml": content, "z.yaml": pod()}, [target()])
    assert set(changed.files) == {"a.yaml", "z.yaml"}
    assert [change.path for change in changed.changes] == ["a.yaml", "z.yaml"]
    assert {skipped.path for skipped in changed.skipped} == {"bad.yaml"}


def test_the_line_of_a_fault_is_told():
    skipped = read_manifest("bad.yaml", IMAGE + b"a: b\nc: [}\n").skipped
    assert skipped[0].line == 3


def test_a_file_that_cannot_hold_an_image_is_not_even_parsed():
    assert read_manifest("bad.yaml", b"kind: [").skipped == ()


POD = b"kind: Pod\nspec:\n  containers:\n  - image: ghcr.io/acme/app:1.0.0\n"
LARGE = {
    "one scalar": Filled(POD + b"a: ", b"x"),
    "one scalar of many words": Filled(POD + b"a: ", b"xy "),
    "one scalar of many lines": Filled(POD + b"a: x", b"\n x"),
    "a quoted scalar of many escapes": Filled(POD + b'a: "', b"\\n", b'"'),
    "a block scalar": Filled(POD + b"a: |\n", b"  x\n"),
    "a block scalar of empty lines": Filled(POD + b"a: |\n  x\n", b"\n", b"b: c\n"),
    "comments": Filled(POD, b"#\n"),
    "one comment": Filled(POD, b"#"),
    "one comment of many": Filled(POD + b"a: b", b" #"),
    "blank lines": Filled(POD, b"\n"),
    "spaces": Filled(POD, b" "),
    "carriage returns": Filled(POD, b"\r"),
    "line ends of YAML 1.1": Filled(POD, "\x85".encode()),
    "byte order marks": Filled(POD, "\ufeff\n".encode()),
    "ends of the document": Filled(POD, b"...\n"),
    "a long tag": Filled(POD + b"a: !", b"x", b" y"),
    "a long anchor": Filled(POD + b"a: &", b"x", b" y"),
    "documents without images": Filled(POD + b"---\n", b"a: b\n"),
    "the definition of a resource": Filled(POD + b"---\nkind: CustomResourceDefinition\nspec:\n", b"- image: a:1\n"),
    "half letters of JSON": Filled(
        b'{"kind": "Pod", "spec": {"containers": [{"image": "ghcr.io/acme/app:1.0.0"}]}, "a": "', b"\\ud83d", b'"}'
    ),
    "backslashes of JSON": Filled(
        b'{"kind": "Pod", "spec": {"containers": [{"image": "ghcr.io/acme/app:1.0.0"}]}, "a": "\\ud83d', b"\\\\", b'"}'
    ),
}
HUGE = {
    "open brackets": (Filled(IMAGE + b"a: ", b"["), SkipReason.TOO_DEEP),
    "open brackets on lines": (Filled(IMAGE + b"a:\n", b" [\n"), SkipReason.TOO_DEEP),
    "open maps": (Filled(IMAGE + b"a: ", b"{b: "), SkipReason.TOO_DEEP),
    "dashes": (Filled(IMAGE + b"a:\n ", b"- "), SkipReason.TOO_DEEP),
    "question marks": (Filled(IMAGE, b"? "), SkipReason.TOO_DEEP),
    "a quote without an end": (Filled(IMAGE + b'a: "', b"x\n "), SkipReason.BROKEN_YAML),
    "tabs": (Filled(IMAGE, b"\t"), SkipReason.BROKEN_YAML),
    "directives": (Filled(IMAGE, b"%YAML 1.1\n"), SkipReason.BROKEN_YAML),
    "documents": (Filled(IMAGE, b"---\n"), SkipReason.TOO_MANY_EVENTS),
    "ended documents": (Filled(IMAGE, b"...\n---\n"), SkipReason.TOO_MANY_EVENTS),
    "anchors": (Filled(IMAGE + b"a: [", b"&a b,", b"]"), SkipReason.TOO_MANY_EVENTS),
    "tags": (Filled(IMAGE + b"a:\n", b"- !!str b\n"), SkipReason.TOO_MANY_EVENTS),
    "one key": (Filled(b"", IMAGE), SkipReason.TOO_MANY_EVENTS),
    "nothings": (Filled(IMAGE + b"a:\n", b"- ~\n"), SkipReason.TOO_MANY_EVENTS),
    "aliases": (Filled(IMAGE + b"a: &a b\nc: [", b"*a ,", b"]"), SkipReason.TOO_MANY_ALIASES),
    "markers that mark nothing": (Filled(POD, b"# $imagepolicy\n"), SkipReason.TOO_MANY_EVENTS),
    "lines of a template": (Filled(b"", b"{{ .Values.image }}\n"), SkipReason.TEMPLATE),
    "lines of JSON": (Filled(b"", b'{"image": "a:1"}\n'), SkipReason.BROKEN_YAML),
}


@pytest.mark.parametrize("file", LARGE.values(), ids=LARGE.keys())
def test_an_image_is_found_beside_five_mebibytes_of(file, target):
    content = file.content()
    changed = update({"a.yaml": content}, [target()])
    assert len(changed.changes) == 1
    assert changed.files["a.yaml"] == content.replace(b"app:1.0.0", b"app:2.0.0")


@pytest.mark.parametrize(("file", "reason"), HUGE.values(), ids=HUGE.keys())
def test_a_file_is_skipped_that_is_five_mebibytes_of(file, reason):
    manifest = read_manifest("a.yaml", file.content())
    assert manifest.occurrences == ()
    assert [skipped.reason for skipped in manifest.skipped] == [reason]


def test_a_fault_in_a_document_without_images_does_not_keep_the_others_from_being_read(pod):
    content = pod() + b"---\na: [}\n---\n" + pod()
    assert [found.document for found in find_images("a.yaml", content)] == [0, 2]


@pytest.mark.parametrize("unit", [b"- image: a:1\n", b'- b # {"$imagepolicy": "app:tag"}\n', b"- image: [a]\n"])
def test_a_file_of_more_images_and_markers_than_anybody_writes_is_skipped(unit):
    fitting = read_manifest("a.yaml", b"containers:\n" + unit * (MOST_FINDINGS // 2 - 1))
    too_many = read_manifest("a.yaml", b"containers:\n" + unit * (MOST_FINDINGS + 1))
    assert SkipReason.TOO_MANY_EVENTS not in {skipped.reason for skipped in fitting.skipped}
    assert (too_many.occurrences, [skipped.reason for skipped in too_many.skipped]) == (
        (),
        [SkipReason.TOO_MANY_EVENTS],
    )


@pytest.mark.parametrize("size", [LARGEST_FILE, LARGEST_FILE + 1])
def test_the_largest_file_that_is_read_is_five_mebibytes(pod, size):
    content = pod() + b"#"
    content += b" " * (size - len(content))
    assert len(find_images("a.yaml", content)) == (size == LARGEST_FILE)


def test_a_file_within_the_bound_of_events_is_read(pod):
    content = pod() + b"---\nimages: [" + b"b," * (MOST_EVENTS - 100) + b"]"
    assert len(find_images("a.yaml", content)) == 1


def test_no_more_than_100_levels_are_read(pod):
    fitting = pod() + b"---\nimage: " + b"[" * 99 + b"]" * 99
    too_deep = pod() + b"---\nimage: " + b"[" * 100 + b"]" * 100
    assert len(find_images("a.yaml", fitting)) == 1
    assert find_images("a.yaml", too_deep) == []


@pytest.mark.parametrize(
    "comment",
    ["{" * 2_000, '{"$imagepolicy": ' + "[" * 2_000, "[" * 4_000, '{"$imagepolicy": 5}', '{"$imagepolicy"', "{}"],
)
def test_a_comment_that_is_no_marker_is_only_a_comment(pod, comment):
    content = pod(f'ghcr.io/acme/app:1.0.0 # {comment} # "$imagepolicy"')
    assert [occurrence.marker for occurrence in find_images("a.yaml", content)] == [None]
