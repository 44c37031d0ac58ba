"""Readers with keys of Amazon's, and an API in the shapes of the Amazon ECR API Reference."""

import base64
from typing import Any

from aiohttp import web
from yarl import URL

from bot.registries.access import Access
from bot.registries.providers.amazon import Amazon
from tests.registries.conftest import credential
from tests.registries.scripted import Reply

ACCOUNT = "123456789012"
REGION = "eu-west-1"
HOST = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
PUBLIC = "public.ecr.aws"
KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # of Amazon's own documents


def keys(secret: str = SECRET, username: str = KEY, host: str = HOST, **options: Any) -> Access:
    """A reader with keys of Amazon's."""
    return credential(host, secret, username=username, **options)


def of_machine(host: str = HOST) -> Access:
    return keys("", "", host, id="operator:1", ambient=True)


def at(host: str) -> Amazon:
    """Amazon, with its API at a server (`name:port`) of this machine."""
    return Amazon(lambda _place: URL(f"http://{host}"))


def login_reply(token: str = base64.b64encode(b"AWS:s3cret-password").decode(), **fields: Any) -> Reply:
    """GetAuthorizationToken's answer, after its example in the Amazon ECR API Reference."""
    data = {"authorizationToken": token, "expiresAt": 4e9, "proxyEndpoint": f"https://{HOST}"} | fields
    return Reply(body={"authorizationData": [data]})


def refusal(code: str, status: int = 400) -> Reply:
    """An error in AWS JSON 1.1 (Smithy), whose words may name anything."""
    return Reply(status, {"__type": code, "message": f"s3cret-message of {KEY}"})


class Questions:
    """Answers as an API, and keeps what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self._replies = list(replies)

    async def __call__(self, request: web.Request) -> Reply:
        self.bodies.append(await request.json())
        self.headers.append(dict(request.headers))
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
