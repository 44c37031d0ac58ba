"""Which hosts are Google's registries."""

import pytest

from bot.registries.kinds import ProviderKind
from bot.registries.providers import provider_of


@pytest.mark.parametrize(
    "host",
    [
        "gcr.io",
        "us.gcr.io",
        "eu.gcr.io",
        "asia.gcr.io",
        "mirror.gcr.io",
        "us-docker.pkg.dev",
        "europe-docker.pkg.dev",
        "us-central1-docker.pkg.dev",
        "northamerica-northeast2-docker.pkg.dev",
        "europe-west10-docker.pkg.dev",
    ],
)
def test_a_host_of_googles_is_googles(host: str) -> None:
    assert provider_of(host).kind is ProviderKind.GOOGLE
    assert provider_of(host).api_hosts(host) == {"oauth2.googleapis.com"}


@pytest.mark.parametrize(
    "host",
    [
        "",
        "x-docker.pkg.dev.evil",
        "evil-docker.pkg.dev.evil.tld",
        "evil.tld/us-docker.pkg.dev",
        "-docker.pkg.dev",
        "docker.pkg.dev",
        "us-docker-pkg.dev",
        "us-dockerxpkg.dev",
        "a.us-docker.pkg.dev",
        "us-docker.pkg.dev:443",
        "us-docker.pkg.dev\n",
        "gcr.io.evil.tld",
        "evilgcr.io",
        "evil.gcr.io",
        "gcrxio",
        "us.us.gcr.io",
    ],
)
def test_a_host_that_only_looks_like_one_is_nobodys(host: str) -> None:
    assert provider_of(host).kind is ProviderKind.GENERIC
