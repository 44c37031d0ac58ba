"""What is wrong in a repository although its policy file is understood: for its people, with what mends it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.bumps import Laid, laid_sentence
from bot.flows.following import followed_in
from bot.flows.indexed import MARKERS, marked_lines
from bot.flows.looks import is_trouble, mending
from bot.flows.promotions_hindered import promotions_hindered
from bot.flows.readers import NOBODY, Readers, disagreements, readers_of
from bot.manifests import belongs
from bot.registries import Unusable
from bot.selection import Reason
from bot.store import NoteKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.bumps import Decisions
    from bot.flows.parts import Parts
    from bot.policies import ImagePolicy, PolicyFile
    from bot.store import GroupNote, Repository, RestrictionRecord

MOST_LISTED: Final = 50
"""Lines of one list; nobody reads more, and a check run's summary is limited."""

_MATCHES_NOTHING: Final = frozenset({Reason.NO_MATCH, Reason.NO_TAGS})


@dataclass(frozen=True, slots=True)
class UnknownMarker:
    """A marker that names a policy which there is not. line: from 1."""

    path: str
    line: int
    marker: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """What there is to say, each as a line for people: nothing in it was read with a credential.

    `waiting` and `stopped` tell of groups, `laid` of what people laid upon policies, `ended` of waivers that no longer
    count, `promotions` of what keeps images from their next repository.
    """

    unreadable: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    markers: tuple[UnknownMarker, ...] = ()
    waiting: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    laid: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    promotions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return any(getattr(self, each.name) for each in fields(self))


async def remarks_on(parts: Parts, repository: Repository, policy_file: PolicyFile) -> Remarks:
    """Gather what is known to be wrong with a repository's images, policies and markers. Asks nobody outside."""
    policies = followed_in(policy_file)
    readers = await readers_of(parts, repository)
    notes = await parts.store.notes.of(repository.id)
    return Remarks(
        unreadable=await _unreadable(parts, repository, readers, policies),
        unmatched=await _unmatched(parts, repository, policies),
        markers=await _unknown_markers(parts, repository.id, policy_file),
        waiting=_of_groups(noted for noted in notes if noted.kind is NoteKind.WAITING),
        stopped=_of_groups(noted for noted in notes if noted.kind is not NoteKind.WAITING),
        laid=_listed(f"{laid_sentence(laid)}." for laid in await laid_upon(parts, repository.id)),
        ended=_ended(policy_file, parts.clock().date()),
        promotions=_listed(await promotions_hindered(parts, repository, policy_file, readers)),
    )


async def laid_upon(parts: Parts, repository: int) -> list[Laid]:
    """List what is laid upon a repository's policies now, by policy, the earliest first."""
    return [laid_of(record) for record in await parts.store.restrictions.of(repository, parts.clock())]


def laid_of(record: RestrictionRecord) -> Laid:
    """Take from what is kept of a restriction what people are told."""
    return Laid(
        policy=record.policy,
        kind=record.kind,
        tag=record.tag,
        digest=record.digest,
        range=record.range,
        beyond=record.beyond,
        until=record.until,
        reason=record.reason,
        by=record.by,
    )


async def next_end(parts: Parts, repository: int, policy_file: PolicyFile | None) -> datetime | None:
    """Return when something that is laid, or a waiver, ends by itself next: then there is something else to tell.

    None: never.
    """
    waivers = policy_file.findings.ignore if policy_file is not None else ()
    days = [datetime.combine(waiver.until, time(), UTC) for waiver in waivers if waiver.until is not None]
    ends = [laid.until for laid in await laid_upon(parts, repository) if laid.until is not None]
    return min((end for end in (*ends, *days) if end > parts.clock()), default=None)


async def may_tell(parts: Parts, repository: Repository, policy_file: PolicyFile) -> bool:
    """Whether a repository's check has something to say, or said something last that may be over."""
    reported = await parts.store.repositories.reported(repository.id)
    said = reported is not None and bool(reported.digest)
    return said or bool(await remarks_on(parts, repository, policy_file))


