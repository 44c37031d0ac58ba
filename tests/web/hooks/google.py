"""A Google small enough for a test: it publishes keys, and signs the tokens that Pub/Sub sends."""

import asyncio
import json
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from tests.web.conftest import NOW

AUDIENCE = "https://niro.example/pubsub"
EMAIL = "pusher@my-project.iam.gserviceaccount.com"

# As https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions#jwt_format shows them.
CLAIMS = {
    "aud": AUDIENCE,
    "azp": "113774264463038321964",
    "email": EMAIL,
    "sub": "113774264463038321964",
    "email_verified": True,
    "iat": int(NOW.timestamp()) - 5,
    "exp": int(NOW.timestamp()) + 3595,
    "iss": "https://accounts.google.com",
}


@cache
def private_key(name: str) -> RSAPrivateKey:
    del name
    return generate_private_key(65537, 2048)


def published(name: str) -> dict[str, Any]:
    """A key as https://www.googleapis.com/oauth2/v3/certs publishes it."""
    numbers = jwt.algorithms.RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    return {"kty": "RSA", "kid": name, "use": "sig", "alg": "RS256", "n": numbers["n"], "e": numbers["e"]}


def token(name: str = "one", head: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token signed by one of Google's keys; a claim that is None is left out."""
    said = {key: value for key, value in {**CLAIMS, **claims}.items() if value is not None}
    return jwt.PyJWS().encode(json.dumps(said).encode(), private_key(name), "RS256", {"kid": name, **(head or {})})


class Google:
    """The keys that are published now, how they are answered, and how often they were asked for."""

    def __init__(self) -> None:
        self.address = ""
        self.begin_anew()

    def begin_anew(self) -> None:
        """Answer as at the beginning, and forget who asked."""
        self.asked = 0
        self.names = ["one"]
        self.status = 200
        self.headers_sent = {"Cache-Control": "public, max-age=20000, must-revalidate, no-transform"}
        self.body: bytes | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.came = asyncio.Event()

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/{path:.*}", self.answer)
        return application

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        self.came.set()
        await self.open.wait()
        body = json.dumps({"keys": [published(name) for name in self.names]}).encode()
        return web.Response(status=self.status, body=self.body or body, headers=self.headers_sent)

    def headers(self, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {token(**claims)}"}
