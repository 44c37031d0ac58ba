"""What stands around a bump and is told in its pull request: the images' stories, and how things are with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """One release between the two versions, as its authors wrote it; `body` is Markdown of strangers."""

    name: str
    url: str
    body: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The repository that an image was built from. `releases` are those after the old version, newest first.

    Only what everybody who reads the pull request may know: see `bot.bumps.stories.may_be_quoted`.
    """

    full_name: str
    url: str
    compare_url: str = ""
    releases: tuple[ReleaseNote, ...] = ()


@dataclass(frozen=True, slots=True)
class ImageStory:
    """What is known of the image that is proposed. `looked_at` is how many tags were looked at; None: not known.

    `pushed_at` is the registry's word; `first_seen` is told where the registry tells nothing. Times are aware.
    """

    digest: str | None = None
    platforms: tuple[str, ...] = ()
    pushed_at: datetime | None = None
    looked_at: int | None = None
    source: Source | None = None
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownState:
    """How things are with a bump, told in whole sentences.

    `next_step` says who or what merges it and when, `restrictions` what people laid on its images, `notes` what
    happened to it, such as why it stopped. `commands` are pairs: how a command is written, and what it does.
    """

    next_step: str = ""
    restrictions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    commands: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that the words of a pull request need besides the wish and its changes.

    `files_url` is where the files of the base commit are shown ("https://github.com/o/r/blob/<commit>"), "" where
    nothing is to be linked. `stories` are known by policy and by what stands in the files (`Proposal.current`).
    `author` is who is named beside the App as an author of the commit, "Name <email>"; "" nobody.
    """

    files_url: str = ""
    stories: Mapping[tuple[str, str], ImageStory] = field(default_factory=dict)
    state: ShownState = field(default_factory=ShownState)
    author: str = ""
