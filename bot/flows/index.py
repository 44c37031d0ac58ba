"""Which files of a repository use which images: read once for each blob, kept up to date by pushes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from bot.flows.asking import Ask
from bot.flows.indexed import indexed_file
from bot.github.events import process_event, process_webhook_payload
from bot.jobs.performing import performs
from bot.jobs.work import BumpRepository, IndexRepository, ReportPolicyFile, ScanImage
from bot.manifests import Occurrence, editable, find_images, may_hold_images
from bot.policies import POLICY_PATH, PolicyFile, PolicyFileError, load
from bot.store import Follow, PolicyRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.flows.parts import Parts
    from bot.github import Head, RepositoryClient, Tree
    from bot.store import Repository

log = structlog.get_logger()

Payload = dict[str, Any]
ARCHIVE_FROM = 300
"""More unknown files than this are read from the archive in one request, fewer in batches by GraphQL."""
BATCH = 50
LARGEST_FILE = 5 * 1024 * 1024
REGULAR_FILES = frozenset({"100644", "100755"})


@process_event("push")
@process_webhook_payload
async def on_push(
    *, ref: str, repository: Payload, installation: Payload | None = None, deleted: bool = False, **_: Any
) -> tuple[Ask, ...]:
    """Something arrived on a branch; only the default branch is indexed."""
    if installation is None or deleted or ref != f"refs/heads/{repository['default_branch']}":
        return ()
    return (Ask(IndexRepository(installation["id"], repository["id"])),)


@performs(IndexRepository)
async def index_repository(work: IndexRepository, parts: Parts) -> None:
    """Read the policy file and every manifest that changed since the last time.

    Each batch of files is kept as soon as it is read, so that a run that was cut short goes on where it ended.
    """
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived:
        return
    client = parts.client(repository)
    head = await client.head()
    if head is None or head.policy is None:
        await _forget(work, parts)
        return
    before = await parts.store.repositories.policy(work.repository)
    policy_file = await _configure(work, parts, head, before)
    if policy_file is None:
        return
    changed = await _read_tree(parts, repository, client, head)
    if before is None or before.blob != head.policy.oid:
        changed |= {policy.image.name for policy in policy_file.images}
    await _ask_for_what_follows(work, parts, policy_file, changed)


async def _forget(work: IndexRepository, parts: Parts) -> None:
    """Without a policy file the bot does nothing in a repository, and keeps nothing of it."""
    await parts.store.repositories.follow(work.repository, ())
    await parts.store.repositories.save_policy(work.repository, PolicyRecord(None, None, (), ""))
    await parts.store.index.clear(work.repository)


async def _configure(work: IndexRepository, parts: Parts, head: Head, before: PolicyRecord | None) -> PolicyFile | None:
    """Load the policy file of the head. One that cannot be understood is reported, and nothing else happens."""
    assert head.policy is not None
    report = ReportPolicyFile(work.installation, work.repository)
    try:
        policy_file = load(head.policy.text, POLICY_PATH)
    except PolicyFileError as error:
        problems = tuple(str(problem) for problem in error.problems)
        text = before.text if before else None
        await parts.store.repositories.save_policy(
            work.repository, PolicyRecord(head.policy.oid, text, problems, head.commit)
        )
        log.info("policy.problems", repository=work.repository, problems=len(problems))
        await parts.ask(report)
        return None
    await parts.store.repositories.save_policy(
        work.repository, PolicyRecord(head.policy.oid, head.policy.text, (), head.commit)
    )
    await parts.store.repositories.follow(work.repository, _follows(policy_file))
    if before is not None and before.problems:
        await parts.ask(report)
    return policy_file


def _follows(policy_file: PolicyFile) -> tuple[Follow, ...]:
    if not policy_file.enabled:
        return ()
    return tuple(
        Follow(policy.name, policy.image.host, policy.image.repository)
        for policy in policy_file.images
        if policy.enabled
    )


async def _read_tree(parts: Parts, repository: Repository, client: RepositoryClient, head: Head) -> frozenset[str]:
    """Bring the index to the head's tree; returns the images of the files that changed, as "host/repository"."""
    state = await parts.store.index.state(repository.id)
    if state is not None and state.tree == head.tree:
        return frozenset()
    files = await _manifests(client, head.tree)
    known = await parts.store.index.known(repository.id)
    before = {path for path, blob in known.items() if files.get(path) != blob}
    images = await _images_of(parts, repository.id, before)
    await parts.store.index.forget(repository.id, sorted(known.keys() - files.keys()))
    unknown = {path: blob for path, blob in files.items() if known.get(path) != blob}
    images |= await _read_files(parts, repository, client, head.commit, unknown)
    await parts.store.index.finish(repository.id, head.commit, head.tree)
    log.info("repository.indexed", repository=repository.full_name, files=len(files), read=len(unknown))
    return images


