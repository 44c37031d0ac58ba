"""What a promotion would do with the tags that stand in its source now: judged as they would be, nothing copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.flows.policies import policies_in_force
from bot.flows.promotion_evidence import Subject, documents_of, verdict_on
from bot.flows.promotion_names import promotions_in
from bot.flows.promotions import in_force, opened_source, pusher
from bot.flows.readers import opened
from bot.promotion import InvalidTargetTag, Outcome, candidates, needs, target_tag
from bot.registries import RegistryError, Unusable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.flows.readers import Reader
    from bot.promotion import Verdict


class NothingToTry(Exception):
    """There is no such repository or promotion, or nobody can read its source; the text says which."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of one tag.

    target: the whole name that it would get, "" where it would get none. notice: what keeps it from being copied
    although its criteria hold, "" for nothing.
    """

    promotion: str
    tag: str
    digest: str
    target: str
    verdict: Verdict
    notice: str


async def trial(parts: Parts, full_name: str, promotion: str | None, tag: str | None) -> AsyncIterator[Trial]:
    """Judge today's tags of a repository's promotions, or of one, or one tag, as they would be judged now.

    Registries are asked as a run would ask them; nothing is written anywhere. Raises NothingToTry, RegistryError,
    ReaderUnfit and SigningUnavailable.
    """
    for found in await promotions_wanted(parts, full_name, promotion):
        reader = await opened_source(parts, found)
        if isinstance(reader, Unusable):
            raise NothingToTry(f"{found.promotion.name}: {reader.sentence}")
        notice = await _notice(parts, found)
        for name in await _tags(parts, found, reader, tag):
            tried = await _tried(parts, found, reader, name, notice)
            if tried is not None:
                yield tried


async def promotions_wanted(parts: Parts, full_name: str, promotion: str | None) -> list[InForce]:
    """Find a repository's promotions in force, or one of them by its name. Raises NothingToTry."""
    repository = await parts.store.repositories.by_name(full_name)
    if repository is None:
        raise NothingToTry(f"no installation has a repository called {full_name}")
    policy_file = await policies_in_force(parts, repository.installation, repository.id)
    names = [each.name for each in promotions_in(policy_file)] if policy_file is not None else []
    if not names:
        raise NothingToTry(f"{full_name} has no promotion in force")
    if promotion not in {None, *names}:
        raise NothingToTry(f"{full_name} has no promotion called {promotion} in force; there are {', '.join(names)}")
    found = [await in_force(parts, repository.id, name) for name in names if promotion in {None, name}]
    if None in found:
        raise NothingToTry(f"nothing is done in {full_name} now: it is archived, or its installation is suspended")
    return [each for each in found if each is not None]


async def _notice(parts: Parts, found: InForce) -> str:
    writer = await pusher(parts, found)
    return f"{writer.sentence}." if isinstance(writer, Unusable) else ""


async def _tags(parts: Parts, found: InForce, reader: Reader, tag: str | None) -> list[str]:
    if tag is not None:
        return [tag]
    source = found.promotion.source
    listed = await parts.registries.tags(source.host, source.repository, reader.access)
    return candidates(found.promotion, listed.names)


async def _tried(parts: Parts, found: InForce, reader: Reader, tag: str, notice: str) -> Trial | None:
    promotion, source = found.promotion, found.promotion.source
    digest = await parts.registries.head(source.host, source.repository, tag, reader.access)
    if digest is None:
        return None
    now = parts.clock()
    subject = Subject(found.repository.installation, promotion, digest, reader)
    verdict = await verdict_on(parts, promotion, tag, await documents_of(parts, subject, needs(promotion, tag)))
    if verdict.outcome is not Outcome.TRUE:
        return Trial(promotion.name, tag, digest, "", verdict, "")
    try:
        named = target_tag(promotion.tag_template, tag, now)
    except InvalidTargetTag as error:
        return Trial(promotion.name, tag, digest, "", verdict, str(error))
    taken = notice or await _taken(parts, found, named, digest)
    target = f"{promotion.target.host}/{promotion.target.repository}:{named}"
    return Trial(promotion.name, tag, digest, target, verdict, taken)


async def _taken(parts: Parts, found: InForce, tag: str, digest: str) -> str:
    """Say that the tag in the target holds something else; "" where it does not, or that cannot be seen."""
    writer, target = await pusher(parts, found), found.promotion.target
    assert not isinstance(writer, Unusable)
    try:
        access = (await opened(parts, target.host, writer)).access
        there = await parts.registries.head(target.host, target.repository, tag, access)
    except RegistryError:
        return ""
    if there in {None, digest} or found.promotion.overwrite:
        return ""
    return f"{tag} holds other content there already, and `overwrite` is false."
