"""Which files of a repository are worth reading, how they are written, and which are never edited."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bot.manifests.reasons import SkipReason

WORKFLOWS: Final = ".github/workflows/"
"""Where GitHub takes workflows from; composite actions live elsewhere, by custom in `.github/actions/`."""


class Format(StrEnum):
    """How a file is written."""

    YAML = "yaml"
    JSON = "json"
    DOCKERFILE = "dockerfile"


_FORMATS: Final = {".yaml": Format.YAML, ".yml": Format.YAML, ".json": Format.JSON}
_KUSTOMIZATION: Final = "kustomization"
# BuildKit and Podman build from any name; these are the customs: Dockerfile, Dockerfile.alpine, app.dockerfile.
_DOCKERFILE: Final = re.compile(r"(?:docker|container)file(?:[._-].*)?|.*\.(?:docker|container)file", re.DOTALL)
# What is called so is about Dockerfiles and is none: lists of what to ignore, programs, their documentation.
_NO_DOCKERFILE: Final = re.compile(
    r".*\.(?:dockerignore|containerignore|c|cc|cpp|cs|css|go|h|hcl|html|java|js|jsx|kt|lock|lua|md|php|png|ps1|py|pyc"
    r"|rb|rs|rst|scala|sh|svg|swift|tf|toml|ts|tsx|txt|vim|xml)",
    re.DOTALL,
)
# Lock files and settings of package managers and compilers: often megabytes, never manifests, and "image" is a word
# that any of them may hold.
_NO_MANIFESTS: Final = frozenset(
    {
        ".eslintrc.json",
        ".prettierrc.json",
        "angular.json",
        "bower.json",
        "composer.json",
        "deno.json",
        "jsconfig.json",
        "lerna.json",
        "npm-shrinkwrap.json",
        "nx.json",
        "package-lock.json",
        "package.json",
        "packages.lock.json",
        "pnpm-lock.yaml",
        "project.assets.json",
        "renovate.json",
        "turbo.json",
        "vercel.json",
    }
)
_COMPILER_SETTINGS: Final = re.compile(r"tsconfig[^/]*\.json")
_SCHEMA: Final = ".schema.json"
_FILE_MODES: Final = frozenset({"100644", "100755"})
_OTHER_MODES: Final = {"120000": SkipReason.SYMLINK, "160000": SkipReason.SUBMODULE}


def format_of(path: str) -> Format | None:
    """Tell by its name how a file is written, None for one that is no manifest of any kind.

    `Kustomization` without a suffix is one of the three names that kustomize takes (api/konfig/general.go). Case is
    not told apart.
    """
    name = path.rpartition("/")[2].lower()
    suffix = name[name.rfind(".") :] if "." in name else ""
    if suffix in _FORMATS:
        is_other = name in _NO_MANIFESTS or name.endswith(_SCHEMA) or _COMPILER_SETTINGS.fullmatch(name)
        return None if is_other else _FORMATS[suffix]
    if name == _KUSTOMIZATION:
        return Format.YAML
    if _DOCKERFILE.fullmatch(name) and not _NO_DOCKERFILE.fullmatch(name):
        return Format.DOCKERFILE
    return None


def may_hold_images(path: str) -> bool:
    """Whether a file is worth reading, judged by its path in the repository alone. Workflows are."""
    return format_of(path) is not None and editable(path, workflows=True) is None


def has_unsafe_path(path: str) -> bool:
    """Whether a file would be worth reading, but for a path that is not everywhere one path, as with a backslash."""
    return format_of(path) is not None and editable(path, workflows=True) is SkipReason.UNSAFE_PATH


def editable(path: str, mode: str | None = None, *, workflows: bool = False) -> SkipReason | None:
    """Why a file is never edited, or None when it may be.

    `path` is its path in the git tree, `mode` its mode there ("100644"; None: known to be a file). `workflows` says
    that files in .github/workflows may be edited too: GitHub asks for a permission of its own for any of them, whatever
    its suffix. Case is not told apart, because the checkout of a repository may not tell it apart either.
    """
    if mode is not None and mode not in _FILE_MODES:
        return _OTHER_MODES.get(mode, SkipReason.NOT_A_FILE)
    if not _is_safe(path):
        return SkipReason.UNSAFE_PATH
    folded = path.casefold()
    if folded.startswith(WORKFLOWS) and not workflows:
        return SkipReason.WORKFLOW
    if folded.startswith(".niro/"):
        return SkipReason.POLICY_FILE
    return None


def _is_safe(path: str) -> bool:
    """Whether a path is as git itself would write it: relative, with no step up, no empty step and no `.git`."""
    steps = path.split("/")
    return (
        "\\" not in path
        and "\0" not in path
        and not any(step.casefold() in {"", ".", "..", ".git"} for step in steps)
        and _is_unicode(path)
    )


def _is_unicode(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
