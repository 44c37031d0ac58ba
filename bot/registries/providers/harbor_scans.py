"""What Harbor's scanner found in an image: its report once the scan has ended well, else how the scan stands."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from bot.registries.errors import ImageNotFound, InvalidAnswer, RegistryRefused
from bot.registries.providers.harbor_addresses import artifacts_address
from bot.registries.scanning import FoundReport, ScanAnswer, Scans

if TYPE_CHECKING:
    from bot.registries.repository import Repository

# Newest first: Harbor answers with the first that it has (goharbor/harbor, src/server/v2.0/handler/artifact.go).
REPORTS: Final = (
    "application/vnd.security.vulnerability.report; version=1.1",
    "application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0",
)
# goharbor/harbor, src/jobservice/job/status.go.
GOES_ON: Final = frozenset({"Pending", "Running", "Scheduled"})
ENDED_WELL: Final = "Success"
LARGEST_ARTIFACT = 2 * 1024 * 1024
MOST_VALUES = 50_000
# The report's own name comes first in the answer that holds it.
BEGINNING = 200
NAME = re.compile(r"[A-Za-z0-9._+ -]{1,60}")


async def read_scans(repository: "Repository", digests: Sequence[str]) -> ScanAnswer:
    """Return the reports of Harbor's scanner about images, each as `/additions/vulnerabilities` answers.

    A robot needs the rights to read artifacts and their additions; without them that is said in `missing`. Raises
    RegistryError.
    """
    scans = Scans()
    try:
        for digest in digests:
            await _read(repository, digest, scans)
    except RegistryRefused:
        scans.missing.append(
            "Harbor does not let this credential read what its scanner found: give the robot the rights"
            " to read artifacts and artifact additions"
        )
    return scans.answer()


async def _read(repository: "Repository", digest: str, scans: Scans) -> None:
    try:
        overview = await _overview(repository, digest)
        told = overview.get("scan_status")
        status = told if isinstance(told, str) else ""
        if status in GOES_ON:
            scans.pending.append(f"Harbor is scanning {digest}")
        elif status == ENDED_WELL:
            await _read_report(repository, digest, _scanner(overview), scans)
        elif overview:
            scans.missing.append(f"Harbor's scan of {digest} came to no end: begin it again")
        else:
            scans.missing.append(
                f"Harbor has not scanned {digest}: begin a scan, or let the project scan what is pushed"
            )
    except ImageNotFound:
        scans.missing.append(f"Harbor's API knows no {digest} in this repository")


async def _overview(repository: "Repository", digest: str) -> Mapping[str, object]:
    """Return what Harbor says of the scan of one artifact, {} where there was none."""
    body = await _ask(repository, f"/{digest}", LARGEST_ARTIFACT, "with_scan_overview=true")
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise InvalidAnswer(repository.host, "sent more about an artifact than can be read")
    try:
        artifact = json.loads(body)
    except (ValueError, RecursionError):
        artifact = None
    if not isinstance(artifact, dict):
        raise InvalidAnswer(repository.host, "did not answer with an artifact when asked for one")
    overviews = artifact.get("scan_overview")
    told = (overviews.get(name) for name in REPORTS) if isinstance(overviews, dict) else ()
    return next((overview for overview in told if isinstance(overview, dict)), {})


async def _read_report(repository: "Repository", digest: str, scanner: str, scans: Scans) -> None:
    if scans.room <= 0:
        scans.missing.append(f"Harbor's report about {digest} was not read: there are too many long ones")
        return
    body = await _ask(repository, f"/{digest}/additions/vulnerabilities", scans.room)
    media_type = next((name for name in REPORTS if json.dumps(name).encode() in body[:BEGINNING]), None)
    if media_type is None:
        scans.missing.append(f"Harbor has scanned {digest} but has no report of it in a form that is known here")
    else:
        scans.reports.append(FoundReport(digest, media_type, body, scanner))


async def _ask(repository: "Repository", below: str, largest: int, query: str = "") -> bytes:
    address = artifacts_address(repository, below)
    if address is None:
        raise ImageNotFound(repository.host, f"project for {repository.name}")
    answer = await repository.api(
        address.with_query(query) if query else address,
        headers={"Accept": "application/json", "X-Accept-Vulnerabilities": ", ".join(REPORTS)},
        largest=largest,
        authorization=repository.basic(),
    )
    return answer.body


def _scanner(overview: Mapping[str, object]) -> str:
    """Return who scanned, such as "Harbor's scanner Trivy v0.57.1"."""
    scanner = overview.get("scanner")
    told = (scanner.get("name"), scanner.get("version")) if isinstance(scanner, dict) else ()
    return " ".join(["Harbor's scanner", *(text for text in told if isinstance(text, str) and NAME.fullmatch(text))])
