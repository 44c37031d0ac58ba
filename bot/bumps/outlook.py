"""What is known where a policy file would be in force, and the parts of it that have nothing to do with each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.manifests import without_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.images import Tag
    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile


@dataclass(frozen=True, slots=True)
class Outlook:
    """A policy file, its globs told apart, with what is known where it would be in force.

    `occurrences` are those that may follow its policies, `tags` those of each image by its name. `untold` says of
    policies, by name, why nothing is told of their image; of such an image there are no tags.
    """

    policy_file: PolicyFile
    occurrences: Sequence[Occurrence]
    tags: Mapping[str, Sequence[Tag]]
    untold: Mapping[str, str]


def groups_apart(policy_files: Iterable[PolicyFile], groups: Iterable[str]) -> list[frozenset[str]]:
    """Put those groups together whose policies may follow the same occurrences under any of the files; in their order.

    Policies do that which are about one image, or which one marker may name.
    """
    together: dict[str, set[str]] = {group: {group} for group in groups}
    first: dict[tuple[bool, str], str] = {}
    for policy in (policy for policy_file in policy_files for policy in policy_file.images):
        for use in _followed_by(policy) if policy.group in together else ():
            mine, other = together[policy.group], together[first.setdefault(use, policy.group)]
            if mine is not other:
                smaller, larger = sorted((mine, other), key=len)
                larger |= smaller
                together |= dict.fromkeys(smaller, larger)
    return list(dict.fromkeys(map(frozenset, together.values())))


class Parts:
    """The parts of an outlook, each with only the policies and occurrences that count for its groups."""

    def __init__(self, outlook: Outlook) -> None:
        self._outlook = outlook
        self._images: dict[str, list[int]] = {}
        self._groups: dict[str, list[int]] = {}
        for at, policy in enumerate(outlook.policy_file.images):
            self._images.setdefault(policy.image.name, []).append(at)
            self._groups.setdefault(policy.group, []).append(at)
        self._uses: dict[tuple[bool, str], list[int]] = {}
        for at, occurrence in enumerate(outlook.occurrences):
            for use in _uses(occurrence):
                self._uses.setdefault(use, []).append(at)

    def of(self, groups: frozenset[str]) -> Outlook:
        """Return what counts for some groups; all those that `groups_apart` puts together have to be among them."""
        policies, outlook = self._policies(groups), self._outlook
        wanted = {use for policy in policies for use in ((False, policy.image.name), (True, policy.name))}
        places = sorted({at for use in wanted for at in self._uses.get(use, ())})
        return replace(
            outlook,
            policy_file=replace(outlook.policy_file, images=tuple(policies)),
            occurrences=[outlook.occurrences[at] for at in places],
            tags={image: outlook.tags[image] for _, image in wanted if image in outlook.tags},
        )

    def _policies(self, groups: frozenset[str]) -> list[ImagePolicy]:
        images, every = set[str](), self._outlook.policy_file.images
        for group in groups:
            images |= {every[at].image.name for at in self._groups.get(group, ())}
        return [every[at] for at in sorted({at for image in images for at in self._images[image]})]


def _followed_by(policy: ImagePolicy) -> set[tuple[bool, str]]:
    return {(False, policy.image.name), (True, policy.name), (True, without_part(policy.name))}


def _uses(occurrence: Occurrence) -> Iterator[tuple[bool, str]]:
    """Name what an occurrence may follow: policies about its image, and (True) those that its marker names."""
    if occurrence.reference is not None:
        yield False, occurrence.reference.name
    if occurrence.marker is not None:
        yield from {(True, occurrence.marker), (True, without_part(occurrence.marker))}
