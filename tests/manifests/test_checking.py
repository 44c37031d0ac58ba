"""An edit counts only if the file reads after it as it did before, but for the values that were moved."""

from __future__ import annotations

import pytest

from bot.manifests.checking import reads_as_meant
from bot.manifests.reading import read
from bot.manifests.spelling import spelled

BEFORE = ("ghcr.io/acme/app:1.0.0", "nginx:1.25")
MEANT = ("ghcr.io/acme/app:2.0.0", "nginx:1.25")


@pytest.fixture
def judged(pod, target):
    """Judge a file as the result of moving the first image of BEFORE to 2.0.0."""

    def judge(after: bytes, before: bytes | None = None) -> bool:
        before = read("a.yaml", before or pod(*BEFORE))
        return reads_as_meant(before, read("a.yaml", after), {0: spelled(before.found[0], target())})

    return judge


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (MEANT, True),
        (BEFORE, False),
        (("ghcr.io/acme/app:2.0.0", "nginx:1.26"), False),
        (("ghcr.io/acme/app:2.0.0",), False),
        ((*MEANT, "redis"), False),
        ((MEANT[0], 'nginx:1.25 # {"$imagepolicy": "x"}'), False),
        ((MEANT[0], '"nginx:1.2\\x35"'), False),
    ],
)
def test_every_image_stands_where_it_stood_and_the_moved_one_at_its_new_value(judged, pod, images, expected):
    assert judged(pod(*images)) is expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"name: shop", b"name: shed"),
        (b"name: c0", b"name: c1"),
        (b"kind: Pod", b"kind: Pod\nx: y"),
        (b"  containers:", b"  hostNetwork: true\n  containers:"),
        (b"name: shop", b"name: [shop]"),
        (b"name: shop", b"name: &a shop"),
        (b"name: shop", b"name: !x shop"),
    ],
)
def test_nothing_else_in_the_tree_differs(judged, pod, old, new):
    after = pod(*MEANT)
    assert old in after
    assert not judged(after.replace(old, new, 1))


@pytest.mark.parametrize("comment", ['# {"$imagepolicy": "x"}', '# {"$imagepolicy": x}'])
def test_nothing_else_is_left_out_for_a_reason_than_before(judged, pod, comment):
    after = pod(*MEANT)
    assert judged(after)
    assert not judged(after + f"{comment}\n".encode())


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("- V=1.0.0", True),
        ("- V=3.0.0", False),
        ("- V=1.0.0\n      # more", False),
    ],
)
def test_a_block_of_text_differs_in_no_line_but_those_that_hold_what_moved(judged, pod, block, expected):
    before = pod(*BEFORE) + b"  x: |\n      - V=1.0.0\n"
    after = pod(*MEANT) + f"  x: |\n      {block}\n".encode()
    assert judged(after, before=before) is expected
