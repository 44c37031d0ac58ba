"""Write the pull secrets of private registries into the pod specs that name none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.images import DOCKER_HUB, quoted
from bot.manifests.documents import documents_in
from bot.manifests.editing import Change, Update
from bot.manifests.globs import selects
from bot.manifests.parsing import roots_of, skipped_for
from bot.manifests.places import Note
from bot.manifests.pull_secrets.checking import adds_only
from bot.manifests.pull_secrets.insertion import Insertion, characters_of, insertion
from bot.manifests.pull_secrets.wishes import FIELD, Wanted, Wish, normalised, wishes_in
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.scope import editable
from bot.manifests.source import Source
from bot.manifests.tree import Budget, Unreadable
from bot.manifests.ways import below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.manifests.layouts import PodSpec
    from bot.manifests.source import Stretch
    from bot.manifests.tree import Node

_TRACE: Final = b"image"
_LONGEST_NAME: Final = 253
_LABEL: Final = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PATH_MESSAGES: Final = {
    SkipReason.WORKFLOW: "workflows of GitHub Actions run no pods",
    SkipReason.POLICY_FILE: "the bot does not edit its own policy file",
    SkipReason.UNSAFE_PATH: "a path like this one is not edited",
}
_CHECK_FAILED: Final = "after the edit the file did not read as it should, so it was left alone"


@dataclass(frozen=True, slots=True)
class PullSecret:
    """The Secret by which a registry is read.

    `registry` is a host, or a host and the first segments of a repository ("ghcr.io/my-org"); images are compared with
    it by whole segments, normalised. `name` is the Secret's name, a DNS subdomain as Kubernetes asks. `paths` are
    globs as .gitignore reads them: the files in which it is written.
    """

    registry: str
    name: str
    paths: tuple[str, ...] = ("**",)

    def __post_init__(self) -> None:
        """Refuse a name that no Secret has, with a ValueError (Kubernetes, Object Names and IDs; RFC 1123)."""
        if len(self.name) > _LONGEST_NAME or not _NAME.fullmatch(self.name):
            message = (
                f"{quoted(self.name)} is no name of a Secret: it takes lowercase letters, digits, '-' and '.', begins "
                f"and ends with a letter or a digit, also around each '.', and has at most {_LONGEST_NAME} characters"
            )
            raise ValueError(message)


def add_pull_secrets(files: Mapping[str, bytes], secrets: Sequence[PullSecret]) -> Update:
    """Give each pod spec with images of the secrets' registries the `imagePullSecrets` that it lacks.

    An image needs the secrets of the longest registry that it lies in. A pod spec that names other secrets already
    stays as it is. Pure: `files` (path to content) stays as it is, and a file is edited as a whole or not at all. What
    a file holds never raises: it is in `skipped`. The key: Kubernetes API reference, core/v1 PodSpec.
    """
    changed: dict[str, bytes] = {}
    changes: list[Change] = []
    skipped: list[Skipped] = []
    for path, content in files.items():
        meant = [secret for secret in secrets if selects(secret.paths, path)]
        if _may_matter(content, meant):
            edit = _edit(path, content, Wanted((secret.registry, secret.name) for secret in meant))
            skipped += edit.skipped
            changes += edit.changes
            if edit.changes:
                changed[path] = edit.content
    return Update(changed, tuple(changes), tuple(skipped))


class _Edit(NamedTuple):
    content: bytes
    changes: Sequence[Change] = ()
    skipped: Sequence[Skipped] = ()


class _Read(NamedTuple):
    """Some documents of a file: the stretch in which they stand, and their roots."""

    stretch: Stretch
    roots: list[Node | None]


class _Placed(NamedTuple):
    """An insertion, and the pod spec that it is made in."""

    insertion: Insertion
    pod: PodSpec


def _may_matter(content: bytes, secrets: Iterable[PullSecret]) -> bool:
    """Spare files that name no host of a registry. Docker Hub is what images without a host are of."""
    hosts = {normalised(secret.registry).partition("/")[0] for secret in secrets}
    return (
        bool(hosts) and _TRACE in content and (DOCKER_HUB in hosts or any(host.encode() in content for host in hosts))
    )


def _edit(path: str, content: bytes, wanted: Wanted) -> _Edit:
    reason = editable(path)
    if reason is not None:
        return _Edit(content, skipped=[Skipped(path, None, reason, _PATH_MESSAGES[reason])])
    try:
        before = _read(content)
        placed, notes = _placed(path, content, before, wanted)
    except Unreadable as unreadable:
        return _Edit(content, skipped=[skipped_for(path, content, unreadable)])
    skipped = [Skipped(path, *note) for note in sorted(notes)]
    after = _spliced(content, [each.insertion for each in placed])
    if placed and not _reads_as_meant(before, after, placed):
        return _Edit(content, skipped=[*skipped, Skipped(path, None, SkipReason.CHECK_FAILED, _CHECK_FAILED)])
    return _Edit(after, list(_changes(path, content, placed)), skipped)


def _read(content: bytes) -> list[_Read]:
    """Read all documents of a file, within the bounds of one file. Raises Unreadable, with the line in the file."""
    budget = Budget()
    return [_Read(document.stretch, roots_of(document.stretch, budget)) for document in documents_in(Source(content))]


def _placed(path: str, content: bytes, read: Iterable[_Read], wanted: Wanted) -> tuple[list[_Placed], list[Note]]:
    """Say what to write in a file, and why something is not. The lines of both are those of the file."""
    placed: list[_Placed] = []
    notes: list[Note] = []
    for stretch, roots in read:
        verdicts = [verdict for root in roots for verdict in wishes_in(root, path, wanted)]
        wishes = [verdict for verdict in verdicts if isinstance(verdict, Wish)]
        positions = stretch.positions(character for wish in wishes for character in characters_of(wish))
        notes += [_in_file(verdict, stretch) for verdict in verdicts if isinstance(verdict, Note)]
        for wish in wishes:
            made = insertion(wish, content, positions)
            if isinstance(made, Insertion):
                placed.append(_Placed(made, wish.pod))
            else:
                notes.append(_in_file(Note(wish.line, made.reason, made.message), stretch))
    return placed, notes


def _in_file(note: Note, stretch: Stretch) -> Note:
    return note._replace(line=stretch.line_in_file(note.line))


def _spliced(content: bytes, insertions: Iterable[Insertion]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for each in sorted(insertions, key=_start_of):
        pieces += (content[at : each.start], each.written)
        at = each.end
    return b"".join((*pieces, content[at:]))


def _reads_as_meant(before: Iterable[_Read], content: bytes, placed: Iterable[_Placed]) -> bool:
    try:
        after = _read(content)
    except Unreadable:
        return False
    return adds_only(_all_roots(before), _all_roots(after), [each.insertion for each in placed])


def _all_roots(read: Iterable[_Read]) -> Iterable[Node | None]:
    return (root for each in read for root in each.roots)


def _changes(path: str, content: bytes, placed: Iterable[_Placed]) -> Iterator[Change]:
    """Say for each Secret where it was written, in the lines of the new file."""
    line, at = 1, 0
    for insertion_made, pod in sorted(placed, key=lambda each: _start_of(each.insertion)):
        line += content.count(b"\n", at, insertion_made.start)
        for name in insertion_made.names:
            yield Change(
                path=path,
                line=line,
                kind=pod.owner.kind,
                namespace=pod.owner.namespace,
                name=pod.owner.name,
                container="",
                field=below(pod.way, FIELD),
                policy="",
                old="",
                new=name,
            )
        line += insertion_made.written.count(b"\n")
        at = insertion_made.end


def _start_of(each: Insertion) -> int:
    return each.start
