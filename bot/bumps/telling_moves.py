"""What a pull request says first: each image that moves, from where to where, why, and what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.bumps.changing import standing
from bot.bumps.links import link, site_of
from bot.safe_text import code, prose, with_code
from bot.selection import InvalidVersion, UpdateKind, Version
from bot.selection.wording import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.bumps.surroundings import ImageStory, Source, Surroundings
    from bot.bumps.wishes import Proposal

_MOST_PLATFORMS: Final = 12
_KINDS: Final[Mapping[UpdateKind | None, str]] = {
    None: "",
    UpdateKind.PATCH: ", a patch update",
    UpdateKind.MINOR: ", a minor update",
    UpdateKind.MAJOR: ", a major update",
    UpdateKind.BUILD: ", another build",
    UpdateKind.DIGEST: ", another digest",
}


def _how_far(proposal: Proposal) -> str:
    return ", back to an older version" if _goes_back(proposal) else _KINDS[proposal.update]


def _goes_back(proposal: Proposal) -> bool:
    """Whether the tag that is proposed is an older version than the one that stands, as after a rollback."""
    try:
        return Version.parse(proposal.selected) < Version.parse(standing(proposal.current).meant)
    except InvalidVersion:
        return False


def told_move(proposal: Proposal, around: Surroundings, *, shown: bool) -> str:
    """Tell of one image: a sentence about the move, why, and a list of what is known of the image proposed.

    Not `shown`: no more may be told than what the files will hold.
    """
    story = around.stories.get((proposal.policy, proposal.current)) if shown else None
    old, new = proposal.shown
    origin = f"from {code(old)} " if old else ""
    said = [f"Moves {code(proposal.image)} {origin}to {code(new)}{_how_far(proposal)}."]
    if shown:
        said.append(with_code(proposal.sentence))
    if story is not None and story.looked_at is not None:
        said.append(_looked_at(story.looked_at))
    facts = [f"- {name}: {value}" for name, value in _facts(proposal, story, site_of(around.files_url))]
    return "\n".join([" ".join(said), *(["", *facts] if facts else [])])


def _looked_at(count: int) -> str:
    return "One tag was looked at." if count == 1 else f"{count:,} tags were looked at."


def _facts(proposal: Proposal, story: ImageStory | None, site: str) -> Iterator[tuple[str, str]]:
    digest = proposal.digest or (story.digest if story is not None else None)
    if digest:
        yield "Digest", code(digest)
    if story is None:
        return
    if story.platforms:
        yield "Platforms", _platforms(story.platforms)
    if story.pushed_at is not None:
        yield "Pushed", moment(story.pushed_at)
    elif story.first_seen is not None:
        yield "First seen", moment(story.first_seen)
    if story.source is not None:
        yield "Source", _source(story.source, site)


def _platforms(platforms: tuple[str, ...]) -> str:
    more = len(platforms) - _MOST_PLATFORMS
    shown = ", ".join(code(platform) for platform in platforms[:_MOST_PLATFORMS])
    return f"{shown} and {more} more" if more > 0 else shown


def _source(source: Source, site: str) -> str:
    shown = link(prose(source.full_name), source.url, site)
    compared = link("compare", source.compare_url, site)
    return f"{shown}, {compared}" if compared != "compare" else shown
