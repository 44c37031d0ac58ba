"""Which hosts are Azure's registries, and where each logs in."""

import pytest

from bot.registries.kinds import ProviderKind
from bot.registries.providers import provider_of
from tests.registries.providers.azure_parts import HOST


@pytest.mark.parametrize(
    ("host", "login_host"),
    [
        (HOST, "login.microsoftonline.com"),
        ("contoso-e7ggejfuhzhgedc8.azurecr.io", "login.microsoftonline.com"),
        ("contoso.azurecr.cn", "login.partner.microsoftonline.cn"),
        ("contoso.azurecr.us", "login.microsoftonline.us"),
        ("contoso.azurecr.de", "login.microsoftonline.de"),
    ],
)
def test_a_registry_logs_in_at_its_own_cloud(host: str, login_host: str) -> None:
    assert provider_of(host).kind is ProviderKind.AZURE
    assert provider_of(host).api_hosts(host) == {login_host}


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.azurecr.io.attacker",
        "contoso.azurecr.io:443",
        "contoso.azurecr.io\n",
        "contosoxazurecr.io",
        "contoso.azurecrxio",
        "contoso.azurecr.com",
        "a.contoso.azurecr.io",
        "evil.tld/contoso.azurecr.io",
        "four.azurecr.io",
        ".azurecr.io",
        "azurecr.io",
        "-contoso.azurecr.io",
        "contoso-.azurecr.io",
        f"{'a' * 51}.azurecr.io",
        "mcr.microsoft.com",
    ],
)
def test_a_host_that_only_looks_like_one_is_nobodys(host: str) -> None:
    assert provider_of(host).kind is ProviderKind.GENERIC
