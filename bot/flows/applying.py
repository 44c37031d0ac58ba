"""Apply one item of a plan to GitHub, and remember what was done."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.bumps import Close, Keep, Open, Reapplied, Stopped, Update, as_written, describe
from bot.flows.admission import begin
from bot.flows.application import Edited
from bot.flows.births import births_of
from bot.flows.closing import abandon, given_up
from bot.flows.labelling import label
from bot.flows.noting import CHANGE_REFUSED, NO_BASE, clear, note, show
from bot.flows.recording import is_judged_by, record_of
from bot.flows.shown_state import bring_state_up_to_date
from bot.flows.stopping import stop
from bot.flows.surroundings import surroundings
from bot.flows.writing import put, reapplied
from bot.github import Forbidden, MustWait, OpeningFailed, Unprocessable
from bot.jobs.work import MergeBump
from bot.manifests import update
from bot.store import BumpRecord, BumpState, NoteKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.bumps import PlanItem
    from bot.flows.application import Application, Decided
    from bot.github import GitHubError, Opened

log = structlog.get_logger()

NOTHING_TO_WRITE = "Nothing of what is wanted can be written into the files of the base branch any more."
NOTHING_NEWER = "The policy wants nothing newer than what stands on the base branch."
CONFLICTS = "It conflicts with its base branch, and only who committed to it can tell what is meant."
PASSING = frozenset({NoteKind.WAITING, NoteKind.STOPPED})


async def apply(application: Application, decided: Decided, item: PlanItem) -> None:
    """Carry out one item of a plan."""
    match item:
        case Keep():
            log.info("bump.kept", repository=application.repository.full_name, reason=item.sentence)
            await bring_state_up_to_date(application, decided)
        case Close():
            await abandon(application, _for_everybody(decided, item))
            await clear(application.parts, application.repository, application.group, frozenset(NoteKind))
        case Open() if item.fingerprint == application.stands.declined:
            log.info("bump.declined", repository=application.repository.full_name, group=application.group)
            await apply_nothing(application)
        case Open() | Update():
            edited = await editing(application, decided, item)
            if edited is None and application.stands.bump is not None:
                await abandon(application, NOTHING_TO_WRITE)
            elif edited is None:
                await apply_nothing(application)
            elif _stands(application, edited):
                await _keep(application, decided, edited)
            elif application.stands.people and not application.anew:
                await _put_on_top(application, decided, edited)
            else:
                await _put(application, decided, edited, None)


def _for_everybody(decided: Decided, item: Close) -> str:
    """Say why a pull request is closed, without what a decision tells of tags that not everybody may know."""
    private = {decision.sentence for (name, _), decision in decided.decisions.items() if name in decided.unshown}
    return NOTHING_NEWER if item.sentence in private else item.sentence


async def apply_nothing(application: Application) -> None:
    """Nothing is wished and nothing stands: then nothing keeps it from going on, either."""
    if application.stands.pull_request is None:
        await given_up(application.parts, application.repository, application.stands.record)
    await clear(application.parts, application.repository, application.group, frozenset(NoteKind))


def _stands(application: Application, edited: Edited) -> bool:
    """Whether the open pull request says this already, about the files as they are.

    Where people committed to it only the wish counts: what they did with the files is theirs.
    """
    stands = application.stands
    if application.anew or stands.bump is None or stands.fingerprint != edited.item.fingerprint:
        return False
    return bool(stands.people) or stands.blobs == edited.blobs or (stands.record is None and application.is_fresh)


async def editing(application: Application, decided: Decided, item: Open | Update) -> Edited | None:
    """Edit the files of the base as an item of a plan wishes. None: nothing of it can be written."""
    contents = application.contents
    result = await application.parts.compute(sum(map(len, contents.values())), update, contents, item.targets)
    for skipped in result.skipped:
        log.info("file.skipped", path=skipped.path, reason=skipped.reason.value, message=skipped.message)
    if not result.files:
        log.warning("bump.nothing_to_edit", repository=application.repository.full_name, group=application.group)
        return None
    log.info("files.edited", repository=application.repository.full_name, files=sorted(result.files))
    blobs = {path: application.facts.files[path].oid for path in result.files}
    item = as_written(item, result.changes, decided.occurrences)
    births = await births_of(decided, item.proposals)
    return Edited(item, result.files, result.changes, blobs, births)


async def _put_on_top(application: Application, decided: Decided, edited: Edited) -> None:
    """Move our own values on top of what people committed; where that cannot be done, stop and say so once."""
    match await reapplied(application, decided, edited):
        case Stopped(sentence):
            await stop(application, sentence)
            await bring_state_up_to_date(application, decided)
        case Reapplied() as ours:
            await _put(application, decided, edited, ours)


async def _put(application: Application, decided: Decided, edited: Edited, on_top: Reapplied | None) -> None:
    """Bring the pull request about; note the intention first, so that a death in between is understood afterwards."""
    record = record_of(application, decided, edited)
    if not await begin(application, decided, record):
        if application.stands.pull_request is None:
            await given_up(application.parts, application.repository, application.stands.record)
        return
    around = await surroundings(application, decided, edited)
    text = describe(edited.item, edited.changes, decided.decisions, decided.unshown, around)
    async with refused_is_noted(application), waiting_is_undone(application, record):
        opened = await put(application, edited, text, on_top)
    log.info(
        "pull_request.opened" if isinstance(edited.item, Open) else "pull_request.updated",
        repository=application.repository.full_name,
        number=opened.number,
        url=opened.url,
        title=text.title,
    )
    await _settled(application, _pushed(application, record, opened), edited.item)
    await clear(application.parts, application.repository, application.group, frozenset(NoteKind))
    await show(application.parts, application.repository)


def _pushed(application: Application, record: BumpRecord, opened: Opened) -> BumpRecord:
    return replace(
        record,
        head=opened.head,
        pull_request=opened.number,
        seen_head=opened.head,
        seen_at=application.parts.clock(),
    )


@asynccontextmanager
async def refused_is_noted(application: Application) -> AsyncIterator[None]:
    """Note for the repository's people what GitHub refuses, and let the error go on."""
    try:
        yield
    except (Forbidden, Unprocessable, OpeningFailed) as refused:
        sentence = f"{CHANGE_REFUSED}{refused.message}"
        await note(application.parts, application.repository, application.group, NoteKind.REFUSED, sentence)
        await _give_place_back(application, refused)
        raise


