"""Builders of promotions and of what is known about images, with defaults."""

from datetime import UTC, datetime, timedelta

from bot.images import ImageReference, Platform
from bot.policies.promotions import AllOf, Evidence, Promotion
from bot.promotion import (
    Component,
    Exploitability,
    ImageEvidence,
    Inventory,
    PlatformEvidence,
    ScanReport,
    Source,
    Statement,
    Vulnerability,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AN_HOUR_AGO = NOW - timedelta(hours=1)
DIGEST = "sha256:" + "1" * 64
AMD64 = Platform("linux", "amd64")
ARM64 = Platform("linux", "arm64")
OPENSSL = "pkg:deb/debian/openssl@3.0.1?arch=amd64&distro=debian-12"

SBOM = Source(Evidence.ATTESTATION, "the attestation sha256:12ab")
SCANNER = Source(Evidence.REGISTRY, "Harbor's scanner", at=AN_HOUR_AGO)
VEX = Source(Evidence.REFERRERS, "the referrer sha256:34cd", signer="security@acme.example")
UNSIGNED = Source(Evidence.REFERRERS, "the referrer sha256:56ef")
POSTED = Source(Evidence.REPORT, "a report posted by CI")
ATTACHED = Source(Evidence.ATTESTATION, "the attestation sha256:78ab")


def promotion(*criteria, **facts):
    named = {"name": "dev-to-qa", "line": 1, "when": AllOf(criteria)}
    source, target = (ImageReference.parse(f"registry.example/{each}/website") for each in ("dev", "qa"))
    return Promotion(**(named | {"source": source, "target": target} | facts))


def evidence(*platforms, refused=(), pending=(), unread=()):
    return ImageEvidence(DIGEST, platforms, refused, pending, unread)


def image(platform=None, components=None, reports=(), statements=(), source=SBOM):
    """One platform's image; `components` None: there is no list of them."""
    inventories = () if components is None else (Inventory(source, tuple(components)),)
    return PlatformEvidence(platform, DIGEST, inventories, tuple(reports), tuple(statements))


def named(*names):
    return [Component(name) for name in names]


def licensed(*licenses):
    """Components, each with what one argument says: a licence, a list of them, or None."""
    return [
        Component(f"part-{at}", licenses=() if each is None else (each,) if isinstance(each, str) else tuple(each))
        for at, each in enumerate(licenses)
    ]


def report(*vulnerabilities, made_at=AN_HOUR_AGO, source=SCANNER, is_partial=False, database_at=None):
    return ScanReport(source, vulnerabilities, made_at, is_partial, database_at)


def flaw(name="CVE-2026-1", severity="critical", component=OPENSSL, score=None, aliases=()):
    return Vulnerability(name, component, severity, score, frozenset(aliases))


def flaws(**counts):
    """As many different vulnerabilities of each severity as told."""
    return [
        flaw(f"CVE-2026-{severity}-{number}", severity) for severity, count in counts.items() for number in range(count)
    ]


def statement(*names, status=Exploitability.NOT_AFFECTED, components=(), at=AN_HOUR_AGO, source=VEX):
    return Statement(source, frozenset(names or {"CVE-2026-1"}), status, frozenset(components), at)
