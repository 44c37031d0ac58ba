"""After an insertion the trees of a file must be the old ones with what was inserted, and nothing else."""

from __future__ import annotations

import pytest

from bot.manifests.pull_secrets.checking import adds_only
from bot.manifests.pull_secrets.insertion import Insertion, Sort
from bot.manifests.tree import grow

BEFORE = b"spec:\n  &a containers: [x, *a, 'y']\n---\nb: {}\n"
KEY = b"imagePullSecrets: [{name: mine}]"


def key_added(before: bytes, after: bytes) -> bool:
    """Compare two files for the key that was written in front of the first one of the first document's `spec`."""
    roots = list(grow(before))
    insertion = Insertion(0, 0, b"", Sort.KEY, roots[0].children[1].children[0], ("mine",))
    return adds_only(roots, grow(after), [insertion])


def with_key(key: bytes) -> bytes:
    return BEFORE.replace(b"  &a", b"  " + key + b"\n  &a")


def test_a_file_that_gained_the_key_is_as_meant():
    assert key_added(BEFORE, with_key(KEY))


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        with_key(KEY.replace(b"mine", b"other")),
        with_key(KEY.replace(b"mine", b"'mine'")),
        with_key(KEY.replace(b"}]", b"}, {name: other}]")),
        with_key(b"x: y"),
        KEY + b"\n" + BEFORE,
        with_key(KEY).replace(b"&a", b"&c").replace(b"*a", b"*c"),
        with_key(KEY).replace(b"[x", b"['x'"),
        with_key(KEY).replace(b"[x", b"[!t x"),
        with_key(KEY).replace(b"[x", b"[z"),
        with_key(KEY).replace(b"*a", b"a"),
        with_key(KEY).replace(b"{}", b"[]"),
        with_key(KEY).replace(b"{}", b""),
        with_key(KEY) + b"---\n",
        with_key(KEY).partition(b"---")[0],
    ],
)
def test_a_file_that_reads_in_any_other_way_is_not_as_meant(after):
    assert not key_added(BEFORE, after)


def test_comments_and_the_style_of_collections_are_no_difference():
    assert adds_only(grow(b"a: [b, {c: d}] # e\n"), grow(b"a:\n- b\n- c: d\n"), [])
