"""What a file's reading tells of it: in order, within bounds, also of texts inside of it."""

from __future__ import annotations

import json

import pytest

from bot.manifests import SkipReason, find_images, read_manifest, update

IMAGE = "ghcr.io/acme/app:1.0.0"
NAME_MARKER = '# {"$imagepolicy": "app:name"}'


def config_map(text: str, key: str = "app.yaml") -> bytes:
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return f"kind: ConfigMap\ndata:\n  {key}: |\n{lines}".encode()


def test_images_of_one_line_come_in_the_order_of_their_bytes():
    text = f'{{"b": {{"xImage": "b:1"}}, "image": "{IMAGE}", "a": {{"image": {{"repository": "a", "tag": "1"}}}}}}'
    assert [found.text for found in find_images("a.json", text.encode())] == ["b:1", IMAGE, "a:1"]


def test_a_template_in_a_text_is_told_as_one():
    skipped = read_manifest("a.yaml", config_map(f"{{{{ if x }}}}\nimage: {IMAGE}\n{{{{ end }}}}")).skipped
    assert [each.reason for each in skipped] == [SkipReason.TEMPLATE]


@pytest.mark.parametrize("data", ["{{app.yaml: {}}}", "\n  app.yaml: {}"])
def test_an_image_in_a_quoted_text_is_found_and_never_edited(data, target):
    quoted = json.dumps(f'image: {IMAGE} # {{"$imagepolicy": "app"}}\n')
    content = f"kind: ConfigMap\ndata: {data.format(quoted)}\n".encode()
    (found,) = find_images("a.yaml", content)
    assert (found.text, found.parts, found.obstacle.reason) == (IMAGE, {}, SkipReason.TEXT_IN_TEXT)
    assert update({"a.yaml": content}, [target()]).files == {}


def test_what_is_kept_of_a_name_is_no_longer_than_a_name():
    content = f"kind: Pod\nmetadata: {{name: {'n' * 100_000}}}\nspec: {{containers: [{{image: '{IMAGE}'}}]}}\n"
    (found,) = find_images("a.yaml", content.encode())
    assert found.name == "n" * 253


def test_what_is_kept_of_the_way_to_an_image_is_bounded():
    deep = "".join(f"{' ' * level}{'k' * 300}:\n" for level in range(90)) + f"{' ' * 90}image: {IMAGE}\n"
    (found,) = find_images("values.yaml", deep.encode())
    assert len(found.field) < 1_500
    assert found.field.endswith(".image")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"newName: ghcr.io/acme/old {NAME_MARKER}", f"newName: ghcr.io/acme/app {NAME_MARKER}"),
        (f"newName: ghcr.io/acme/app {NAME_MARKER}", f"newName: ghcr.io/acme/app {NAME_MARKER}"),
    ],
)
def test_a_marker_may_ask_for_the_name_alone(before, after, target):
    content = f"images:\n  - name: app\n    {before}\n".encode()
    changed = update({"kustomization.yaml": content}, [target()])
    assert changed.skipped == ()
    assert changed.files.get("kustomization.yaml", content) == content.replace(before.encode(), after.encode())


def test_a_marker_inside_of_a_block_that_is_an_image_keeps_no_other_image_from_moving(target):
    block = f'- image: |\n      {IMAGE} # {{"$imagepolicy": "team:app"}}\n'
    content = f"kind: Pod\nspec:\n  containers:\n  {block}  - image: {IMAGE}\n".encode()
    changed = update({"a.yaml": content}, [target()])
    assert [change.line for change in changed.changes] == [6]
    assert SkipReason.TEXT_IN_TEXT in {skipped.reason for skipped in changed.skipped}
