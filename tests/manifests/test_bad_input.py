"""Whatever a file holds, it is read or left alone with a reason, and the files beside it are still done."""

from __future__ import annotations

import pytest

from bot.manifests import SkipReason, find_images, read_manifest, update
from bot.manifests.source import LARGEST_FILE
from bot.manifests.tree import MOST_EVENTS


def merge_bomb(levels: int = 8, width: int = 9) -> bytes:
    grown = [f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * width)}]}}" for level in range(1, levels)]
    return "\n".join(["image: ghcr.io/acme/app", "a0: &a0 {k: v}", *grown]).encode()


IMAGE = b"image: ghcr.io/acme/app:1.0.0\n"
BAD = {
    "broken": (IMAGE + b"kind: [", SkipReason.BROKEN_YAML),
    "a tab as indentation": (IMAGE + b"a:\n\tb: c\n", SkipReason.BROKEN_YAML),
    "a control character": (IMAGE + b"a: \x07\n", SkipReason.BROKEN_YAML),
    "an alias of nothing": (IMAGE + b"a: *nothing\n", SkipReason.BROKEN_YAML),
    "an alias of another document": (IMAGE + b"a: &a b\n---\nc: *a\n", SkipReason.BROKEN_YAML),
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


@pytest.mark.parametrize("size", [LARGEST_FILE, LARGEST_FILE + 1])
def test_the_largest_file_that_is_read_is_five_mebibytes(pod, size):
    content = pod() + b"#"
    content += b" " * (size - len(content))
    assert len(find_images("a.yaml", content)) == (size == LARGEST_FILE)


def test_a_file_within_the_bound_of_events_is_read(pod):
    content = pod() + b"---\na: [" + b"b," * (MOST_EVENTS - 100) + b"]"
    assert len(find_images("a.yaml", content)) == 1


def test_no_more_than_100_levels_are_read(pod):
    fitting = pod() + b"---\na: " + b"[" * 99 + b"]" * 99
    too_deep = pod() + b"---\na: " + b"[" * 100 + b"]" * 100
    assert len(find_images("a.yaml", fitting)) == 1
    assert find_images("a.yaml", too_deep) == []


@pytest.mark.parametrize(
    "comment",
    ["{" * 2_000, '{"$imagepolicy": ' + "[" * 2_000, "[" * 4_000, '{"$imagepolicy": 5}', '{"$imagepolicy"', "{}"],
)
def test_a_comment_that_is_no_marker_is_only_a_comment(pod, comment):
    content = pod(f'ghcr.io/acme/app:1.0.0 # {comment} # "$imagepolicy"')
    assert [occurrence.marker for occurrence in find_images("a.yaml", content)] == [None]
