"""Pull secrets are written into pod specs that lack them. Each folder of `pull_secret_cases` is one layout.

A folder holds the file before, the file after, and what was reported. `case.json` may say the path of the file in its
repository ("path") and the secrets ("secrets", each with the fields of a PullSecret). WRITE_CASES=1 writes `after` and
`reported.json` anew, to be read before they are kept.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.manifests.pull_secrets import PullSecret, add_pull_secrets

CASES = Path(__file__).parent / "pull_secret_cases"
SECRET = {"registry": "ghcr.io/acme", "name": "ghcr-pull"}


class Case:
    """A folder of `pull_secret_cases`."""

    def __init__(self, folder: Path) -> None:
        (before,) = folder.glob("before*")
        self.content = before.read_bytes()
        self.after = folder / before.name.replace("before", "after")
        self.reported = folder / "reported.json"
        described = folder / "case.json"
        said = json.loads(described.read_text()) if described.exists() else {}
        self.path = said.get("path", before.name)
        self.secrets = [PullSecret(**secret(**each)) for each in said.get("secrets", [SECRET])]

    def added(self):
        return add_pull_secrets({self.path: self.content}, self.secrets)


def secret(**said):
    return said | {"paths": tuple(said.get("paths", ("**",)))}


def reported(changed) -> dict[str, object]:
    return {
        "changes": [
            f"{change.line} {change.kind}/{change.namespace}/{change.name} {change.field}: {change.old} -> {change.new}"
            for change in changed.changes
        ],
        "skipped": [f"{skipped.line} {skipped.reason}: {skipped.message}" for skipped in changed.skipped],
    }


def cases():
    return pytest.mark.parametrize("case", sorted(CASES.glob("*/")), ids=lambda folder: folder.name)


@cases()
def test_a_file_is_edited_as_its_case_says(case):
    case = Case(case)
    changed = case.added()
    after = changed.files.get(case.path, case.content)
    if os.environ.get("WRITE_CASES"):
        case.after.write_bytes(after)
        case.reported.write_text(json.dumps(reported(changed), indent=2, ensure_ascii=False) + "\n")
    assert after == case.after.read_bytes()
    assert reported(changed) == json.loads(case.reported.read_text())
