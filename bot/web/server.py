"""The public doors, put together: which address leads to which handler."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from bot.registries.notifications import HookKind
from bot.web.bodies import READING_SECONDS, Bodies, when_read
from bot.web.doors import door
from bot.web.github_webhook import github_webhook
from bot.web.google_keys import GoogleKeys
from bot.web.health import Probe, healthz, readyz
from bot.web.hook_limits import HookLimits
from bot.web.registry_hooks import HookEntrance, registry_hook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.store import Hooks
    from bot.web.intake import Intake


@dataclass(frozen=True, slots=True)
class Doors:
    """What the public doors need: where deliveries go, the webhook's secret, the hooks, and what readiness means.

    A body may take at most `reading_seconds`. `limits` are those of hooks, `google` the keys that Google signs with.
    """

    intake: Intake
    secret: bytes
    hooks: Hooks
    probes: Mapping[str, Probe]
    reading_seconds: float = READING_SECONDS
    limits: HookLimits = field(default_factory=HookLimits)
    google: GoogleKeys = field(default_factory=GoogleKeys)


def public_application(doors: Doors) -> web.Application:
    """Make the application that faces the world once the App is registered."""
    application = web.Application()
    router, bodies = application.router, Bodies(doors.reading_seconds)
    router.add_post(
        "/webhook", door("github", github_webhook(doors.intake, doors.secret, bodies)), expect_handler=when_read
    )
    entrance = HookEntrance(doors.intake, doors.hooks, bodies, doors.limits, doors.google)
    for kind in HookKind:
        handler = door(kind.value, registry_hook(kind, entrance))
        router.add_post(f"/hooks/{kind}/{{id}}/{{secret}}", handler, expect_handler=when_read)

    async def close(_application: web.Application) -> None:
        await doors.google.close()

    application.on_cleanup.append(close)
    router.add_get("/healthz", healthz)
    router.add_get("/readyz", readyz(doors.probes))
    router.add_get("/", _name)
    return application


async def _name(_request: web.Request) -> web.Response:
    """Answer the name, and nothing that helps an attacker."""
    return web.Response(text="Niro bot\n")
