"""The map of a promotion: what it says, what is added to it, and what is refused."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageReference
from bot.policies.promotions import Promotion
from bot.promotion.adding_promoted import with_entries, without_entries
from bot.promotion.promoted_map import MapError, path_of, read_map, text_of

ONE, TWO, THREE = (f"sha256:{letter * 64}" for letter in "abc")
PROMOTION = Promotion(
    "dev-to-qa",
    ImageReference.parse("registry.example/dev/website"),
    ImageReference.parse("registry.example/qa/website"),
    1,
)


def added(text: str | None, **tags: str) -> str:
    """Add tags, written with spaces between them, to the digests `one`, `two` and `three`."""
    digests = {"one": ONE, "two": TWO, "three": THREE}
    return with_entries(text, PROMOTION, {digests[name]: written.split() for name, written in tags.items()})


def entries(text: str) -> dict[str, tuple[str, ...]]:
    return dict(read_map(text).entries)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("# nothing yet\n", {}),
        ("null\n", {}),
        (f'"{ONE}": ["1.10"]\n', {ONE: ("1.10",)}),
        (f"{ONE}: [1.10, no]\n", {ONE: ("1.10", "no")}),
        (f"{ONE}:\n  - 1.10\n  - '2'\n", {ONE: ("1.10", "2")}),
        (f"{ONE}:\n{TWO}: []\n", {ONE: (), TWO: ()}),
        (f"{ONE}: [a, a]\n", {ONE: ("a",)}),
        (f"{{{ONE}: [a]}}", {ONE: ("a",)}),
    ],
)
def test_a_map_gives_each_digest_its_tags(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert entries(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("- a\n", 1, "mapping"),
        ("\n\nword\n", 3, "mapping"),
        ("\nlatest: [a]\n", 2, "a digest stands here"),
        ("sha256:abc: [a]\n", 1, "a digest stands here"),
        (f"{ONE}: a\n", 1, "a list of tags"),
        (f"{ONE}: {{a: b}}\n", 1, "a list of tags"),
        (f"{ONE}:\n  - a\n  - [b]\n", 3, "a tag stands here"),
        (f"{ONE}: [a b]\n", 1, "cannot be a tag"),
        (f"{ONE}: ['']\n", 1, "cannot be a tag"),
        (f"{ONE}: [a]\n{TWO}: [a]\n", 2, "has another digest already, in line 1"),
        (f"{ONE}: [a]\n{ONE}: [b]\n", 2, "a second time"),
        (f"{ONE}: [a\n", 2, "not YAML"),
        (f"{ONE}: !!python/object [a]\n", 1, "tags"),
        (f"{ONE}: [{'[' * 100}\n", 1, "deep"),
        ("a: &a [b]\n" + "c: [" + "*a, " * 3000 + "]\n", 2, "aliases"),
        ("x" * 1_100_000, 1, "bytes"),
    ],
)
def test_what_is_no_map_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(MapError) as refused:
        read_map(text)
    assert (refused.value.line, words in refused.value.reason) == (line, True), refused.value


@pytest.mark.parametrize(
    ("content", "line"), [(None, 1), (b"# \xff\n", 1), (b"# good\n# \xe9\n", 2)], ids=["folder", "first", "second"]
)
def test_what_is_no_text_is_refused(content: bytes | None, line: int) -> None:
    with pytest.raises(MapError) as refused:
        text_of(content)
    assert refused.value.line == line


def test_the_first_entry_makes_the_file_and_says_what_it_is() -> None:
    head, _, last = added(None, one="1.2").rpartition(f'"{ONE}"')
    assert "promotion dev-to-qa" in head
    assert "registry.example/dev/website" in head
    assert "registry.example/qa/website" in head
    assert all(line.startswith("# ") for line in head.splitlines())
    assert last == ': ["1.2"]\n'


@pytest.mark.parametrize(
    ("before", "tags", "after"),
    [
        (f"{ONE}: [a]\n", {"two": "b"}, f'{ONE}: [a]\n"{TWO}": ["b"]\n'),
        (f"{ONE}: [a]", {"two": "b"}, f'{ONE}: [a]\n"{TWO}": ["b"]\n'),
        (f"{ONE}: [a]\r\n", {"two": "b c"}, f'{ONE}: [a]\r\n"{TWO}": ["b", "c"]\r\n'),
        ("# mine", {"one": "a"}, f'# mine\n"{ONE}": ["a"]\n'),
        ("", {"one": "a"}, f'"{ONE}": ["a"]\n'),
        (f"---\n{ONE}: [a]\n", {"two": "b"}, f'---\n{ONE}: [a]\n"{TWO}": ["b"]\n'),
        (f"{ONE}: [a]  # why\n", {"one": "b"}, f'{ONE}: ["b", a]  # why\n'),
        (f"{ONE}: []\n", {"one": "b"}, f'{ONE}: ["b"]\n'),
        (f"{ONE}: [\n  a,  # why\n]\n", {"one": "b"}, f'{ONE}: ["b", \n  a,  # why\n]\n'),
        (f"{ONE}:  # none\n", {"one": "b"}, f'{ONE}: ["b"]  # none\n'),
        (f'"{ONE}":\n{TWO}: [c]\n', {"one": "b"}, f'"{ONE}": ["b"]\n{TWO}: [c]\n'),
        (f"{ONE}:\n  # why\n  - a\n", {"one": "b c"}, f'{ONE}:\n  # why\n  - "b"\n  - "c"\n  - a\n'),
        (f"{ONE}:\r\n- a\r\n", {"one": "b"}, f'{ONE}:\r\n- "b"\r\n- a\r\n'),
        (f"{ONE}: [a]\n", {"one": "a"}, f"{ONE}: [a]\n"),
        (f"{ONE}: [a]\n", {}, f"{ONE}: [a]\n"),
        (f"# odd \u2028# end\n{ONE}: [a]\n", {"one": "b"}, f'# odd \u2028# end\n{ONE}: ["b", a]\n'),
    ],
)
def test_adding_keeps_every_byte_that_is_there(before: str, tags: dict[str, str], after: str) -> None:
    assert added(before, **tags) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{ONE}: [a]\n", f'{ONE}: []\n"{TWO}": ["a"]\n'),
        (f"{ONE}: ['a', b]\n", f'{ONE}: [b]\n"{TWO}": ["a"]\n'),
        (f'{ONE}: [b, "a"]\n', f'{ONE}: [b]\n"{TWO}": ["a"]\n'),
        (f"{ONE}: [b, a, c]  # why\n", f'{ONE}: [b, c]  # why\n"{TWO}": ["a"]\n'),
        (f"{ONE}:\n  - b\n  - a\n  - c\n", f'{ONE}:\n  - b\n  - c\n"{TWO}": ["a"]\n'),
        (f"{ONE}:\n  - a\n", f'{ONE}:\n"{TWO}": ["a"]\n'),
        (f"{ONE}: [a]\n{TWO}: [b]\n", f'{ONE}: []\n{TWO}: ["a", b]\n'),
    ],
)
def test_a_tag_moves_to_its_new_digest(before: str, after: str) -> None:
    assert added(before, two="a") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{ONE}: [a, b, c, d]\n", f'{ONE}: [c, d]\n"{TWO}": ["a", "b"]\n'),
        (f"{ONE}: [c, a, d, b]\n", f'{ONE}: [c, d]\n"{TWO}": ["a", "b"]\n'),
        (f"{ONE}: [c, 'a', b]  # why\n", f'{ONE}: [c]  # why\n"{TWO}": ["a", "b"]\n'),
        (f"{ONE}: [c,\n  a, b, d]\n", f'{ONE}: [c,\n  d]\n"{TWO}": ["a", "b"]\n'),
        (f"{ONE}: [ a, b ]\n", f'{ONE}: [  ]\n"{TWO}": ["a", "b"]\n'),
        (f"{ONE}: [a]\n{THREE}: [c, b]\n", f'{ONE}: []\n{THREE}: [c]\n"{TWO}": ["a", "b"]\n'),
        (f"{ONE}:\n  - a\n  - c\n  - b\n", f'{ONE}:\n  - c\n"{TWO}": ["a", "b"]\n'),
        (f"{ONE}:\n  - a\n  - b\n{THREE}: [c]\n", f'{ONE}:\n{THREE}: [c]\n"{TWO}": ["a", "b"]\n'),
    ],
)
def test_several_tags_move_at_once(before: str, after: str) -> None:
    assert added(before, two="a b") == after


@pytest.mark.parametrize("layout", ["flow", "block"])
def test_thousands_of_tags_move_at_once(layout: str) -> None:
    tags = [f"t{number}" for number in range(8_000)]
    text = _written({ONE: tags}, layout)
    assert entries(added(text, two=" ".join(tags))) == {ONE: (), TWO: tuple(tags)}


@pytest.mark.parametrize(
    ("before", "tags"),
    [
        (f"{{{ONE}: [a]}}\n", {"two": "b"}),
        (f"{ONE}: [a]\n...\n", {"two": "b"}),
        (f"{ONE}: &a [a]\n{TWO}: *a\n", {"one": "b"}),
        (f"  {ONE}: [a]\n", {"two": "b"}),
        (f"{ONE}:\n  - a  # why\n", {"two": "a"}),
        (f"{ONE}: [a,\n  b]\n", {"two": "a"}),
        (f"{ONE}: [a,\n  b]\n", {"two": "a b"}),
        (f"{ONE}: [a, b, a]\n", {"two": "a b"}),
        (f"{ONE}: [a, a]\n", {"two": "a"}),
        (f"{ONE}: ~\n", {"one": "b"}),
        (f"? {ONE}\n: - a\n", {"one": "b"}),
    ],
)
def test_what_leaves_no_exact_place_is_refused(before: str, tags: dict[str, str]) -> None:
    with pytest.raises(MapError):
        added(before, **tags)


def test_of_two_digests_for_one_tag_the_last_gets_it() -> None:
    assert entries(added("", one="a b", two="a")) == {ONE: ("b",), TWO: ("a",)}


def test_a_map_that_would_become_too_large_is_refused() -> None:
    many = {f"sha256:{number:064x}": [f"{number:0100}"] for number in range(6_000)}
    with pytest.raises(MapError, match="bytes"):
        with_entries(None, PROMOTION, many)


_TAGS = st.lists(st.from_regex(r"[a-z0-9_][a-z0-9.-]{0,5}", fullmatch=True), max_size=3)
_ADDITIONS = st.dictionaries(st.sampled_from([ONE, TWO, THREE]), _TAGS)
_LAYOUTS = st.sampled_from(["none", "flow", "block"])


@given(before=_ADDITIONS, additions=_ADDITIONS, layout=_LAYOUTS)
def test_after_adding_the_map_says_what_was_added_and_what_it_said(
    before: dict[str, list[str]], additions: dict[str, list[str]], layout: str
) -> None:
    text = _written(before, layout)
    said, after = entries(text) if text else {}, entries(with_entries(text, PROMOTION, additions))
    wanted = {tag: digest for digest, tags in said.items() for tag in tags}
    wanted |= {tag: digest for digest, tags in additions.items() for tag in tags}
    assert {tag: digest for digest, tags in after.items() for tag in tags} == wanted


@given(before=_ADDITIONS, additions=_ADDITIONS, layout=_LAYOUTS)
def test_adding_twice_is_adding_once(
    before: dict[str, list[str]], additions: dict[str, list[str]], layout: str
) -> None:
    once = with_entries(_written(before, layout), PROMOTION, additions)
    assert with_entries(once, PROMOTION, additions) == once


def _written(tags: dict[str, list[str]], layout: str) -> str | None:
    """Write a map by hand, each tag under the last digest that has it."""
    if layout == "none":
        return None
    owners = {tag: digest for digest, listed in tags.items() for tag in listed}
    kept = {digest: [tag for tag in dict.fromkeys(listed) if owners[tag] == digest] for digest, listed in tags.items()}
    if layout == "flow":
        return "".join(f"{digest}: [{', '.join(map(repr, listed))}]\n" for digest, listed in kept.items())
    return "".join(f"{digest}:\n" + "".join(f"  - '{tag}'\n" for tag in listed) for digest, listed in kept.items())


def test_the_map_of_a_promotion_has_its_name() -> None:
    assert path_of("dev-to-qa") == ".niro/promoted/dev-to-qa.yml"


def test_what_was_refused_in_another_process_comes_back_as_it_was() -> None:
    refused = pickle.loads(pickle.dumps(MapError(3, "no")))
    assert (refused.line, refused.reason) == (3, "no")


def test_a_map_tells_which_digest_gets_a_tag() -> None:
    promoted = read_map(f"{ONE}: [a, b]\n{TWO}: [c]\n")
    assert [promoted.holds(ONE, tag) for tag in "abcd"] == [True, True, False, False]
    assert list(promoted.pairs()) == [(ONE, "a"), (ONE, "b"), (TWO, "c")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"# Ours.\n{ONE}: [a, b]\n", f"# Ours.\n{ONE}: [b]\n"),
        (f"{ONE}: [a]\n{TWO}: [c]\n", f"{ONE}: []\n{TWO}: [c]\n"),
        (f"{ONE}:\n  - b\n  - a\n", f"{ONE}:\n  - b\n"),
        (f"{ONE}: [b]\n", f"{ONE}: [b]\n"),
        (f"{TWO}: [c]\n", f"{TWO}: [c]\n"),
        ("", ""),
    ],
)
def test_what_is_taken_out_leaves_everything_else_as_it_is(before: str, after: str) -> None:
    assert without_entries(before, {ONE: ["a"]}) == after
