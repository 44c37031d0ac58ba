"""To do what was said: lay, lift and ask for work, or say why nothing is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.bumps import PullRequestState
from bot.commands import (
    LEAST_RIGHT,
    About,
    Command,
    CommandName,
    Effects,
    Life,
    Mistake,
    TooMany,
    Versions,
    Want,
    effects,
    read,
)
from bot.flows.answers import answered, mistaken, unreadable
from bot.flows.asking import Ask
from bot.flows.readers import readers_of
from bot.flows.stage import group_of, situation_of, target_of
from bot.github import Permission
from bot.jobs.work import BumpRepository, MergeBump, RecreateBump, ReportPolicyFile, ScanImage, UpdateDashboard
from bot.registries import Unusable
from bot.selection import RestrictionKind
from bot.store import BumpState, MergeOrderRecord, RestrictionRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.commands import CommandRow, Lay, Lift, Right
    from bot.flows.parts import Parts
    from bot.flows.stage import Stage
    from bot.github import OnePullRequest
    from bot.jobs.work import Work
    from bot.store import BumpRecord

_ANSWERED: Final = (Want.HELP, Want.EXPLAIN, Want.PLAN)
_MEANT_BY_SITUATION: Final = frozenset({CommandName.IGNORE, CommandName.ROLLBACK})


@dataclass(frozen=True, slots=True)
class Said:
    """Who said something, where (`source` as restrictions keep it), and when. `comment`: its id, 0 for a box.

    `again`: an earlier attempt to do it was cut short.
    """

    by: str
    source: str
    at: datetime
    comment: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: whether it was done, what there is to say about it ("": nothing), and what is to be asked for.

    What is remembered is remembered by then; the work is for the caller to ask for, with what it keeps of the answer.
    """

    is_done: bool
    words: str = ""
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class _Order:
    """One command with what it comes to. `pull_request`: the open one that it writes to, as it stands now."""

    effects: Effects
    record: BumpRecord | None
    pull_request: OnePullRequest | None = None

    @property
    def command(self) -> Command:
        return self.effects.command


async def obey(parts: Parts, stage: Stage, said: Said, lines: Sequence[str] | TooMany, may: Permission) -> Outcome:
    """Do what the lines say, all of it or nothing, for somebody who may do so much in the repository.

    Who may do nothing of it gets no words: else strangers could let the bot speak.
    """
    if not _reaches(may, LEAST_RIGHT):
        return Outcome(is_done=False)
    if isinstance(lines, TooMany):
        mistake = Mistake("/niro", f"There are {lines.count} commands in this comment; at most ten are taken at once.")
        return Outcome(is_done=False, words=mistaken([mistake]))
    understood = [read(line, stage.place, parts.clock()) for line in lines]
    mistakes = [each for each in understood if isinstance(each, Mistake)]
    commands = [each for each in understood if isinstance(each, Command)]
    if not all(_reaches(may, command.row.right) for command in commands):
        return Outcome(is_done=False)
    orders = [await _ordered(parts, stage, said, command) for command in commands if not mistakes]
    mistakes += [each for each in orders if isinstance(each, Mistake)]
    if mistakes:
        return Outcome(is_done=False, words=mistaken(mistakes))
    return await _done(parts, stage, said, [each for each in orders if isinstance(each, _Order)])


def _reaches(may: Permission, right: Right) -> bool:
    return may >= Permission[right.name]


