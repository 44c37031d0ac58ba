"""Whether an installation was given the permissions of a use: asked by minting a token, and remembered."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.github.errors import Forbidden
from bot.github.scopes import Access

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

REFUSAL_HOLDS: Final = timedelta(minutes=10)
"""How long a no is believed; a yes is as long as the token is kept."""

_MOST_KEPT: Final = 20_000


class Grants:
    """What installations were refused lately. `mint` gets a token for an access, kept or new."""

    def __init__(self, mint: Callable[[Access], Awaitable[object]], clock: Callable[[], datetime]) -> None:
        self._mint = mint
        self._clock = clock
        self._refused: OrderedDict[Access, datetime] = OrderedDict()

    async def granted(self, access: Access) -> bool:
        """Tell whether a token for `access` can be had. Raises what else keeps GitHub from minting one."""
        of_installation = Access(access.installation, None, access.scope)
        refused = self._refused.get(of_installation)
        if refused is not None and self._clock() < refused + REFUSAL_HOLDS:
            return False
        try:
            await self._mint(access)
        except Forbidden:
            self._remember(of_installation)
            return False
        self._refused.pop(of_installation, None)
        return True

    def _remember(self, access: Access) -> None:
        self._refused[access] = self._clock()
        self._refused.move_to_end(access)
        while len(self._refused) > _MOST_KEPT:
            self._refused.popitem(last=False)
