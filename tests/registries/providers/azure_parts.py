"""Readers with applications' secrets, and an Azure that lets them in, in the shapes of Azure's documents."""

import base64
import json
from typing import Any

from yarl import URL

from bot.registries.access import Access
from bot.registries.providers.azure import Azure
from tests.registries.conftest import Clock, credential
from tests.registries.scripted import Reply, ScriptedServer

HOST = "contoso.azurecr.io"
TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
CLIENT = "00001111-aaaa-2222-bbbb-3333cccc4444"
SECRET = "s3cret~client"
NOBODY = "00000000-0000-0000-0000-000000000000"
DISCOVERY = f"/{TENANT}/v2.0/.well-known/openid-configuration"
ENTRA = f"/{TENANT}/oauth2/v2.0/token"
EXCHANGE = "/oauth2/exchange"
# "Microsoft identity platform and the OAuth 2.0 client credentials flow": the answer with a token.
ENTRA_TOKEN = {"token_type": "Bearer", "expires_in": 3599, "access_token": "s3cret-entra"}


def discovered(**fields: str) -> Reply:
    """Where a tenant logs in ("OpenID Connect on the Microsoft identity platform")."""
    server = "https://login.microsoftonline.com"
    issuer = f"{server}/{TENANT}/v2.0"
    endpoints = {"authorization_endpoint": f"{server}/authorize", "token_endpoint": f"{server}{ENTRA}"}
    return Reply(body={"issuer": issuer} | endpoints | fields)


def ended(clock: Clock, seconds: float, **claims: Any) -> str:
    """A JSON Web Token that ends so many seconds from now; signed by nobody."""
    payload = json.dumps({"exp": int(clock().timestamp() + seconds)} | claims).encode()
    return f"eyJhbGciOiJub25lIn0.{base64.urlsafe_b64encode(payload).decode().rstrip('=')}.s3cret"


def reader(secret: str = SECRET, username: str = f"{TENANT}/{CLIENT}", host: str = HOST, **options: Any) -> Access:
    """A reader with an application's secret, unless told otherwise."""
    return credential(host, secret, username=username, **options)


def of_machine(host: str = HOST, **options: Any) -> Access:
    return credential(host, "", username="", id="operator:1", ambient=True, **options)


def willing(scripted: ScriptedServer, clock: Clock) -> Azure:
    """Azure, with all of its servers on this machine and willing."""
    scripted.on(DISCOVERY, discovered()).on(ENTRA, Reply(body=ENTRA_TOKEN))
    scripted.on(EXCHANGE, Reply(body={"refresh_token": ended(clock, 3 * 3600)}))
    return Azure(lambda _host: URL(f"http://{scripted.host}"))
