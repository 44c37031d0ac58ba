"""What a registry's own scanner says of images, asked for one digest after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.images import InvalidImageReference
from bot.registries.documents import DIGEST

if TYPE_CHECKING:
    from bot.registries.providers.provider import ReadScans
    from bot.registries.repository import Repository

LONGEST_SCANS_SECONDS = 180
MEBIBYTE = 1024 * 1024
LARGEST_REPORT = 40 * MEBIBYTE
LARGEST_REPORTS = 200 * MEBIBYTE
# More than an index has images.
MOST_SCANNED = 400


@dataclass(frozen=True, slots=True)
class FoundReport:
    """One scanner's report. subject: the digest that it is about. place: whose it is, such as "Harbor's Trivy 0.57".

    media_type: what the registry calls its form, or what is made up for it here where the registry calls it nothing.
    """

    subject: str
    media_type: str
    content: bytes = field(repr=False)
    place: str


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """What a registry's scanner told.

    pending: sentences about scans that go on, whose reports are to be waited for. missing: sentences about reports that
    do not come by themselves: none was asked for, one failed, the credential may not read it. is_scanner: False where
    the registry has no scanner that is known here, or nobody in particular asked.
    """

    reports: tuple[FoundReport, ...] = ()
    pending: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    is_scanner: bool = True


async def read_scans(repository: "Repository", read: "ReadScans", digests: Sequence[str]) -> ScanAnswer:
    """Ask a provider's scanner for each digest once.

    Raises InvalidImageReference for what is no digest, and for more than an index can have; and what `read` raises.
    """
    wanted = tuple(dict.fromkeys(digests))
    for digest in wanted:
        if not DIGEST.fullmatch(digest):
            raise InvalidImageReference(digest, "it is no digest")
    if len(wanted) > MOST_SCANNED:
        raise InvalidImageReference(repository.name, f"more than {MOST_SCANNED} of its images are asked about")
    return await read(repository, wanted)


@dataclass(slots=True)
class Scans:
    """Collects what a scanner told, within what may be held of it."""

    reports: list[FoundReport] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many bytes the next report may have."""
        return min(LARGEST_REPORT, LARGEST_REPORTS - sum(len(report.content) for report in self.reports))

    def answer(self) -> ScanAnswer:
        """Return what was collected."""
        return ScanAnswer(tuple(self.reports), tuple(self.pending), tuple(self.missing))