async def differ_in_what_is_told(parts: Parts, repository: int, decisions: Decisions) -> bool:
    """Whether a policy that matched nothing does now, or the other way round: its repository's check tells of it."""
    for (policy, _), decision in decisions.items():
        last = await parts.store.decisions.of(repository, policy)
        matched_nothing = last is not None and last.reason in _NAMES
        if matched_nothing != (decision.reason in _MATCHES_NOTHING):
            return True
    return False


_NAMES: Final = frozenset(reason.value for reason in _MATCHES_NOTHING)


async def _unreadable(
    parts: Parts, repository: Repository, readers: Readers, policies: list[ImagePolicy]
) -> tuple[str, ...]:
    said = [f"{policy}: {sentence}" for policy, sentence in disagreements(policies).items()]
    chosen = readers.of_all(policies)
    for policy in policies:
        reader = chosen[policy.image.name]
        if isinstance(reader, Unusable):
            said.append(f"{policy.name} ({policy.image.name}): {reader.sentence}")
            continue
        state = await parts.store.ledger.scan_state(policy.image.host, policy.image.repository, reader)
        if state is not None and is_trouble(state, parts.clock()):
            # An error may name a tag, which is not for everybody where only a credential could see it.
            is_told = repository.private or reader == NOBODY
            why = state.error if is_told else f"it cannot be read with its credential; {mending(state)}"
            said.append(f"{policy.name} ({policy.image.name}): {why}")
    return _listed(said)


async def _unmatched(parts: Parts, repository: Repository, policies: list[ImagePolicy]) -> tuple[str, ...]:
    standing = set(await parts.store.index.images(repository.id))
    markers = [name for host, name in standing if host == MARKERS]
    said = []
    for policy in policies:
        last = await parts.store.decisions.of(repository.id, policy.name)
        if last is not None and last.reason in _NAMES:
            # Everybody may read a public repository, and what its credentials read is not for everybody.
            is_told = repository.private or last.reader == NOBODY
            sentence = last.sentence if is_told else "no tag is acceptable."
            said.append(f"{policy.name}: {sentence} Mend the policy, or push a tag that it takes.")
        elif (policy.image.host, policy.image.repository) not in standing and not _is_marked(policy, markers):
            said.append(f"{policy.name}: no file here uses {policy.image.name}. Mend the image's name, or take it out.")
    return _listed(said)


async def _unknown_markers(parts: Parts, repository: int, policy_file: PolicyFile) -> tuple[UnknownMarker, ...]:
    markers = [marker for host, marker in await parts.store.index.images(repository) if host == MARKERS]
    unknown = (marker for marker in markers if not any(_is_marked(policy, [marker]) for policy in policy_file.images))
    found: list[UnknownMarker] = []
    for marker in islice(unknown, MOST_LISTED):
        for file in await parts.store.index.files_using(repository, MARKERS, marker):
            found += [UnknownMarker(file.path, line, marker) for line in marked_lines(file, marker)]
    return tuple(found[:MOST_LISTED])


def _ended(policy_file: PolicyFile, today: date) -> tuple[str, ...]:
    return _listed(
        f"{waiver.rule} in {', '.join(waiver.paths)}: ended on {waiver.until}. Take it out, or give it another day."
        for waiver in policy_file.findings.ignore
        if waiver.until is not None and waiver.until <= today and policy_file.enabled
    )


def _of_groups(notes: Iterable[GroupNote]) -> tuple[str, ...]:
    return _listed(f"{noted.group}: {noted.sentence}" for noted in notes)


def _is_marked(policy: ImagePolicy, markers: Iterable[str]) -> bool:
    return any(belongs(marker, policy.name) for marker in markers)


def _listed(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(islice(lines, MOST_LISTED))
