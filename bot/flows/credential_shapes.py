"""What each provider takes for a user name and a secret, as far as it can be told by looking at them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from bot.registries.kinds import ProviderKind

if TYPE_CHECKING:
    from collections.abc import Callable

Shaped = tuple[SecretStr, tuple[str, ...]]

_LONGEST_KEY_FILE: Final = 32 * 1024
_AWS_KEY: Final = re.compile(r"AKIA[A-Z0-9]{12,124}")
_AWS_SESSION_KEY: Final = re.compile(r"ASIA[A-Z0-9]{12,124}")
_HUB_TOKENS: Final = ("dckr_pat_", "dckr_oat_")


class InvalidCredential(ValueError):
    """What somebody wants to store cannot be as it is. The sentence says what to do, and holds no secret."""


def shaped(kind: ProviderKind, username: str, secret: SecretStr) -> Shaped:
    """Return the secret as the provider takes it, with sentences that whoever stores it should know.

    Raises InvalidCredential for what the provider's documentation says it does not take.
    """
    look = _LOOKS.get(kind)
    return look(username, secret) if look else (secret, ())


def _docker_hub(_username: str, secret: SecretStr) -> Shaped:
    """https://docs.docker.com/security/access-tokens/: with two factors or single sign-on only a token logs in."""
    if secret.get_secret_value().startswith(_HUB_TOKENS):
        return secret, ()
    return secret, ("This looks like a password: an access token that only reads (dckr_pat_...) is safer.",)


def _github(_username: str, secret: SecretStr) -> Shaped:
    """https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry.

    "GitHub Packages only supports authentication using a personal access token (classic)."
    """
    text = secret.get_secret_value()
    if text.startswith("github_pat_"):
        raise InvalidCredential(
            "GitHub's registry takes no fine-grained tokens (github_pat_...): "
            "create a classic personal access token (ghp_...) with read:packages and nothing else"
        )
    if text.startswith("ghs_"):
        raise InvalidCredential(
            "a token that begins with ghs_ ends within the hour: "
            "create a classic personal access token (ghp_...) with read:packages and nothing else"
        )
    return secret, ()


def _amazon(username: str, secret: SecretStr) -> Shaped:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: AKIA keys stay, ASIA keys end."""
    if username == "AWS":
        return secret, ("This login password ends after 12 hours: an access key's id and secret stay.",)
    if _AWS_SESSION_KEY.fullmatch(username):
        if ":" not in secret.get_secret_value():
            raise InvalidCredential("the secret of a key id that begins with ASIA is SECRETKEY:SESSIONTOKEN")
        return secret, ("A key that begins with ASIA ends by itself: the key of an IAM user (AKIA...) stays.",)
    if not _AWS_KEY.fullmatch(username):
        raise InvalidCredential("the user name for Amazon ECR is the id of an access key (AKIA...)")
    return secret, ()


def _google(username: str, secret: SecretStr) -> Shaped:
    """https://cloud.google.com/artifact-registry/docs/docker/authentication."""
    if username == "oauth2accesstoken":
        return secret, ("An access token ends after an hour: a service account's key (_json_key) stays.",)
    if username == "_json_key":
        return _service_account(secret.get_secret_value()), ()
    if username == "_json_key_base64":
        _service_account(_decoded(secret.get_secret_value()))
        return secret, ()
    raise InvalidCredential(
        "the user name for Google's registries is _json_key, and the secret the service account's key file"
    )


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidCredential("the secret for _json_key_base64 is a key file in base64; this is not") from None


def _service_account(text: str) -> SecretStr:
    """Return a key file on one line: a header cannot carry its line ends."""
    try:
        fields = json.loads(text) if len(text) <= _LONGEST_KEY_FILE else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict) or fields.get("type") != "service_account":
        raise InvalidCredential(
            "the secret for _json_key is the whole JSON file of a service account's key: "
            "give it with --secret-file FILE"
        )
    return SecretStr(json.dumps(fields, separators=(",", ":")))


_LOOKS: Final[dict[ProviderKind, Callable[[str, SecretStr], Shaped]]] = {
    ProviderKind.DOCKER_HUB: _docker_hub,
    ProviderKind.GITHUB: _github,
    ProviderKind.AMAZON: _amazon,
    ProviderKind.GOOGLE: _google,
}
