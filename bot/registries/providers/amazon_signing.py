"""Keys of Amazon accounts, stored ones and this machine's, and requests that are signed with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from yarl import URL

from bot.registries.credentials import Credential
from bot.registries.errors import RegistryRefused, RegistryUnavailable
from bot.registries.providers.amazon_hosts import Place
from bot.registries.providers.cloud_library import run_aside

EXTRA = "aws"
# What `aws ecr get-login-password` is used with: the secret is the registry's password already.
READY_USERNAME = "AWS"
# "Understanding unique ID prefixes" in the IAM User Guide: AKIA is a lasting key, ASIA one of a session.
LASTING_KEY = re.compile(r"AKIA[A-Z0-9]{12,124}")
SESSION_KEY = re.compile(r"ASIA[A-Z0-9]{12,124}")
SECRET = re.compile(r"[!-9;-~]{1,8192}")


@dataclass(frozen=True, slots=True)
class Keys:
    """What requests are signed with. session: the token of keys that end."""

    access_key: str
    secret: SecretStr = field(repr=False)
    session: SecretStr | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What the API is asked. origin: where it answers; the signature covers that host."""

    origin: URL
    action: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """How a question is sent: its address, its headers, and the Authorization beside them."""

    url: URL
    headers: Mapping[str, str] = field(repr=False)
    authorization: SecretStr


def stored_keys(host: str, credential: Credential) -> Keys:
    """Return the keys that a credential holds: user name AKIA… with SECRET, or ASIA… with SECRET:SESSIONTOKEN.

    Raises RegistryRefused for every other form. What this machine has is never looked at.
    """
    secret, colon, session = credential.secret.get_secret_value().partition(":")
    lasts = LASTING_KEY.fullmatch(credential.username) is not None
    if not lasts and not SESSION_KEY.fullmatch(credential.username):
        sentence = f"wants an access key's id (AKIA… or ASIA…) as user name, or {READY_USERNAME} with a ready password"
        raise RegistryRefused(host, sentence)
    usable = SECRET.fullmatch(secret) and (SECRET.fullmatch(session) if colon else lasts)
    if not usable:
        raise RegistryRefused(host, "wants a secret access key as secret, and for ASIA… keys SECRETKEY:SESSIONTOKEN")
    return Keys(credential.username, SecretStr(secret), SecretStr(session) if session else None)


class MachineKeys:
    """The keys that this machine has: of the environment, an instance's role, a pod's or a web identity.

    Once found they are kept for the process: the library renews those that end.
    """

    def __init__(self) -> None:
        self._found: Any = None

    async def get(self, host: str) -> Keys:
        """Return the keys of now; raises RegistryRefused when there are none, else RegistryUnavailable."""
        return await run_aside(host, EXTRA, lambda: self._look(host))

    def _look(self, host: str) -> Keys:
        import botocore.session  # noqa: PLC0415 - an extra, and slow to load
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError  # noqa: PLC0415

        try:
            found = self._found or botocore.session.Session().get_credentials()
            if found is None:
                raise RegistryRefused(host, "is not logged in to: this machine has no keys of Amazon's")
            frozen = found.get_frozen_credentials()
        except HTTPClientError as error:
            self._found = None
            sentence = f"is not logged in to: this machine's keys cannot be asked for ({type(error).__name__})"
            raise RegistryUnavailable(host, sentence) from None
        except (BotoCoreError, ClientError) as error:
            self._found = None
            sentence = f"is not logged in to: this machine's keys cannot be used ({type(error).__name__})"
            raise RegistryRefused(host, sentence) from None
        self._found = found
        session = SecretStr(frozen.token) if frozen.token else None
        return Keys(frozen.access_key, SecretStr(frozen.secret_key), session)


async def sign(host: str, place: Place, keys: Keys, question: Question) -> Signed:
    """Sign a question in AWS JSON 1.1 with Signature Version 4, as botocore does ("Signing AWS API requests").

    Raises RegistryRefused when the library is missing.
    """
    return await run_aside(host, EXTRA, lambda: _signed(place, keys, question))


def _signed(place: Place, keys: Keys, question: Question) -> Signed:
    from botocore.auth import SigV4Auth  # noqa: PLC0415 - an extra, and slow to load
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.credentials import Credentials  # noqa: PLC0415

    url = question.origin.with_path("/")
    wanted = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"{place.target}.{question.action}"}
    request = AWSRequest("POST", str(url), headers=wanted, data=question.body)
    session = keys.session.get_secret_value() if keys.session else None
    credentials = Credentials(keys.access_key, keys.secret.get_secret_value(), session)
    SigV4Auth(credentials, place.service, place.region).add_auth(request)
    headers = {name: str(value) for name, value in request.headers.items()}
    authorization = headers.pop("Authorization")
    return Signed(url, headers, SecretStr(authorization))
