"""How a command gets what flows use: the store beside a running bot, registries, and GitHub as the App sees it."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.cli.mistakes import BadSetting
from bot.cli.storing import opened_store
from bot.logs import configure_logs, keep_out_of_logs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.flows.parts import Parts
    from bot.settings import Settings


@asynccontextmanager
async def opened_parts(settings: Settings) -> AsyncIterator[Parts]:
    """Open the parts that flows use, as the running bot has them but for work of its own; close them at the end.

    What flows log goes to standard error, from warnings upwards. Raises BadSetting without the App's credentials.
    """
    from bot.flows.parts import Parts  # noqa: PLC0415 - the other commands start faster without it
    from bot.github import GitHub, open_session  # noqa: PLC0415
    from bot.process_pool import ProcessPool  # noqa: PLC0415
    from bot.registries import Registries, guarded_sessions  # noqa: PLC0415
    from bot.signatures import Signatures  # noqa: PLC0415

    if not settings.registered:
        raise BadSetting("NIRO_APP_ID: the App's credentials are not set; give this command those of the running bot")
    configure_logs(settings.log_format, "warning")
    keep_out_of_logs(settings.secrets)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened_store(settings))
        session = await stack.enter_async_context(open_session())
        guarded = await stack.enter_async_context(guarded_sessions())
        github = GitHub(session, settings.app_id, settings.key, settings.github_url, pace=store.pacing, clock=_now)
        yield Parts(
            store=store,
            github=github,
            registries=Registries(guarded, insecure_hosts=settings.insecure_registries, clock=_now),
            clock=_now,
            executor=stack.enter_context(ProcessPool()),
            settle=settings.settle,
            allowed_accounts=settings.allowed_accounts,
            grants=settings.grants,
            hide=keep_out_of_logs,
            signatures=Signatures(settings.sigstore_trusted_root),
            severities=settings.severities,
        )


def _now() -> datetime:
    return datetime.now(UTC)
