"""An edit is proven by what a YAML reader sees before and after it."""

from __future__ import annotations

import pytest

from bot.manifests.adding.additions import Addition, joined
from bot.manifests.adding.proving import changes_nothing_else

PATH = "app.yaml"
TEXT = """\
kind: Pod
spec:
  containers:
  - name: app
    image: nginx:latest # c
    args: [a, b]
    resources: {}
"""


def is_proven(text: str, old: str, new: str, path: str = PATH) -> bool:
    """Replace a part of a text by another, and ask whether nothing else changed."""
    content = text.encode()
    start = content.index(old.encode())
    edit = Addition(start, start + len(old.encode()), new.encode())
    after = content[:start] + edit.written + content[edit.end :]
    return changes_nothing_else(path, content, after, edit)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("nginx:latest", "nginx:1.27", id="a scalar"),
        pytest.param("{}", "{requests: {cpu: 100m}}", id="entries in an empty mapping"),
        pytest.param(" {}", "\n      requests:\n        cpu: 100m", id="a mapping on lines of its own"),
        pytest.param("    args", "    tty: true\n    args", id="a key in front of another"),
        pytest.param("  containers", "  imagePullSecrets:\n  - name: a\n  containers", id="a key with a list"),
        pytest.param("[", "[x, ", id="an element"),
    ],
)
def test_what_an_edit_wrote_may_be_new(old, new):
    assert is_proven(TEXT, old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("    args: [a, b]\n", "", id="a key is gone"),
        pytest.param("[a, b]", "[a]", id="an element is gone"),
        pytest.param("    args", "  - name: other\n    args", id="a key comes into another mapping"),
        pytest.param("    args", "    securityContext:\n     args", id="a key comes deeper"),
        pytest.param("    args", "    name: other\n    args", id="a key stands twice"),
        pytest.param("nginx:latest # c\n", "nginx:latest\n    tty:", id="a key swallows what follows"),
        pytest.param("nginx:latest", "&a nginx:latest", id="an anchor"),
        pytest.param("kind: Pod\n", "kind: Pod\n---\n", id="one more document"),
        pytest.param("[a, b]", "[a, b", id="no YAML any more"),
        pytest.param("[a, b]", "{a: b}", id="another sort of value"),
    ],
)
def test_nothing_else_may_change(old, new):
    assert not is_proven(TEXT, old, new)


def test_a_value_that_several_images_share_moves_them_only_when_they_are_the_same():
    same = "services:\n  a: {image: &i nginx:1}\n  b: {image: *i}\n"
    other = "a: {image: {repository: nginx, tag: &t latest}}\nb: {image: {repository: redis, tag: *t}}\n"
    assert is_proven(same, "nginx:1", "nginx:2", "compose.yaml")
    assert not is_proven(other, "latest", "1.27", "values.yaml")


def test_a_dockerfile_is_compared_by_its_images():
    text = "FROM nginx:1 AS a\nFROM redis:1\n"
    assert is_proven(text, "nginx:1", "nginx:2", "Dockerfile")
    assert not is_proven(text, "FROM redis:1\n", "", "Dockerfile")


def test_other_letters_are_counted_as_bytes_and_as_characters():
    assert is_proven("a: größe 🚀\n" + TEXT, "nginx:latest", "nginx:1.27")


@pytest.mark.parametrize("content", [b"\0", b"\xff", b"a: [", b"", b"*a", b"a: b" * 100_000])
def test_what_cannot_be_read_is_not_proven(content):
    edit = Addition(0, 0, b"x")
    assert not changes_nothing_else(PATH, content, b"x" + content, edit)


def test_several_additions_are_written_as_one():
    content = b"abcdefgh"
    assert joined(content, [Addition(4, 5, b"X"), Addition(1, 1, b"Y")]) == Addition(1, 5, b"YbcdX")
    assert joined(content, []) is None
