"""Where a registry answers, and which token servers are believed."""

import pytest
from yarl import URL

from bot.registries import UntrustedRealm
from bot.registries.endpoints import Endpoint, endpoint, trusted_realm
from bot.registries.providers import provider_of

TRUSTED = [
    ("docker.io", "https://auth.docker.io/token"),
    ("ghcr.io", "https://ghcr.io/token"),
    ("quay.io", "https://quay.io/v2/auth"),
    ("europe-docker.pkg.dev", "https://europe-docker.pkg.dev/v2/token"),
    ("acme.azurecr.io", "https://acme.azurecr.io/oauth2/token"),
    ("registry.gitlab.com", "https://gitlab.com/jwt/auth"),
    ("lscr.io", "https://ghcr.io/token"),
    ("registry.digitalocean.com", "https://api.digitalocean.com/v2/registry/auth"),
    ("docker.elastic.co", "https://docker-auth.elastic.co/auth"),
    ("registry.example:5000", "https://registry.example:5000/token"),
    ("registry.example", "https://registry.example:443/token"),
    ("registry.example", "https://listed.example/token"),
    ("registry.example", "https://ported.example:8443/token"),
    ("insecure.example:5000", "http://insecure.example:5000/token"),
]

UNTRUSTED = [
    ("another public host", "registry.example", "https://evil.example/token"),
    ("a provider's token server for somebody else", "registry.example", "https://auth.docker.io/token"),
    ("a name that only ends the same", "docker.io", "https://auth.docker.io.evil.example/token"),
    ("a name that only begins the same", "ghcr.io", "https://ghcr.io.evil.example/token"),
    ("another port", "registry.example", "https://registry.example:8443/token"),
    ("a listed name on another port", "registry.example", "https://ported.example/token"),
    ("http", "registry.example", "http://registry.example/token"),
    ("http to a listed host", "registry.example", "http://listed.example/token"),
    ("http for a provider", "docker.io", "http://auth.docker.io/token"),
    ("another scheme", "registry.example", "file:///etc/passwd"),
    ("a user in the address", "registry.example", "https://registry.example@evil.example/token"),
    ("a user at the right host", "registry.example", "https://user:pass@registry.example/token"),
    ("a relative address", "registry.example", "/token"),
    ("an address relative to the scheme", "registry.example", "//registry.example/token"),
    ("a port that is none", "registry.example", "https://registry.example:port/token"),
    ("nothing", "registry.example", ""),
]

TOKEN_HOSTS = frozenset({"listed.example", "ported.example:8443"})
INSECURE = frozenset({"insecure.example:5000"})


def of(host: str) -> Endpoint:
    return endpoint(host, provider_of(host), INSECURE)


@pytest.mark.parametrize(("host", "realm"), TRUSTED)
def test_a_realm_of_the_same_house_is_trusted(host: str, realm: str) -> None:
    assert trusted_realm(of(host), realm, TOKEN_HOSTS, INSECURE) == URL(realm)


@pytest.mark.parametrize(("host", "realm"), [case[1:] for case in UNTRUSTED], ids=[case[0] for case in UNTRUSTED])
def test_any_other_realm_is_refused(host: str, realm: str) -> None:
    with pytest.raises(UntrustedRealm):
        trusted_realm(of(host), realm, TOKEN_HOSTS, INSECURE)


def test_docker_hub_answers_elsewhere_than_images_say() -> None:
    address = of("docker.io").address("library/nginx", "tags/list")
    assert str(address) == "https://registry-1.docker.io/v2/library/nginx/tags/list"


def test_only_hosts_named_insecure_are_spoken_to_by_http() -> None:
    assert of("insecure.example:5000").origin.scheme == "http"
    assert of("insecure.example").origin.scheme == "https"
