"""What copies between two fragile registries need: a source with an image, an empty target, a client."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import web

from bot.registries import ANONYMOUS, CopyOrder, Registries, RegistryError, Side
from tests.registries.conftest import RegistriesFor, credential
from tests.registries.fragile import Fragile

SECRET = "a secret that stays here"
CONTENT = b"the only layer" * 1000


@dataclass
class House:
    """A source with an image, an empty target, and a client."""

    source: Fragile
    target: Fragile
    registries: Registries

    def order(self, **changes: Any) -> CopyOrder:
        source = Side(self.source.host, "team/a", ANONYMOUS)
        target = Side(self.target.host, "team/b", credential(self.target.host, SECRET))
        return replace(CopyOrder(source, target, self.source.tags["1.0"], "1.0", "2.0"), **changes)

    async def fails(self, error: type[RegistryError], **changes: Any) -> RegistryError:
        """Copy, which has to fail without a tag; return how."""
        before = dict(self.target.tags)
        with pytest.raises(error) as caught:
            await self.registries.copy(self.order(**changes))
        assert self.target.tags == before
        assert SECRET not in str(caught.value)
        return caught.value


@asynccontextmanager
async def fragile_house(registries_for: RegistriesFor) -> AsyncIterator[House]:
    """Start both registries; the source has an image of one layer."""
    source, target = Fragile(), Fragile()
    async with AsyncExitStack() as stack:
        for registry in (source, target):
            stack.push_async_callback((await registry.start()).cleanup)
        source.add_image(CONTENT)
        yield House(source, target, registries_for(source.host, target.host))


def when(method: str, part: str, answer: Callable[[], web.Response], *, times: int = 1000) -> Any:
    """Answer so what goes this way to a place with this in its path."""
    left = [times]

    async def hook(request: web.Request) -> web.Response | None:
        if request.method != method or part not in request.path or not left[0]:
            return None
        left[0] -= 1
        return answer()

    return hook
