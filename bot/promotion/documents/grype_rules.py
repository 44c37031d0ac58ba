"""The rules by which Grype leaves a match out of its findings without having been told to."""

from __future__ import annotations

from typing import Any, Final

from bot.promotion.documents.values import mapping, text

_INDIRECT: Final = "exact-indirect-match"
_HEADERS: Final = frozenset(
    {
        ("kernel-headers", "rpm", "kernel"),
        ("linux(-.*)?-headers-.*", "deb", "linux.*"),
        ("linux-libc-dev", "deb", "linux"),
    }
)
_REASONS: Final = frozenset(
    {
        "DistroPackageFixed",
        "Distro Fixed",
        "Distro Not Vulnerable",
        "Alma Unaffected",
        "Explicit APK NAK",
        "CPE not vulnerable",
    }
)


def is_of_grype(rule: dict[str, Any]) -> bool:
    """Say whether an entry of `appliedIgnoreRules` is one of Grype's own, exactly as Grype writes them.

    Those of the headers of the kernel, which are in an image without the kernel (cmd/grype/cli/commands/root.go,
    ignoreLinuxKernelHeaders), and those by which the data of a distribution excuses a package that overlaps its own
    (grype/matcher/{apk,rpm,dpkg}, OwnershipIgnores), which say why by one of a few reasons. Any other is its user's.
    """
    told = {key: value for key, value in rule.items() if value not in ("", None, False)}
    package = {key: text(value) for key, value in mapping(told.pop("package", None)).items() if value not in ("", None)}
    if told.keys() == {"match-type"}:
        headers = (package.get("name"), package.get("type"), package.get("upstream-name"))
        return told["match-type"] == _INDIRECT and headers in _HEADERS and len(package) == len(headers)
    told.pop("include-aliases", None)
    return (
        told.keys() == {"vulnerability", "reason"}
        and text(told["reason"]) in _REASONS
        and package.keys() <= {"location"}
    )
