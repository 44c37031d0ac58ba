"""Payloads as GitHub sends them: its own recorded examples, with names and numbers changed."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.parts.descriptions import WEBHOOK_EXAMPLES, fetch

SECRET = b"a secret of forty characters, or thereby"
BODY_BYTES = 12 * 1024
HEARD = (
    "package",
    "push",
    "pull_request",
    "pull_request_review",
    "issue_comment",
    "check_run",
    "check_suite",
    "status",
)
OF_OTHER_PACKAGES = ("release", "package_files", "body", "body_html")
REPOSITORIES = 200
INSTALLATIONS = 20


@cache
def _examples() -> dict[str, list[dict[str, Any]]]:
    recorded = json.loads(fetch(WEBHOOK_EXAMPLES).read_text(encoding="utf-8"))
    return {event["name"]: event["examples"] for event in recorded}


def registry_packages(count: int = 64) -> list[bytes]:
    """Give the bodies of `registry_package` events of 12 KB, each for another image."""
    return [_registry_package(number) for number in range(count)]


def _registry_package(number: int) -> bytes:
    payload = _numbered(_examples()["package"][0], number)
    package = payload.pop("package") | {"package_type": "CONTAINER", "name": f"app-{number}"}
    version = {key: value for key, value in package["package_version"].items() if key not in OF_OTHER_PACKAGES}
    package["package_version"] = version | {"package_url": f"ghcr.io/acme/app-{number}:1.5.{number}"}
    payload["registry_package"] = package
    package["description"] = "x" * (BODY_BYTES - len(json.dumps(payload)))
    return json.dumps(payload).encode()


def mixed(count: int) -> list[tuple[str, bytes]]:
    """Give (event, body) of every event that the bot hears, in turn, over some repositories and installations."""
    return [_mixed(number, HEARD[number % len(HEARD)]) for number in range(count)]


def _mixed(number: int, event: str) -> tuple[str, bytes]:
    if event == "package":
        return "registry_package", _registry_package(number % REPOSITORIES)
    examples = _examples()[event]
    return event, json.dumps(_numbered(examples[number // len(HEARD) % len(examples)], number)).encode()


def _numbered(example: dict[str, Any], number: int) -> dict[str, Any]:
    repository = dict(example["repository"], id=1 + number % REPOSITORIES)
    return example | {"repository": repository, "installation": {"id": 1 + number % INSTALLATIONS}}