async def _ordered(parts: Parts, stage: Stage, said: Said, command: Command) -> _Order | Mistake:
    """Work out what a command comes to, and whether what it writes to is still what its writer saw."""
    if said.again and await _was_done(parts, stage, said, command):
        return _Order(Effects(command, wants=frozenset({Want.REFRESH})), None)
    if stage.earlier is not None and command.row.about is About.PULL_REQUEST:
        return Mistake(f"/niro {command.row.name.value}", await _gone_on(parts, stage, stage.earlier))
    situation = await situation_of(parts, command, stage)
    found = effects(command, situation)
    if isinstance(found, Mistake):
        return found
    record = await target_of(parts, command, stage)
    if not command.row.writes or situation.life is not Life.OPEN or record is None:
        return _Order(found, record)
    assert record.pull_request is not None
    pull_request = await parts.client(stage.repository).pull_request(record.pull_request)
    sentence = _moved(pull_request, record, said, found.head)
    if sentence is not None or pull_request is None:
        return Mistake(f"/niro {command.row.name.value}", f"{sentence}{'' if found.head else _stating(command.row)}")
    return _Order(found, record, pull_request)


async def _gone_on(parts: Parts, stage: Stage, group: str) -> str:
    """Say where a group has gone on since its earlier pull request."""
    latest = await parts.store.bumps.get(stage.repository.id, group)
    if latest is None or latest.pull_request is None:
        return "This pull request is over."
    return f"Pull request {latest.pull_request} took the place of this one: say it there."


async def _was_done(parts: Parts, stage: Stage, said: Said, command: Command) -> bool:
    """Whether an earlier attempt noted what a command meant then; it may mean something else by now."""
    repository, name = stage.repository.id, command.row.name
    if name is CommandName.MERGE and command.group is not None:
        order = await parts.store.orders.get(repository, command.group)
        return order is not None and order.comment == said.comment
    if name not in _MEANT_BY_SITUATION:
        return False
    laid = await parts.store.restrictions.of(repository, parts.clock())
    return any(record.source == said.source and record.policy in command.policies for record in laid)


def _moved(pull_request: OnePullRequest | None, record: BumpRecord, said: Said, stated: str) -> str | None:
    """Say why a pull request may not be the one that its writer saw; None: it is.

    `stated`: what they wrote of the head, which then decides alone.
    """
    if pull_request is None or pull_request.state is not PullRequestState.OPEN:
        return f"Pull request {record.pull_request} is not open any more."
    if stated:
        fits = pull_request.head.startswith(stated)
        return (
            None
            if fits
            else f"The head of pull request {pull_request.number} is {pull_request.head[:12]}, another commit."
        )
    since = record.seen_at or record.updated_at
    if pull_request.head == (record.seen_head or record.head) and since < said.at:
        return None
    number = pull_request.number
    return f"Pull request {number} was pushed to after this was written, or just before: look at it, and say it again."


def _stating(row: CommandRow) -> str:
    return " Or say which commit is meant: /niro merge <commit>." if row.name is CommandName.MERGE else ""


async def _done(parts: Parts, stage: Stage, said: Said, orders: Sequence[_Order]) -> Outcome:
    """Carry out orders in turn: first all that is remembered, then the work, so that no work sees half of it."""
    changed = False
    for order in orders:
        changed |= await _remember(parts, stage, said, order)
    works = [Ask(work) for order in orders for work in _work_after(stage, order)]
    words: list[str] = []
    for order in orders:
        told, scans = await _answer(parts, stage, order)
        words.append(told)
        works += map(Ask, scans)
    place = (stage.repository.installation, stage.repository.id)
    if changed:
        works.append(Ask(ReportPolicyFile(*place)))
    if changed or any(order.command.row.writes for order in orders):
        works.append(Ask(UpdateDashboard(*place), settle=True))
    said_once = dict.fromkeys(word for word in words if word)
    return Outcome(is_done=True, words="\n\n".join(said_once), asks=tuple(dict.fromkeys(works)))


