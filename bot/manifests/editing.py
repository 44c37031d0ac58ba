"""Edit files by splicing bytes: only the value of an image changes, and what was written is read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.checking import reads_as_meant
from bot.manifests.holding import written_as
from bot.manifests.markers.syntax import MARKER_KEY
from bot.manifests.occurrences import Obstacle
from bot.manifests.reading import read
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.scope import editable
from bot.manifests.spelling import spelled
from bot.manifests.splicing import Splice, agreed, spliced
from bot.manifests.targets import follows_marker_alone, means, names, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.manifests.occurrences import Found, Held
    from bot.manifests.targets import Target

_MARKER: Final = MARKER_KEY.encode()
_PATH_MESSAGES: Final = {
    SkipReason.WORKFLOW: "workflows of GitHub Actions are not edited unless a policy says so",
    SkipReason.POLICY_FILE: "the bot does not edit its own policy file",
    SkipReason.UNSAFE_PATH: "a path like this one is not edited",
}
_SHARED: Final = Obstacle(SkipReason.ALIAS, "the value counts elsewhere in the file too, and has to stay there")


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was changed: where it stands, which policy asked, and the value before and after."""

    path: str
    line: int
    kind: str
    namespace: str
    name: str
    container: str
    field: str
    policy: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Update:
    """What an edit did: the new bytes of the changed files, each change, and each thing left out with its reason."""

    files: Mapping[str, bytes]
    changes: tuple[Change, ...]
    skipped: tuple[Skipped, ...]


def update(files: Mapping[str, bytes], targets: Sequence[Target]) -> Update:
    """Move every occurrence that the targets mean to their tags. Pure: `files` (path to content) stays as it is.

    A file is edited as a whole or not at all. What a file holds never raises: it is in `skipped`.
    """
    changed: dict[str, bytes] = {}
    changes: list[Change] = []
    skipped: list[Skipped] = []
    traces = {target.reference.repository.rpartition("/")[2].encode() for target in targets}
    for path, content in files.items():
        if _MARKER in content or any(trace in content for trace in traces):
            edit = _edit(path, content, targets)
            skipped.extend(edit.skipped)
            if edit.changes:
                changed[path] = edit.content
                changes.extend(edit.changes)
    return Update(changed, tuple(changes), tuple(skipped))


class _Edit(NamedTuple):
    content: bytes
    changes: tuple[Change, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class _Move(NamedTuple):
    """The parts of an occurrence as they should be, and the policy that asks for it."""

    policy: str
    held: tuple[Held, ...]


_Verdict = _Move | Obstacle | None


def _edit(path: str, content: bytes, targets: Sequence[Target]) -> _Edit:
    reason = editable(path, workflows=any(target.workflows for target in targets))
    if reason is not None:
        return _Edit(content, skipped=(Skipped(path, None, reason, _PATH_MESSAGES[reason]),))
    before = read(path, content)
    verdicts = [_verdict(found, targets) for found in before.found]
    wishes = {
        index: verdict.held
        for index, verdict in enumerate(verdicts)
        if isinstance(verdict, _Move) and before.found[index].occurrence.obstacle is None
    }
    splices = agreed(before.found, wishes)
    skipped = before.skipped + tuple(_refused(before.found, verdicts, splices))
    if not splices:
        return _Edit(content, skipped=skipped)
    after = spliced(content, {splice for mine in splices.values() for splice in mine})
    if not reads_as_meant(before, read(path, after), {index: wishes[index] for index in splices}):
        message = "after the edit the file did not read as it should, so it was left alone"
        return _Edit(content, skipped=(*skipped, Skipped(path, None, SkipReason.CHECK_FAILED, message)))
    return _Edit(after, tuple(_changes(before.found, verdicts, splices)), skipped)


def _verdict(found: Found, targets: Sequence[Target]) -> _Verdict:
    """Decide about one occurrence: a move, a reason against it, or None when no target means it."""
    occurrence = found.occurrence
    meant = [target for target in targets if means(target, occurrence)]
    if not meant:
        return _misplaced(found, targets)
    refusals = [refusal(target, occurrence) for target in meant]
    willing = [target for target, refused in zip(meant, refusals, strict=True) if refused is None]
    if not willing:
        return next((refused for refused in refusals if refused), None)
    wishes = {spelled(found, target) for target in willing}
    if len(wishes) > 1:
        policies = ", ".join(sorted({target.policy for target in willing}))
        return Obstacle(SkipReason.CLAIMED_TWICE, f"policies ask for different tags here: {policies}")
    wish = wishes.pop()
    if isinstance(wish, Obstacle):
        return wish
    if wish == found.held:
        # A marker that asks for what cannot be written is told even where nothing would change.
        return occurrence.obstacle if occurrence.marker is not None else None
    return _Move(willing[0].policy, wish)


def _misplaced(found: Found, targets: Sequence[Target]) -> Obstacle | None:
    """Refuse a line that is marked for a policy but shows another image than the policy's."""
    occurrence = found.occurrence
    if occurrence.marker is None or follows_marker_alone(occurrence):
        return None
    for target in targets:
        other = occurrence.reference is None or occurrence.reference.name != target.reference.name
        if other and names(occurrence.marker, target.policy, target.namespace):
            message = f"the line is marked for {target.policy} but shows another image than {target.reference.name}"
            return Obstacle(SkipReason.DIFFERENT_IMAGE, message)
    return None


def _refused(
    found: Sequence[Found], verdicts: Sequence[_Verdict], splices: Mapping[int, Iterable[Splice]]
) -> Iterator[Skipped]:
    for index, (each, verdict) in enumerate(zip(found, verdicts, strict=True)):
        if verdict is None or index in splices:
            continue
        against = verdict if isinstance(verdict, Obstacle) else each.occurrence.obstacle or _SHARED
        yield Skipped(each.occurrence.path, each.occurrence.line, against.reason, against.message)


def _changes(
    found: Sequence[Found], verdicts: Sequence[_Verdict], splices: Mapping[int, frozenset[Splice]]
) -> Iterator[Change]:
    """Tell each edit once, also where aliases of one value are several occurrences."""
    told: set[frozenset[Splice]] = set()
    for index, mine in splices.items():
        verdict, occurrence = verdicts[index], found[index].occurrence
        if mine in told or not isinstance(verdict, _Move):
            continue
        told.add(mine)
        yield Change(
            path=occurrence.path,
            line=min((splice.line for splice in mine), key=lambda line: abs(line - occurrence.line)),
            kind=occurrence.kind,
            namespace=occurrence.namespace,
            name=occurrence.name,
            container=occurrence.container,
            field=occurrence.field,
            policy=verdict.policy,
            old=occurrence.text,
            new=written_as(verdict.held),
        )
