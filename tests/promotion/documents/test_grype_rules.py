"""Which matches Grype leaves out by rules of its own, and which because it was told to."""

import pytest

from bot.promotion.documents.told import Unreadable
from tests.promotion.documents import shapes


def headers(name="linux-libc-dev", kind="deb", upstream="linux", **changed):
    """A rule about the headers of the kernel, as Grype 0.9x writes it (grype/presenter/models/ignore.go)."""
    package = {"name": name, "language": "", "type": kind, "upstream-name": upstream}
    return {"namespace": "", "package": package, "match-type": "exact-indirect-match", **changed}


def whole(rule):
    """The same rule with all its empty fields, as `grype --output json` of the configuration has them."""
    empty = ("vulnerability", "reason", "fix-state", "vex-status", "vex-justification")
    package = {"name": "", "version": "", "language": "", "type": "", "location": "", "upstream-name": ""}
    return {**dict.fromkeys(empty, ""), "include-aliases": False, **rule, "package": package | rule["package"]}


def excused(reason="DistroPackageFixed", **changed):
    """A rule by which a package of the distribution excuses one that overlaps it."""
    return {"vulnerability": "CVE-2026-1", "reason": reason, "namespace": "", **changed}


USERS = {"vulnerability": "CVE-2026-1"}


def ignored(*rules):
    match = shapes.grype_match(id="CVE-2026-1", severity="Critical") | {"appliedIgnoreRules": list(rules)}
    return shapes.grype(matches=[]) | {"ignoredMatches": [match]}


@pytest.mark.parametrize(
    "rules",
    [
        [headers()],
        [whole(headers())],
        [headers("kernel-headers", "rpm", "kernel")],
        [headers("linux(-.*)?-headers-.*", "deb", "linux.*")],
        [excused()],
        [excused("Explicit APK NAK")],
        [excused("Distro Not Vulnerable")],
        [excused("CPE not vulnerable")],
        [excused(package={"language": "", "location": "/usr/lib/python3/site-packages/pip"})],
        [excused(**{"include-aliases": True})],
        [excused(), excused(vulnerability="GHSA-1"), headers()],
    ],
)
def test_what_grype_leaves_out_by_its_own_rules_is_no_finding(told, rules):
    assert told(ignored(*rules)).vulnerabilities == ()


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [{}],
        [USERS],
        [headers(), USERS],
        [headers(vulnerability="CVE-2026-1")],
        [headers(reason="nobody runs it")],
        [headers("openssl", "deb", "openssl")],
        [headers(upstream="openssl")],
        [headers() | {"match-type": "exact-direct-match"}],
        [headers(**{"fix-state": "not-fixed"})],
        [headers(namespace="debian:distro:debian:12")],
        [whole(headers()) | {"package": headers()["package"] | {"version": "6.1"}}],
        [excused("we do not care")],
        [excused(package={"name": "pip"})],
        [excused(**{"vex-status": "not_affected"})],
        [{"reason": "DistroPackageFixed"}],
        [{"vex-status": "fixed"}],
        [{"fix-state": "wont-fix"}],
        [{"package": "linux-libc-dev", "match-type": "exact-indirect-match"}],
        [{"match-type": {}, "reason": [], "vulnerability": 7}],
        [{"match-type": ["exact-indirect-match"], "package": []}],
        [{"vulnerability": "CVE-2026-1", "reason": ["DistroPackageFixed"]}],
    ],
)
def test_what_it_was_told_to_ignore_is_a_finding(told, rules):
    assert [found.id for found in told(ignored(*rules)).vulnerabilities] == ["CVE-2026-1"]


@pytest.mark.parametrize("rules", [{}, "all", ["all"]])
def test_rules_that_are_none_make_the_report_count_for_nothing(told, rules):
    document = ignored()
    document["ignoredMatches"][0]["appliedIgnoreRules"] = rules
    with pytest.raises(Unreadable, match="not what it should be"):
        told(document)
