"""Laws of editing that hold for any file: the same wish changes nothing, and there and back restores every byte."""

from __future__ import annotations

from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageReference
from bot.manifests import Part, Target, find_images, update

CASES = Path(__file__).parent / "cases"
PATH = "app.yaml"
NAME = "ghcr.io/acme/app"

tags = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True)
line_ends = st.sampled_from(["\n", "\r\n"])
blanks = st.sampled_from(["", " ", "\t", "  "])
comments = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\x85\ufeff\ufffe\uffff"), max_size=20
)
styles = st.sampled_from(["{}", '"{}"', "'{}'", "&anchor {}", "!!str {}", '&anchor "{}"'])
others = st.sampled_from(["nginx:1.25", '"redis"', "{{ x }}", "", "~", f"{NAME}-debug:1.0.0", "5", "|\n        block"])


@st.composite
def containers(draw, tag: str) -> str:
    mine = draw(st.booleans())
    value = draw(styles).format(f"{NAME}:{tag}") if mine else draw(others)
    comment = draw(comments)
    tail = f" # {comment}" if comment else draw(blanks)
    name, space = draw(st.sampled_from(["app", "äpp", "🚀"])), draw(st.sampled_from([" ", "   "]))
    return f"    - name: {name}\n      image:{space}{value}{tail}\n"


@st.composite
def files(draw, tag: str) -> bytes:
    """Pods whose containers stand at one tag of our image or at something else, in any layout of lines and comments."""
    documents = []
    for _ in range(draw(st.integers(1, 3))):
        heading = f"# {draw(comments)}\nkind: Pod\nspec:\n  containers:\n"
        documents.append(heading + "".join(draw(st.lists(containers(tag), min_size=1, max_size=4))))
    text = draw(st.sampled_from(["", "\ufeff"])) + "---\n".join(documents)
    return text.replace("\n", draw(line_ends)).encode()


def moved_to(content: bytes, tag: str, current: str | None = None) -> bytes:
    target = Target("app", ImageReference.parse(f"{NAME}:{tag}"), current=current)
    return update({PATH: content}, [target]).files.get(PATH, content)


@given(st.data(), tags)
def test_moving_to_the_tag_that_stands_there_changes_nothing(data, tag):
    content = data.draw(files(tag))
    assert moved_to(content, tag) == content


@given(st.data(), tags, tags)
def test_there_and_back_restores_every_byte(data, before, after):
    content = data.draw(files(before))
    assert moved_to(moved_to(content, after), before) == content


@given(st.data(), tags, tags)
def test_no_byte_outside_the_reported_spans_changes(data, before, after):
    content = data.draw(files(before))
    moved = moved_to(content, after)
    assert without_spans(moved) == without_spans(content)


@given(st.data(), tags, tags)
def test_a_yaml_reader_sees_the_new_values_and_nothing_else_changed(data, before, after):
    content = data.draw(files(before))
    moved = moved_to(content, after)
    swapped = {f"{NAME}:{before}": f"{NAME}:{after}"}
    texts = [occurrence.text for occurrence in find_images(PATH, content)]
    assert [occurrence.text for occurrence in find_images(PATH, moved)] == [swapped.get(text, text) for text in texts]
    assert scalars(moved) == [swapped.get(text, text) for text in scalars(content)]


@given(
    st.binary(max_size=200), st.sampled_from([p.read_bytes() for p in sorted(CASES.glob("*/before.yaml"))]), st.data()
)
def test_a_damaged_file_never_raises_and_is_only_edited_in_its_values(noise, content, data):
    at = data.draw(st.integers(0, len(content)))
    damaged = content[:at] + noise + content[at:]
    assert without_spans(moved_to(damaged, "2.0.0")) == without_spans(damaged)


def without_spans(content: bytes) -> bytes:
    """Cut the value of our image out of a file wherever it was reported."""
    for occurrence in reversed(find_images(PATH, content)):
        if occurrence.parts and occurrence.reference and occurrence.reference.name == NAME:
            span = occurrence.parts[Part.WHOLE]
            content = content[: span.start] + content[span.end :]
    return content


def scalars(content: bytes) -> list[str]:
    events = yaml.parse(content.decode("utf-8-sig"), Loader=yaml.CSafeLoader)
    return [event.value for event in events if isinstance(event, yaml.ScalarEvent)]
