"""What is in the images that are proposed: the releases of their sources between the two versions, folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.bumps.links import link
from bot.bumps.quoting import quoted
from bot.safe_text import in_html, prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.bumps.surroundings import ReleaseNote, Source

_LONGEST_NOTE: Final = 4_000
_LONGEST_NAME: Final = 120
_LEAST_ROOM: Final = 500


def told_sources(sources: Iterable[Source], site: str, room: int) -> str:
    """Write what the releases of each source say, in at most about `room` characters; "" where there are none."""
    different = [source for source in dict.fromkeys(sources) if source.releases]
    parts: list[str] = []
    for source in different:
        if room < _LEAST_ROOM:
            break
        parts.append(_folded(source, site, room))
        room -= len(parts[-1])
    return "\n\n".join(parts)


def _folded(source: Source, site: str, room: int) -> str:
    count = len(source.releases)
    counted = "1 release" if count == 1 else f"{count:,} releases"
    notes = _notes(source.releases, site, room - _LEAST_ROOM)
    if len(notes) < count:
        notes.append(f"And {count - len(notes):,} more, in {link(prose(source.full_name), source.url, site)}.")
    summary = f"What is in it: {counted} of {in_html(source.full_name)}"
    return "\n\n".join([f"<details>\n<summary>{summary}</summary>", *notes, "</details>"])


def _notes(releases: Sequence[ReleaseNote], site: str, room: int) -> list[str]:
    """Write the first releases that fit; of one whose words do not fit the name alone."""
    kept: list[str] = []
    for release in releases:
        heading = _heading(release, site)
        room -= len(heading) + 4
        if room < 0:
            break
        words = quoted(release.body, min(room, _LONGEST_NOTE))
        room -= len(words)
        kept.append(f"{heading}\n\n{words}" if words else heading)
    return kept


def _heading(release: ReleaseNote, site: str) -> str:
    name = link(prose(release.name, _LONGEST_NAME) or "A release", release.url, site)
    return f"**{name}**" + (f", {release.published_at:%Y-%m-%d}" if release.published_at is not None else "")
