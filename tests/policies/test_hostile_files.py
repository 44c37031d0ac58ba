"""Hostile policy files: whatever the text, a PolicyFile or a PolicyFileError, and soon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies import PolicyFile, PolicyFileError, load


def aliases(first: str, level: str, count: int = 10) -> str:
    """Write levels each of which names the one before it nine times."""
    above = [level.format(", ".join([f"*a{number}"] * 9)) for number in range(count - 1)]
    return "version: 1\n" + "".join(f"a{number}: &a{number} {line}\n" for number, line in enumerate([first, *above]))


def merges() -> str:
    """Write a hundred mappings into which one of a thousand keys is merged."""
    many = ", ".join(f"k{number}: 1" for number in range(1000))
    return f"version: 1\nb: &b {{{many}}}\n" + "".join(f"c{number}: {{<<: *b}}\n" for number in range(99))


UNREADABLE = [
    ("ten megabytes", "a" * (10 << 20), "at most 1048576"),
    ("ten megabytes of letters of two bytes", "é" * (600 << 10), "at most 1048576"),
    ("deep lists", "[" * 100_000, "nested more than 50 deep"),
    ("deep mappings", "{a: " * 100_000, "nested more than 50 deep"),
    ("deep blocks", "- " * 10_000, "nested more than 50 deep"),
    ("deep keys", "? " * 10_000, "nested more than 50 deep"),
    ("an alias bomb", aliases("[x, x, x, x, x, x, x, x, x]", "[{}]"), "more than 50000 values"),
    ("a merge-key bomb", merges(), "more than 50000 values"),
    ("too many aliases", "version: 1\na: &a x\nb: [" + "*a, " * 2001 + "]\n", "more than 2000 aliases"),
    ("too many lines", "\n" * 50_001, "more than 50000 lines"),
    ("an endless word", "version: " + "a" * 20_001, "more than 20000 characters"),
    ("an endless text", "version: " + "a " * 10_001, "more than 20000 characters"),
    ("an endless text in brackets", "version: [" + "a" * 20_001 + "]", "more than 20000 characters"),
    ("an endless key", "a" * 1_000_000 + ": b", "not YAML|more than 20000 characters"),
    ("an endless quoted key", '"' + "a" * 1_000_000 + '": b', "more than 20000 characters"),
    ("an endless escape", 'version: "' + "\\n" * 20_001 + '"', "more than 20000 characters"),
    ("an endless text in single quotes", "version: '" + "''" * 20_001 + "'", "more than 20000 characters"),
    ("an endless quoted text", "version: '" + "a\n" * 10_001 + "'", "more than 20000 characters"),
    ("an endless block", "version: |\n" + " a\n" * 10_001, "more than 20000 characters"),
    ("an endless line of a block", "version: |\n " + "a" * 20_001, "more than 20000 characters"),
    ("too many parts", "version: 1\nimages: [" + "a," * 100_000 + "]", "more than 100000 parts"),
    ("an alias of itself", "a: &a [*a]", "names no anchor"),
    ("an alias of nothing", "a: *b", "names no anchor"),
    ("a tag", "a: !!python/object:os.system x", "tags"),
    ("an endless tag", "!" * (1 << 20), "tags"),
    ("a directive", "%YAML 1.1\n---\nversion: 1", "directives"),
    ("two documents", "version: 1\n---\nversion: 1", "second document"),
    ("something after the document", "version: 1\n...\nx: [", "second document|not YAML"),
    ("an open list", "a: [", "not YAML"),
    ("a tab", "a:\n\t- b", "not YAML"),
    ("a template", "a: {{ .Values.x }}\nb: {{ if }}", "not YAML|a key is a text"),
    ("a NUL", "version: 1\na: \x00", "not allowed"),
    ("half a pair", "version: 1\na: \ud800", "not allowed"),
    ("a character that is none", 'a: "\\UFFFFFFFF"', "not YAML"),
    ("an escape that is none", 'a: "\\q"', "not YAML"),
]


@pytest.mark.parametrize(("text", "message"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE])
def test_what_cannot_be_read_is_one_clear_error(text, message):
    with pytest.raises(PolicyFileError, match=message) as caught:
        load(text)

    assert len(str(caught.value)) < 2000


def test_a_merge_bomb_is_defused():
    text = aliases("{x: 1}", "{{<<: [{}]}}")

    with pytest.raises(PolicyFileError) as caught:
        load(text)

    assert {problem.key for problem in caught.value.problems} == {f"a{number}" for number in range(10)}


def test_the_place_of_a_character_that_is_not_allowed_is_told():
    with pytest.raises(PolicyFileError) as caught:
        load("version: 1\nab: \x07")

    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, 5)


@pytest.mark.parametrize("character", list("!\"#%&'*,-:>?@[]`{|} \n\t\u0085\u2028a1"))
def test_a_long_run_of_one_character_ends(character):
    with pytest.raises(PolicyFileError):
        load(character * 100_000)


@given(st.text())
def test_any_text_is_a_policy_file_or_its_problems(text):
    check(text)


SCALARS = st.sampled_from([
    "1", "1.x", "nginx", "nginx:1", "true", "false", "no", "~", "''", '"\\x00"', "'{x}'", "linux/amd64", "a/../b", "*",
    "<<", "&a x", "*a", "!x y", "2024-01-01", "[", "]", "{", "|", ">", "a: b", "- a", "#", "\t", "\u2028", "(",
    "x" * 300,
])  # fmt: skip
KEYS = st.sampled_from([
    "version", "enabled", "defaults", "images", "image", "name", "strategy", "range", "exclude", "platforms", "update",
    "paths", "pull-request", "branch", "base", "title", "labels", "auto-merge", "method", "min-age", "<<", "? a", "",
])  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.lists(st.tuples(KEYS, inner), max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=12,
)
LIKE_POLICY_FILES = st.lists(st.tuples(KEYS, VALUES), max_size=5).map(
    lambda pairs: "version: 1\n" + "\n".join(f"{key}: {value}" for key, value in pairs)
)


@given(LIKE_POLICY_FILES)
def test_anything_like_a_policy_file_is_one_or_has_problems(text):
    check(text)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=6))
def test_any_keys_of_a_policy_make_a_policy_or_have_problems(pairs):
    check("version: 1\nimages:\n  - image: a/b\n" + "".join(f"    {key}: {value}\n" for key, value in pairs))


def check(text: str) -> None:
    lines = text.count("\n") + text.count("\r") + text.count("\u0085") + text.count("\u2028") + text.count("\u2029") + 1
    try:
        assert isinstance(load(text), PolicyFile)
    except PolicyFileError as error:
        places = [(problem.line, problem.column) for problem in error.problems]
        shown = [problem.message for problem in error.problems]
    else:
        return

    assert places
    assert places == sorted(places)
    assert all(1 <= line <= lines and column >= 1 for line, column in places)
    assert all(message and message.isprintable() and len(message) < 1000 for message in shown)
