"""Beginning what a person asks for: a run for each tag that stands in a promotion's source now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.judging_again import ASKED, anew, why_not
from bot.flows.promotion_runs import reopened
from bot.flows.promotion_trial import NothingToTry, promotions_wanted
from bot.flows.promotions import new_run, opened_source
from bot.jobs.work import PromoteImage
from bot.promotion import candidates
from bot.registries import Unusable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce


async def begin_all(parts: Parts, full_name: str, promotion: str | None, doing: Callable[[str], None]) -> int:
    """Have every tag judged that a repository's promotions, or one of them, could take; returns how many.

    What was promoted or is proposed already is left out. `doing` is told what is being asked. Raises NothingToTry,
    RegistryError and ReaderUnfit.
    """
    begun = 0
    for found in await promotions_wanted(parts, full_name, promotion):
        doing(f"asking {found.promotion.source.host} what its tags stand for")
        begun += await _begin(parts, found)
    return begun


async def _begin(parts: Parts, found: InForce) -> int:
    reader = await opened_source(parts, found)
    if isinstance(reader, Unusable):
        raise NothingToTry(f"{found.promotion.name}: {reader.sentence}")
    source = found.promotion.source
    listed = await parts.registries.tags(source.host, source.repository, reader.access)
    begun = 0
    for tag in candidates(found.promotion, listed.names):
        digest = await parts.registries.head(source.host, source.repository, tag, reader.access)
        if digest is not None:
            begun += await _begin_one(parts, found, tag, digest)
    return begun


async def _begin_one(parts: Parts, found: InForce, tag: str, digest: str) -> bool:
    """Have one image judged; False: it was promoted, or is proposed."""
    run, is_new = await parts.store.promotions.begin(new_run(found, tag, digest, parts.clock()))
    if why_not(run) is not None:
        return False
    if not is_new:
        await reopened(parts, run, ASKED)
    await parts.store.promotions.save(anew(run, parts.clock()), run)
    await parts.ask(PromoteImage(run.installation, run.repository, run.id))
    return True
