"""The dashboard: one issue of a repository, kept up to date, in which a ticked box is a command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.bumps import OVERVIEW_TITLE, has_boxes, overview, ticked
from bot.flows.asking import Ask
from bot.flows.dashboard_facts import facts_of
from bot.flows.policies import policies_in_force
from bot.flows.remarks import next_end
from bot.github import NotFound
from bot.github.events import process_event_actions, process_webhook_payload
from bot.jobs.performing import ComesAgain, performs
from bot.jobs.work import InvalidWork, ObeyCheckboxes, UpdateDashboard, key
from bot.store import Dashboard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.flows.parts import Parts
    from bot.github import IssueFacts, RepositoryClient
    from bot.store import Repository

log = structlog.get_logger()

Payload = dict[str, Any]

_CLOSED_BY_US: Final = ""
"""Stands for the text of a dashboard that the bot closed; one that a person closed keeps its text."""


@process_event_actions("issues", {"edited", "reopened"})
@process_webhook_payload
async def on_issues(
    *,
    issue: Payload,
    repository: Payload,
    sender: Payload,
    installation: Payload | None = None,
    changes: Payload | None = None,
    **_: Any,
) -> tuple[Ask, ...]:
    """A person changed what looks like the dashboard; perhaps they ticked a box, or opened it again.

    Whether it is the dashboard is seen when the work is done. What people changed in it is put right again.
    """
    if installation is None or sender.get("type") == "Bot" or not _looks_like_ours(issue):
        return ()
    before = ((changes or {}).get("body") or {}).get("from") or ""
    login, place = sender["login"], (installation["id"], repository["id"])
    empty = ObeyCheckboxes(*place, issue["number"], login, "", issue.get("updated_at") or "")
    asked = _orders(empty, ticked(before, issue.get("body") or ""))
    return (*map(Ask, asked), Ask(UpdateDashboard(*place), settle=True))


def _looks_like_ours(issue: Payload) -> bool:
    """Whether a bot wrote it, with the dashboard's title or, where people gave it another one, with its boxes."""
    if (issue.get("user") or {}).get("type") != "Bot":
        return False
    return issue.get("title") == OVERVIEW_TITLE or has_boxes(issue.get("body") or "")


def _orders(empty: ObeyCheckboxes, commands: Iterable[str]) -> Iterator[ObeyCheckboxes]:
    """Put as many commands into each piece of work as its key can hold; one that no key can hold is none of ours."""
    filled = empty
    for command in commands:
        alone = replace(empty, commands=command)
        if not _has_key(alone):
            continue
        together = replace(filled, commands=f"{filled.commands}\n{command}") if filled.commands else alone
        if _has_key(together):
            filled = together
            continue
        yield filled
        filled = alone
    if filled.commands:
        yield filled


def _has_key(work: ObeyCheckboxes) -> bool:
    try:
        key(work)
    except InvalidWork:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Page:
    """What should stand in a dashboard. `may_begin`: an issue is opened for it where there is none."""

    body: str
    may_begin: bool

    @property
    def digest(self) -> str:
        return sha256(self.body.encode(errors="replace")).hexdigest()


@performs(UpdateDashboard)
async def update_dashboard(work: UpdateDashboard, parts: Parts) -> None:
    """Bring a repository's dashboard to what there is to see; close it where none is asked for any more.

    A policy file that is not understood changes nothing: its check says so.
    """
    repository = await parts.store.repositories.get(work.repository)
    policy = await parts.store.repositories.policy(work.repository)
    if repository is None or repository.archived or policy is None or policy.problems:
        return
    policy_file = await policies_in_force(parts, work.installation, work.repository)
    known = await parts.store.dashboards.get(repository.id)
    if policy_file is None and policy.text is not None:
        return
    if policy_file is None or not policy_file.dashboard:
        await _close(parts, repository, known)
        return
    page = _Page(overview(await facts_of(parts, repository, policy_file)), may_begin=policy_file.enabled)
    shown = await _shown(parts, repository, known, page)
    if shown is not None and shown != known:
        await parts.store.dashboards.put(shown)
    end = await next_end(parts, repository.id, None)
    if end is not None:
        raise ComesAgain(end)


async def _close(parts: Parts, repository: Repository, known: Dashboard | None) -> None:
    if known is None or not known.open:
        return
    client = parts.client(repository)
    issue = await client.issue(known.issue)
    if issue is not None and issue.open:
        await client.update_issue(known.issue, open=False)
        log.info("dashboard.closed", repository=repository.full_name, number=known.issue)
    await parts.store.dashboards.put(replace(known, digest=_CLOSED_BY_US, open=False))


async def _shown(parts: Parts, repository: Repository, known: Dashboard | None, page: _Page) -> Dashboard | None:
    """Let the page be seen; returns what is to be remembered. None: nothing, for there is no issue."""
    client = parts.client(repository)
    issue = None if known is None else await client.issue(known.issue)
    if known is None or issue is None:
        return await _begun(parts, client, repository, page) if page.may_begin else None
    if not issue.open and known.digest != _CLOSED_BY_US:
        # A person closed it: it stays closed until one opens it again.
        return replace(known, open=False)
    if not issue.open or _as_kept(issue.body) != _as_kept(page.body):
        await client.update_issue(known.issue, body=page.body, open=None if issue.open else True)
        log.info("dashboard.updated", repository=repository.full_name, number=known.issue)
    return replace(known, digest=page.digest, open=True)


def _as_kept(body: str) -> str:
    """GitHub's editor ends lines in its own way, and no box depends on that."""
    return body.replace("\r\n", "\n").strip()


async def _opened_before(parts: Parts, client: RepositoryClient) -> IssueFacts | None:
    """Find the dashboard that was opened where GitHub's answer, or what was remembered of it, was lost."""
    bot_login = (await parts.github.identity()).bot_login
    issues = await client.open_issues_of(bot_login)
    return next((issue for issue in issues if issue.title == OVERVIEW_TITLE or has_boxes(issue.body)), None)


async def _begun(parts: Parts, client: RepositoryClient, repository: Repository, page: _Page) -> Dashboard | None:
    try:
        there = await _opened_before(parts, client)
        if there is not None:
            log.info("dashboard.found", repository=repository.full_name, number=there.number)
            if _as_kept(there.body) != _as_kept(page.body):
                await client.update_issue(there.number, body=page.body)
            return Dashboard(repository.id, there.number, page.digest, open=True)
        number = await client.create_issue(OVERVIEW_TITLE, page.body)
    except NotFound:
        log.warning("dashboard.refused", repository=repository.full_name, reason="issues are switched off")
        return None
    log.info("dashboard.opened", repository=repository.full_name, number=number)
    return Dashboard(repository.id, number, page.digest, open=True)