async def _remember(parts: Parts, stage: Stage, said: Said, order: _Order) -> bool:
    """Lay and lift what an order says, and note what is to be merged; tell whether restrictions were touched."""
    store, repository, found = parts.store, stage.repository.id, order.effects
    for lay in found.lays:
        await store.restrictions.lay(_record(parts, stage, said, lay))
    for lift in found.lifts:
        await _lift(parts, stage, lift)
    if Want.FORGET_CLOSING in found.wants and order.record is not None:
        source = f"pull-request:{order.record.pull_request}"
        await store.restrictions.lift(repository, {RestrictionKind.IGNORE}, source=source)
    if Want.FORGET_CLOSING in found.wants or any(RestrictionKind.IGNORE in lift.kinds for lift in found.lifts):
        await _forget_closing(parts, order.record)
    if Want.MERGE in found.wants and order.pull_request is not None and order.record is not None:
        head, group = order.pull_request.head, order.record.group
        await store.orders.put(
            MergeOrderRecord(repository, group, head, bool(found.head), said.by, said.comment, parts.clock())
        )
    return bool(found.lays or found.lifts or Want.FORGET_CLOSING in found.wants)


async def _forget_closing(parts: Parts, record: BumpRecord | None) -> None:
    """Let what a closed pull request proposed be proposed again."""
    if record is not None and record.state is BumpState.CLOSED:
        await parts.store.bumps.save(replace(record, fingerprint=""))


def _record(parts: Parts, stage: Stage, said: Said, lay: Lay) -> RestrictionRecord:
    versions = lay.versions
    return RestrictionRecord(
        repository=stage.repository.id,
        policy=lay.policy,
        kind=lay.kind,
        tag=versions.tag if versions else None,
        digest=versions.digest if versions else None,
        range=versions.range if versions else None,
        beyond=lay.beyond,
        until=lay.until,
        reason="",
        source=said.source,
        by=said.by,
        at=parts.clock(),
    )


async def _lift(parts: Parts, stage: Stage, lift: Lift) -> None:
    versions = lift.versions or Versions()
    await parts.store.restrictions.lift(
        stage.repository.id,
        lift.kinds,
        policies=lift.policies,
        tag=versions.tag,
        digest=versions.digest,
        range=versions.range,
    )


def _work_after(stage: Stage, order: _Order) -> Iterable[Work]:
    place = (stage.repository.installation, stage.repository.id)
    groups = list(dict.fromkeys(stage.policies[name].group for name in order.command.policies))
    if not groups and (group := group_of(order.command, stage) or _own_group(stage)) is not None:
        groups = [group]
    wants = order.effects.wants
    if Want.REFRESH in wants:
        yield from (BumpRepository(*place, group) for group in groups)
    if {Want.REFRESH, Want.MERGE} & wants:
        yield from (MergeBump(*place, group) for group in groups)
    if Want.RECREATE in wants and order.pull_request is not None and order.record is not None:
        yield RecreateBump(*place, order.record.group, order.pull_request.head)


def _own_group(stage: Stage) -> str | None:
    return stage.record.group if stage.record is not None else stage.earlier


async def _answer(parts: Parts, stage: Stage, order: _Order) -> tuple[str, list[Work]]:
    """Say what an order asks to be told, and name the work that looks up what is not known."""
    wants, names = order.effects.wants, order.command.policies
    if Want.SCAN in wants:
        return await _scan(parts, stage, names)
    asked = next((want for want in _ANSWERED if want in wants), None)
    return ("" if asked is None else await answered(parts, stage, asked, names)), []


async def _scan(parts: Parts, stage: Stage, names: Sequence[str]) -> tuple[str, list[Work]]:
    """Return which images of policies nobody can read, as words, and the scans of the others."""
    policies = [stage.policies[name] for name in names]
    chosen = (await readers_of(parts, stage.repository)).of_all(policies)
    scans: list[Work] = []
    unread: list[Mistake] = []
    for policy in policies:
        reader = chosen[policy.image.name]
        if isinstance(reader, Unusable):
            unread.append(Mistake(policy.name, reader.sentence))
        else:
            scans.append(ScanImage(policy.image.host, policy.image.repository, reader))
    return (unreadable(unread) if unread else ""), scans
