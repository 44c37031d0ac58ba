"""Laws of editing that hold for any file, whatever it is made of: only the image moves, and only where it may."""

from __future__ import annotations

import re

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.images import ImageReference
from bot.manifests import Format, Mode, Target, find_images, format_of, update
from bot.manifests.texts import respelled
from tests.manifests.drawn_files import (
    NAME,
    NOWHERE,
    any_tag,
    damaged_files,
    files,
    files_of_documents,
    marked_files,
    tags_of,
    targets,
)

# What may stand where a value was: the characters of a reference, in quotes where a tag needs them.
VALUE = rb"""["']?[\w.:/@-]*["']?"""


def wish(tag: str, *, current: str | None = None) -> Target:
    return Target("app", ImageReference.parse(f"{NAME}:{tag}"), "team", current=current, workflows=True)


def moved(path: str, content: bytes, *targets: Target) -> bytes:
    return update({path: content}, targets).files.get(path, content)


@given(st.data(), files())
def test_the_image_moves_and_every_other_byte_stays(data, file):
    before, after = data.draw(tags_of(file)), data.draw(tags_of(file))
    assert moved(file.path, file.at(before), wish(after, current=before)) == file.at(after)


@given(st.data(), files())
def test_moving_to_the_tag_that_stands_there_changes_nothing(data, file):
    tag = data.draw(any_tag)
    assert moved(file.path, file.at(tag), wish(tag)) == file.at(tag)


@given(st.data(), files())
def test_there_and_back_restores_every_byte(data, file):
    before, after = data.draw(tags_of(file)), data.draw(tags_of(file))
    # At a marked place what stands beside a version is kept on purpose: from A0.0 the wish 1.0 leads to A1.0.
    assume(respelled(after, before) == before)
    there = moved(file.path, file.at(before), wish(after))
    assert moved(file.path, there, wish(before)) == file.at(before)


@given(st.data(), files())
def test_no_byte_outside_the_reported_spans_changes(data, file):
    content = file.at(data.draw(any_tag))
    assert only_spans_differ(file.path, content, moved(file.path, content, wish(data.draw(any_tag))))


@given(st.data(), files_of_documents())
def test_a_reader_sees_the_new_tag_and_all_else_as_it_was(data, file):
    before, after = data.draw(tags_of(file)), data.draw(any_tag)
    changed = moved(file.path, file.at(before), wish(after, current=before))
    expected = [text.replace("vPLACE", after) for text in scalars(file.at("vPLACE"))]
    assert scalars(changed) == expected


@given(st.data(), files_of_documents())
def test_a_reader_finds_the_new_tag_as_a_text_in_the_reported_field(data, file):
    before, after = data.draw(tags_of(file)), data.draw(any_tag)
    changed = moved(file.path, file.at(before), wish(after, current=before))
    documents = list(yaml.load_all(changed, Loader=yaml.CSafeLoader))
    for occurrence in find_images(file.path, changed):
        if occurrence.reference and occurrence.reference.name == NAME and occurrence.reference.tag == after:
            value = value_at(documents[occurrence.document], occurrence.field)
            assert after in value.values() if isinstance(value, dict) else f":{after}" in value


@settings(max_examples=300)
@given(damaged_files(), targets())
def test_a_damaged_file_never_raises_and_is_only_edited_in_its_values(file, target):
    path, content = file
    changed = moved(path, content, target)
    assert changed == content or only_spans_differ(path, content, changed)
    assert changed == content or not is_yaml(path, content) or same_shape(content, changed)


@settings(max_examples=300)
@given(marked_files(), targets())
def test_no_target_moves_what_is_marked_for_another_policy_or_not_meant(file, target):
    path, content = file
    changed = moved(path, content, target)
    for old, new in zip(find_images(path, content), find_images(path, changed), strict=True):
        if old.text != new.text:
            assert target.paths != NOWHERE
            assert target.workflows or not path.startswith(".github/workflows/")
            assert is_for(old.marker, target) if old.marker else target.mode is Mode.AUTO
            assert target.current in {None, old.standing, old.reference and old.reference.tag}


def only_spans_differ(path: str, content: bytes, changed: bytes) -> bool:
    """Whether a file differs from another only in values that were reported."""
    spans = {span for found in find_images(path, content) for span in found.parts.values()}
    pattern, at = b"", 0
    for start, end in sorted(spans, key=lambda span: (span.start, -span.end)):
        if start >= at:
            pattern += re.escape(content[at:start]) + b"(?:%s|%s)" % (re.escape(content[start:end]), VALUE)
        at = max(at, end)
    return re.fullmatch(pattern + re.escape(content[at:]), changed) is not None


def is_yaml(path: str, content: bytes) -> bool:
    if format_of(path) is Format.DOCKERFILE:
        return False
    try:
        scalars(content)
    except (yaml.YAMLError, UnicodeDecodeError):
        return False
    return True


def same_shape(content: bytes, changed: bytes) -> bool:
    """Whether a YAML parser sees the same events, but for some values in which the image stands."""
    old, new = list(yaml.parse(content, Loader=yaml.CSafeLoader)), list(yaml.parse(changed, Loader=yaml.CSafeLoader))
    return [shape(event) for event in old] == [shape(event) for event in new]


def shape(event: yaml.Event) -> tuple[object, ...]:
    return type(event), getattr(event, "anchor", None), getattr(event, "tag", None)


def is_for(marker: str, target: Target) -> bool:
    policy = re.sub(r":(tag|name|digest)$", "", marker)
    return bool({marker, policy} & {target.policy, f"{target.namespace}:{target.policy}"})


def scalars(content: bytes) -> list[str]:
    events = yaml.parse(content, Loader=yaml.CSafeLoader)
    return [event.value for event in events if isinstance(event, yaml.ScalarEvent)]


def value_at(document, field: str):
    """Follow the path of a field; of one in a text that a value holds, up to that value."""
    steps = re.findall(r"""\.?([\w-]+)|\["([^"]+)"\]|\[(\d+)\]""", field.partition(": ")[0])
    for key, quoted, index in steps:
        document = document[int(index)] if index else document[quoted or key]
    return document
