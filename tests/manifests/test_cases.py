"""Each folder of `cases` is one layout: the file before, the file after, and what was reported of it.

`case.json` may say the path of the file in its repository ("path") and the wishes ("targets", each with the arguments
of the builder in conftest.py). WRITE_CASES=1 writes `after` and `reported.json` anew, to be read before they are kept.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.manifests import read_manifest, update

CASES = Path(__file__).parent / "cases"


class Case:
    """A folder of `cases`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (self.before,) = folder.glob("before*")
        self.after = folder / self.before.name.replace("before", "after")
        self.reported = folder / "reported.json"
        described = folder / "case.json"
        said = json.loads(described.read_text()) if described.exists() else {}
        self.path = said.get("path", self.before.name)
        self.targets = said.get("targets", [{}])


def reported(path: str, content: bytes, changed) -> dict[str, object]:
    manifest = read_manifest(path, content)
    return {
        "occurrences": [occurrence_line(occurrence) for occurrence in manifest.occurrences],
        "changes": [f"{change.line} {change.field}: {change.old} -> {change.new}" for change in changed.changes],
        "skipped": [f"{skipped.line} {skipped.reason}: {skipped.message}" for skipped in changed.skipped],
    }


def occurrence_line(occurrence) -> str:
    owner = "/".join((occurrence.kind, occurrence.namespace, occurrence.name, occurrence.container))
    spans = " ".join(f"{part}={span.start}-{span.end}" for part, span in sorted(occurrence.parts.items()))
    reference = occurrence.reference.canonical() if occurrence.reference else f"(no image: {occurrence.text})"
    words = [f"{occurrence.document}:{occurrence.line}", owner, occurrence.field, reference, spans]
    if occurrence.marker:
        words.append(f"marker={occurrence.marker}")
    if occurrence.standing is not None:
        words.append(f"standing={occurrence.standing}")
    if occurrence.obstacle:
        words.append(f"obstacle={occurrence.obstacle.reason}")
    return " ".join(word for word in words if word)


def cases():
    return pytest.mark.parametrize("case", sorted(CASES.glob("*/")), ids=lambda folder: folder.name)


@cases()
def test_a_file_is_read_and_edited_as_its_case_says(case, target):
    case = Case(case)
    before = case.before.read_bytes()
    changed = update({case.path: before}, [target(**said) for said in case.targets])
    after = changed.files.get(case.path, before)
    if os.environ.get("WRITE_CASES"):
        case.after.write_bytes(after)
        told = json.dumps(reported(case.path, before, changed), indent=2, ensure_ascii=False)
        case.reported.write_text(told + "\n")
    assert after == case.after.read_bytes()
    assert reported(case.path, before, changed) == json.loads(case.reported.read_text())


@cases()
def test_the_spans_of_a_case_hold_the_text_that_was_read(case):
    case = Case(case)
    before = case.before.read_bytes()
    for occurrence in read_manifest(case.path, before).occurrences:
        texts = {part: before[span.start : span.end].decode() for part, span in occurrence.parts.items()}
        expected = {"whole": occurrence.text}
        if occurrence.reference:
            expected |= {"tag": occurrence.reference.tag, "digest": occurrence.reference.digest}
        assert all(texts[part] == (expected[part] or "") for part in texts if part in expected)
