"""From "this image changed" to the repositories that have to move: one tag list, however many follow it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import structlog

from bot.bumps import changes
from bot.flows.asking import Ask
from bot.flows.deciding import Deciding, remember
from bot.flows.indexed import occurrences_of
from bot.flows.known_tags import KnownTags
from bot.flows.policies import policies_in_force
from bot.flows.reconsidering import reconsider
from bot.github.events import process_event_actions, process_webhook_payload
from bot.images import ImageReference, InvalidImageReference
from bot.jobs.performing import performs
from bot.jobs.work import BumpRepository, ScanImage
from bot.registries import RegistryError

if TYPE_CHECKING:
    from bot.bumps import Decisions
    from bot.flows.parts import Parts
    from bot.policies import PolicyFile

log = structlog.get_logger()

Payload = dict[str, Any]

CONTAINERS = frozenset({"container", "docker"})
GITHUB_REGISTRY = "ghcr.io"
PACKAGE_ACTIONS = {"published", "updated"}


@process_event_actions("registry_package", PACKAGE_ACTIONS)
@process_webhook_payload
async def on_registry_package(*, registry_package: Payload, **_: Any) -> tuple[Ask, ...]:
    """Somebody pushed to GitHub's registry."""
    return _pushed(registry_package)


@process_event_actions("package", PACKAGE_ACTIONS)
@process_webhook_payload
async def on_package(*, package: Payload, **_: Any) -> tuple[Ask, ...]:
    """Say the same under its other name."""
    return _pushed(package)


def _pushed(package: Payload) -> tuple[Ask, ...]:
    """One push of an image for two platforms is three events; the settle time makes one look of them."""
    if str(package.get("package_type")).lower() not in CONTAINERS:
        return ()
    image = _image(package)
    return () if image is None else (Ask(ScanImage(image.host, image.repository), settle=True),)


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


@performs(ScanImage)
async def scan_image(work: ScanImage, parts: Parts) -> None:
    """Read the image's tags once, and ask for a bump in every repository where something must change.

    An image that nobody follows is not looked at: an event is a hint, and anybody may push an image.
    """
    followers = await parts.store.index.followers(work.host, work.repository)
    if not followers:
        await _passed_over(work, parts)
        return
    await _read_tags(work, parts)
    known = KnownTags(parts)
    failed: Exception | None = None
    for (installation, repository), following in groupby(followers, lambda each: (each.installation, each.repository)):
        policies = frozenset(follower.policy for follower in following)
        try:
            groups = await _groups_to_move(parts, known, (installation, repository), policies)
            await parts.ask(*(BumpRepository(installation, repository, group) for group in groups))
        except RegistryError:
            raise
        except Exception as error:  # noqa: BLE001 - the other repositories go first; it is raised below
            failed = error
            log.warning("repository.not_decided", repository=repository, error=type(error).__name__)
    if failed is not None:
        raise failed


async def _passed_over(work: ScanImage, parts: Parts) -> None:
    """Note for an image that was read before that its tags are not up to date: whoever follows it again reads them."""
    log.info("image.not_followed", host=work.host, image=work.repository)
    if await parts.store.ledger.scan_state(work.host, work.repository) is not None:
        await parts.store.ledger.scanned(work.host, work.repository, parts.clock(), "nobody followed the image")


async def _read_tags(work: ScanImage, parts: Parts) -> None:
    now = parts.clock()
    try:
        listed = await parts.registries.tags(work.host, work.repository)
    except RegistryError as error:
        await parts.store.ledger.scanned(work.host, work.repository, now, str(error))
        raise
    await parts.store.ledger.record(work.host, work.repository, listed.names, now)
    await parts.store.ledger.scanned(work.host, work.repository, now, None)
    log.info("image.tags_listed", host=work.host, image=work.repository, tags=len(listed.names))


async def _groups_to_move(
    parts: Parts, known: KnownTags, where: tuple[int, int], policies: frozenset[str]
) -> tuple[str, ...]:
    """Say which of a repository's groups a bump should be made, moved or closed for.

    `where`: the ids of its installation and of the repository itself. No group while its policy file is not
    understood; once it is mended, the index asks for all of them.
    """
    installation, repository = where
    policy_file = await policies_in_force(parts, installation, repository)
    if policy_file is None:
        return ()
    following = [policy for policy in policy_file.images if policy.name in policies]
    found = await occurrences_of(parts, repository, following)
    decisions = await Deciding(parts, known, policy_file, found.occurrences, following).decided_afresh()
    await remember(parts, repository, decisions)
    await reconsider(parts, following, decisions)
    open_groups = {bump.group for bump in await parts.store.bumps.open_of(repository)}
    unkept = {policy.group for policy in following if policy.name in found.unkept}
    moving = _moving(policy_file, decisions) | unkept
    return tuple(sorted(moving | open_groups & {policy.group for policy in following}))


def _moving(policy_file: PolicyFile, decisions: Decisions) -> set[str]:
    groups = {policy.name: policy.group for policy in policy_file.images}
    return {groups[policy] for (policy, current), decision in decisions.items() if changes(current, decision)}