async def _manifests(client: RepositoryClient, tree_oid: str) -> dict[str, str]:
    """Path to blob of every file that may hold images. A tree too large for one answer is read by folders."""
    tree = await client.tree(tree_oid)
    if not tree.truncated:
        return _worth_reading(tree)
    files: dict[str, str] = {}
    waiting = [("", tree_oid)]
    while waiting:
        folder, oid = waiting.pop()
        listed = await client.folder(oid)
        files |= _worth_reading(listed, folder)
        waiting += [(f"{folder}{entry.path}/", entry.oid) for entry in listed.entries if entry.type == "tree"]
    return files


def _worth_reading(tree: Tree, folder: str = "") -> dict[str, str]:
    return {
        folder + entry.path: entry.oid
        for entry in tree.entries
        if entry.type == "blob"
        and entry.mode in REGULAR_FILES
        and (entry.size or 0) <= LARGEST_FILE
        and may_hold_images(folder + entry.path)
        and editable(folder + entry.path) is None
    }


async def _images_of(parts: Parts, repository: int, paths: Iterable[str]) -> frozenset[str]:
    wanted = set(paths)
    if not wanted:
        return frozenset()
    files = await parts.store.index.files(repository)
    return frozenset(f"{use.host}/{use.repository}" for file in files if file.path in wanted for use in file.images)


async def _read_files(
    parts: Parts, repository: Repository, client: RepositoryClient, commit: str, unknown: Mapping[str, str]
) -> frozenset[str]:
    images: set[str] = set()
    archive = await client.archive(commit, unknown) if len(unknown) > ARCHIVE_FROM else {}
    for paths in _batches(sorted(unknown)):
        contents = {path: archive[path] for path in paths if path in archive}
        blobs = await client.blobs({unknown[path] for path in paths if path not in archive})
        contents |= {path: blobs[unknown[path]] for path in paths if path not in archive}
        size = sum(map(len, contents.values()))
        found = await parts.compute(size, occurrences_of, contents)
        await parts.store.index.put(
            repository.id, [indexed_file(path, unknown[path], found[path]) for path in contents]
        )
        images |= {occurrence.reference.name for path in contents for occurrence in found[path] if occurrence.reference}
    return frozenset(images)


def _batches(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    return (paths[start : start + BATCH] for start in range(0, len(paths), BATCH))


def occurrences_of(contents: Mapping[str, bytes]) -> dict[str, list[Occurrence]]:
    """Find the images of several files: path to occurrences."""
    return {path: find_images(path, content) for path, content in contents.items()}


async def _ask_for_what_follows(
    work: IndexRepository, parts: Parts, policy_file: PolicyFile, changed: frozenset[str]
) -> None:
    """A policy whose image was never read, or whose files changed, is looked at again."""
    wanted: list[ScanImage | BumpRepository] = []
    followed = policy_file.images if policy_file.enabled else ()
    for policy in followed:
        scanned = await parts.store.ledger.scan_state(policy.image.host, policy.image.repository)
        if scanned is None:
            wanted.append(ScanImage(policy.image.host, policy.image.repository))
        elif policy.image.name in changed:
            wanted.append(BumpRepository(work.installation, work.repository, policy.group))
    open_groups = {bump.group for bump in await parts.store.bumps.open_of(work.repository)}
    wanted += [BumpRepository(work.installation, work.repository, group) for group in sorted(open_groups)]
    await parts.ask(*wanted)
