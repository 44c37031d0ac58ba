"""Whose registry a host is, and which other hosts belong to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.registries.kinds import ProviderKind
from bot.registries.providers import PROVIDERS, provider_of
from tests.registries.conftest import credential


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("docker.io", ProviderKind.DOCKER_HUB),
        ("registry-1.docker.io", ProviderKind.DOCKER_HUB),
        ("ghcr.io", ProviderKind.GITHUB),
        ("quay.io", ProviderKind.QUAY),
        ("registry.gitlab.com", ProviderKind.GITLAB),
        ("acme.jfrog.io", ProviderKind.JFROG),
        ("a-1.jfrog.io", ProviderKind.JFROG),
        ("a.jfrog.io", ProviderKind.JFROG),
        ("registry.example", ProviderKind.GENERIC),
        ("lscr.io", ProviderKind.GENERIC),
    ],
)
def test_a_host_tells_whose_it_is(host: str, kind: ProviderKind) -> None:
    assert provider_of(host).kind is kind


OWN_NAMES = ["docker.io", "registry-1.docker.io", "ghcr.io", "quay.io", "registry.gitlab.com", "acme.jfrog.io"]


@pytest.mark.parametrize("own", OWN_NAMES)
@pytest.mark.parametrize(
    "written",
    [
        "evil-{}",
        "evil.{}.evil.example",
        "evil.{}",
        "x{}",
        "{}.evil.example",
        "{}x",
        "{}-evil.example",
        "{}:443",
        "{}:5000",
        "{}.",
        ".{}",
        "{}/",
        " {}",
        "{} ",
        "{}\n",
        "user@{}",
        "evil.example/{}",
        "evil.example#{}",
        "[{}]",
    ],
)
def test_a_host_that_only_looks_like_it_is_nobodys(own: str, written: str) -> None:
    host = written.format(own)
    # A name before jfrog.io belongs to whoever bought it there: it is no more than a customer's.
    if own == "acme.jfrog.io" and written in {"evil-{}", "x{}"}:
        assert provider_of(host).kind is ProviderKind.JFROG
    else:
        assert provider_of(host).kind is ProviderKind.GENERIC


@pytest.mark.parametrize(
    "host",
    [
        "QUAY.IO",
        "Docker.io",
        "dockerXio",
        "ghcrXio",
        "quay-io",
        "registryXgitlab.com",
        "gitlab.com",
        "hub.docker.com",
        "auth.docker.io",
        "a.b.jfrog.io",
        "jfrog.io",
        ".jfrog.io",
        "-a.jfrog.io",
        "a-.jfrog.io",
        "A.jfrog.io",
        "\u212bcme.jfrog.io",
        "acmeXjfrog.io",
        "acme.jfrogXio",
        "",
    ],
)
def test_a_host_that_is_written_otherwise_is_nobodys(host: str) -> None:
    assert provider_of(host).kind is ProviderKind.GENERIC


LABELS = ["docker", "registry-1", "ghcr", "quay", "registry", "gitlab", "jfrog", "acme", "io", "com", "aws", "dev"]
LABELS += ["123456789012", "dkr", "ecr", "ecr-fips", "eu-west-1", "amazonaws", "public", "azurecr", "azure", "cn"]
LABELS += ["gcr", "eu", "europe-docker", "pkg", "on", "cn-north-1", "us"]


@given(st.lists(st.sampled_from(LABELS), min_size=1, max_size=7).map(".".join))
def test_a_host_belongs_to_one_provider_at_most(host: str) -> None:
    assert len([provider for provider in PROVIDERS.values() if provider.recognises(host)]) <= 1


@pytest.mark.parametrize("host", OWN_NAMES)
def test_each_name_of_a_providers_own_is_one_providers(host: str) -> None:
    assert len([provider for provider in PROVIDERS.values() if provider.recognises(host)]) == 1


@pytest.mark.parametrize(
    "kind",
    [ProviderKind.HARBOR, ProviderKind.ZOT, ProviderKind.QUAY, ProviderKind.GITLAB, ProviderKind.JFROG],
)
def test_a_credential_tells_whose_kind_a_host_of_its_own_name_is(kind: ProviderKind) -> None:
    assert provider_of("registry.example", credential("registry.example", kind=kind)).kind is kind


@pytest.mark.parametrize("kind", [None, ProviderKind.GENERIC])
def test_without_a_kind_a_host_of_its_own_name_is_generic(kind: ProviderKind | None) -> None:
    assert provider_of("registry.example", credential("registry.example", kind=kind)).kind is ProviderKind.GENERIC


@pytest.mark.parametrize("host", OWN_NAMES)
@pytest.mark.parametrize("kind", list(ProviderKind))
def test_no_credential_makes_a_providers_host_anothers(host: str, kind: ProviderKind) -> None:
    assert provider_of(host, credential(host, kind=kind)) is provider_of(host)


@pytest.mark.parametrize("kind", [kind for kind in PROVIDERS if kind is not ProviderKind.GENERIC])
def test_no_kind_leads_another_host_anywhere_else(kind: ProviderKind) -> None:
    host = "registry.example"
    provider = PROVIDERS[kind]
    assert (provider.endpoint(host), provider.token_hosts(host)) == (host, frozenset())


@pytest.mark.parametrize(
    ("host", "endpoint", "token_hosts", "api_hosts"),
    [
        ("docker.io", "registry-1.docker.io", {"auth.docker.io"}, {"hub.docker.com"}),
        ("registry-1.docker.io", "registry-1.docker.io", {"auth.docker.io"}, {"hub.docker.com"}),
        ("ghcr.io", "ghcr.io", set(), set()),
        ("quay.io", "quay.io", set(), set()),
        ("registry.gitlab.com", "registry.gitlab.com", {"gitlab.com"}, set()),
        ("acme.jfrog.io", "acme.jfrog.io", set(), set()),
        ("registry.digitalocean.com", "registry.digitalocean.com", {"api.digitalocean.com"}, set()),
        ("docker.elastic.co", "docker.elastic.co", {"docker-auth.elastic.co"}, set()),
        ("lscr.io", "lscr.io", {"ghcr.io"}, set()),
        ("registry.example", "registry.example", set(), set()),
    ],
)
def test_a_secret_may_go_to_these_hosts_beside_the_registry(
    host: str, endpoint: str, token_hosts: set[str], api_hosts: set[str]
) -> None:
    provider = provider_of(host)
    assert provider.endpoint(host) == endpoint
    assert provider.token_hosts(host) == token_hosts
    assert provider.api_hosts(host) == api_hosts


def test_those_that_tell_no_times_of_pushes_are_not_asked() -> None:
    silent = {kind for kind, provider in PROVIDERS.items() if provider.push_times is None}
    assert silent & {ProviderKind.GITHUB, ProviderKind.GITLAB, ProviderKind.JFROG, ProviderKind.GENERIC} == {
        ProviderKind.GITHUB,
        ProviderKind.GITLAB,
        ProviderKind.JFROG,
        ProviderKind.GENERIC,
    }
