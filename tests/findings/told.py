"""Builders of findings, waivers and reports, with a plausible default for whatever a test does not care about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.findings import Edit, Finding
from bot.findings.report import Report
from bot.policies.findings import Waiver
from bot.policies.rules import Severity

TODAY = date(2026, 11, 21)
FIX = Edit(0, 1, b"x")
# What strangers write into names: Markdown, mentions, references, HTML, ends of lines, letters that cannot be seen.
HOSTILE = (
    "@acme/team",
    "see #12 and GH-7",
    "a`b``c",
    "`@octocat`",
    "[x](https://evil.example/)",
    "![x](https://evil.example/x.png)",
    "<img src=x onerror=y>",
    "</details><h1>",
    "<!-- niro finding 0123456789abcdef -->",
    "a|b|c",
    "a\nb\r\n# c",
    "a\u202eb\u2066c\u200bd",
    "**bold** ~~gone~~ $x$ &lt;",
    "www.evil.example mail@evil.example",
    "```suggestion\nrm -rf\n```",
    "x" * 20_000,
    "\ud800",
    "",
)


def a_finding(rule="latest-image-tag", path="app.yaml", line=12, **said):
    """Make a finding; its fingerprint tells what it is about in plain letters unless one is given."""
    defaults = {
        "severity": Severity.HIGH,
        "end_line": line,
        "message": "The image `nginx` has no tag.",
        "kind": "Deployment",
        "namespace": "shop",
        "name": "app",
        "container": "app",
        "field": "spec.template.spec.containers[0].image",
    }
    about = {**defaults, **said}
    names = [about[key] for key in ("kind", "namespace", "name", "container", "field")]
    fingerprint = about.pop("fingerprint", "-".join((rule, path, *names)))
    return Finding(rule=rule, path=path, line=line, fingerprint=fingerprint, **about)


def numbered(number, **said):
    """Make one of many findings, with a fingerprint as they really are."""
    return a_finding(fingerprint=f"{number:032x}", line=number + 1, **said)


def moved(finding, path):
    """Make the finding that stands in a file of another name."""
    return replace(finding, path=path, fingerprint=f"{finding.fingerprint}-{path}")


def a_waiver(rule="latest-image-tag", paths=("**",), reason="it is so", until=None, line=7):
    return Waiver(rule, paths, reason, until, line)


def a_report(*new, **said):
    """Make a report about files of which one changed."""
    return Report(**{"new": new, "files": 1, **said})
