"""What an explained policy asks for and the running bot does not do yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.policies import PolicyFile

if TYPE_CHECKING:
    from bot.explaining.policy_files import FoundPolicy

_NOTHING_FOR_FLUX: Final = "The running bot writes nothing for Flux's objects yet."


def not_done_yet(found: FoundPolicy) -> tuple[str, ...]:
    """Say in sentences what of a policy the running bot would not do; the flows' own table tells."""
    if found.flux is None:
        return ()
    from bot.flows.not_yet import not_yet  # noqa: PLC0415 - the flows take long to import, and are seldom asked

    return (_NOTHING_FOR_FLUX,) if not_yet(PolicyFile(enabled=True, images=(), flux=found.flux), "") else ()
