"""app.yml as GitHub's manifest flow wants it, with this server's addresses filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path


def app_manifest(path: Path, public_url: str) -> dict[str, Any]:
    """Read app.yml and add where GitHub reaches this server (`public_url`, without a slash at its end).

    Raises OSError when the file is not there, yaml.YAMLError when it is no YAML.
    """
    manifest: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    hook = {**manifest.get("hook_attributes", {}), "url": f"{public_url}/webhook"}
    return {**manifest, "hook_attributes": hook, "redirect_url": f"{public_url}/setup/created"}
