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
    ("deep lists before anything else that is wrong", "[" * 51 + "!x", "nested more than 50 deep"),
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
    (
        "too many patterns",
        "version: 1\ndefaults: {exclude: [" + ", ".join(f"'x{n}'" for n in range(2001)) + "]}",
        "more than 2000 different patterns",
    ),
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
    "x" * 300, "semver", "digest", "patch", "$1", "(a)", "3d", "mon-fri", "UTC", "1000000000000000000000w", "off",
])  # fmt: skip
KEYS = st.sampled_from([
    "version", "enabled", "flux", "dashboard", "limits", "open-pull-requests", "defaults", "images", "groups", "image",
    "name", "strategy", "range", "updates", "variant", "clock", "track", "order", "filter", "pattern", "extract",
    "exclude", "platforms", "update", "paths", "mode", "pull-request", "delivery", "branch", "base", "title",
    "commit-message", "labels", "reviewers", "auto-merge", "method", "window", "days", "hours", "timezone", "min-age",
    "poll", "pin", "group", "credential", "environments", "findings", "rules", "promotions", "when", "<<", "? a", "",
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


VALID = """\
version: 1
flux: report
limits: {open-pull-requests: 10, new-per-hour: 4}
defaults: &defaults
  poll: 5m
  min-age: 3d
  pull-request: {labels: [a, "b"], branch: 'niro/{name}', auto-merge: true}
images:
  - image: ghcr.io/my-org/*
    strategy: newest-build
    clock: push
    filter: {pattern: '^main-(?P<ts>\\d+)$', extract: '$ts'}
    exclude: ['\\.(sig|att)$']
    pull-request:
      commit-message: |
        Bump {image} to {to}
      auto-merge:
        window: {days: "mon-fri", hours: "09:00-17:00", timezone: Europe/Berlin}
  - {image: nginx, range: '>=1.2 <2', updates: [patch, minor], update: {paths: ["a/**", "!a/b"]}, group: web}
  - image: nginx
    name: other
    update: {paths: [/c]}
    pin: 1.10
groups:
  web: {assignees: [anna]}
findings: {rules: {latest-image-tag: {severity: high}}}
"""


def test_the_file_that_is_changed_below_is_valid():
    assert len(load(VALID).images) == 3


PLACES = st.integers(0, len(VALID))
PIECES = st.one_of(
    st.text(max_size=4),
    st.sampled_from(["\n", "  ", "- ", ": ", "*", "&a ", "*defaults", "<<: ", "{", "}", "[", "]", "'", '"', "|", "#"]),
    st.tuples(PLACES, PLACES).map(lambda places: VALID[min(places) : max(places)]),
)
CHANGES = st.lists(st.tuples(PLACES, st.integers(0, 40), PIECES), min_size=1, max_size=3)


@given(CHANGES)
def test_any_change_of_a_policy_file_leaves_one_or_problems(changes):
    text = VALID
    for place, count, piece in changes:
        text = text[:place] + piece + text[place + count :]

    check(text)


@given(st.text() | LIKE_POLICY_FILES)
def test_any_text_of_an_organisation_leaves_a_policy_file_or_problems(text):
    check(VALID, organisation=text)


def check(text: str, organisation: str | None = None) -> None:
    lines = max(lines_of(text), lines_of(organisation or ""))
    try:
        assert isinstance(load(text, organisation=organisation), PolicyFile)
    except PolicyFileError as error:
        places = [(problem.path, problem.line, problem.column) for problem in error.problems]
        shown = [problem.message for problem in error.problems]
    else:
        return

    assert places
    assert places == sorted(places)
    assert all(1 <= line <= lines and column >= 1 for _, line, column in places)
    assert all(message and message.isprintable() and len(message) < 1000 for message in shown)


def lines_of(text: str) -> int:
    return sum(text.count(end) for end in "\n\r\u0085\u2028\u2029") + 1
