"""The login that this machine has at Google: a workload's identity, a service account of the instance."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import SecretStr

from bot.registries.errors import InvalidAnswer, RegistryRefused, RegistryUnavailable
from bot.registries.providers.cloud_library import run_aside
from bot.registries.providers.google_keys import EXTRA, SCOPE


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token of Google's. until: aware UTC; None where the library does not tell."""

    token: SecretStr = field(repr=False)
    until: datetime | None


async def machine_token(host: str) -> AccessToken:
    """Return a token of this machine's (Application Default Credentials, "How Application Default Credentials works").

    Raises RegistryRefused when the machine has no login, or one that Google refuses; else RegistryUnavailable.
    """
    return await run_aside(host, EXTRA, lambda: _ask(host))


def _ask(host: str) -> AccessToken:
    import google.auth  # noqa: PLC0415 - an extra, and slow to load
    from google.auth.exceptions import DefaultCredentialsError, RefreshError, TransportError  # noqa: PLC0415
    from google.auth.transport.requests import Request  # noqa: PLC0415
    from requests import Session  # noqa: PLC0415

    with Session() as session:
        session.trust_env = False
        session.max_redirects = 0
        request = Request(session)
        try:
            credentials, _ = google.auth.default(scopes=[SCOPE], request=request)
            credentials.refresh(request)  # type: ignore[no-untyped-call]
        except DefaultCredentialsError:
            raise RegistryRefused(host, "is not logged in to: this machine has no login of Google's") from None
        except TransportError:
            raise RegistryUnavailable(host, "is not logged in to: this machine's login cannot be asked for") from None
        except RefreshError:
            raise RegistryRefused(host, "is not logged in to: Google refuses the login of this machine") from None
    if not credentials.token:
        raise InvalidAnswer(host, "is not logged in to: this machine's login of Google's gives no token")
    until = credentials.expiry.replace(tzinfo=UTC) if credentials.expiry else None
    return AccessToken(SecretStr(credentials.token), until)
