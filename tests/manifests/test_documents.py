"""A file is cut into documents so that parsing one by one reads the same as parsing the whole."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.manifests.documents import MOST_DOCUMENTS, documents_in, is_worth_reading
from bot.manifests.reasons import SkipReason
from bot.manifests.source import Source
from bot.manifests.tree import MOST_EVENTS, Alias, Budget, Mapping, Scalar, Sequence, Unreadable, grow

MARK = "\ufeff"


def cut(text: str | bytes) -> list[tuple[int, bytes]]:
    content = text if isinstance(text, bytes) else text.encode()
    return [(document.number, document.stretch.yaml) for document in documents_in(Source(content))]


def test_each_marker_begins_a_document():
    assert cut("a: 1\n---\nb: 2\n--- # c\nc: 3") == [(0, b"a: 1\n"), (1, b"---\nb: 2\n"), (2, b"--- # c\nc: 3")]


@pytest.mark.parametrize(
    "prefix", ["", "# a licence\n", "\n \n  # indented\r\n#---\n", f"{MARK}# behind a byte order mark\n"]
)
def test_comments_before_the_first_marker_are_no_document(prefix):
    begun = prefix.removeprefix(MARK).encode()
    assert cut(f"{prefix}---\na: 1\n---\nb: 2\n") == [(0, begun + b"---\na: 1\n"), (1, b"---\nb: 2\n")]


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n--\nb: 2\n----\nc: 3\n---d\n",
        "a: 1\n ---\nb: 2\n",
        "a: |\n  ---\n  b\n",
        "a: 1 ---\n",
        "a: 1\n---b",
        "a: 1\n---\x0bb",
    ],
)
def test_what_only_looks_like_a_marker_cuts_nothing(text):
    assert cut(text) == [(0, text.encode())]


@pytest.mark.parametrize("end", ["\n", "\r\n", " \n", "\t# c\n", ""])
def test_a_marker_ends_with_white_space_or_the_file(end):
    assert cut(f"a: |\n  b\n---{end}") == [(0, b"a: |\n  b\n"), (1, b"---" + end.encode())]


@pytest.mark.parametrize(
    "doubt", ["...\n", "...", "... # end\n", "%YAML 1.2\n", "%TAG ! tag:a,1:\n", "c: 'd\n%e'\n", "...\r\n# f\n"]
)
def test_from_a_document_with_an_end_or_a_directive_nothing_is_cut(doubt):
    rest = f"---\nb: 2\n{doubt}\n---\ng: 3\n---\nh: 4\n"
    assert cut(f"a: 1\n{rest}") == [(0, b"a: 1\n"), (1, rest.encode())]


@pytest.mark.parametrize("letter", ["\x85", "\u2028", "\u2029", "\r", f"\n{MARK}"])
def test_a_file_with_line_ends_that_readers_differ_about_is_not_cut(letter):
    text = f"a: 1\n---\nb: 'c{letter}d'\n---\ne: 3\n"
    assert cut(text) == [(0, text.encode())]


def test_a_stretch_knows_where_it_stands_in_the_file():
    content = f"{MARK}# größe\r\na: 1\r\n---\r\nb: ü\r\n".encode()
    first, second = (document.stretch for document in documents_in(Source(content)))
    assert (first.byte, first.line) == (3, 0)
    assert (second.byte, second.line) == (content.index(b"---"), 2)
    assert second.positions([0, 8, 9]) == {0: (second.byte, 3), 8: (second.byte + 8, 4), 9: (second.byte + 10, 4)}
    assert second.line_in_file(2) == 4


def test_there_is_a_bound_on_documents():
    assert len(cut("---\n" * MOST_DOCUMENTS)) == MOST_DOCUMENTS
    with pytest.raises(Unreadable) as refused:
        cut("---\n" * (MOST_DOCUMENTS + 1))
    assert refused.value.reason is SkipReason.TOO_MANY_EVENTS


def test_the_bound_on_events_is_one_for_all_documents_of_a_file():
    budget = Budget()
    half = b"[" + b"a," * (MOST_EVENTS // 2) + b"]"
    assert len(list(grow(half, budget))) == 1
    with pytest.raises(Unreadable) as refused:
        list(grow(half, budget))
    assert refused.value.reason is SkipReason.TOO_MANY_EVENTS


def test_the_bound_on_aliases_is_one_for_all_documents_of_a_file():
    budget = Budget()
    aliases = b"- &a b\n" + b"- *a\n" * 600
    assert len(list(grow(aliases, budget))) == 1
    with pytest.raises(Unreadable) as refused:
        list(grow(aliases, budget))
    assert refused.value.reason is SkipReason.TOO_MANY_ALIASES


DEFINITION = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {image: 'a/b:1'}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("image: nginx", True),
        ("baseImage: nginx", True),
        ("BASE_IMAGE: nginx", True),
        ("images: []", True),
        ("server: {repository: acme/app, tag: 1.0.0, digest: ''}", True),
        ('{"image": "nginx"}', True),
        ("jobs: {a: {container: 'node:20'}}", True),
        ('{"jobs": {"a": {"container": "node:20"}}}', True),
        ("steps: [{uses: 'docker://alpine:3'}]", True),
        ('version: 1.0 # {"$imagepolicy": "app:tag"}', True),
        ("kind: Service", False),
        ("ports: [{containerPort: 80}]", False),
        (DEFINITION, False),
        (DEFINITION.replace("\n", "\r\n"), False),
        (f"# a licence\n---\n{DEFINITION}", False),
        (DEFINITION.replace("CustomResourceDefinition", '"CustomResourceDefinition"'), False),
        (f'{DEFINITION}x: 1 # {{"$imagepolicy": "app:tag"}}\n', True),
        (f"{DEFINITION}---\nimage: a/b:1\n", True),
        (f"image: a/b:1\n---\n{DEFINITION}", True),
        (f"image: a/b:1\n...\n{DEFINITION}", True),
        (f"image: a/b:1\r---\r\n{DEFINITION}", True),
        (DEFINITION.replace("kind:", "kindOf:"), True),
        (f"image: a/b:1\ndata: |\n  {DEFINITION}".replace("\n", "\n  "), True),
        (DEFINITION.replace("Definition\n", "DefinitionList\n"), True),
        (f"# don't {{edit\n{{{{- if .Values.crds }}}}\n{DEFINITION}{{{{- end }}}}\n", False),
        (f"{{{{/*\nof \"crds\"\n* [all]\n'one'\n*/}}}}\n{DEFINITION}", False),
        (f'# a licence\n{{{{- /*\n"crds"\n*/ -}}}}\n{{{{/* and\n[more] */}}}}\n{DEFINITION}', False),
        (f'{{{{/*\n{DEFINITION}*/}}}}\nimage: "a/b:1"\n', True),
        (f"{{{{/* a */}}}}b: '\n{{{{/* c */}}}}\n{DEFINITION}'\n", True),
        (f"a: |\n  {{{{/*\nkind: Pod\n# */}}}}\n{DEFINITION}", True),
        (f'a:\n  "\n{DEFINITION}  "\nspec: {{image: a/b}}\n', True),
        (f"{DEFINITION}kind: Pod\n", True),
        (f'{DEFINITION}"kind": Pod\n', True),
        (f"{DEFINITION}? kind\n: Pod\n", True),
        (f'a#b: "\n{DEFINITION}"\nspec: {{image: a/b}}\n', True),
        (f"a: '\n{DEFINITION}'\n", True),
        (f"  {{kind: Pod, a: {{\n{DEFINITION}}}}}\n", True),
        ("jobs: {a: {container : 'node:20'}}", True),
        ("jobs:\n  a:\n    ? container\n    : node:20\n", True),
        ("jobs:\n  a:\n    ? container # of the job\n    : node:20\n", True),
        ("jobs:\n  a:\n    ?\n      'container' # of the job\n    : node:20\n", True),
        ("name: &a container\njobs: {a: {*a : 'node:20'}}", True),
        ("name: &a !!str 'container'\njobs: {a: {*a : 'node:20'}}", True),
        ("jobs: {a: {! container : 'node:20'}}", True),
        ("ports: [{port: 80}] # the port of the container\n", False),
        ("# a container, (the container) and 'container'\nports: []\n", False),
        ('{"expr": "sum by (container) (up{container!=\\"\\"})"}', False),
        (r'{"im\u0061ge": "nginx"}', True),
        (r'{"im\x61ge": "nginx"}', True),
        (r'{"\U00000069mage": "nginx"}', True),
        ('{"im\\\n  age": "nginx"}', True),
        (r"steps: [{uses: 'docker:\/\/alpine:3'}]", True),
        (r"steps: [{uses: 'docker\x3a//alpine:3'}]", True),
        ("!!binary aW1hZ2U=: nginx", True),
        ("!<tag:yaml.org,2002:binary> aW1hZ2U=: nginx", True),
        ("!!bin%61ry aW1hZ2U=: nginx", True),
        ("%TAG !b! tag:yaml.org,2002:bin\n---\n!b!ary aW1hZ2U=: nginx", True),
        (r'data: {a: "one\ntwo \"three\" \u2014 \u003c"}', False),
        ("data:\n  a: |\n    #!/bin/sh\n    run \\\n      this\n", False),
    ],
)
def test_documents_without_a_trace_of_an_image_are_spared(text, expected):
    assert is_worth_reading(text.encode()) is expected


def seen(node, characters: int, lines: int) -> object:
    """Show a tree whose text begins behind so many characters and lines, with its marks as they are in the file."""

    def mark(mark) -> tuple[int, int, int]:
        return characters + mark.index, lines + mark.line, mark.column

    def show(node) -> object:
        if isinstance(node, Scalar):
            return ("scalar", node.value, node.style, node.tag, node.anchor, mark(node.start_mark), mark(node.end_mark))
        if isinstance(node, Alias):
            return ("alias", mark(node.mark), mark(node.end_mark), show(node.target))
        assert isinstance(node, Mapping | Sequence)
        return (type(node).__name__, mark(node.mark), node.anchor, [show(child) for child in node.children])

    return None if node is None else show(node)


def in_pieces(source: Source):
    begun = source.whole().byte
    count = 0
    for document in documents_in(source):
        assert document.number == count
        place = document.stretch
        characters = len(source.content[begun : place.byte].decode())
        for root in grow(place.yaml):
            count += 1
            yield seen(root, characters, place.line)


def in_one(source: Source):
    for root in grow(source.yaml):
        yield seen(root, 0, 0)


def outcome(read, source: Source) -> tuple[list[object], bool]:
    """List the trees that were read, and tell whether it came to the end."""
    trees = []
    try:
        for tree in read(source):
            trees.append(tree)  # noqa: PERF402 - what was read before a fault counts
    except Unreadable:
        return trees, False
    return trees, True


ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\x85", "\u2028", ""])
LINES = st.sampled_from([
    *("---", "---", "---", "--- ", "---\t", "--- # c", "--- |", "--- >-", "--- a", "--- a: b", "--- {a: b}"),
    *("--- !!str", "----", "---a", " ---", "--", "...", "... # c", "....", "%YAML 1.1", "%TAG !e! tag:e,1:"),
    *("%a", "", " ", "\t", "# c", "  # c", "#---", MARK, f"{MARK}---", f"{MARK}# c", f"--- {MARK}a", "\x0b", "{%- a"),
    *("a: b", "c: d", "  e: f", "- g", "  - h", "a:", "i", "? j", ": k", "l: |", "m: >+", "n: |1-", "   text", " o"),
    *("p: 'q", "r'", 's: "t', 'u"', "v: [w,", "x]", "{y: z}", "{", "}", "[", "]", "1: &a 2", "3: *a", "&b", "größe: ü"),
    *("🚀: '🚀'", "!e!f g", "!!str", "'h'", '"i": j', "k: 'l' # m", "n: o\x85---", "p: q\u2028--- r", "<<: *a", "@"),
])  # fmt: skip
TEXTS = st.lists(st.tuples(LINES, ENDS), max_size=14).map(lambda pairs: "".join(line + end for line, end in pairs))


@given(st.one_of(TEXTS, st.text(st.sampled_from("-. \t\r\n%#a:|'\"[]\ufeff\x85\u2028"), max_size=30)))
@example("# c\n---\na: b\n--- c\n---\n")
@example("a: |+\n b\n\n\n---\nc: &a d\n")
@example("a: 'b\n---\nc'\n")
@example("[a,\n---\nb]\n")
@example("---\n---\n# c\n---\n\n")
@example("a\nb\n---\nc")
@example("# c\n\ufeff# d\n---\na: b\n---\nc: d\n")
@example("\t\n---\na: b\n")
@example("%YAML 1.1\n---\na: b\n---\n!e!f g\n")
@example("%TAG !e! tag:e,1:\n---\n!e!f g\n---\n!e!f g\n")
@example("%YAML 1.1\n---\na: b\n---\nc: d\n")
@example("a: b\r---\rc: d\n---\ne: f\n")
@example("a: b\n...\n---\nc: d\n...\n\n# e\n---\n")
def test_growing_the_pieces_gives_what_growing_the_whole_gives(text):
    source = Source(text.encode())
    (pieces, ended), (whole, whole_ended) = outcome(in_pieces, source), outcome(in_one, source)
    assert ended is whole_ended
    # The parser looks ahead for characters that are not allowed, so a whole file may fail some documents earlier.
    assert pieces[: None if ended else len(whole)] == whole[: None if ended else len(pieces)]
