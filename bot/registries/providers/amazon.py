"""Amazon ECR, private and public: a login for twelve hours from signed keys, and times of pushes by digest."""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from yarl import URL

from bot.registries.endpoints import authority
from bot.registries.errors import ImageNotFound, InvalidAnswer, RegistryRefused
from bot.registries.kinds import ProviderKind
from bot.registries.providers.amazon_api import SERVER, AmazonApi, RightMissing
from bot.registries.providers.amazon_hosts import AMAZON_HOSTS, Place, place_of
from bot.registries.providers.amazon_scans import read_scans
from bot.registries.providers.amazon_signing import READY_USERNAME, MachineKeys, stored_keys
from bot.registries.providers.login_answers import LARGEST_ANSWER, moment, token_in
from bot.registries.providers.provider import NO_HOSTS, Login, Provider, PushTime
from bot.registries.providers.times import from_milliseconds, from_seconds, push_time
from bot.registries.scanning import ScanAnswer

if TYPE_CHECKING:
    from bot.registries.access import Access
    from bot.registries.repository import Repository
    from bot.registries.transport import Transport

# "Authorization tokens are valid for 12 hours": GetAuthorizationToken in the Amazon ECR API Reference.
LONGEST_LIFE = timedelta(hours=12)
PAGE_SIZE = 1000
MOST_PAGES = 300
LARGEST_PAGE = 16 * 1024 * 1024
LONGEST_NEXT = 16 * 1024
YEAR_5000 = 1e11


def api_origin(place: Place) -> URL:
    """Return where the API of a registry answers: a host of the constant table, by https."""
    return URL(f"https://{place.api_host}")


@dataclass(frozen=True, slots=True)
class Amazon:
    """What Amazon's registries do in their own way. origin: where the API of a place answers."""

    origin: Callable[[Place], URL] = api_origin
    machine: MachineKeys = field(default_factory=MachineKeys)

    def provider(self) -> Provider:
        """Return Amazon as one of the providers."""
        return Provider(
            ProviderKind.AMAZON,
            AMAZON_HOSTS,
            api_hosts=self.api_hosts,
            log_in=self.log_in,
            push_times=self.push_times,
            scans=self.scans,
        )

    def api_hosts(self, host: str) -> frozenset[str]:
        """Return the API host (`name[:port]`) that belongs to a registry host."""
        place = place_of(host)
        return frozenset({authority(self.origin(place))}) if place else NO_HOSTS

    async def log_in(self, access: "Access", host: str, transport: "Transport", now: datetime) -> Login | None:
        """Return the registry's user name and password, from GetAuthorizationToken (Amazon ECR API Reference).

        None for nobody and for a ready password. Raises RegistryRefused (with what to do), InvalidAnswer and all that
        Transport.call raises.
        """
        api = await self._api(access, host, transport)
        return _login(host, await api.ask("GetAuthorizationToken", {}, LARGEST_ANSWER), now) if api else None

    async def push_times(self, repository: "Repository", wanted: frozenset[str]) -> Iterable[PushTime]:
        """Return when the wanted tags' images were pushed, from DescribeImages (Amazon ECR API Reference).

        Amazon keeps the time with the digest: it does not move when a tag is moved back to an older image. Returns ()
        without keys, without the right ecr:DescribeImages (nobody needs it to pull), and for the public registry,
        which tells it to owners only. Raises what log_in raises.
        """
        api = await self._api(repository.access, repository.host, repository.authentication.transport)
        if api is None or api.place.account is None:
            return ()
        try:
            return await _described(api, repository.name, wanted)
        except (RightMissing, ImageNotFound):
            return ()

    async def scans(self, repository: "Repository", digests: Sequence[str]) -> ScanAnswer:
        """Return what was found in images of a private repository; see read_scans.

        A ready password reads no API, and the public registry has no scanner. Raises what log_in raises.
        """
        api = await self._api(repository.access, repository.host, repository.authentication.transport)
        if api is None:
            return ScanAnswer(missing=("Amazon tells of its scans only to a key, not to a ready password",))
        if api.place.account is None:
            return ScanAnswer(is_scanner=False)
        return await read_scans(api, repository.name, digests, repository.clock)

    async def _api(self, access: "Access", host: str, transport: "Transport") -> AmazonApi | None:
        """Return the API with this reader's keys; None where it has none. Stored keys are never changed for others."""
        credential = access.credential
        if credential is None or (credential.username == READY_USERNAME and not credential.ambient):
            return None
        place = place_of(host)
        if place is None:
            raise RegistryRefused(host, "is no registry of Amazon's: no keys of Amazon's are used here")
        keys = await self.machine.get(host) if credential.ambient else stored_keys(host, credential)
        return AmazonApi(host, access, place, self.origin(place), keys, transport)


