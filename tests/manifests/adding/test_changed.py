"""Of a file only the document is looked at that an edit changes."""

from __future__ import annotations

import pytest

from bot.manifests.adding.additions import Addition
from bot.manifests.adding.changed import Changed, changed_document

PATH = "app.yaml"


def test_the_edit_is_told_within_its_document():
    content = "\ufeffa: ü\n---\nb: c\n---\nd: e\n".encode()
    at = content.index(b"c")
    changed = changed_document(PATH, content, Addition(at, at + 1, b"x"))
    assert changed == Changed(b"---\nb: c\n", Addition(7, 8, b"x"), 1)
    assert changed.after == b"---\nb: x\n"


def test_lines_at_the_end_of_a_document_belong_to_it():
    changed = changed_document(PATH, b"a: b\n---\nc: d\n", Addition(5, 5, b"e: f\n"))
    assert changed.after == b"a: b\ne: f\n"


@pytest.mark.parametrize(
    ("content", "edit"),
    [
        pytest.param(b"a: b\n", Addition(5, 5, b"---\nc: d\n"), id="one document more"),
        pytest.param(b"a: b\n---\nc: d\n", Addition(5, 9, b""), id="one document less"),
        pytest.param(b"a: b\n---\nc: d\n", Addition(3, 13, b"x\n---\nc: x"), id="two documents"),
        pytest.param(b"a: b\n", Addition(3, 4, b"b"), id="nothing"),
        pytest.param(b"a: b\n", Addition(3, 4, b"\0"), id="no text any more"),
    ],
)
def test_an_edit_that_is_not_of_one_document_has_none(content, edit):
    assert changed_document(PATH, content, edit) is None


def test_a_dockerfile_comes_as_a_whole():
    content, edit = b"FROM a\n---\n", Addition(5, 6, b"b")
    assert changed_document("Dockerfile", content, edit) == Changed(content, edit)
