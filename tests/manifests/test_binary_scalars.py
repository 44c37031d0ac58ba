"""A scalar with the tag `!!binary` is read as what it encodes, and nothing ever edits it."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageReference
from bot.manifests import Mode, SkipReason, Target, find_images, update

MARKER = '# {"$imagepolicy": "team:app"}'
TAG_MARKER = '# {"$imagepolicy": "team:app:tag"}'


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


IMAGE = encoded("ghcr.io/acme/app:1.0.0")


@pytest.mark.parametrize(
    "written",
    [
        f"!!binary {IMAGE}",
        f'!!binary "{IMAGE}"',
        f"!!binary '{IMAGE}'",
        f"!!binary |\n        {IMAGE[:12]}\n        {IMAGE[12:]}",
        f"!<tag:yaml.org,2002:binary> {IMAGE}",
        f"&a !!binary {IMAGE}",
        f"!!binary {IMAGE} {MARKER}",
    ],
)
def test_an_image_in_base64_is_found_and_stays_as_it_is(pod, target, written):
    content = pod(written)
    (found,) = find_images("a.yaml", content)

    assert str(found.reference) == "ghcr.io/acme/app:1.0.0"
    assert not found.parts
    assert found.obstacle is not None
    assert found.obstacle.reason is SkipReason.TAGGED
    assert not update({"a.yaml": content}, [target()]).files


@pytest.mark.parametrize(
    "written",
    ["nginx", f"{IMAGE}=", f"'{IMAGE[:8]} {IMAGE[8:]}'", encoded("é"), encoded("x" * 5_000), "ghcr.io/acme/app:1.0.0"],
)
def test_what_is_no_base64_of_a_text_is_no_image_and_stays_as_it_is(pod, target, written):
    content = pod(f"!!binary {written} {MARKER}")
    (found,) = find_images("a.yaml", content)

    assert found.reference is None
    assert not update({"a.yaml": content}, [target(), target("nginx:2")]).files


@pytest.mark.parametrize(
    "written",
    [
        f"app: {{image: {{repository: ghcr.io/acme/app, tag: !!binary {encoded('1.0.0')}}}}}\n",
        f"app: {{image: {{repository: !!binary {encoded('ghcr.io/acme/app')}, tag: 1.0.0, digest: ''}}}}\n",
        f"image: &a !!binary {IMAGE}\nother: {{image: *a}}\n",
        f"version: !!binary {encoded('1.0.0')} {TAG_MARKER}\nimage: x\n",
        f"data:\n  a.yaml: !!binary {encoded('image: ghcr.io/acme/app:1.0.0')}\n  image: x\n",
        f"kind: ConfigMap\ndata:\n  a.yaml: !!binary |\n    {encoded('image: ghcr.io/acme/app:1.0.0')}\n",
    ],
)
def test_a_part_in_base64_stays_as_it_is(target, written):
    assert not update({"values.yaml": written.encode()}, [target()]).files


def test_a_key_in_base64_is_read_and_its_value_moves(target):
    written = f"spec: {{containers: [{{!!binary {encoded('image')}: 'ghcr.io/acme/app:1.0.0'}}]}}\nkind: Pod\n"
    changed = update({"a.yaml": written.encode()}, [target()])

    assert changed.files == {"a.yaml": written.replace("1.0.0", "2.0.0").encode()}


@given(st.text(alphabet="ghcr.io/acme/app:1.0.0@=AZ\n ", max_size=40), st.sampled_from(["", "'", '"', "|"]))
def test_whatever_stands_there_no_byte_of_it_is_edited(text, style):
    value = f"|\n      {text}" if style == "|" else f"{style}{text}{style}"
    content = f"kind: Pod\nspec:\n  containers:\n  - image: !!binary {value}\n".encode()
    wish = Target("app", ImageReference.parse("ghcr.io/acme/app:2.0.0"), "team", None, ("**",), Mode.AUTO)

    assert not update({"a.yaml": content}, [wish]).files
