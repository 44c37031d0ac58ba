"""The story of an image: which source it says it was built from, and what was released there between two versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from bot.bumps.changing import standing
from bot.bumps.links import is_of, site_of
from bot.bumps.release_versions import version_in
from bot.bumps.surroundings import ImageStory, ReleaseNote, Source
from bot.safe_text import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.bumps.release_versions import ReleaseVersion
    from bot.bumps.wishes import Proposal
    from bot.images import Tag

# Pre-Defined Annotation Keys of the OCI image specification.
SOURCE: Final = "org.opencontainers.image.source"
REVISION: Final = "org.opencontainers.image.revision"
VERSION: Final = "org.opencontainers.image.version"

_FULL_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9._-]{1,100}?)(?:\.git)?(?:[/?#].*)?", re.DOTALL)
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NO_NAMES: Final = frozenset({".", ".."})


class Released(Protocol):
    """A release as GitHub tells of it."""

    @property
    def tag(self) -> str:
        """The tag in git that it stands for."""

    @property
    def name(self) -> str:
        """Its title, "" where it has none."""

    @property
    def url(self) -> str:
        """Its page."""

    @property
    def body(self) -> str:
        """Its notes, Markdown."""

    @property
    def published_at(self) -> datetime | None:
        """When it was published, aware."""

    @property
    def prerelease(self) -> bool:
        """Whether its authors call it a pre-release."""


def source_named(labels: Mapping[str, str], web_url: str) -> str | None:
    """Return the repository that an image's labels name as its source, "owner/name"; None: none of this GitHub.

    `web_url` is where people meet GitHub ("https://github.com"). Only https on that very host counts.
    """
    written, site = labels.get(SOURCE, "").strip(), site_of(web_url)
    if not site or not written.lower().startswith(f"{site.lower()}/"):
        return None
    match = _FULL_NAME.fullmatch(written, len(site) + 1)
    return None if match is None or match[1].partition("/")[2] in _NO_NAMES else match[1]


def may_be_quoted(*, source_is_private: bool, here_is_private: bool) -> bool:
    """Whether what stands in a source may be told in a repository: nothing private is told in public."""
    return here_is_private or not source_is_private


def story(
    proposal: Proposal, tag: Tag | None, *, looked_at: int | None = None, source: Source | None = None
) -> ImageStory:
    """Put together what is known of the image that is proposed.

    `tag` is what the registry tells of the proposed tag; where it stands for another digest by now, it tells nothing.
    """
    if tag is not None and proposal.digest is not None and tag.digest not in {None, proposal.digest}:
        tag = None
    if tag is None or tag.name != proposal.selected:
        return ImageStory(digest=proposal.digest, looked_at=looked_at, source=source)
    return ImageStory(
        digest=proposal.digest or tag.digest,
        platforms=tuple(sorted(map(str, tag.platforms or ()))),
        pushed_at=tag.pushed_at,
        looked_at=looked_at,
        source=source,
        first_seen=tag.first_seen,
    )


def source(  # noqa: PLR0917 - each is another thing that was read
    proposal: Proposal,
    full_name: str,
    url: str,
    before: Mapping[str, str],
    after: Mapping[str, str],
    releases: Iterable[Released],
) -> Source:
    """Tell what became of a source between the image that stands in the files and the one that is proposed.

    `full_name` and `url` are the repository's as GitHub tells them, `before` and `after` the labels of the two images
    ({} where nothing is known), `releases` those of the repository. Only what may be quoted may come in here.
    """
    named = [(each, version) for each in releases if (version := version_in(each.tag)) is not None]
    old = _version(standing(proposal.current).tag, before)
    new = _version(proposal.selected, after)
    ours = _of_component(named, new, proposal.image.rpartition("/")[2])
    return Source(
        full_name,
        url,
        compare_url=_by_commits(url, before, after) or _by_releases(url, ours, old, new),
        releases=_between(ours, old, new),
    )


_Named = tuple[Released, "ReleaseVersion"]


def _version(tag: str, labels: Mapping[str, str]) -> ReleaseVersion | None:
    """Tell an image's version: by its tag, and by its label where that says the same more exactly, or the tag nothing.

    Labels are inherited from the image it was built from, so the tag counts first.
    """
    by_tag, by_label = version_in(tag), version_in(labels.get(VERSION, ""))
    if by_tag is None or by_tag.component:
        return by_label
    if by_label is not None and by_label.narrows(by_tag):
        return by_label
    return by_tag


def _of_component(named: Sequence[_Named], new: ReleaseVersion | None, image: str) -> list[_Named]:
    """Leave out the releases of the other components of a repository.

    The component is that of the release of the new version: the image's own, else the one without a name, else the
    only one. Where nothing was released as that version, nothing is told.
    """
    if new is None:
        return []
    released = {version.component for _, version in named if version.key == new.key}
    mine = next((name for name in (image, "") if name in released), released.pop() if len(released) == 1 else None)
    return [each for each in named if each[1].component == mine]


def _between(ours: Sequence[_Named], old: ReleaseVersion | None, new: ReleaseVersion | None) -> tuple[ReleaseNote, ...]:
    """Choose the releases after the old version up to the new one, newest version first; of unknown old ones the new.

    Pre-releases are left out, but for the new version itself.
    """
    if new is None:
        return ()
    chosen = [
        (release, version)
        for release, version in ours
        if (version.key == new.key and (old is None or old.key != new.key))
        or (old is not None and old.key < version.key < new.key and version.is_finished and not release.prerelease)
    ]
    chosen.sort(key=lambda each: each[1].key, reverse=True)
    return tuple(
        ReleaseNote(each.name.strip() or each.tag, each.url, each.body, each.published_at) for each, _ in chosen
    )


def _by_commits(url: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Compare the two commits that the images say they were built from, where both name the same source."""
    old, new = before.get(REVISION, ""), after.get(REVISION, "")
    differ = old != new and _COMMIT.fullmatch(old) is not None and _COMMIT.fullmatch(new) is not None
    same = before.get(SOURCE) == after.get(SOURCE)
    return f"{url}/compare/{old}...{new}" if differ and same else ""


def _by_releases(url: str, ours: Sequence[_Named], old: ReleaseVersion | None, new: ReleaseVersion | None) -> str:
    """Compare the tags of the two versions' releases, where both were released."""
    if old is None or new is None or old.key == new.key:
        return ""
    tags = {version.key: release.tag for release, version in reversed(ours)}
    if old.key not in tags or new.key not in tags:
        return ""
    compared = f"{url}/compare/{encoded(tags[old.key])}...{encoded(tags[new.key])}"
    return compared if is_of(compared, site_of(url)) else ""
