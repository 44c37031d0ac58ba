"""From "this image changed" to the repositories that have to move: one tag list, however many follow it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import structlog

from bot.bumps import changes
from bot.flows import looks
from bot.flows.asking import Ask, PushTold
from bot.flows.deciding import Deciding, remember
from bot.flows.indexed import occurrences_of
from bot.flows.known_tags import KnownTags
from bot.flows.looks import NOT_FOLLOWED, Read
from bot.flows.policies import policies_in_force
from bot.flows.promotion_names import promotion_of
from bot.flows.readers import Reader, ReaderUnfit, opened
from bot.flows.reconsidering import reconsider
from bot.github.events import process_event_actions, process_webhook_payload
from bot.images import ImageReference, InvalidImageReference, is_tag
from bot.jobs.performing import performs
from bot.jobs.work import AnnounceImage, BumpRepository, FollowPromotion, ReconsiderImage, ScanImage
from bot.registries import DIGEST, ImageNotFound, RegistryError, RegistryLimited, RegistryUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.bumps import Decisions
    from bot.flows.parts import Parts
    from bot.policies import ImagePolicy, PolicyFile
    from bot.store import Follower

log = structlog.get_logger()

Payload = dict[str, Any]

CONTAINERS = frozenset({"container", "docker"})
GITHUB_REGISTRY = "ghcr.io"
PACKAGE_ACTIONS = {"published", "updated"}
MOST_WATCHED = 200
"""Tags of one image whose digests are compared at every poll, over all repositories that follow it."""

ASKED_AT_ONCE = 50
"""Bumps that are asked for in one go: fewer writes where thousands of repositories follow an image."""

PAUSE = timedelta(minutes=1)
"""Between two looks at an image whose tags are asked for some at a time."""


@process_event_actions("registry_package", PACKAGE_ACTIONS)
@process_webhook_payload
async def on_registry_package(*, registry_package: Payload, **_: Any) -> tuple[Ask | PushTold, ...]:
    """Somebody pushed to GitHub's registry."""
    return _pushed(registry_package)


@process_event_actions("package", PACKAGE_ACTIONS)
@process_webhook_payload
async def on_package(*, package: Payload, **_: Any) -> tuple[Ask | PushTold, ...]:
    """Say the same under its other name."""
    return _pushed(package)


def _pushed(package: Payload) -> tuple[Ask | PushTold, ...]:
    """One push of an image for two platforms is three events; the settle time makes one look of them."""
    if str(package.get("package_type")).lower() not in CONTAINERS:
        return ()
    image = _image(package)
    if image is None:
        return ()
    told = _push_told(image, package.get("package_version") or {})
    news = Ask(AnnounceImage(image.host, image.repository), settle=True)
    return (news,) if told is None else (news, told)


def _push_told(image: ImageReference, version: Payload) -> PushTold | None:
    """Read when a digest was pushed: GitHub signed this, and its packages API would not tell an App."""
    tag = (version.get("container_metadata") or {}).get("tag") or {}
    name, digest, at = tag.get("name"), tag.get("digest"), _moment(version.get("created_at"))
    if at is None or not isinstance(name, str) or not isinstance(digest, str):
        return None
    if not is_tag(name) or not DIGEST.fullmatch(digest):
        return None
    return PushTold(image.host, image.repository, name, digest, at)


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _image(package: Payload) -> ImageReference | None:
    """Read the image's name; nothing else of the payload is believed. `package_url` may end in ":"."""
    version = package.get("package_version") or {}
    url = str(version.get("package_url") or "").rstrip(":")
    owner = (package.get("owner") or {}).get("login") or package.get("namespace") or ""
    called = package.get("name")
    names = (url, f"{GITHUB_REGISTRY}/{owner}/{called}") if isinstance(called, str) else (url,)
    for name in names:
        try:
            return ImageReference.parse(name.lower())
        except InvalidImageReference:
            continue
    log.info("package.unreadable", package=called)
    return None


@performs(AnnounceImage)
async def announce_image(work: AnnounceImage, parts: Parts) -> None:
    """Have everybody look who reads an image: news names it, and nobody knows whose it is before it was read."""
    readers = await parts.store.index.readers(work.host, work.repository)
    await parts.ask(*(ScanImage(work.host, work.repository, reader) for reader in readers))
    if not readers:
        log.info("image.not_followed", host=work.host, image=work.repository)
        await _pass_over(ScanImage(work.host, work.repository), parts)


@performs(ScanImage)
async def scan_image(work: ScanImage, parts: Parts) -> None:
    """Read the image's tags once, and ask for a bump in every repository where something must change.

    An image that nobody follows is not looked at: an event is a hint, and anybody may push an image.
    """
    followers = await parts.store.index.followers(work.host, work.repository, work.credential)
    if not followers:
        log.info("image.not_followed", host=work.host, image=work.repository)
        await _pass_over(work, parts)
        return
    before = await parts.store.ledger.scan_state(work.host, work.repository, work.credential)
    try:
        reader = await opened(parts, work.host, work.credential)
        # A repository that was given to another owner is read for him by nobody until that is chosen anew.
        followers = [each for each in followers if reader.installation in {None, each.installation}]
        list_digest = await _read_tags(work, parts, reader)
        promoting = _promotions(followers)
        await parts.ask(*promoting)
        watched = await _decide_for_all(work, parts, reader, followers) | await _watched_by(parts, promoting)
    except (RegistryError, ReaderUnfit) as error:
        if isinstance(error, ImageNotFound):
            # From here on, what is pushed first is new to a promotion.
            await parts.ask(*_promotions(followers))
        await looks.failed(parts, work, error)
        raise
    await looks.succeeded(parts, work, before, Read(list_digest, watched))