def _login(host: str, fields: Mapping[str, Any], now: datetime) -> Login:
    """Read authorizationData: a list for private registries, one object for the public one."""
    data = fields.get("authorizationData")
    first = data[0] if isinstance(data, list) and data else data
    if not isinstance(first, dict):
        raise InvalidAnswer(host, f"is not logged in to: {SERVER} sent no login")
    username, password = _pair(host, token_in(host, SERVER, first.get("authorizationToken")))
    until = moment(first.get("expiresAt"), now + LONGEST_LIFE)
    if until is None or until <= now:
        raise InvalidAnswer(host, f"is not logged in to: {SERVER} sent a login that has ended; is the clock right?")
    return Login(username, SecretStr(password), until)


def _pair(host: str, token: str) -> tuple[str, str]:
    try:
        username, colon, password = base64.b64decode(token, validate=True).decode("ascii").partition(":")
    except ValueError:
        raise InvalidAnswer(host, f"is not logged in to: {SERVER} sent a login that cannot be read") from None
    if not colon:
        raise InvalidAnswer(host, f"is not logged in to: {SERVER} sent a login that is no user:password")
    return token_in(host, SERVER, username), token_in(host, SERVER, password)


async def _described(api: AmazonApi, name: str, wanted: frozenset[str]) -> tuple[PushTime, ...]:
    """Read page after page until every wanted tag was seen; pages that never end raise InvalidAnswer."""
    question = {
        "registryId": api.place.account,
        "repositoryName": name,
        "maxResults": PAGE_SIZE,
        "filter": {"tagStatus": "TAGGED"},
    }
    found: dict[str, PushTime] = {}
    asked: set[str] = set()
    following: dict[str, str] | None = {}
    while following is not None and not wanted <= found.keys():
        fields = await api.ask("DescribeImages", question | following, LARGEST_PAGE)
        found.update((pushed.tag, pushed) for pushed in _pushed(fields) if pushed.tag in wanted)
        following = _next(api.host, fields, asked)
    return tuple(found.values())


def _pushed(fields: Mapping[str, Any]) -> Iterator[PushTime]:
    images = fields.get("imageDetails")
    for image in images if isinstance(images, list) else []:
        tags = image.get("imageTags") if isinstance(image, dict) else None
        if not isinstance(image, dict) or not isinstance(tags, list):
            continue
        at = _pushed_at(image.get("imagePushedAt"))
        yield from (pushed for tag in tags if (pushed := push_time(tag, image.get("imageDigest"), at)))


def _pushed_at(told: object) -> datetime | None:
    """Read Unix seconds, with or without a fraction."""
    if isinstance(told, float):
        return from_milliseconds(int(told * 1000)) if 0 < told < YEAR_5000 else None
    return from_seconds(told)


def _next(host: str, fields: Mapping[str, Any], asked: set[str]) -> dict[str, str] | None:
    """Return what asks for the next page, None at the end; raises InvalidAnswer for pages that never end."""
    following = fields.get("nextToken")
    if following is None:
        return None
    if not isinstance(following, str) or not 0 < len(following) <= LONGEST_NEXT:
        raise InvalidAnswer(host, f"{SERVER} names a next page of images that cannot be asked for")
    if following in asked or len(asked) == MOST_PAGES:
        raise InvalidAnswer(host, f"{SERVER} pages the images without an end")
    asked.add(following)
    return {"nextToken": following}


AMAZON = Amazon().provider()
