"""Asks a scripted server, as if it were a registry of some kind, when tags were pushed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from yarl import URL

from bot.registries import Registries
from bot.registries.kinds import ProviderKind
from bot.registries.providers import PROVIDERS
from bot.registries.providers.docker_hub import DOCKER_HUB, HubApi
from bot.registries.providers.provider import PushTime
from tests.registries.conftest import Clock, RegistriesFor, credential
from tests.registries.scripted import ScriptedServer

Ask = Callable[..., Awaitable[tuple[PushTime, ...]]]
PATHS = {
    ProviderKind.DOCKER_HUB: "/v2/namespaces/team/repositories/api/tags",
    ProviderKind.QUAY: "/api/v1/repository/team/api/tag/",
    ProviderKind.HARBOR: "/api/v2.0/projects/team/repositories/api/artifacts",
    ProviderKind.ZOT: "/v2/_zot/ext/search",
}
"""What is asked about the repository team/api."""
DIGEST = f"sha256:{'a' * 64}"


@pytest.fixture
def registries(
    scripted: ScriptedServer, registries_for: RegistriesFor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Registries:
    """A client for the scripted server, which is also where Docker Hub's API answers."""

    def seconds() -> float:
        return clock().timestamp()

    hub = HubApi(URL(f"http://{scripted.host}"), seconds)
    here = replace(DOCKER_HUB, api_hosts=lambda _host: frozenset({scripted.host}), push_times=hub.push_times)
    monkeypatch.setitem(PROVIDERS, ProviderKind.DOCKER_HUB, here)
    return registries_for(scripted.host)


@pytest.fixture
def ask(scripted: ScriptedServer, registries: Registries) -> Ask:
    """Ask when tags of team/api were pushed; with a credential that has no secret, unless told otherwise."""

    async def ask(
        kind: ProviderKind, *wanted: str, repository: str = "team/api", **options: Any
    ) -> tuple[PushTime, ...]:
        host = "docker.io" if kind is ProviderKind.DOCKER_HUB else scripted.host
        nobody = {"secret": "", "username": ""}
        access = credential(host, kind=kind, **(nobody | options))
        return await registries.push_times(host, repository, access, frozenset(wanted))

    return ask