async def _pass_over(work: ScanImage, parts: Parts) -> None:
    """Note for an image that was read before that its tags are not up to date: whoever follows it again reads them."""
    ledger = parts.store.ledger
    if await ledger.scan_state(work.host, work.repository, work.credential) is not None:
        await ledger.scanned(work.host, work.repository, parts.clock(), NOT_FOLLOWED, work.credential)


async def _read_tags(work: ScanImage, parts: Parts, reader: Reader) -> str:
    """Bring the ledger to the registry's list of tags; returns a hash of the list."""
    listed = await parts.registries.tags(work.host, work.repository, reader.access)
    await parts.store.ledger.record(work.host, work.repository, listed.names, parts.clock(), reader.id)
    log.info("image.tags_listed", host=work.host, image=work.repository, tags=len(listed.names))
    return listed.digest_of_list


def _promotions(followers: Iterable[Follower]) -> list[FollowPromotion]:
    """Name the promotions among those that follow an image."""
    named = [(each, promotion_of(each.policy)) for each in followers]
    return [FollowPromotion(each.installation, each.repository, name) for each, name in named if name is not None]


async def _watched_by(parts: Parts, promoting: Iterable[FollowPromotion]) -> frozenset[str]:
    """Return the tags of which promotions want to know when they are pushed again."""
    watched = [await parts.store.promotions.watched(each.repository, each.promotion) for each in promoting]
    return frozenset(tag for tags in watched for tag in tags)


async def _decide_for_all(
    work: ScanImage, parts: Parts, reader: Reader, followers: Sequence[Follower]
) -> frozenset[str]:
    """Decide for each repository that follows the image; returns the tags to compare at every poll.

    What fails in one repository does not hold up the others; it is raised when all had their turn.
    """
    known = KnownTags(parts, {f"{work.host}/{work.repository}": reader})
    watched: set[str] = set()
    bumps: list[BumpRepository] = []
    failed: Exception | None = None
    policies_only = [each for each in followers if promotion_of(each.policy) is None]
    for (installation, repository), following in groupby(
        policies_only, lambda each: (each.installation, each.repository)
    ):
        policies = frozenset(follower.policy for follower in following)
        try:
            found = await _look(parts, known, (installation, repository), policies)
            watched |= found.watched
            bumps += [BumpRepository(installation, repository, group) for group in found.groups]
        except (RegistryLimited, RegistryUnavailable) as error:
            failed = error  # the others would hear the same
            break
        except Exception as error:  # noqa: BLE001 - the other repositories go first; it is raised below
            failed = error
            log.warning("repository.not_decided", repository=repository, error=type(error).__name__)
        if len(bumps) >= ASKED_AT_ONCE:
            await parts.ask(*bumps)
            bumps.clear()
    await parts.ask(*bumps)
    failed = failed or next(iter(known.failed.values()), None)
    if failed is not None:
        raise failed
    if len(watched) > MOST_WATCHED:
        log.warning("image.too_many_watched", host=work.host, image=work.repository, tags=len(watched))
    return frozenset(sorted(watched)[:MOST_WATCHED])


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look found for one repository: the groups to bump, and the tags to compare at every poll."""

    groups: tuple[str, ...] = ()
    watched: frozenset[str] = frozenset()


async def _look(parts: Parts, known: KnownTags, where: tuple[int, int], policies: frozenset[str]) -> _Found:
    """Say which of a repository's groups a bump should be made, moved or closed for.

    `where`: the ids of its installation and of the repository itself. No group while its policy file is not
    understood; once it is mended, the index asks for all of them.
    """
    installation, repository = where
    policy_file = await policies_in_force(parts, installation, repository)
    if policy_file is None:
        return _Found()
    following = [policy for policy in policy_file.images if policy.name in policies]
    found = await occurrences_of(parts, repository, following)
    laid = await parts.store.restrictions.restrictions_for(repository, parts.clock())
    deciding = Deciding(parts, known, policy_file, found.occurrences, following, laid)
    decisions = await deciding.decided_afresh()
    await remember(parts, installation, repository, decisions, deciding.readers)
    await reconsider(parts, following, decisions, known.readers)
    if deciding.wants_more(decisions):
        await _go_on_later(parts, following, known)
    open_groups = {bump.group for bump in await parts.store.bumps.open_of(repository)}
    unkept = {policy.group for policy in following if policy.name in found.unkept}
    moving = _moving(policy_file, decisions) | unkept
    groups = moving | open_groups & {policy.group for policy in following}
    return _Found(tuple(sorted(groups)), deciding.watched(decisions))


async def _go_on_later(parts: Parts, policies: Iterable[ImagePolicy], known: KnownTags) -> None:
    """Have the tags asked for that one look may not ask for: registries count such requests as pulls."""
    for image in {policy.image for policy in policies}:
        work = ReconsiderImage(image.host, image.repository, known.readers[image.name].id)
        await parts.ask_later(work, parts.clock() + PAUSE)


def _moving(policy_file: PolicyFile, decisions: Decisions) -> set[str]:
    groups = {policy.name: policy.group for policy in policy_file.images}
    return {groups[policy] for (policy, current), decision in decisions.items() if changes(current, decision)}
