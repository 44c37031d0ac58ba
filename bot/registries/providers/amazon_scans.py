"""What Amazon's scans of images in a private registry found: basic ones, and enhanced ones by Amazon Inspector."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.registries.errors import ImageNotFound, InvalidAnswer, RegistryUnavailable
from bot.registries.providers.amazon_api import SERVER, AmazonApi, RightMissing, ScanNotFound
from bot.registries.providers.login_answers import code_in
from bot.registries.scanning import FoundReport, ScanAnswer, Scans

# Nobody else names it: what DescribeImageScanFindings answers (Amazon ECR API Reference), its pages put together.
FINDINGS_TYPE: Final = "application/vnd.amazon.ecr.image-scan-findings+json"
PAGE_SIZE = 500
LARGEST_PAGE = 8 * 1024 * 1024
MOST_PAGES = 100
LONGEST_NEXT = 16 * 1024
# Of the first answer, beside what Amazon says in it: seconds since 1970.
READ_AT: Final = "readAt"
# ImageScanStatus in the Amazon ECR API Reference. ACTIVE: scanned, and again whenever a new vulnerability is known.
GOES_ON: Final = frozenset({"IN_PROGRESS", "PENDING"})
CONTINUOUS: Final = "ACTIVE"
SCANNED: Final = frozenset({"COMPLETE", CONTINUOUS})
LISTS: Final = ("findings", "enhancedFindings")
WHEN_IT_STAYS_SO: Final = "if that stays so, see whether Amazon Inspector covers this image, or have it scanned again"


async def read_scans(api: AmazonApi, name: str, digests: Sequence[str], clock: Callable[[], datetime]) -> ScanAnswer:
    """Return what was found in images of a private repository, from DescribeImageScanFindings.

    Each report also says when it was read, by `clock` (aware UTC): findings of a continuous scan are those of that
    moment, since Amazon changes them as soon as it knows of something new ("Scan images for software vulnerabilities in
    Amazon ECR", Amazon ECR User Guide). A scan of which Amazon tells neither findings nor when it was done is still to
    come, whatever its status: so Amazon answers while Inspector has not begun. Needs the right
    ecr:DescribeImageScanFindings; without it that is said in `missing`. Raises RegistryError.
    """
    scans = Scans()
    try:
        for digest in digests:
            await _read(api, name, digest, scans, clock)
    except RightMissing:
        scans.missing.append("Amazon does not let this key read scans: give it ecr:DescribeImageScanFindings")
    return scans.answer()


async def _read(api: AmazonApi, name: str, digest: str, scans: Scans, clock: Callable[[], datetime]) -> None:
    question = {
        "registryId": api.place.account,
        "repositoryName": name,
        "imageId": {"imageDigest": digest},
        "maxResults": PAGE_SIZE,
    }
    try:
        read_at = clock().timestamp()
        first = await api.ask("DescribeImageScanFindings", question, LARGEST_PAGE)
        status = _status(first)
        if status in GOES_ON:
            scans.pending.append(f"Amazon is scanning {digest}")
        elif status in SCANNED and not _tells_something(first):
            scans.pending.append(f"Amazon tells nothing yet of its scan of {digest}: {WHEN_IT_STAYS_SO}")
        elif status in SCANNED:
            await _read_report(api, question, {**first, READ_AT: read_at}, scans)
        else:
            scans.missing.append(f"Amazon's scan of {digest} has no findings{code_in(status)}")
    except ScanNotFound:
        scans.missing.append(f"Amazon has not scanned {digest}: start a scan, or let the registry scan what is pushed")
    except ImageNotFound:
        scans.missing.append(f"{SERVER} knows no {digest} in this repository")


def _tells_something(first: Mapping[str, Any]) -> bool:
    findings = first.get("imageScanFindings")
    return isinstance(findings, dict) and any(findings.get(name) for name in ("imageScanCompletedAt", *LISTS))


async def _read_report(api: AmazonApi, question: Mapping[str, Any], first: Mapping[str, Any], scans: Scans) -> None:
    digest = question["imageId"]["imageDigest"]
    if scans.room <= 0:
        scans.missing.append(f"Amazon's findings in {digest} were not read: there are too many long ones")
        return
    found = await _all_pages(api, question, first, scans.room)
    if found is None:
        scans.missing.append(f"Amazon's findings in {digest} are too many to be read")
        return
    is_enhanced = _status(found) == CONTINUOUS or bool(found["imageScanFindings"].get("enhancedFindings"))
    place = "Amazon Inspector's scan" if is_enhanced else "Amazon ECR's scan"
    content = await asyncio.to_thread(json.dumps, found)
    scans.reports.append(FoundReport(digest, FINDINGS_TYPE, content.encode(), place))


async def _all_pages(
    api: AmazonApi, question: Mapping[str, Any], first: Mapping[str, Any], largest: int
) -> Mapping[str, Any] | None:
    """Return the first page's answer with the findings of all pages, None for more than `largest` bytes.

    Raises RegistryUnavailable where another scan begins meanwhile, InvalidAnswer for pages that never end.
    """
    lists: dict[str, list[Any]] = {}
    page, size = first, 0
    asked: set[str] = set()
    while True:
        size += _add(page, lists)
        if size > largest:
            return None
        following = _next(api.host, page, asked)
        if following is None:
            break
        page = await api.ask("DescribeImageScanFindings", {**question, "nextToken": following}, LARGEST_PAGE)
        if _status(page) not in SCANNED:
            raise RegistryUnavailable(api.host, "began another scan while the findings of the last were read")
    whole = {name: told for name, told in first.items() if name != "nextToken"}
    return whole | {"imageScanFindings": {**first["imageScanFindings"], **lists}}


def _add(page: Mapping[str, Any], lists: dict[str, list[Any]]) -> int:
    """Take a page's findings over, and return about how many bytes they are."""
    findings = page.get("imageScanFindings")
    size = 0
    for name in LISTS:
        told = findings.get(name) if isinstance(findings, dict) else None
        if isinstance(told, list):
            lists.setdefault(name, []).extend(told)
            size += len(json.dumps(told))
    return size


def _status(fields: Mapping[str, Any]) -> str:
    told = fields.get("imageScanStatus")
    status = told.get("status") if isinstance(told, dict) else None
    return status if isinstance(status, str) else ""


def _next(host: str, page: Mapping[str, Any], asked: set[str]) -> str | None:
    following = page.get("nextToken")
    if following is None:
        return None
    if not isinstance(following, str) or not 0 < len(following) <= LONGEST_NEXT:
        raise InvalidAnswer(host, f"{SERVER} names a next page of findings that cannot be asked for")
    if following in asked or len(asked) == MOST_PAGES:
        raise InvalidAnswer(host, f"{SERVER} pages the findings without an end")
    asked.add(following)
    return following
