"""A comment with commands, or a ticked box of the dashboard: read again, obeyed once, and answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.commands import commands_in, may_hold_commands
from bot.flows.asking import Ask, request
from bot.flows.obeying import Outcome, Said, obey
from bot.flows.stage import is_dashboard, stage_of, takes_commands
from bot.github import Reaction
from bot.github.events import process_event_actions, process_webhook_payload
from bot.jobs.performing import performs
from bot.jobs.work import ObeyCheckboxes, ObeyComment, UpdateDashboard
from bot.store import CommentState

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.stage import Stage
    from bot.github import CommentFacts, RepositoryClient
    from bot.store import Repository

log = structlog.get_logger()

Payload = dict[str, Any]

WEIGHT_OF_MARKDOWN: Final = 64
"""Reading Markdown takes longer than finding images in so many bytes: 4 KiB of it are read in another process."""

TICKED_BEFORE: Final = timedelta(minutes=1)
"""Where nobody told when a box was ticked, what was pushed within this time may not have been seen."""

BEGUN_BEFORE: Final = timedelta(minutes=5)
"""How far GitHub's clock may be behind the bot's: what the bot said is looked for from so long before it began."""

SAID_BEFORE: Final = timedelta(hours=1)
"""For so long the bot does not say the same of the same boxes again."""


@process_event_actions("issue_comment", {"created"})
@process_webhook_payload
async def on_issue_comment(
    *, comment: Payload, issue: Payload, repository: Payload, installation: Payload | None = None, **_: Any
) -> tuple[Ask, ...]:
    """A person wrote a comment; perhaps it holds commands, and stands where the bot takes some."""
    is_person = (comment.get("user") or {}).get("type") == "User" and not comment.get("performed_via_github_app")
    body = comment.get("body") or ""
    if installation is None or not is_person or not may_hold_commands(body):
        return ()
    place = (installation["id"], repository["id"], issue["number"])
    return (Ask(ObeyComment(*place, comment["id"], _digest(body), bool(issue.get("pull_request")))),)


def _digest(body: str) -> str:
    """Hash what a comment says; how its lines end is nobody's word."""
    said = "\n".join(body.splitlines()).strip()
    return sha256(said.encode(errors="replace")).hexdigest()[:16]


@performs(ObeyComment)
async def obey_comment(work: ObeyComment, parts: Parts) -> None:
    """Read a comment again, and do what it says if its author may. One that was edited or deleted says nothing.

    What came of it is kept before anybody is answered: where the answer is lost, only the answer is given again. A
    comment where no commands are taken costs no request.
    """
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived:
        return
    kept = await parts.store.comments.get(repository.id, work.comment)
    if kept is None or not kept.state.is_settled:
        await _obey(work, parts, repository)
    elif kept.state is not CommentState.DONE:
        outcome = Outcome(kept.state is CommentState.OBEYED, kept.words)
        await _answer(work, parts, repository, outcome, since=kept.at - BEGUN_BEFORE)


async def _obey(work: ObeyComment, parts: Parts, repository: Repository) -> None:
    if not await takes_commands(parts, repository, work.number, on_pull_request=work.on_pull_request):
        return
    client = parts.client(repository)
    comment = await client.comment(work.comment)
    if comment is None or comment.author_is_bot or comment.number != work.number or _was_edited(comment, work):
        return
    lines = await parts.compute(WEIGHT_OF_MARKDOWN * len(comment.body), commands_in, comment.body)
    if not lines:
        return
    state = await parts.store.comments.begin(repository.id, comment.id, parts.clock())
    if state.is_settled or not await client.react(comment.id, Reaction.EYES):
        return
    may = await client.permission(comment.author_login)
    stage = await stage_of(parts, repository, work.number)
    if stage is None:
        return
    again = state is CommentState.STARTED
    said = Said(comment.author_login, f"comment:{comment.id}", comment.created_at, comment.id, again=again)
    outcome = await obey(parts, stage, said, lines, may)
    await _settle(parts, stage, comment.id, outcome)
    _tell(stage, said, outcome)
    await _answer(work, parts, repository, outcome, since=None)


def _was_edited(comment: CommentFacts, work: ObeyComment) -> bool:
    """Whether a comment says something else than when it was written.

    GitHub does not say whether a reaction, as the bot's own eyes, counts as a change of a comment's `updated_at`.
    """
    return _digest(comment.body) != work.digest if work.digest else comment.edited


async def _settle(parts: Parts, stage: Stage, comment: int, outcome: Outcome) -> None:
    now = parts.clock()
    asked = [request(ask, now, parts.settle) for ask in outcome.asks]
    await parts.store.comments.settle(stage.repository.id, comment, outcome.words, asked, is_done=outcome.is_done)
    parts.wake()


async def _answer(
    work: ObeyComment, parts: Parts, repository: Repository, outcome: Outcome, *, since: datetime | None
) -> None:
    """Say what there is to say, and react; `since`: an earlier attempt may have said it after that moment."""
    client = parts.client(repository)
    if outcome.words:
        await _say(parts, client, work.number, outcome.words, about=f"comment {work.comment}", since=since)
    await client.react(work.comment, Reaction.UP if outcome.is_done else Reaction.CONFUSED)
    await parts.store.comments.done(repository.id, work.comment)


async def _say(
    parts: Parts, client: RepositoryClient, number: int, words: str, *, about: str, since: datetime | None
) -> None:
    """Comment, unless the bot said it already `since` a moment; None: it cannot have."""
    marker = f"<!-- niro answers {about} -->"
    if since is not None:
        bot_login = (await parts.github.identity()).bot_login
        spoken = await client.said_since(number, since)
        if any(each.author_login == bot_login and each.body.startswith(marker) for each in spoken):
            return
    await client.say(number, f"{marker}\n{words}")


@performs(ObeyCheckboxes)
async def obey_checkboxes(work: ObeyCheckboxes, parts: Parts) -> None:
    """Do what the ticked boxes of the dashboard say, if who ticked them may; the boxes are empty again afterwards."""
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived or not await is_dashboard(parts, repository, work.number):
        return
    stage = await stage_of(parts, repository, work.number)
    client = parts.client(repository)
    issue = await client.issue(work.number)
    bot_login = (await parts.github.identity()).bot_login
    if stage is None or issue is None or issue.author_login != bot_login or work.login.endswith("[bot]"):
        return
    now = parts.clock()
    said = Said(work.login, f"dashboard:{work.number}", _ticked_at(work) or now - TICKED_BEFORE)
    outcome = await obey(parts, stage, said, work.commands.splitlines(), await client.permission(work.login))
    if outcome.words:
        ticked = _digest(f"{work.login}\n{work.at}\n{work.commands}")
        await _say(parts, client, work.number, outcome.words, about=f"boxes {ticked}", since=now - SAID_BEFORE)
    # What is asked for last is not asked for twice where the words are lost.
    shown = Ask(UpdateDashboard(repository.installation, repository.id), settle=True)
    await parts.store.due.ask([request(ask, now, parts.settle) for ask in (*outcome.asks, shown)])
    parts.wake()
    _tell(stage, said, outcome)


def _ticked_at(work: ObeyCheckboxes) -> datetime | None:
    """Read when boxes were ticked; None: nobody told."""
    try:
        moment = datetime.fromisoformat(work.at)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _tell(stage: Stage, said: Said, outcome: Outcome) -> None:
    name, number = stage.repository.full_name, stage.number
    log.info("command.answered", repository=name, number=number, by=said.by, is_done=outcome.is_done)
