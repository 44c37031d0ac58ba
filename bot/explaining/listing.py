"""What `niro tags` shows: the tags of one image, and which of them a policy selects."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bot.bumps import decide
from bot.explaining.rounds import decided
from bot.explaining.verdicts import notes, verdict
from bot.images import ImageReference, InvalidImageReference
from bot.manifests import Mode, find_images, stands_at
from bot.policies import PolicyFile
from bot.selection import Fact, Reason, choose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.bumps import ByDigest, Decisions
    from bot.explaining.facts import Facts
    from bot.explaining.policy_files import FoundPolicy
    from bot.explaining.verdicts import Verdict
    from bot.images import Tag
    from bot.policies import ImagePolicy
    from bot.selection import Decision

EVERYWHERE = ("**",)
_POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {}\n"


@dataclass(frozen=True, slots=True)
class Listing:
    """How many tags an image has, and the decision that a policy leads to at the moment `at`."""

    image: ImageReference
    found: FoundPolicy
    at: datetime
    listed: int
    verdict: Verdict
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def standing_at(image: ImageReference, current: str | None) -> ImageReference | None:
    """Give the reference that stands in a file: the image's own tag, or `current` ("1.2", "1.2@sha256:...").

    None: nothing stands there. Raises InvalidImageReference for a tag that is none, and where both name one.
    """
    if current is None:
        return image if image.tag or image.digest else None
    if image.tag or image.digest:
        raise InvalidImageReference(str(image), "it names a tag already, so --current cannot name another one")
    standing = ImageReference.parse(f"{image.original}:{current}")
    if standing.name != image.name or not standing.tag:
        raise InvalidImageReference(str(standing), "--current takes a tag, or a tag and a digest")
    return standing


async def list_tags(
    image: ImageReference, standing: ImageReference | None, found: FoundPolicy, facts: Facts, now: datetime
) -> Listing:
    """List the tags of an image and choose among them. `standing` is what stands in a file, None: nothing does.

    The choice is the bot's own, as if that reference stood in a manifest; a paused policy is asked all the same.
    Raises RegistryError.
    """
    policy = replace(found.policy, enabled=True, paths=EVERYWHERE, mode=Mode.AUTO)
    images = {policy.name: policy.image}
    if standing is None:
        decisions = await decided(lambda tags, _: _chosen(policy, tags, now), images, facts, in_use=False)
        current = None
    else:
        decisions = await decided(partial(_decided, policy, standing, now), images, facts)
        current = stands_at(standing)
    listed = facts.listed(policy.image)
    (decision,) = decisions.values()
    found_out = verdict(current, decision, listed, policy.rule, now)
    return Listing(image, found, now, len(listed), found_out, notes(policy.rule, listed))


def _decided(
    policy: ImagePolicy,
    standing: ImageReference,
    now: datetime,
    tags: Mapping[str, Sequence[Tag]],
    by_digest: ByDigest,
) -> Decisions:
    """Decide as for a manifest that holds the reference and nothing else."""
    occurrences = find_images("pod.yaml", _POD.format(json.dumps(str(standing))).encode())
    return decide(PolicyFile(enabled=True, images=(policy,)), occurrences, tags, (), now, by_digest)


def _chosen(policy: ImagePolicy, tags: Mapping[str, Sequence[Tag]], now: datetime) -> Decisions:
    """Choose where nothing stands yet: what is selected must run somewhere, as far as that is known."""
    runnable = [tag for tag in tags[policy.image.name] if tag.platforms != frozenset()]
    decision = choose(policy.rule, runnable, now=now)
    return {(policy.name, ""): _proven(decision)}


def _proven(decision: Decision) -> Decision:
    """Select nothing while nobody knows what the selected tag runs on, as the bot does where something stands."""
    selected = decision.selected
    if selected is None or selected.platforms is not None:
        return decision
    return replace(
        decision,
        selected=None,
        reason=Reason.FACT_MISSING,
        sentence=f"The platforms of {selected.name} are not known yet.",
        wanted=((selected, Fact.PLATFORMS),),
        digest=None,
        update=None,
    )
