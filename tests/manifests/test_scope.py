"""Some files are never edited, and most are not worth reading."""

from __future__ import annotations

import pytest

from bot.manifests import SkipReason, editable, may_hold_images
from bot.manifests.scope import Format, format_of, has_unsafe_path


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("clusters/prod/app.yaml", None),
        ("images/Dockerfile", None),
        (".github/dependabot.yml", None),
        (".github/actions/build/action.yml", None),
        (".github/workflows.yml", None),
        ("template/.github/workflows/ci.yml", None),
        ("docs/.niro/app.yaml", None),
        ("..app.yaml", None),
        (".github/workflows/ci.yml", SkipReason.WORKFLOW),
        (".github/workflows/deeper/ci.yml", SkipReason.WORKFLOW),
        (".github/workflows/Dockerfile", SkipReason.WORKFLOW),
        (".GitHub/Workflows/ci.yml", SkipReason.WORKFLOW),
        (".niro/policies.yml", SkipReason.POLICY_FILE),
        (".Niro/other.yaml", SkipReason.POLICY_FILE),
        ("/etc/app.yaml", SkipReason.UNSAFE_PATH),
        ("a/../b.yaml", SkipReason.UNSAFE_PATH),
        ("../b.yaml", SkipReason.UNSAFE_PATH),
        ("a/./b.yaml", SkipReason.UNSAFE_PATH),
        ("a//b.yaml", SkipReason.UNSAFE_PATH),
        ("a/b.yaml/", SkipReason.UNSAFE_PATH),
        ("a\\b.yaml", SkipReason.UNSAFE_PATH),
        ("a\0.yaml", SkipReason.UNSAFE_PATH),
        (".git/config.yaml", SkipReason.UNSAFE_PATH),
        ("a/.GIT/config.yaml", SkipReason.UNSAFE_PATH),
        ("\ud800.yaml", SkipReason.UNSAFE_PATH),
        ("", SkipReason.UNSAFE_PATH),
    ],
)
def test_a_path_is_editable_or_says_why_not(path, reason):
    assert editable(path) is reason


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (".github/workflows/ci.yml", None),
        (".niro/policies.yml", SkipReason.POLICY_FILE),
        (".github/workflows/../ci.yml", SkipReason.UNSAFE_PATH),
    ],
)
def test_workflows_are_editable_where_they_were_asked_for(path, reason):
    assert editable(path, workflows=True) is reason


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (None, None),
        ("100644", None),
        ("100755", None),
        ("120000", SkipReason.SYMLINK),
        ("160000", SkipReason.SUBMODULE),
        ("040000", SkipReason.NOT_A_FILE),
    ],
)
def test_only_ordinary_files_are_editable(mode, reason):
    assert editable("app.yaml", mode) is reason
    assert editable(".github/workflows/ci.yml", mode, workflows=True) is reason


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app.yaml", Format.YAML),
        ("deep/app.YML", Format.YAML),
        ("base/kustomization.yaml", Format.YAML),
        ("base/Kustomization", Format.YAML),
        ("Dockerfile.yaml", Format.YAML),
        ("app.json", Format.JSON),
        ("deploy/Manifest.JSON", Format.JSON),
        ("Dockerfile", Format.DOCKERFILE),
        ("deep/dockerfile", Format.DOCKERFILE),
        ("Containerfile", Format.DOCKERFILE),
        ("Dockerfile.alpine", Format.DOCKERFILE),
        ("Dockerfile.ubuntu-22.04", Format.DOCKERFILE),
        ("Dockerfile-dev", Format.DOCKERFILE),
        ("Containerfile.in", Format.DOCKERFILE),
        ("app.dockerfile", Format.DOCKERFILE),
        ("app.v2.Dockerfile", Format.DOCKERFILE),
        ("app.containerfile", Format.DOCKERFILE),
        ("Dockerfile.dockerignore", None),
        ("dockerfile.py", None),
        ("Dockerfile.md", None),
        ("Dockerfiles", None),
        ("mydockerfile", None),
        ("Dockerfile/README", None),
        ("package.json", None),
        ("web/Package-Lock.json", None),
        ("tsconfig.json", None),
        ("tsconfig.build.json", None),
        ("composer.json", None),
        ("pnpm-lock.yaml", None),
        ("values.schema.json", None),
        ("app.json5", None),
        ("kustomization", Format.YAML),
        ("README.md", None),
        ("yaml", None),
        (".yaml/README", None),
        ("", None),
    ],
)
def test_the_name_tells_how_a_file_is_written(path, expected):
    assert format_of(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app.yaml", True),
        ("app.json", True),
        ("Dockerfile", True),
        (".github/workflows/ci.yml", True),
        (".github/actions/build/action.yml", True),
        (".github/workflows/build.sh", False),
        (".niro/policies.yml", False),
        ("a/../b.yaml", False),
        ("package.json", False),
        ("README.md", False),
    ],
)
def test_files_of_a_known_format_are_worth_reading_unless_they_are_never_edited(path, expected):
    assert may_hold_images(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("deploy/a\\b.yaml", True),
        ("deploy\\b/Dockerfile", True),
        ("deploy/.git/b.yaml", True),
        (".github/workflows/a\\b.yml", True),
        ("deploy/a\\b.txt", False),
        ("deploy/b.yaml", False),
        (".niro/policies.yml", False),
    ],
)
def test_a_manifest_whose_path_is_not_everywhere_the_same_is_known(path, expected):
    assert has_unsafe_path(path) is expected
