"""Which image or value a marker is about, by where its comment stands, and what it lets be written.

In the texts `<app>` stands for the comment `# {"$imagepolicy": "app"}`, IMAGE for an image and DIGEST for a digest.
What is told of an image is its field, its policy behind `<-`, the parts that may be written in brackets, what it stands
at behind `at`, and behind `!` why it is not edited.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.manifests.layouts import findings_in
from bot.manifests.markers.marking import Read, mark
from bot.manifests.owners import owner_of
from bot.manifests.places import Place
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Scalar, Unreadable, grow

IMAGE = "ghcr.io/acme/app:1.0.0"
DIGEST = "sha256:" + "a" * 64
NOT_UNDERSTOOD = SkipReason.MARKER_NOT_UNDERSTOOD


def written(text: str) -> str:
    text = re.sub(r"<([a-z:-]+)>", r'# {"$imagepolicy": "\1"}', text)
    return text.replace("IMAGE", IMAGE).replace("DIGEST", DIGEST)


def markings(text: str):
    roots = list(grow(text.encode()))
    found = [[each for each in findings_in(root, "values.yaml") if isinstance(each, Place)] for root in roots]
    return mark(text, [Read(root, owner_of(root), places) for root, places in zip(roots, found, strict=True)])


def told(text: str) -> list[str]:
    lines = []
    for marking in markings(written(text)):
        lines += [line_of(marked) for marked in marking.places]
        lines += [f"line {note.line}: {note.reason}" for note in marking.notes]
        lines += [f"text in {inside.field}" for inside in marking.inside]
    return lines


def line_of(marked) -> str:
    words = [marked.place.field]
    if marked.marker is not None:
        words += ["<-", marked.marker]
    if marked.writable is not None:
        words.append(f"({' '.join(sorted(marked.writable))})")
    if marked.standing is not None:
        words += ["at", marked.standing]
    if marked.place.obstacle:
        words.append(f"!{marked.place.obstacle.reason}")
    return " ".join(words)


def pieces(marked) -> dict[str, str]:
    return {piece.part: text_at(piece)[piece.start : piece.end] for piece in marked.place.pieces}


def text_at(piece) -> str:
    return piece.node.value if isinstance(piece.node, Scalar) else piece.node.target.value


def table(rows: dict[str, list[str]]):
    return pytest.mark.parametrize(("text", "expected"), rows.items())


@table(
    {
        "image: IMAGE <app>": ["image <- app"],
        "image: 'IMAGE' <app>": ["image <- app"],
        'image: "IMAGE"<app>': ["image <- app"],
        "image: &anchor IMAGE <app>": ["image <- app"],
        "image: !!str IMAGE <app>": ["image <- app"],
        "image: |- <app>\n  IMAGE": ["image <- app"],
        "image: &anchor !!str |- <app>\n  IMAGE": ["image <- app"],
        'image: "ghcr.io/\\\n  acme/app:1.0.0" <app>': ["image <- app"],
        "image:\n  IMAGE <app>": ["image <- app"],
        "image: IMAGE\t<app>\r\nb: c\r\n": ["image <- app"],
        "images:\n  - IMAGE <app>\n  - IMAGE": ["images[0] <- app", "images[1]"],
        "images:\n  <app>\n  - IMAGE\n  - IMAGE": ["images[0] <- app", "images[1]"],
    }
)
def test_a_marker_is_found_where_flux_finds_it(text, expected):
    assert told(text) == expected


@table(
    {
        # behind the brackets of a flow collection
        "a: {image: IMAGE} <app>": ["a.image <- app"],
        "a: [{image: IMAGE}] <app>": ["a[0].image <- app"],
        "a: [{image: IMAGE}, <app>\n  {image: IMAGE}]": ["a[0].image <- app", "a[1].image"],
        "a: {image: IMAGE,\n  b: c} <app>": ["a.image <- app"],
        "a: {\n  b: {image: IMAGE},\n  c: d\n} <app>": ["a.b.image <- app"],
        "image: {repository: ghcr.io/acme/app, tag: 1.0.0} <app>": ["image <- app"],
        "image: {repository: ghcr.io/acme/app,\n  tag: 1.0.0} <app>": ["image <- app"],
        "image: {\n  repository: ghcr.io/acme/app,\n  tag: 1.0.0\n} <app>": ["image <- app"],
        # within a flow collection of several lines
        '{\n  "image": "IMAGE", <app>\n  "b": 1\n}': ["image <- app"],
        '{\n  "image": "IMAGE", "b": 1, <app>\n  "c": 1\n}': ["image <- app"],
        '{\n  "b": 1,\n  "image": "IMAGE" <app>\n}': ["image <- app"],
        '{\n  "b": 1,\n      <app>\n  "image": "IMAGE"\n}': ["image <- app"],
        "image: { <app>\n  repository: ghcr.io/acme/app,\n  tag: 1.0.0\n}": ["image <- app"],
        # above a key or an item
        "<app>\nimage: IMAGE": ["image <- app"],
        "<app>\n# other words\n#\nimage: IMAGE": ["image <- app"],
        "<app>\nimage:\n  repository: ghcr.io/acme/app\n  tag: 1.0.0": ["image <- app"],
        "image:\n  <app>\n  repository: ghcr.io/acme/app\n  tag: 1.0.0": ["image <- app"],
        "image:\n  repository: ghcr.io/acme/app\n  <app>\n  tag: 1.0.0": ["image <- app"],
        "image:\n  <app>\n  pullPolicy: Always\n  repository: ghcr.io/acme/app\n  tag: 1.0.0": ["image <- app"],
        "a:\n  <app>\n  {image: IMAGE}": ["a.image <- app"],
        "a:\n  <app>\n  - name: app\n    image: IMAGE\n  - image: IMAGE": ["a[0].image <- app", "a[1].image"],
        "a:\n- image: IMAGE\n<app>\n- name: app\n  image: IMAGE": ["a[0].image", "a[1].image <- app"],
        "<app>\n- image: IMAGE\n  b: {image: IMAGE}": ["[0].image <- app", "[0].b.image"],
        # behind a bare key or dash
        "image: <app>\n  IMAGE": ["image <- app"],
        "image: &anchor <app>\n  IMAGE": ["image <- app"],
        "image: <app>\n\n  repository: ghcr.io/acme/app\n  tag: 1.0.0": ["image <- app"],
        "image: &anchor <app>\n  repository: ghcr.io/acme/app\n  tag: 1.0.0": ["image <- app"],
        "- <app>\n  name: app\n  image: IMAGE\n- image: IMAGE": ["[0].image <- app", "[1].image"],
        "a:\n- - <app>\n    image: IMAGE": ["a[0][0].image <- app"],
        "a:\n- <app>\n  - image: IMAGE": ["a[0][0].image <- app"],
        "--- <app>\nimage: IMAGE": ["image <- app"],
        # on an alias
        "a: &app IMAGE\nimage: *app <app>": ["image <- app"],
        "a: &app\n  image: IMAGE\nb: *app <app>": ["a.image <- app"],
        # all over the object that begins here
        "<app>\napiVersion: v1\nkind: Widget\nspec:\n  image: IMAGE": ["spec.image <- app"],
    }
)
def test_a_marker_is_found_where_flux_does_not_find_it(text, expected):
    assert told(text) == expected


@table(
    {
        "image: IMAGE\n<app>": ["image", "line 2: marks-nothing"],
        "<app>\n\nimage: IMAGE": ["image", "line 1: marks-nothing"],
        "<app>\n---\nimage: IMAGE": ["image", "line 1: marks-nothing"],
        "image: IMAGE\n... <app>": ["image", "line 2: marks-nothing"],
        "image: IMAGE\n--- <app>\n---\nb: c": ["image", "line 2: marks-nothing"],
        "image: |-\n  IMAGE\n<app>\nb: c": ["image", "line 3: marks-nothing"],
        "- image: IMAGE\n  <app>\n- image: IMAGE": ["[0].image", "[1].image", "line 2: marks-nothing"],
        "image: IMAGE\n<app>\nimagePullPolicy: Always": ["image", "line 2: marks-nothing"],
        "image: IMAGE\n<app>\nreplicas: 3": ["image", "line 2: marks-nothing"],
        "<app>\napiVersion: v1\nkind: Widget": ["line 1: marks-nothing"],
        "? a <app>\n: image: IMAGE": ["a.image", "line 1: marks-nothing"],
        "? [a] <app>\n: b": ["line 1: marks-nothing"],
        "? <app>\n  a\n: b": ["line 1: marks-nothing"],
        "<app>\n? [a]\n: b": ["line 1: marks-nothing"],
        "a: [b] <app>": ["line 1: marks-nothing"],
        "a: [] <app>\nimage: IMAGE": ["image", "line 1: marks-nothing"],
        "[] <app>": ["line 1: marks-nothing"],
        "{\n} <app>": ["line 2: marks-nothing"],
        "&x a: *x <app>": ["line 1: marks-nothing"],
        "a: <app>\n  {}\nimage: IMAGE": ["image", "line 1: marks-nothing"],
        "- <app>\n  []\n- image: IMAGE": ["[1].image", "line 1: marks-nothing"],
        "<app>\n- []\n- image: IMAGE": ["[1].image", "line 1: marks-nothing"],
        "a: <app>\n  b: c": ["line 1: marks-nothing"],
        "a: [\n  b\n  <app>\n]": ["line 3: marks-nothing"],
    }
)
def test_a_marker_beside_nothing_is_told(text, expected):
    assert told(text) == expected


@table(
    {
        "a: [{image: IMAGE}, {image: IMAGE}] <app>": [
            "a[0].image",
            "a[1].image",
        ],
        "a: <app>\n- image: IMAGE\n- image: IMAGE": ["a[0].image", "a[1].image"],
        "<app>\na:\n- image: IMAGE\n- image: IMAGE": ["a[0].image", "a[1].image"],
        "- <app>\n  b: {image: IMAGE}\n  image: IMAGE": ["[0].image", "[0].b.image"],
    }
)
def test_no_image_that_an_unclear_marker_may_be_about_follows_anybody(text, expected):
    hindered = [f"{image} !marker-not-understood" for image in expected]
    assert told(text) == [*hindered, "line 1: marker-not-understood"]


@pytest.mark.parametrize(
    "text",
    [
        "a: [1.4.0, 1.4.1] <app:tag>",
        "a: [1.4.0, acme/app:1] <app>",
        "a: {b: V=1.4.0, c: v1} <app>",
        "a: [{b: 1.4.0}, {b: 1.4.0}] <app>",
        "a: <app>\n- 1.4.0\n- 1.4.1",
        "<app>\na: [1.4.0, 1.4.1]",
        "<app>\n- [1.4.0, 1.4.1]",
    ],
)
def test_a_marker_that_several_values_could_be_meant_by_says_so(text):
    (marking,) = markings(written(text))
    assert marking.places == ()
    assert [(note.reason, "several values" in note.message) for note in marking.notes] == [(NOT_UNDERSTOOD, True)]


@table(
    {
        "a: [1.0.0] <app>": ["a[0] <- app at 1.0.0"],
        "a: [1.4.0, b] <app:tag>": ["a[0] <- app:tag (tag) at 1.4.0"],
        "a: [{apiVersion: v1, kind: V1.0, b: 1.4.0}] <app:tag>": ["a[0].b <- app:tag (tag) at 1.4.0"],
        "- {name: V, value: '1.4.0'} <app:tag>": ["[0].value <- app:tag (tag) at 1.4.0"],
        "a: {1.4.0: b, 1.4.1: c} <app:tag>": ["line 1: marks-nothing"],
    }
)
def test_behind_a_bracket_the_one_value_that_could_be_meant_is(text, expected):
    assert told(text) == expected


def test_a_block_of_text_does_not_stand_on_the_line_below_it():
    text = "- image: |-\n    IMAGE\n- {image: IMAGE} <app>"
    assert told(text) == ["[0].image", "[1].image <- app"]


@table(
    {
        "image: IMAGE <app> more": ["image !marker-not-understood", "line 1: marker-not-understood"],
        'image: IMAGE # see "$imagepolicy"': ["image", "line 1: marker-not-understood"],
        "# image: IMAGE <app>\nimage: IMAGE": ["image", "line 1: marker-not-understood"],
        "image: IMAGE # $imagepolicy: app": ["image", "line 1: marker-not-understood"],
        "image: IMAGE # {'$imagepolicy': 'app'}": ["image !marker-not-understood", "line 1: marker-not-understood"],
        "image: IMAGE # $imagepolicy is not set": ["image"],
        "image: IMAGE # a comment": ["image"],
    }
)
def test_a_comment_that_is_almost_a_marker_is_told(text, expected):
    assert told(text) == expected


@table(
    {
        "a: '<app>'\nimage: IMAGE": ["image"],
        "a: '\n  <app>\n  '\nimage: IMAGE": ["image"],
        "a: b#$imagepolicy\nimage: IMAGE": ["image"],
        '{"a": "x # {\\"$imagepolicy\\": \\"app\\"}", "image": "IMAGE"}': ["image"],
        '"$imagepolicy": b': [],
        "": [],
        "<app>": [],
    }
)
def test_what_is_no_comment_is_no_marker(text, expected):
    assert told(text) == expected


@table(
    {
        "data:\n  app.yaml: |\n    image: IMAGE <app>": ['text in data["app.yaml"]'],
        "data:\n  - >\n    x <app>\n    <app>\n  - |\n    y": ["text in data[0]"],
        "a: | <app>\n  b: 1.9.0 <app>": ["line 1: marker-not-understood", "text in a"],
        "data:\n  a: | # words\n    <app>\n  b: c": ["text in data.a"],
    }
)
def test_a_marker_in_a_block_is_left_to_those_who_read_its_text(text, expected):
    assert told(text) == expected


@table(
    {
        "image: IMAGE <app:tag>": ["image <- app:tag (tag)"],
        "image: IMAGE@DIGEST <app:digest>": ["image <- app:digest (digest)"],
        "image: IMAGE@DIGEST <app:tag>": ["image <- app:tag (tag) !pinned-to-digest"],
        "image: IMAGE <app:digest>": ["image <- app:digest (digest) !no-place-for-digest"],
        "image: ghcr.io/acme/app@DIGEST <app:tag>": ["image <- app:tag (tag) !no-tag"],
        "image: IMAGE <app:name>": ["image <- app:name !marker-not-understood"],
        "image: |- <app:tag>\n  IMAGE": ["image <- app:tag (tag)"],
        "<app>\nimage: IMAGE <app>": ["image !marker-not-understood", "line 2: marker-not-understood"],
        "<app>\na: {image: IMAGE} <other>": ["a.image !marker-not-understood", "line 2: marker-not-understood"],
    }
)
def test_a_marker_beside_a_whole_image_may_ask_for_a_part_of_it(text, expected):
    assert told(text) == expected


def test_a_whole_image_of_which_a_part_is_asked_for_is_cut_into_its_parts():
    for text in ("image: IMAGE@DIGEST <app:digest>", "a: &a IMAGE@DIGEST\nimage: *a <app:digest>"):
        ((marked,), *_) = markings(written(text))[0]
        assert pieces(marked) == {"name": "ghcr.io/acme/app", "tag": "1.0.0", "digest": DIGEST}


SPLIT = "image:\n  repository: ghcr.io/acme/app {}\n  tag: 1.0.0 {}\n  digest: {}\n"


@pytest.mark.parametrize(
    ("name", "tag", "digest", "expected"),
    [
        ("<app>", "", "''", "image <- app"),
        ("", "<app>", "''", "image <- app"),
        ("<app>", "<app>", "''", "image <- app"),
        ("<app>", "<app:tag>", "''", "image <- app"),
        ("<app:name>", "", "''", "image <- app:name (name)"),
        ("", "<app:tag>", "''", "image <- app:tag (tag)"),
        ("<app:name>", "<app:tag>", "''", "image <- app (name tag)"),
        ("<app:name>", "<app:tag>", "DIGEST <app:digest>", "image <- app (digest name tag)"),
        ("", "<app:tag>", "DIGEST <app:digest>", "image <- app (digest tag)"),
        ("", "", "DIGEST <app:digest>", "image <- app:digest (digest)"),
        ("", "<app:tag>", "DIGEST", "image <- app:tag (tag) !pinned-to-digest"),
        ("<app:tag>", "<app:tag>", "''", "image <- app:tag !marker-not-understood"),
        ("", "<app:digest>", "''", "image <- app:digest !marker-not-understood"),
        ("<app:name>", "<other:tag>", "''", "image <- app:name !marker-not-understood"),
        ("<app>", "<other>", "''", "image <- app !marker-not-understood"),
    ],
)
def test_the_markers_beside_the_parts_of_one_image_count_together(name, tag, digest, expected):
    assert told(SPLIT.format(name, tag, digest)) == [expected]


@table(
    {
        "image: {repository: a/b, tag: 1.0.0} <app:tag>": ["image <- app:tag (tag)"],
        "<app:name>\nimage: {repository: a/b, tag: 1.0.0}": ["image <- app:name (name)"],
        "image: {repository: a/b, tag: 1.0.0} <app:digest>": ["image <- app:digest !marker-not-understood"],
        "image: {registry: c.d, repository: a/b, tag: 1.0.0} <app:name>": ["image <- app:name (name registry)"],
        "<app>\nimage: {repository: a/b, tag: 1.0.0} <app>": [
            "image !marker-not-understood",
            "line 2: marker-not-understood",
        ],
    }
)
def test_a_marker_beside_what_holds_the_parts_may_ask_for_one_of_them(text, expected):
    assert told(text) == expected


@table(
    {
        "a: --image=IMAGE <app>": ["a <- app"],
        "a: --image=IMAGE <app:tag>": ["a <- app:tag (tag) at 1.0.0"],
        "a: APP_VERSION=1.9.0 <app>": ["a <- app at 1.9.0"],
        "a: 1.9.0 <app>": ["a <- app at 1.9.0"],
        "a: repo:1.9.0-debug <app:tag>": ["a <- app:tag (tag) at 1.9.0-debug"],
        "a: IMAGE@DIGEST <app:digest>": [f"a <- app:digest (digest) at @{DIGEST}"],
        "a: IMAGE@DIGEST <app:tag>": ["a <- app:tag (tag) at 1.0.0 !pinned-to-digest"],
        "a: ghcr.io/acme/app <app:name>": ["a <- app:name (name) at "],
        "a: two words <app>": ["a <- app at  !marker-not-understood"],
        "a: words <app:digest>": ["a <- app:digest (digest) at  !no-place-for-digest"],
        "a: <app:tag>": ["a <- app:tag (tag) at  !no-tag"],
        "a: '' <app>": ["a <- app at  !no-tag"],
        "a: ~ <app>": ["a <- app at  !no-tag"],
        "- 1.9.0 <app>\n- <app>\n  1.9.0": ["[0] <- app at 1.9.0", "[1] <- app at 1.9.0"],
        "1.9.0 <app>": [" <- app at 1.9.0"],
        "a: [\n  1.9.0, <app>\n  b\n]": ["a[0] <- app at 1.9.0"],
        "a: &a 1.9.0\nb: *a <app>": ["b <- app at 1.9.0"],
        "<app>\nappVersion: main": ["appVersion <- app at  !marker-not-understood"],
        "<app:tag>\nappVersion: main": ["appVersion <- app:tag (tag) at main"],
        # what a registry may have stands there
        "a: api-1.9.0 <app:tag>": ["a <- app:tag (tag) at api-1.9.0"],
        "a: 1.9.0-debug <app:tag>": ["a <- app:tag (tag) at 1.9.0-debug"],
        "a: V=api-1.9.0 <app:tag>": ["a <- app:tag (tag) at 1.9.0"],
        "a: V='v1.9.0-debug' <app>": ["a <- app at v1.9.0-debug"],
        "a: --chart=app-1.9.0.tgz <app:tag>": ["a <- app:tag (tag) at 1.9.0"],
        "a: --x prefix1.9.0 <app:tag>": ["a <- app:tag (tag) at 1.9.0"],
        "a: TAG=main-abc1234 <app:tag>": ["a <- app:tag (tag) at main-abc1234"],
        # a bare marker is about an image or a version
        "a: nothing <app>": ["a <- app at  !marker-not-understood"],
        "a: 3 <app>": ["a <- app at  !marker-not-understood"],
        "a: true <app>": ["a <- app at  !marker-not-understood"],
        "a: TAG=main-abc1234 <app>": ["a <- app at  !marker-not-understood"],
        "a: DIGEST <app>": ["a <- app at  !marker-not-understood"],
        "a: DIGEST <app:tag>": ["a <- app:tag (tag) at  !marker-not-understood"],
        "a: 3 <app:tag>": ["a <- app:tag (tag) at 3"],
        "<app>\nx: v1": ["x <- app at v1"],
        "<app>\na: 1.9.0 <app>": ["line 2: marker-not-understood"],
        "a: 1.9.0 <app>\na: 1.9.0": ["a <- app at 1.9.0 !duplicate-key"],
        "a: {b: 1.9.0 <app>\n}\na: c": ["a.b <- app at 1.9.0 !duplicate-key"],
        f"a: {'long ' * 1000}1.9.0 <app>": ["line 1: marker-not-understood"],
    }
)
def test_a_marked_value_is_an_image_though_nothing_else_says_so(text, expected):
    assert told(text) == expected


@table(
    {
        "a:\n  b: ghcr.io/acme/app <app:name>\n  c: 1.9.0 <app:tag>": ["a <- app (name tag)"],
        "a:\n  b: DIGEST <app:digest>\n  c: 1.9.0 <app:tag>": [f"a <- app (digest tag) at 1.9.0@{DIGEST}"],
        "a:\n  b: An App <app:name>\n  c: 1.9.0 <app:tag>": ["a <- app (name tag) at 1.9.0"],
        "a:\n  b: ghcr.io/acme/app <app:name>\n  c: <app:tag>": ["a <- app (name tag) !no-tag"],
        "a:\n  b: 1.9.0 <app:tag>\n  c: 1.9.0 <app:tag>": [
            "a.b <- app:tag (tag) at 1.9.0",
            "a.c <- app:tag (tag) at 1.9.0",
        ],
        "a:\n  b: ghcr.io/acme/app <app:name>\n  c: 1.9.0 <other:tag>": [
            "a.b <- app:name (name) at ",
            "a.c <- other:tag (tag) at 1.9.0",
        ],
        "a:\n- ghcr.io/acme/app <app:name>\n- 1.9.0 <app:tag>": [
            "a[0] <- app:name (name) at ",
            "a[1] <- app:tag (tag) at 1.9.0",
        ],
        "b: ghcr.io/acme/app <app:name>\na:\n  c: 1.9.0 <app:tag>": [
            "b <- app:name (name) at ",
            "a.c <- app:tag (tag) at 1.9.0",
        ],
    }
)
def test_marked_values_of_one_mapping_for_one_policy_are_one_image(text, expected):
    assert told(text) == expected


def test_the_version_in_a_marked_value_is_the_piece_that_may_be_written():
    ((marked,), *_) = markings(written("a: APP_VERSION=1.9.0 <app>"))[0]
    assert pieces(marked) == {"tag": "1.9.0"}


def test_the_image_in_a_marked_value_is_the_piece_that_may_be_written():
    ((marked,), *_) = markings(written("a: --image=IMAGE --verbose <app>"))[0]
    assert pieces(marked) == {"whole": IMAGE}


def test_a_marked_value_belongs_to_the_nearest_object_and_to_the_name_beside_it():
    text = written(
        "kind: Outer\nmetadata: {name: outer, namespace: far}\nitems:\n- kind: Inner\n  metadata: {name: inner}\n"
        "  ref:\n    kind: Other\n    env:\n    - name: VERSION\n      value: 1.9.0 <app>\n"
    )
    ((marked,), *_) = markings(text)[0]
    assert marked.place.owner == ("Inner", "", "inner")
    assert marked.place.container == "VERSION"


def test_a_marked_item_belongs_to_what_has_its_sequence():
    ((marked,), *_) = markings(written("containers:\n- name: shop\n  args:\n  - VERSION=1.9.0 <app>\n"))[0]
    assert marked.place.container == "shop"


def test_each_document_has_its_own_markers():
    first, second = markings(written("image: IMAGE <app>\n---\nimage: IMAGE <other>\nb: [] <app>\n"))
    assert [marked.marker for marked in first.places] == ["app"]
    assert [marked.marker for marked in second.places] == ["other"]
    assert (first.notes, [note.line for note in second.notes]) == ((), [4])


VALUES = ("IMAGE", "1.0.0", "repository: a/b", "tag: 1", "image: ", "a: ", "|\n  ", "&x ", "*x", "!!str ", "~", "'")
SIGNS = ("- ", "{", "}", "[", "]", ", ", "? ", ": ", "\n", "\n  ", "\r\n", "\x85", "---\n", "# c\n")
fragments = st.sampled_from((*VALUES, *SIGNS, " <app>", " <app:tag>"))


@given(st.lists(fragments, max_size=14).map("".join).map(written))
def test_no_image_is_lost_and_none_is_added_without_a_marker(text):
    try:
        roots = list(grow(text.encode()))
    except Unreadable:
        return
    found = [[each for each in findings_in(root, "values.yaml") if isinstance(each, Place)] for root in roots]
    result = mark(text, [Read(root, owner_of(root), places) for root, places in zip(roots, found, strict=True)])
    assert len(result) == len(roots)
    for places, marking in zip(found, result, strict=True):
        assert [place.field for place in places] == [marked.place.field for marked in marking.places[: len(places)]]
        assert all(marked.marker for marked in marking.places[len(places) :])
