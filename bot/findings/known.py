"""What is known beside the files: digests and newest tags, pull secrets, policies, and the rest of the repository."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a field of a dataclass
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.findings.surroundings import Surroundings

if TYPE_CHECKING:
    from bot.images import ImageReference
    from bot.policies import ImagePolicy
    from bot.policies.findings import PullSecret


@dataclass(frozen=True, slots=True)
class Known:
    """Facts that no file which is looked at tells. For pull requests of forks there are none but `surroundings`.

    `digests` are those of tags, by "host/repository:tag" as `ImageReference.name` writes an image; `newest` the tags
    that policies would choose now, by the name of the policy: two of one image may choose differently. `surroundings`:
    what the files say that are not among those that are looked at.
    """

    digests: Mapping[str, str] = field(default_factory=dict)
    newest: Mapping[str, str] = field(default_factory=dict)
    pull_secrets: tuple[PullSecret, ...] = ()
    policies: tuple[ImagePolicy, ...] = ()
    surroundings: Surroundings = field(default_factory=Surroundings)

    def digest(self, image: ImageReference, tag: str) -> str | None:
        """Tell what a tag of an image stands for; None: not known."""
        return self.digests.get(f"{image.name}:{tag}")

    def policy(self, image: ImageReference) -> ImagePolicy | None:
        """Find the first policy in force that follows an image."""
        return next((each for each in self.policies if each.enabled and each.follows(image)), None)

    def secrets(self, image: ImageReference) -> tuple[str, ...]:
        """Name the Secrets that manifests should name for an image: those of the longest registry that it lies in."""
        covering = [each for each in self.pull_secrets if each.registry.covers(image)]
        longest = max((len(each.registry.path) for each in covering), default=0)
        return tuple(each.name for each in covering if len(each.registry.path) == longest)
