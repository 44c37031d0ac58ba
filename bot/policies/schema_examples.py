"""Examples of values that an editor offers, by the key that they are for; a key means much the same wherever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES: Final[Mapping[str, tuple[object, ...]]] = {
    "poll": ("5m", "1h"),
    "image": ("ghcr.io/my-org/api", "ghcr.io/my-org/*", "nginx"),
    "range": ("5.0.x", "^1.4.0", ">=1.2 <2", "^1.x-0"),
    "updates": (["patch"], ["patch", "minor"]),
    "track": ("latest", "stable"),
    "pattern": (r"^main-[0-9a-f]+-(?P<ts>\d+)$",),
    "extract": ("$ts",),
    "exclude": ([r"\.(sig|att|sbom)$", "-debug$"],),
    "platforms": (["linux/amd64", "linux/arm64"],),
    "min-age": ("3d", "36h"),
    "pin": ("5.0.3",),
    "credential": ("ghcr-my-org",),
    "paths": (["clusters/**", "!clusters/legacy/**"],),
    "group": ("backend",),
    "base": ("main",),
    "branch": ("niro/{name}",),
    "title": ("Bump {image} from {from} to {to}",),
    "commit-message": ("Bump {image} to {to}\n\n{changes}\n",),
    "author": ("Image Bot <images@example.com>",),
    "labels": (["dependencies"],),
    "reviewers": (["octocat", "my-org/platform"],),
    "assignees": (["octocat"],),
    "days": ("mon-fri", "mon,wed,sat-sun"),
    "hours": ("09:00-17:00", "22:00-06:00"),
    "timezone": ("Europe/Berlin", "UTC"),
    "registry": ("ghcr.io", "ghcr.io/my-org"),
    "until": ("2027-01-31",),
    "reason": ("it runs on one node",),
    "from": ("registry.example/dev/website",),
    "to": ("registry.example/production/website",),
    "tag-template": ("%n", "%n-%Y%m%d%H%M"),
    "max-report-age": ("24h",),
    "identity": ("https://github.com/my-org/*",),
    "issuer": ("https://token.actions.githubusercontent.com",),
}