@asynccontextmanager
async def waiting_is_undone(application: Application, begun: BumpRecord) -> AsyncIterator[None]:
    """Where nothing was written yet because it is not this installation's turn, remember what was remembered before."""
    try:
        yield
    except MustWait:
        if application.stands.record is not None and application.stands.bump is not None:
            await application.parts.store.bumps.save_if(application.stands.record, begun)
        raise


async def _give_place_back(application: Application, refused: GitHubError) -> None:
    """Forget the intention that GitHub refused: what stood before stands, or others may have the place."""
    parts, repository, before = application.parts, application.repository, application.stands.record
    record = await parts.store.bumps.get(repository.id, application.group)
    is_left = isinstance(refused, OpeningFailed) and refused.state.branch_head is not None
    if is_left or record is None or record.state is not BumpState.OPENING:
        return
    if application.stands.bump is None:
        await given_up(parts, repository, record)
    elif before is not None:
        await parts.store.bumps.save_if(replace(before, state=BumpState.OPEN), record)


async def _keep(application: Application, decided: Decided, edited: Edited) -> None:
    """Nothing to write to the branch; what an earlier run could not note any more is noted now."""
    bump, record = application.stands.bump, record_of(application, decided, edited)
    assert bump is not None
    pull_request = application.stands.pull_request
    if application.stands.people and pull_request is not None and pull_request.conflicts:
        await stop(application, CONFLICTS)
    else:
        await _clear_what_is_over(application, edited.item)
    if not (application.stands.noted and is_judged_by(application.stands.record, record)):
        log.info("pull_request.recognised", repository=application.repository.full_name, number=bump.pull_request)
        await _settled(application, record, edited.item)
    await bring_state_up_to_date(application, decided)


async def _clear_what_is_over(application: Application, item: Open | Update) -> None:
    """A pull request stands as it is wished: what was in the way of that is over. What is about its merge is judged."""
    parts, repository, group = application.parts, application.repository, application.group
    noted = await parts.store.notes.get(repository.id, group)
    if noted is None or noted.kind in PASSING or noted.sentence.startswith((CHANGE_REFUSED, NO_BASE)):
        await clear(parts, repository, group, frozenset(NoteKind))
    elif item.auto_merge is None:
        # Where people merge, judging it forgets what GitHub once refused.
        await parts.ask(MergeBump(repository.installation, repository.id, group))


async def _settled(application: Application, record: BumpRecord, item: Open | Update) -> None:
    """Label a new pull request, remember that it stands, and look at once whether it may be merged."""
    assert record.pull_request is not None
    before = application.stands.record
    labelled = isinstance(item, Update) and before is not None and before.state is not BumpState.OPENING
    if not labelled:
        await label(application.client, record.pull_request, item)
    parts, repository = application.parts, application.repository
    await parts.store.bumps.save(replace(record, state=BumpState.OPEN, updated_at=parts.clock()))
    ordered = await parts.store.orders.get(repository.id, application.group)
    if item.auto_merge is not None or ordered is not None:
        await parts.ask(MergeBump(repository.installation, repository.id, application.group))
