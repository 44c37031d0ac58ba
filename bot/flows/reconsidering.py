"""When to look at an image again although nothing happened: a tag will be old enough, or a restriction ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.jobs.performing import performs
from bot.jobs.work import ReconsiderImage, ScanImage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.bumps import Decisions
    from bot.flows.parts import Parts
    from bot.flows.readers import Reader
    from bot.policies import ImagePolicy


async def reconsider(
    parts: Parts, policies: Iterable[ImagePolicy], decisions: Decisions, readers: Mapping[str, Reader]
) -> None:
    """Ask for another look at each image whose decision the passing of time may change, at the first such moment.

    That is work of its own: what happens to an image before then is looked at when it happens. `readers`: who reads
    each image, by its name.
    """
    images = {policy.name: policy.image for policy in policies}
    now = parts.clock()
    for (policy, _), decision in decisions.items():
        if decision.reconsider_at is not None and decision.reconsider_at > now:
            image = images[policy]
            work = ReconsiderImage(image.host, image.repository, readers[image.name].id)
            await parts.ask_later(work, decision.reconsider_at)


@performs(ReconsiderImage)
async def reconsider_image(work: ReconsiderImage, parts: Parts) -> None:
    """The moment has come: look at the image."""
    await parts.ask(ScanImage(work.host, work.repository, work.credential))
