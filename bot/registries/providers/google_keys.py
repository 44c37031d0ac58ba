"""A Google service account's key, as it is pasted: what it may be, and the assertion that is signed with it."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from bot.registries.credentials import Credential
from bot.registries.errors import RegistryRefused
from bot.registries.providers.cloud_library import run_aside

EXTRA = "gcp"
JSON_USERNAME = "_json_key"
BASE64_USERNAME = "_json_key_base64"
SCOPE = "https://www.googleapis.com/auth/cloud-platform.read-only"
AUDIENCE = "https://oauth2.googleapis.com/token"
ASSERTION_LIFE = timedelta(hours=1)
LONGEST_KEY = 64 * 1024
EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,128}@[A-Za-z0-9.-]{1,190}")
KEY_ID = re.compile(r"[0-9A-Za-z_-]{1,128}")
UNIVERSE = "googleapis.com"


@dataclass(frozen=True, slots=True)
class ServiceAccountKey:
    """What of a pasted key is used: nothing in it that names an address or a file."""

    email: str
    key_id: str
    private_key: SecretStr = field(repr=False)

    @classmethod
    def of(cls, host: str, credential: Credential) -> "ServiceAccountKey":
        """Read the secret of a `_json_key` or `_json_key_base64` credential.

        Raises RegistryRefused for all that is no service account's key: other kinds of Google credentials name
        servers to ask and files to read, and are refused by their type.
        """
        fields = _fields(host, credential)
        if fields.get("type") != "service_account":
            raise _not_a_key(host, 'its "type" is not "service_account"')
        if fields.get("universe_domain", UNIVERSE) != UNIVERSE:
            raise _not_a_key(host, f'its "universe_domain" is not "{UNIVERSE}"')
        email, key_id, private_key = (fields.get(name) for name in ("client_email", "private_key_id", "private_key"))
        if not isinstance(email, str) or not EMAIL.fullmatch(email):
            raise _not_a_key(host, 'its "client_email" is no address')
        if not isinstance(key_id, str) or not KEY_ID.fullmatch(key_id):
            raise _not_a_key(host, 'its "private_key_id" is missing')
        if not isinstance(private_key, str) or "PRIVATE KEY-----" not in private_key:
            raise _not_a_key(host, 'its "private_key" is no PEM')
        return cls(email, key_id, SecretStr(private_key))

    async def assertion(self, host: str, now: datetime) -> SecretStr:
        """Return the signed assertion ("Using OAuth 2.0 for Server to Server Applications", Google Identity).

        Raises RegistryRefused when the private key cannot be used, or the library is missing.
        """
        return await run_aside(host, EXTRA, lambda: self._signed(host, now))

    def _signed(self, host: str, now: datetime) -> SecretStr:
        from google.auth import jwt  # noqa: PLC0415 - an extra, and slow to load
        from google.auth.crypt import RSASigner  # noqa: PLC0415

        try:
            signer = RSASigner.from_string(  # type: ignore[no-untyped-call]
                self.private_key.get_secret_value(), self.key_id
            )
        except (ValueError, TypeError):
            raise _not_a_key(host, 'its "private_key" cannot be read') from None
        claims = {
            "iss": self.email,
            "scope": SCOPE,
            "aud": AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + ASSERTION_LIFE).timestamp()),
        }
        assertion: bytes = jwt.encode(signer, claims)  # type: ignore[no-untyped-call]
        return SecretStr(assertion.decode("ascii"))


def _fields(host: str, credential: Credential) -> Mapping[str, Any]:
    text = credential.secret.get_secret_value()
    if len(text) > LONGEST_KEY:
        raise _not_a_key(host, "it is too long")
    try:
        plain = base64.b64decode("".join(text.split()), validate=True) if _is_base64(credential) else text
        fields = json.loads(plain)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise _not_a_key(host, "it is no JSON object")
    return fields


def _is_base64(credential: Credential) -> bool:
    return credential.username == BASE64_USERNAME


def _not_a_key(host: str, why: str) -> RegistryRefused:
    sentence = f"wants a service account's key, the whole JSON file, as secret: {why}"
    return RegistryRefused(host, sentence)
