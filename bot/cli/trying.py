"""How a command tries a credential at its registry, and what it says when the registry does not take it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from bot.cli.mistakes import BadInput, CannotRead
from bot.cli.running import run
from bot.cli.storing import opened_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from bot.flows.credentials import Means
    from bot.registries.verification import Verification
    from bot.settings import Settings

T = TypeVar("T")


def try_at_registry(
    settings: Settings,
    work: Callable[[Means], Coroutine[object, object, T]],
    *,
    otherwise: str = "",
    check_keys: bool = False,
) -> T:
    """Do what asks a registry; `otherwise` is a sentence about what stays as it was when it fails.

    Raises BadInput for what the caller can mend, CannotRead for what the registry says.
    """
    from bot.cli.refusals import refusal  # noqa: PLC0415 - the other commands start faster without it
    from bot.flows.credentials import ChangedMeanwhile, InvalidCredential, NoSuchCredential, Unproven  # noqa: PLC0415
    from bot.registries import RegistryError  # noqa: PLC0415

    async def ask() -> T:
        async with _means(settings, check_keys=check_keys) as means:
            return await work(means)

    try:
        return run(ask())
    except (InvalidCredential, NoSuchCredential) as error:
        raise BadInput(str(error)) from None
    except Unproven as error:
        raise BadInput(f"{error}. {otherwise}".rstrip()) from None
    except ChangedMeanwhile as error:
        raise CannotRead(str(error)) from None
    except RegistryError as error:
        raise CannotRead(f"{refusal(error)}. {otherwise}".rstrip()) from None


def proof(verification: Verification, repository: str) -> str:
    """Say in a sentence how far a registry proved a credential."""
    from bot.registries.verification import Verification  # noqa: PLC0415

    if verification is Verification.PROVEN:
        return f"it reads {repository}, which nobody reads without one."
    if verification is Verification.PUSHES:
        return f"it pushes to {repository}, which nobody does without one. Nothing was left there."
    return f"the registry took it. Anybody can read {repository}: a private repository would prove more."


@asynccontextmanager
async def _means(settings: Settings, *, check_keys: bool) -> AsyncIterator[Means]:
    """Open the store, and connections that go only where the operator lets them."""
    from bot.flows.credentials import Means  # noqa: PLC0415
    from bot.registries import Registries, guarded_sessions  # noqa: PLC0415

    async with opened_store(settings, check_keys=check_keys) as store, guarded_sessions() as sessions:
        registries = Registries(sessions, insecure_hosts=settings.insecure_registries)
        yield Means(store, registries, settings.grants, datetime.now(UTC))
