"""Docker Hub: an endpoint and a token server of other names than its own, and an API that tells times of pushes."""

import re

from bot.images import DOCKER_HUB as DOCKER_HUB_HOST
from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import Provider

DOCKER_HUB = Provider(
    ProviderKind.DOCKER_HUB,
    re.compile(re.escape(DOCKER_HUB_HOST)),
    endpoint=lambda _host: "registry-1.docker.io",
    token_hosts=lambda _host: frozenset({"auth.docker.io"}),
    api_hosts=lambda _host: frozenset({"hub.docker.com"}),
)
