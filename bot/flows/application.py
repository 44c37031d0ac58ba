"""One group of one repository with everything that was read about it, and what its files are to become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.manifests import editable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.bumps import Decisions, Open, Update
    from bot.flows.known_tags import KnownTags
    from bot.flows.parts import Parts
    from bot.flows.standing import Standing
    from bot.github import BumpFacts, RepositoryClient
    from bot.manifests import Change, Occurrence
    from bot.policies import ImagePolicy, PolicyFile
    from bot.store import Repository, RestrictionRecord

PLAIN = "100644"


@dataclass(frozen=True, slots=True)
class Application:
    """One group of one repository, with what GitHub and the store tell of it.

    `workflows`: they are edited too. `anew`: the branch is made anew whatever stands on it.
    """

    parts: Parts
    repository: Repository
    client: RepositoryClient
    group: str
    facts: BumpFacts
    stands: Standing
    workflows: bool = False
    anew: bool = False

    @property
    def contents(self) -> dict[str, bytes]:
        """The files of the base that hold the group's images, by path; nothing that is no plain file any more."""
        return {
            path: blob.content
            for path, blob in self.facts.files.items()
            if blob.content is not None and editable(path, blob.mode, workflows=self.workflows) is None
        }

    @property
    def is_fresh(self) -> bool:
        """Whether our branch's commit stands on the base as it is now."""
        head = self.facts.branch_head
        return head is not None and head.parents == (self.facts.base.commit,)

    def modes(self, paths: Mapping[str, bytes]) -> dict[str, str]:
        """Give the modes of those files that are not written as plain ones."""
        return {path: self.facts.files[path].mode for path in paths if self.facts.files[path].mode != PLAIN}


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided for a group, and what it was decided from.

    `occurrences` is all that stands in the files. `unshown`: policies of whose tags nobody is told more than the one
    that is proposed. `laid`: the restrictions on the group's policies.
    """

    policy_file: PolicyFile
    policies: Sequence[ImagePolicy]
    occurrences: Sequence[Occurrence]
    decisions: Decisions
    known: KnownTags
    unshown: frozenset[str]
    laid: tuple[RestrictionRecord, ...]


@dataclass(frozen=True, slots=True)
class Edited:
    """The files of the base as they should be.

    `blobs`: what they are made from, path to blob. `births`: since when each policy's proposed image is known.
    """

    item: Open | Update
    files: Mapping[str, bytes]
    changes: tuple[Change, ...]
    blobs: Mapping[str, str]
    births: Mapping[str, datetime | None]
