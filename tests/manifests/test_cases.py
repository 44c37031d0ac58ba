"""Each folder of `cases` is one layout: the file before, the file after, and what was reported of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.manifests import read_manifest, update

CASES = Path(__file__).parent / "cases"
PATH = "before.yaml"


def reported(content: bytes, changed) -> dict[str, object]:
    manifest = read_manifest(PATH, content)
    return {
        "occurrences": [occurrence_line(occurrence) for occurrence in manifest.occurrences],
        "changes": [f"{change.line} {change.field}: {change.old} -> {change.new}" for change in changed.changes],
        "skipped": [f"{skipped.line} {skipped.reason}: {skipped.message}" for skipped in changed.skipped],
    }


def occurrence_line(occurrence) -> str:
    owner = "/".join((occurrence.kind, occurrence.namespace, occurrence.name, occurrence.container))
    spans = " ".join(f"{part}={span.start}-{span.end}" for part, span in sorted(occurrence.parts.items()))
    reference = occurrence.reference.canonical() if occurrence.reference else "(no image)"
    marker = f" marker={occurrence.marker}" if occurrence.marker else ""
    return f"{occurrence.document}:{occurrence.line} {owner} {occurrence.field} {reference} {spans}{marker}"


@pytest.mark.parametrize("case", sorted(CASES.glob("*/")), ids=lambda case: case.name)
def test_a_file_is_read_and_edited_as_its_case_says(case, target):
    before = (case / "before.yaml").read_bytes()
    changed = update({PATH: before}, [target()])
    after = changed.files.get(PATH, before)
    if os.environ.get("WRITE_CASES"):
        (case / "after.yaml").write_bytes(after)
        (case / "reported.json").write_text(json.dumps(reported(before, changed), indent=2, ensure_ascii=False) + "\n")
    assert after == (case / "after.yaml").read_bytes()
    assert reported(before, changed) == json.loads((case / "reported.json").read_text())


@pytest.mark.parametrize("case", sorted(CASES.glob("*/")), ids=lambda case: case.name)
def test_the_spans_of_a_case_hold_the_text_that_was_read(case):
    before = (case / "before.yaml").read_bytes()
    for occurrence in read_manifest(PATH, before).occurrences:
        texts = {part: before[span.start : span.end].decode() for part, span in occurrence.parts.items()}
        expected = {"whole": occurrence.text}
        if occurrence.reference:
            expected |= {"tag": occurrence.reference.tag, "digest": occurrence.reference.digest}
        assert all(texts[part] == expected[part] for part in texts if part in expected)
