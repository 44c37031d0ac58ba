"""Tokens of Microsoft Entra: for an application with its secret, and for the identity that this machine has."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from yarl import URL

from bot.registries.errors import RegistryRefused
from bot.registries.providers.cloud_library import run_aside
from bot.registries.transport import Answer

EXTRA = "azure"
SCOPE = "https://containerregistry.azure.net/.default"
GUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
DOMAIN = r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,62}\.){1,8}[A-Za-z]{2,24}"
USERNAME = re.compile(rf"({GUID}|{DOMAIN})/({GUID})")
# The only words of Microsoft's that get into an error.
CODE = re.compile(r"AADSTS[0-9]{4,8}")

# From method, address, headers and body to the answer. Raises RegistryError.
Send = Callable[[str, URL, Mapping[str, str], bytes | None], Coroutine[Any, Any, Answer]]


@dataclass(frozen=True, slots=True)
class LoginServer:
    """Where an application logs in: the one name that may be asked, and where it answers."""

    name: str
    origin: URL


@dataclass(frozen=True, slots=True)
class Application:
    """An application that was registered in Microsoft Entra. tenant: its directory, a GUID or a domain."""

    tenant: str
    client: str
    secret: SecretStr

    @classmethod
    def of(cls, username: str, secret: SecretStr) -> "Application | None":
        """Read a user name `TENANT/CLIENT`; None for every other form."""
        match = USERNAME.fullmatch(username)
        return cls(match[1], match[2], secret) if match else None


async def token_of_application(host: str, application: Application, server: LoginServer, send: Send) -> SecretStr:
    """Return a token for Azure's registries; every request goes through `send`, to that server only.

    Raises RegistryRefused when Microsoft refuses the application or its secret, and all that `send` raises.
    """
    loop = asyncio.get_running_loop()
    return await run_aside(host, EXTRA, lambda: _ask_as_application(host, application, server, send, loop))


def _ask_as_application(
    host: str, application: Application, server: LoginServer, send: Send, loop: asyncio.AbstractEventLoop
) -> SecretStr:
    from azure.core.exceptions import ClientAuthenticationError  # noqa: PLC0415 - an extra, and slow to load
    from azure.identity import ClientSecretCredential  # noqa: PLC0415

    from bot.registries.providers.azure_bridge import Bridge  # noqa: PLC0415 - imports the extra

    bridge = Bridge(host, server, send, loop)
    credential = ClientSecretCredential(
        application.tenant,
        application.client,
        application.secret.get_secret_value(),
        authority=server.name,
        disable_instance_discovery=True,
        transport=bridge,
        retry_total=0,
    )
    try:
        return SecretStr(credential.get_token(SCOPE).token)
    except (ClientAuthenticationError, ValueError) as error:
        code = CODE.search(str(error))
        told = f" ({code[0]})" if code else ""
        sentence = (
            f"is not logged in to: Microsoft Entra refuses the application{told}; check tenant, client and secret"
        )
        raise bridge.failure or RegistryRefused(host, sentence) from None


async def token_of_machine(host: str, login_host: str) -> SecretStr:
    """Return a token of this machine's identity: a workload's, a managed one, or an application of the environment.

    Tools of developers and their shells are never asked. Raises RegistryRefused.
    """
    return await run_aside(host, EXTRA, lambda: _ask_as_machine(host, login_host))


def _ask_as_machine(host: str, login_host: str) -> SecretStr:
    from azure.core.exceptions import ClientAuthenticationError  # noqa: PLC0415 - an extra, and slow
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415

    credential = DefaultAzureCredential(
        authority=login_host,
        exclude_shared_token_cache_credential=True,
        exclude_visual_studio_code_credential=True,
        exclude_cli_credential=True,
        exclude_developer_cli_credential=True,
        exclude_powershell_credential=True,
        exclude_interactive_browser_credential=True,
        exclude_broker_credential=True,
        retry_total=1,
    )
    with credential:
        try:
            return SecretStr(credential.get_token(SCOPE).token)
        except ClientAuthenticationError:
            raise RegistryRefused(host, "is not logged in to: this machine has no identity of Azure's") from None
