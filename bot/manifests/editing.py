"""Edit files by splicing bytes: only the value of an image changes, and what was written is read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import yaml

from bot.manifests.occurrences import Obstacle, Occurrence, Part, Span
from bot.manifests.reading import Manifest, read_manifest
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.scope import editable
from bot.manifests.targets import Target, means, moved, names, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PATH_MESSAGES: Final = {
    SkipReason.WORKFLOW: "workflows of GitHub Actions are not edited",
    SkipReason.POLICY_FILE: "the bot does not edit its own policy file",
    SkipReason.UNSAFE_PATH: "a path like this one is not edited",
}


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
        if any(trace in content for trace in traces):
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


class Move(NamedTuple):
    """A new value for an occurrence, and the policy that asks for it."""

    policy: str
    text: str


def _edit(path: str, content: bytes, targets: Sequence[Target]) -> _Edit:
    reason = editable(path)
    if reason is not None:
        return _Edit(content, skipped=(Skipped(path, None, reason, _PATH_MESSAGES[reason]),))
    before = read_manifest(path, content)
    verdicts = [_verdict(occurrence, targets, content) for occurrence in before.occurrences]
    moves = _movable(before.occurrences, verdicts)
    skipped = before.skipped + tuple(_refused(before.occurrences, verdicts, moves))
    if not moves:
        return _Edit(content, skipped=skipped)
    after = _spliced(content, ((before.occurrences[index].parts[Part.WHOLE], move) for index, move in moves.items()))
    if not reads_as_meant(before, read_manifest(path, after), moves):
        message = "after the edit the file did not read as it should, so it was left alone"
        return _Edit(content, skipped=(*skipped, Skipped(path, None, SkipReason.CHECK_FAILED, message)))
    return _Edit(after, tuple(_change(before.occurrences[index], move) for index, move in moves.items()), skipped)


def _verdict(occurrence: Occurrence, targets: Sequence[Target], content: bytes) -> Move | Obstacle | None:
    """Decide about one occurrence: a move, a reason against it, or None when no target means it."""
    meant = [target for target in targets if means(target, occurrence)]
    if not meant:
        return _misplaced(occurrence, targets)
    refusals = [refusal(target, occurrence) for target in meant]
    willing = [target for target, refused in zip(meant, refusals, strict=True) if refused is None]
    if not willing:
        return next((refused for refused in refusals if refused), None)
    texts = {moved(occurrence, target) for target in willing}
    if len(texts) > 1:
        policies = ", ".join(sorted({target.policy for target in willing}))
        return Obstacle(SkipReason.CLAIMED_TWICE, f"policies ask for different tags here: {policies}")
    return _written(occurrence, Move(willing[0].policy, texts.pop()), content)


def _misplaced(occurrence: Occurrence, targets: Sequence[Target]) -> Obstacle | None:
    """Refuse a line that is marked for a policy but shows another image than the policy's."""
    for target in targets:
        other = occurrence.reference is None or occurrence.reference.name != target.reference.name
        if occurrence.marker is not None and other and names(occurrence.marker, target.policy, target.namespace):
            message = f"the line is marked for {target.policy} but shows another image than {target.reference.name}"
            return Obstacle(SkipReason.DIFFERENT_IMAGE, message)
    return None


def _written(occurrence: Occurrence, move: Move, content: bytes) -> Move | Obstacle | None:
    """Refuse a move that cannot be written as the old value is; None when nothing would change."""
    if move.text == occurrence.text:
        return None
    span = occurrence.parts.get(Part.WHOLE)
    quoted = span is not None and content[span.start - 1 : span.start] in {b'"', b"'"}
    if not quoted and _is_other_type(move.text):
        return Obstacle(SkipReason.OTHER_TYPE, "without quotes YAML would not read the new value as a text")
    return move


def _is_other_type(text: str) -> bool:
    """Whether a plain scalar of this text would be read as a number, a truth value or a time (YAML 1.1)."""
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers.get(text[0], [])
    return any(expression.match(text) for _, expression in resolvers)


def _movable(occurrences: Sequence[Occurrence], verdicts: Sequence[Move | Obstacle | None]) -> dict[int, Move]:
    """Keep the moves whose own bytes may change, unless an alias of them is to stay or to go elsewhere."""
    moves = {
        index: verdict
        for index, verdict in enumerate(verdicts)
        if isinstance(verdict, Move) and occurrences[index].obstacle is None
    }
    wanted: dict[Span, set[str | None]] = {}
    for occurrence, verdict in zip(occurrences, verdicts, strict=True):
        if occurrence.anchor is not None:
            text = verdict.text if isinstance(verdict, Move) else None
            wanted.setdefault(occurrence.anchor, set()).add(text)
    return {
        index: move
        for index, move in moves.items()
        if wanted.get(occurrences[index].parts[Part.WHOLE], {move.text}) == {move.text}
    }


def _refused(
    occurrences: Sequence[Occurrence], verdicts: Sequence[Move | Obstacle | None], moves: Mapping[int, Move]
) -> Iterable[Skipped]:
    edited = {occurrences[index].parts[Part.WHOLE] for index in moves}
    for index, (occurrence, verdict) in enumerate(zip(occurrences, verdicts, strict=True)):
        if verdict is None or index in moves or occurrence.anchor in edited:
            continue
        against = verdict if isinstance(verdict, Obstacle) else occurrence.obstacle
        against = against or Obstacle(SkipReason.ALIAS, "an alias elsewhere in the file has to stay at this value")
        yield Skipped(occurrence.path, occurrence.line, against.reason, against.message)


def _spliced(content: bytes, edits: Iterable[tuple[Span, Move]]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    for span, move in sorted(edits):
        pieces += (content[at : span.start], move.text.encode())
        at = span.end
    return b"".join((*pieces, content[at:]))


def reads_as_meant(before: Manifest, after: Manifest, moves: Mapping[int, Move]) -> bool:
    """Check that a file reads after the edit as it did before, but for the moved values."""
    texts = [occurrence.text for occurrence in before.occurrences]
    anchored = {before.occurrences[index].parts[Part.WHOLE]: move.text for index, move in moves.items()}
    for index, occurrence in enumerate(before.occurrences):
        if index in moves:
            texts[index] = moves[index].text
        elif occurrence.anchor in anchored:
            texts[index] = anchored[occurrence.anchor]
    expected = [(_place(occurrence), text) for occurrence, text in zip(before.occurrences, texts, strict=True)]
    found = [(_place(occurrence), occurrence.text) for occurrence in after.occurrences]
    return found == expected and after.skipped == before.skipped


def _place(occurrence: Occurrence) -> tuple[object, ...]:
    obstacle = occurrence.obstacle.reason if occurrence.obstacle else None
    return (
        occurrence.document,
        occurrence.kind,
        occurrence.namespace,
        occurrence.name,
        occurrence.container,
        occurrence.field,
        occurrence.line,
        occurrence.marker,
        obstacle,
    )


def _change(occurrence: Occurrence, move: Move) -> Change:
    return Change(
        path=occurrence.path,
        line=occurrence.line,
        kind=occurrence.kind,
        namespace=occurrence.namespace,
        name=occurrence.name,
        container=occurrence.container,
        field=occurrence.field,
        policy=move.policy,
        old=occurrence.text,
        new=move.text,
    )
