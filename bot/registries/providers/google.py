"""Google's Artifact Registry and gcr.io: a token for an hour from a service account's key, and times of all pushes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pydantic import SecretStr
from yarl import URL

from bot.registries.endpoints import authority
from bot.registries.errors import InvalidAnswer, RegistryRefused
from bot.registries.kinds import ProviderKind
from bot.registries.list_pages import BYTES_OF_VALUE, aside, count_values, largest_page, parsed
from bot.registries.providers.google_keys import AUDIENCE, BASE64_USERNAME, JSON_USERNAME, ServiceAccountKey
from bot.registries.providers.google_machine import machine_token
from bot.registries.providers.login_answers import end_of_life, read_login_answer, token_in
from bot.registries.providers.provider import Login, Provider, PushTime
from bot.registries.providers.times import from_milliseconds, push_time

if TYPE_CHECKING:
    from bot.registries.access import Access
    from bot.registries.repository import Repository
    from bot.registries.transport import Transport

# "Configure authentication to Artifact Registry for Docker", "Repository and image names" (Artifact Registry),
# `gcloud auth configure-docker` (gcr.io), "Pull cached Docker Hub images" (mirror).
GOOGLE_HOSTS = re.compile(
    r"(?:(?:us|eu|asia|marketplace|mirror|staging-k8s)\.)?gcr\.io"
    r"|[a-z]{2,20}(?:-[a-z]{2,20}[0-9]{1,2})?-docker\.pkg\.dev"
)
TOKENS = URL(AUDIENCE)
SERVER = "Google's token server"
LOGIN_USERNAME = "oauth2accesstoken"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LONGEST_LIFE = timedelta(hours=1)
UNTOLD_LIFE = timedelta(minutes=5)
# A tag of its own in the list, and an image: its digest, and eight values about it.
VALUES_PER_TAG = 10
FIELDS = frozenset({"manifest", "tag", "timeUploadedMs"})
DIGESTS = "sha256:"
KEY_REFUSED = "make a new key of a service account that may read the repository (roles/artifactregistry.reader)"


@dataclass(frozen=True, slots=True)
class Google:
    """What Google's registries do in their own way. tokens: where tokens come from, whatever a pasted key says."""

    tokens: URL = TOKENS

    def provider(self) -> Provider:
        """Return Google as one of the providers."""
        return Provider(
            ProviderKind.GOOGLE,
            GOOGLE_HOSTS,
            api_hosts=lambda _host: frozenset({authority(self.tokens)}),
            values_per_tag=lambda _host: VALUES_PER_TAG,
            log_in=self.log_in,
            push_times=push_times,
        )

    async def log_in(self, access: "Access", host: str, transport: "Transport", now: datetime) -> Login | None:
        """Return a token as password. None for nobody, and for a ready token or another user name.

        Raises RegistryRefused (with what to do), InvalidAnswer and all that Transport.call raises.
        """
        credential = access.credential
        if credential is None:
            return None
        if not credential.ambient and credential.username not in {JSON_USERNAME, BASE64_USERNAME}:
            return None
        if not GOOGLE_HOSTS.fullmatch(host):
            raise RegistryRefused(host, "is no registry of Google's: no login of Google's is used here")
        if credential.ambient:
            token = await machine_token(host)
            return Login(LOGIN_USERNAME, token.token, token.until or now + UNTOLD_LIFE)
        key = ServiceAccountKey.of(host, credential)
        return await self._exchange(access, host, transport, now, await key.assertion(host, now))

    async def _exchange(
        self, access: "Access", host: str, transport: "Transport", now: datetime, assertion: SecretStr
    ) -> Login:
        form = urlencode({"grant_type": GRANT, "assertion": assertion.get_secret_value()})
        answer = await transport.call(
            host,
            access,
            self.tokens,
            allowed={authority(self.tokens)},
            method="POST",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=form.encode(),
        )
        fields = read_login_answer(host, SERVER, answer, KEY_REFUSED)
        token = token_in(host, SERVER, fields.get("access_token"))
        until = end_of_life(fields.get("expires_in"), now, LONGEST_LIFE) or now + UNTOLD_LIFE
        return Login(LOGIN_USERNAME, SecretStr(token), until)


async def push_times(repository: "Repository", wanted: frozenset[str]) -> Iterable[PushTime]:
    """Return when the wanted tags' images were pushed: `manifest` of the list of tags tells it of every digest.

    (container-registry's "tags/list" as google/go-containerregistry reads it: pkg/v1/google/list.go.) Google keeps
    the time with the digest: it does not move when a tag is moved back to an older image. Raises InvalidAnswer and
    all that Repository.get raises.
    """
    with repository.authentication.transport.lists.share(repository.host) as share:
        ask = partial(repository.get, "tags/list", largest=largest_page(repository), share=share)
        answer = await share.asking(ask)
        if answer.status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            return ()
        await share.take(await count_values(repository, answer.body) * BYTES_OF_VALUE)
        told = await aside(lambda page: _told(page, wanted), answer.body)
    if answer.status != HTTPStatus.OK or told is None:
        raise InvalidAnswer(repository.host, f"does not tell when the tags of {repository.name} were pushed")
    return told


def _told(page: bytes, wanted: frozenset[str]) -> tuple[PushTime, ...] | None:
    """Return when the wanted tags were pushed; None for a page that is not Google's."""
    fields = parsed(page, lambda name: name in FIELDS or name.startswith(DIGESTS))
    images = fields.get("manifest") if isinstance(fields, dict) else None
    return tuple(pushed for pushed in _pushed(images) if pushed.tag in wanted) if isinstance(images, dict) else None


def _pushed(images: Mapping[str, object]) -> Iterator[PushTime]:
    for digest, image in images.items():
        tags = image.get("tag") if isinstance(image, dict) else None
        if not isinstance(image, dict) or not isinstance(tags, list):
            continue
        at = from_milliseconds(image.get("timeUploadedMs"))
        yield from (pushed for tag in tags if (pushed := push_time(tag, digest, at)))


GOOGLE = Google().provider()
