"""Pull secrets are written into pod specs that lack them. Each folder of `cases` is one layout.

A folder holds the file before, the file after, and what was reported. `case.json` may say the path of the file in its
repository ("path") and the secrets ("secrets", each with the fields of a PullSecret). WRITE_CASES=1 writes `after` and
`reported.json` anew, to be read before they are kept.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from bot.manifests import SkipReason, editable
from bot.manifests.pull_secrets import PullSecret, add_pull_secrets
from bot.manifests.tree import MOST_EVENTS

CASES = Path(__file__).parent / "cases"
SECRET = {"registry": "ghcr.io/acme", "name": "ghcr-pull"}


class Case:
    """A folder of `cases`."""

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


def named(registry: str) -> str:
    """Name a Secret after its registry."""
    return re.sub("[^a-z0-9.]", "-", registry)


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


@cases()
def test_each_change_stands_on_the_line_that_is_told(case):
    case = Case(case)
    changed = case.added()
    lines = changed.files.get(case.path, b"").decode().split("\n")
    for change in changed.changes:
        assert "imagePullSecrets" in lines[change.line - 1] or change.new in lines[change.line - 1]


POD = b"kind: Pod\nspec:\n  containers:\n  - image: ghcr.io/acme/app\n"
BROKEN = b"kind: [\nimage: "


def test_only_changed_files_are_given_back_and_the_given_ones_stay():
    files = {"one.yaml": POD, "two.yaml": POD.replace(b"ghcr.io", b"quay.io"), "three.yaml": POD}
    given = dict(files)
    changed = add_pull_secrets(files, [PullSecret(**secret(**SECRET))])
    assert list(changed.files) == ["one.yaml", "three.yaml"]
    assert files == given


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        (BROKEN + b"ghcr.io/acme/app", [SkipReason.BROKEN_YAML]),
        (BROKEN + b"quay.io/acme/app", []),
        (POD + b"\0", [SkipReason.BINARY]),
        (POD + b"# \xe4\n", [SkipReason.NOT_UTF8]),
        (POD.replace(b"spec:", b"spec: " + b"[" * 200), [SkipReason.TOO_DEEP]),
        (b"", []),
    ],
    ids=["broken", "broken-without-the-registry", "binary", "not-utf-8", "deep", "empty"],
)
def test_a_file_that_cannot_be_read_is_left_out_with_the_reason(content, reasons):
    changed = add_pull_secrets({"app.yaml": content}, [PullSecret("ghcr.io", "ghcr-pull")])
    assert not changed.files
    assert [skipped.reason for skipped in changed.skipped] == reasons


@pytest.mark.parametrize("path", [".github/workflows/a.yaml", ".niro/policies.yml", "../a.yaml", ".git/a.yaml"])
def test_a_path_that_is_never_edited_is_not_edited_here(path):
    changed = add_pull_secrets({path: POD}, [PullSecret("ghcr.io", "ghcr-pull")])
    assert (changed.files, [skipped.reason for skipped in changed.skipped]) == ({}, [editable(path)])


@pytest.mark.parametrize(
    ("registries", "image", "names"),
    [
        (["ghcr.io"], "ghcr.io/acme/app:1", ["ghcr.io"]),
        (["ghcr.io/acme"], "ghcr.io/acme/app", ["ghcr.io/acme"]),
        (["ghcr.io/acme/app"], "ghcr.io/acme/app@sha256:" + "0" * 64, ["ghcr.io/acme/app"]),
        (["ghcr.io/ac"], "ghcr.io/acme/app", []),
        (["ghcr.io/acme"], "ghcr.io:443/acme/app", []),
        (["acme.io"], "ghcr.io/acme.io/app", []),
        (["ghcr.io", "ghcr.io/acme"], "ghcr.io/acme/app", ["ghcr.io/acme"]),
        (["ghcr.io/acme", "ghcr.io"], "ghcr.io/other/app", ["ghcr.io"]),
        (["docker.io"], "nginx", ["docker.io"]),
        (["docker.io/library"], "nginx", ["docker.io/library"]),
        (["index.docker.io/acme"], "acme/app", ["index.docker.io/acme"]),
        (["localhost:5000"], "localhost:5000/app", ["localhost:5000"]),
    ],
)
def test_an_image_needs_the_secret_of_the_longest_registry_that_it_lies_in(registries, image, names):
    content = f"kind: Pod\nspec:\n  containers:\n  - image: {image}\n".encode()
    changed = add_pull_secrets(
        {"app.yaml": content}, [PullSecret(registry, named(registry)) for registry in registries]
    )
    assert [change.new for change in changed.changes] == [named(name) for name in names]


def test_two_secrets_of_one_registry_are_both_named():
    secrets = [PullSecret("ghcr.io", name) for name in ("one", "two", "one")]
    changed = add_pull_secrets({"app.yaml": POD}, secrets)
    assert [change.new for change in changed.changes] == ["one", "two"]


def documents(count: int) -> bytes:
    """Write a file of that many documents, each with a third of what is read of one file."""
    filler = b"x: [" + b"0," * (MOST_EVENTS // 3) + b"]\n"
    return b"---\n".join([POD + filler] * count)


@pytest.mark.parametrize(("count", "reasons"), [(2, []), (3, [SkipReason.TOO_MANY_EVENTS])])
def test_the_documents_of_a_file_share_its_bounds(count, reasons):
    changed = add_pull_secrets({"app.yaml": documents(count)}, [PullSecret("ghcr.io", "ghcr-pull")])
    assert [skipped.reason for skipped in changed.skipped] == reasons


@pytest.mark.parametrize("name", ["a", "ghcr-pull", "1.5", "a.b-c.d", "a" * 253])
def test_the_name_of_a_secret_is_a_dns_subdomain(name):
    assert PullSecret("ghcr.io", name).name == name


@pytest.mark.parametrize("name", ["", "a b", "a\nb", "a\n", "-a", "a-", ".a", "a..b", "A", "a_b", "\u00e4", "a" * 254])
def test_another_name_is_refused(name):
    with pytest.raises(ValueError, match="is no name of a Secret"):
        PullSecret("ghcr.io", name)
