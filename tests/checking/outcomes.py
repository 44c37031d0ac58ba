"""Builders of outcomes for the tests of the forms."""

from typing import Any

from bot.checking.checkout import Base
from bot.checking.outcome import Outcome, Unread
from bot.checking.policy import Policy
from bot.findings import Finding
from bot.findings.report import Report
from bot.policies import PolicyFile
from bot.policies.rules import Severity

BASE = Base("main", "b" * 40, "a" * 40)


def finding(**about: Any) -> Finding:
    """A finding, with what a test wants to be different."""
    given: dict[str, Any] = {
        "rule": "latest-image-tag",
        "severity": Severity.HIGH,
        "path": "apps/api.yaml",
        "line": 12,
        "end_line": 12,
        "message": "The image `nginx` has no tag.",
        "fingerprint": "0123456789abcdef",
        "mend": "Name a version.",
        "kind": "Deployment",
        "namespace": "shop",
        "name": "api",
        "container": "server",
    }
    return Finding(**(given | about))


def outcome(*new: Finding, base: Base | None = None, unread: tuple[Unread, ...] = (), **report: Any) -> Outcome:
    """What was found out about a folder of three manifests without a policy file."""
    policy = Policy(None, PolicyFile(enabled=True, images=()))
    return Outcome(".", policy, base, Report(new=new, **({"files": 3} | report)), unread)
