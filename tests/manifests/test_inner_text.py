"""The text of a block scalar is read as it stands in the file, each character at its bytes, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.manifests.inner_text import inner_text, inner_texts
from bot.manifests.source import Source
from bot.manifests.tree import Mapping, Scalar, Sequence, Unreadable, grow

MARK = b"\xef\xbb\xbf"


def scalars(node):
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping | Sequence):
        for child in node.children:
            yield from scalars(child)


def blocks(content: bytes):
    """Give the last scalar of each style `|` in a file, and its text."""
    text = Source(content).whole()
    found = [scalar for root in grow(text.yaml) for scalar in scalars(root) if scalar.style == "|"]
    return [(scalar, inner_text(scalar, text, content)) for scalar in found]


def only(content: bytes):
    ((_, inner),) = blocks(content)
    return inner


def shows(content: bytes, inner) -> str:
    """Read the text again by its positions in the file: a line feed wherever the file has an end of a line."""
    text = inner.yaml.decode()
    positions = inner.positions(range(len(text)))
    letters = [content[positions[index].byte :][:4].decode(errors="ignore")[:1] for index in range(len(text))]
    return "".join("\n" if letter in {"\r", "\n", ""} else letter for letter in letters)


LITERAL = {
    "plain": (b"a: |\n  x: 1\n  y: 2\nb: 1\n", "x: 1\ny: 2\n"),
    "stripped": (b"a: |-\n  x: 1\n\nb: 1\n", "x: 1"),
    "kept": (b"a: |+\n  x: 1\n\n\nb: 1\n", "x: 1\n\n\n"),
    "clipped": (b"a: |\n  x: 1\n\n\nb: 1\n", "x: 1\n"),
    "no line end": (b"a: |\n  x: 1", "x: 1"),
    "indentation indicator": (b"a: |2\n    x: 1\n   y: 2\n", "  x: 1\n y: 2\n"),
    "both indicators": (b"a: |2-\n   x\n  y\n", " x\ny"),
    "both indicators the other way": (b"a: |-2\n   x\n  y\n", " x\ny"),
    "deep": (b"a:\n    b:\n        - c: |\n            x:\n              y\n", "x:\n  y\n"),
    "in a sequence": (b"- |\n x\n- 1\n", "x\n"),
    "empty lines": (b"a: |\n\n  x\n\n \n  y\n", "\nx\n\n\ny\n"),
    "a line of spaces": (b"a: |\n  x\n     \n  y\n", "x\n   \ny\n"),
    "spaces at the end": (b"a: |\n  x  \n  y\t\n", "x  \ny\t\n"),
    "tabs": (b"a: |\n  x:\t1\n  \ty\n", "x:\t1\n\ty\n"),
    "carriage returns": (b"a: |\r\n  x\r\n\r\n  y\r\nb: 1\r\n", "x\n\ny\n"),
    "carriage returns, kept": (b"a: |+\r\n  x\r\n\r\n", "x\n\n"),
    "comment behind the header": (b"a: | # why\n  x\n", "x\n"),
    "comment behind the block": (b"a: |\n  x\n # why\nb: 1\n", "x\n"),
    "comments in the block": (b"a: |\n  # why\n  x # what\n", "# why\nx # what\n"),
    "anchor and tag": (b"a: &here !!str |\n  x\n", "x\n"),
    "anchor on its line": (b"a: &here\n  |\n  x\n", "x\n"),
    "other letters": ("ä: 1\na: |\n  größe: 日本\n  y: 😀 z\n".encode(), "größe: 日本\ny: 😀 z\n"),
    "byte order mark": (MARK + "a: |\n  ä\n  y\n".encode(), "ä\ny\n"),
    "several documents": (b"b: 1\n---\na: |\n  x\n---\nc: 1\n", "x\n"),
    "after another block's kind": (b"b: >\n  x\n  y\na: |\n  z\n", "z\n"),
    "line separators": ("a: |\n  x\u2028\n  y\n".encode(), "x\u2028\ny\n"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "text"), LITERAL.values(), ids=LITERAL)
def test_the_text_is_the_scalar_s_and_each_character_stands_where_it_says(content, text):
    inner = only(content)
    assert inner.yaml.decode() == text
    assert shows(content, inner) == text


@pytest.mark.parametrize(
    "content",
    [
        b"a: |\n",
        b"a: |\n\n\nb: 1\n",
        b"a: |+\n\n\nb: 1\n",
        b"a: |\n  x\r  y\r",
        b"a: |\n  x\r",
        "a: |\n  x\x85  y\n".encode(),
        "a: |\n  x\x85  x\n".encode(),
        "a: |\n  x\u2028  y\n".encode(),
        "a: |\n  \ufeffx\n".encode(),
    ],
    ids=[
        "nothing",
        "only empty lines",
        "only empty lines, kept",
        "old line ends",
        "an old line end",
        "next line",
        "the same before and behind a next line",
        "indented line separator",
        "byte order mark in the text",
    ],
)
def test_a_block_that_is_not_line_by_line_what_the_file_holds_is_left_alone(content):
    assert only(content) is None


@pytest.mark.parametrize(
    "written",
    [b">\n  x\n  y\n", b'"x\\ny"\n', b"'x\n\n  y'\n", b"x\n", b'"|"\n', b"'|\n\n  x'\n"],
    ids=["folded", "double quotes", "single quotes", "plain", "a bar in quotes", "a bar on its line in quotes"],
)
def test_only_literal_blocks_have_a_text_of_their_own(written):
    content = b"a: " + written
    text = Source(content).whole()
    (root,) = grow(text.yaml)
    assert [inner_text(scalar, text, content) for scalar in scalars(root)] == [None, None]


def test_lines_are_those_of_the_file():
    inner = only(b"# one\n\na: |\n  x: 1\n\n  y: 2\n")
    start = inner.yaml.index(b"y")
    assert inner.positions([0, start])[start].line == 6
    assert [inner.line_in_file(line) for line in (1, 2, 3)] == [4, 5, 6]


def test_a_line_behind_the_text_is_the_last_one():
    inner = only(b"a: |-\n  x\n")
    assert inner.line_in_file(9) == 2


def test_the_end_of_the_text_is_where_its_last_line_ends():
    content = b"a: |-\n  x: 1  \n"
    inner = only(content)
    end = len(inner.yaml)
    assert content[: inner.positions([end])[end].byte] == b"a: |-\n  x: 1  "


def test_many_scalars_are_read_at_once_in_their_order():
    content = b"a: |\n  x\nb: y\nc: |\n  z\n"
    text = Source(content).whole()
    (root,) = grow(text.yaml)
    found = list(inner_texts(list(scalars(root)), text, content))
    assert [each and each.yaml for each in found] == [None, b"x\n", None, None, None, b"z\n"]


@st.composite
def files(draw):
    """Write a file with a block, and something before and behind it."""
    letters = st.text(alphabet="ab:#-|> \tä日😀{}\"'", max_size=12)
    indentation = draw(st.integers(1, 9))
    header = "|" + draw(st.sampled_from(["", str(indentation)])) + draw(st.sampled_from(["", "-", "+", " # why", "  "]))
    block = "\n".join(" " * indentation + line for line in draw(st.lists(letters, min_size=1, max_size=8)))
    before = draw(st.sampled_from(["", "ä: 1", "# größe"]))
    after = draw(st.sampled_from(["", "\n", "\nb: 1\n", "\n\n\n# why"]))
    text = f"{before}\na: {header}\n{block}{after}".replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return draw(st.sampled_from([b"", MARK])) + text.encode()


@given(files())
def test_every_literal_block_is_read_as_it_stands(content):
    try:
        found = blocks(content)
    except Unreadable:
        assume(False)
    for scalar, inner in found:
        if scalar.value.strip("\n"):
            assert inner.yaml.decode() == scalar.value
            assert shows(content, inner) == scalar.value


@given(files(), st.sampled_from(["\u2028", "\x85", "\ufeff", "\r"]), st.integers(0, 100))
def test_with_a_sign_that_readers_differ_about_a_block_is_read_as_it_stands_or_not_at_all(content, sign, place):
    text = content.decode()
    content = (text[:place] + sign + text[place:]).encode()
    try:
        found = blocks(content)
    except Unreadable:
        assume(False)
    for scalar, inner in found:
        assert inner is None or inner.yaml.decode() == scalar.value
        assert inner is None or shows(content, inner) == scalar.value
