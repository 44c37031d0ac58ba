"""Readers with service accounts' keys, and a token server, in the shapes of Google's documents."""

import json
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.registries.access import Access
from tests.registries.conftest import credential

HOST = "europe-west4-docker.pkg.dev"
EMAIL = "reader@project.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/cloud-platform.read-only"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
TOKENS = "/token"
# "Using OAuth 2.0 for Server to Server Applications", Google Identity: the answer with a token.
GIVEN = {"access_token": "ya29.s3cret-token", "scope": SCOPE, "token_type": "Bearer", "expires_in": 3600}


def pasted(**fields: Any) -> str:
    """A service account's key as the console gives it ("Create and delete service account keys", IAM)."""
    key = {
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "0123456789abcdef",
        "private_key": PEM,
        "client_email": EMAIL,
        "client_id": "1",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    }
    return json.dumps(key | fields)


def reader(secret: str = "", username: str = "_json_key", host: str = HOST, **options: Any) -> Access:
    """A reader with a service account's key, unless told otherwise."""
    return credential(host, secret or pasted(), username=username, **options)


def of_machine() -> Access:
    return credential(HOST, "", username="", id="operator:1", ambient=True)
