"""What a review knows beside the files: tags and digests that the store holds, and the rest of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from bot.findings import Known, Surroundings, joined
from bot.flows.following import followed_in
from bot.flows.readers import NOBODY, readers_of
from bot.images import is_tag
from bot.registries import Unusable
from bot.selection import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.flows.parts import Parts
    from bot.policies import ImagePolicy, PolicyFile
    from bot.store import Repository

_SURROUNDINGS: Final = TypeAdapter(Surroundings)


def kept_surroundings(surroundings: Surroundings) -> str:
    """Write what a file says of others as the index keeps it; "" for nothing."""
    return _SURROUNDINGS.dump_json(surroundings).decode() if surroundings else ""


async def known_in(parts: Parts, repository: Repository, policy_file: PolicyFile, outside: Collection[str]) -> Known:
    """Gather what is known for everybody's pull requests: what the files say that are not among the paths `outside`."""
    return Known(
        pull_secrets=policy_file.pull_secrets,
        policies=policy_file.images,
        surroundings=await _around(parts, repository.id, frozenset(outside)),
    )


async def tags_known(
    parts: Parts, repository: Repository, policy_file: PolicyFile, standing: Mapping[str, Collection[str]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Tell the digests of tags of images that policies follow, and the tags that these policies choose.

    `standing` are the tags that stand in files, by image ("host/repository"). Returned are the digests by
    "host/repository:tag" and the newest tags by the name of the policy.

    Asks no registry. What was read with a credential is not told in a repository that everybody may read.
    """
    digests: dict[str, str] = {}
    newest: dict[str, str] = {}
    readers = await readers_of(parts, repository)
    for policy in followed_in(policy_file):
        reader = readers.of(policy.image, policy.credential)
        is_told = isinstance(reader, str) and (repository.private or reader == NOBODY)
        if policy.image.name not in standing or policy.is_pattern or isinstance(reader, Unusable) or not is_told:
            continue
        image, names = policy.image, standing[policy.image.name]
        found = await parts.store.ledger.digests(image.host, image.repository, reader, names)
        digests |= {f"{image.name}:{tag}": digest for tag, digest in found.items() if digest is not None}
        newest |= await _newest(parts, repository.id, policy, reader)
    return digests, newest


async def _newest(parts: Parts, repository: int, policy: ImagePolicy, reader: str) -> Mapping[str, str]:
    """Tell by its name which tag a policy chose last from what a reader saw, or found to stand there already."""
    chosen = await parts.store.decisions.of(repository, policy.name)
    if chosen is None or chosen.reader != reader:
        return {}
    stays = chosen.current if chosen.reason == Reason.CURRENT_IS_BEST.value else ""
    tag = chosen.selected or stays
    return {policy.name: tag} if is_tag(tag) else {}


async def _around(parts: Parts, repository: int, outside: frozenset[str]) -> Surroundings:
    kept = await parts.store.index.surroundings(repository)
    return joined([_read(text) for path, text in kept.items() if path not in outside])


def _read(text: str) -> Surroundings:
    try:
        return _SURROUNDINGS.validate_json(text)
    except ValidationError:
        # An earlier version kept it in another form; the file is read again when it changes.
        return Surroundings()
