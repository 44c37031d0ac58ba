"""A scalar is written once, and only if every image that stands in it wishes the same."""

from __future__ import annotations

import pytest

from bot.manifests import SkipReason, update

SHARED = """kind: Pod
x: {first: &image ghcr.io/acme/app:1.0.0}
spec:
  containers:
    - {name: a, image: *image}
    - {name: b, image: *image}
"""


def values(repository: str) -> str:
    return f"""version: &version 1.0.0
app:
  image: {{repository: ghcr.io/acme/app, tag: *version}}
worker:
  image: {{repository: {repository}, tag: *version}}
"""


def test_what_two_aliases_stand_for_is_written_once_and_told_once(target):
    changed = update({"a.yaml": SHARED.encode()}, [target()])
    assert changed.files["a.yaml"].decode() == SHARED.replace("1.0.0", "2.0.0")
    assert [(change.line, change.old, change.new) for change in changed.changes] == [
        (2, "ghcr.io/acme/app:1.0.0", "ghcr.io/acme/app:2.0.0")
    ]
    assert changed.skipped == ()


def test_an_alias_that_follows_another_policy_keeps_all_of_them(target):
    marked = SHARED.replace("{name: b, image: *image}", 'name: b\n      image: *image # {"$imagepolicy": "other"}')
    changed = update({"a.yaml": marked.encode()}, [target()])
    assert changed.files == {}
    assert [skipped.reason for skipped in changed.skipped] == [SkipReason.ALIAS, SkipReason.OTHER_POLICY]


def test_two_parts_of_one_text_stay_together_where_another_policy_keeps_the_text(target):
    marked = SHARED.replace("{name: a, image: *image}", 'image: *image # {"$imagepolicy": "team:app:tag"}')
    marked = marked.replace("{name: b, image: *image}", 'image: *image # {"$imagepolicy": "team:other"}')
    changed = update({"a.yaml": marked.encode()}, [target()])
    assert changed.files == {}
    assert [skipped.reason for skipped in changed.skipped] == [SkipReason.ALIAS, SkipReason.OTHER_POLICY]


@pytest.mark.parametrize(
    ("repository", "images", "is_moved"),
    [
        ("ghcr.io/acme/app", ["ghcr.io/acme/app:2.0.0"], True),
        ("ghcr.io/acme/worker", ["ghcr.io/acme/app:2.0.0"], False),
        ("ghcr.io/acme/worker", ["ghcr.io/acme/app:2.0.0", "ghcr.io/acme/worker:2.0.0"], True),
        ("ghcr.io/acme/worker", ["ghcr.io/acme/app:2.0.0", "ghcr.io/acme/worker:2.0.1"], False),
    ],
)
def test_a_tag_that_several_images_share_moves_only_with_all_of_them(target, repository, images, is_moved):
    before = values(repository)
    targets = [target(image, policy=image) for image in images]
    changed = update({"values.yaml": before.encode()}, targets)
    after = changed.files.get("values.yaml", b"").decode()
    assert after == (before.replace("1.0.0", "2.0.0") if is_moved else "")
    assert {skipped.reason for skipped in changed.skipped} == (set() if is_moved else {SkipReason.ALIAS})


def test_a_tag_that_must_stay_keeps_no_other_tag_of_the_same_image(target):
    shared = (
        "a: &a ghcr.io/acme/app\nt: &t 1.0.0\nu: &u 1.0.0\n"
        "one: {image: {repository: *a, tag: *t}}\ntwo: {image: {repository: *a, tag: *u}}\n"
        "three: {image: {repository: ghcr.io/acme/other, tag: *u}}\n"
    )
    changed = update({"values.yaml": shared.encode()}, [target()])
    assert changed.files["values.yaml"].decode() == shared.replace("&t 1.0.0", "&t 2.0.0")
    assert [skipped.reason for skipped in changed.skipped] == [SkipReason.ALIAS]


def test_images_that_share_their_parts_one_with_the_next_move_all_or_none(target):
    old, new = (f"sha256:{number:064x}" for number in (1, 2))
    links = range(500)
    arguments = "".join(f"ARG V{link}=1\nARG D{link}={old}\n" for link in [*links, len(links)])
    name = "ghcr.io/acme/app"
    images = "".join(f"FROM {name}:$V{link}@$D{link}\nFROM {name}:$V{link + 1}@$D{link}\n" for link in links)
    free = f"{arguments}{images}".encode()
    bound = free + f"FROM ghcr.io/acme/other:$V{len(links)}\n".encode()
    moved = update({"free/Dockerfile": free, "bound/Dockerfile": bound}, [target(f"{name}:2@{new}")])
    assert list(moved.files) == ["free/Dockerfile"]
    assert {skipped.reason for skipped in moved.skipped if skipped.path == "bound/Dockerfile"} == {SkipReason.ALIAS}
