"""A comment with commands, or a ticked box of the dashboard: read again, obeyed once, and answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.commands import commands_in, may_hold_commands
from bot.flows.asking import Ask
from bot.flows.noting import show
from bot.flows.obeying import Outcome, Said, obey
from bot.flows.stage import is_dashboard, stage_of
from bot.github import Reaction
from bot.github.events import process_event_actions, process_webhook_payload
from bot.jobs.performing import performs
from bot.jobs.work import ObeyCheckboxes, ObeyComment
from bot.store import CommentState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.flows.stage import Stage
    from bot.github import CommentFacts, RepositoryClient

log = structlog.get_logger()

Payload = dict[str, Any]

WEIGHT_OF_MARKDOWN: Final = 64
"""Reading Markdown takes longer than finding images in so many bytes: 4 KiB of it are read in another process."""

TICKED_BEFORE: Final = timedelta(minutes=1)
"""A box does not tell when it was ticked: what was pushed within this time may not have been seen."""

SAID_BEFORE: Final = timedelta(hours=1)
"""For so long the bot does not say the same of the same boxes again."""


@process_event_actions("issue_comment", {"created"})
@process_webhook_payload
async def on_issue_comment(
    *, comment: Payload, issue: Payload, repository: Payload, installation: Payload | None = None, **_: Any
) -> tuple[Ask, ...]:
    """A person wrote a comment; perhaps it holds commands, and stands where the bot takes some."""
    is_person = (comment.get("user") or {}).get("type") == "User" and not comment.get("performed_via_github_app")
    if installation is None or not is_person or not may_hold_commands(comment.get("body") or ""):
        return ()
    return (Ask(ObeyComment(installation["id"], repository["id"], issue["number"], comment["id"])),)


@performs(ObeyComment)
async def obey_comment(work: ObeyComment, parts: Parts) -> None:
    """Read a comment again, and do what it says if its author may. One that was edited or deleted says nothing.

    What is none of the bot's own pull requests and not its dashboard costs no request.
    """
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived:
        return
    stage = await stage_of(parts, repository, work.number)
    if stage is None:
        return
    client = parts.client(repository)
    comment = await client.comment(work.comment)
    if comment is None or comment.edited or comment.author_is_bot or comment.number != work.number:
        return
    lines = await parts.compute(WEIGHT_OF_MARKDOWN * len(comment.body), commands_in, comment.body)
    if not lines:
        return
    state = await parts.store.comments.begin(repository.id, comment.id, parts.clock())
    if state is CommentState.DONE or not await client.react(comment.id, Reaction.EYES):
        return
    said = Said(comment.author_login, f"comment:{comment.id}", comment.created_at, comment.id)
    said = replace(said, again=state is CommentState.STARTED)
    outcome = await obey(parts, stage, said, lines, await client.permission(comment.author_login))
    await _answer(parts, client, comment, outcome, again=said.again)
    await parts.store.comments.done(repository.id, comment.id)
    _tell(stage, said, outcome)


async def _answer(
    parts: Parts, client: RepositoryClient, comment: CommentFacts, outcome: Outcome, *, again: bool
) -> None:
    if outcome.words:
        since = comment.created_at if again else None
        await _say(parts, client, comment.number, outcome.words, about=f"comment {comment.id}", since=since)
    await client.react(comment.id, Reaction.UP if outcome.is_done else Reaction.CONFUSED)


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
    said = Said(work.login, f"dashboard:{work.number}", now - TICKED_BEFORE)
    outcome = await obey(parts, stage, said, work.commands.splitlines(), await client.permission(work.login))
    if outcome.words:
        ticked = sha256(f"{work.login}\n{work.commands}".encode(errors="replace")).hexdigest()[:16]
        await _say(parts, client, work.number, outcome.words, about=f"boxes {ticked}", since=now - SAID_BEFORE)
    await show(parts, repository)
    _tell(stage, said, outcome)


def _tell(stage: Stage, said: Said, outcome: Outcome) -> None:
    name, number = stage.repository.full_name, stage.number
    log.info("command.answered", repository=name, number=number, by=said.by, is_done=outcome.is_done)
