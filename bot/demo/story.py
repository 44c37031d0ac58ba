"""The story: an image is pushed, and what follows is told step by step."""

from __future__ import annotations

import asyncio
import difflib
from typing import TYPE_CHECKING

from bot.demo.process import BotEnded
from bot.demo.promoting import promote
from bot.demo.stage import BOTH, IMAGES, Stage, staged
from bot.demo.terminal import Terminal
from bot.sandbox.registry_process import RegistryMissingError
from bot.sandbox.seed import REQUIRED_CHECK, SHOP_PAGES, plant

if TYPE_CHECKING:
    from bot.sandbox.model import PullRequest

REPOSITORY = "acme/shop"


async def demonstrate(*, keep: bool) -> int:
    """Tell the story on standard output. Returns the exit code: 0 when everything happened as told.

    `keep`: everything stays up afterwards, until the process is interrupted.
    """
    terminal = Terminal()
    terminal.title("Niro bot: from a pushed image to a merged pull request")
    try:
        async with staged() as stage:
            await _tell(stage, terminal)
            if keep:
                await _stay(stage, terminal)
    except (BotEnded, RegistryMissingError) as problem:
        terminal.title("The demo did not go on")
        terminal.block(str(problem))
        return 1
    return 0


async def _tell(stage: Stage, terminal: Terminal) -> None:
    terminal.step("sandbox GitHub", f"{stage.github.url}, over real git repositories")
    terminal.step("registry", f"{stage.registry.host}, the CNCF distribution registry")
    terminal.step("bot", f"{stage.bot.url}, SQLite in {stage.directory}")
    await _install(stage, terminal)
    pull_request = await _push(stage, terminal)
    await _update(stage, terminal, pull_request)
    await _command(stage, terminal, pull_request)
    await _revert(stage, terminal, pull_request)
    await _refuse(stage, terminal)
    await _review(stage, terminal)
    await promote(stage, terminal)
    terminal.title("Done")


async def _install(stage: Stage, terminal: Terminal) -> None:
    terminal.title("The App is installed on acme")
    terminal.mark()
    await plant(stage.github, stage.registry.host)
    found = await stage.bot.event("installation.synchronised", repositories=3)
    terminal.step("repositories found", str(found["repositories"]))
    for name in (REPOSITORY, "acme/blog"):
        indexed = await stage.bot.event("repository.indexed", repository=name)
        terminal.step("manifests indexed", f"{name}: {indexed['files']} files")
    for image in IMAGES:
        await stage.bot.event("image.tags_listed", image=image)


async def _push(stage: Stage, terminal: Terminal) -> PullRequest:
    terminal.title("A new tag is pushed: acme/api:1.5.0")
    digest = await stage.registry.push("acme/api", "1.5.0", BOTH)
    terminal.mark()
    await _announce(stage, "api", "1.5.0", digest)
    terminal.step("event stored", "registry_package, signed by GitHub, answered 202 after the commit to disk")
    await stage.bot.event("image.tags_listed", image="acme/api", tags=2)
    terminal.step("tags listed", "2 tags of acme/api (after a settle time of 1 s)")
    decided = await stage.bot.event("tag.decided", policy="api", selected="1.5.0")
    terminal.step("tag chosen", decided["sentence"])
    edited = await stage.bot.event("files.edited", repository=REPOSITORY)
    terminal.step("files edited", ", ".join(edited["files"]))
    opened = await stage.bot.event("pull_request.opened", repository=REPOSITORY)
    terminal.step("pull request opened", f"#{opened['number']} {opened['title']}")
    pulls = stage.github.repository(REPOSITORY).pulls
    pull_request = next(pull for pull in pulls if pull.number == opened["number"])
    terminal.block("\n" + await _diff(stage, pull_request, edited["files"]))
    waiting = await stage.bot.event("merge.judged", repository=REPOSITORY, allowed=False)
    terminal.step("not merged yet", waiting["sentence"])
    return pull_request


async def _update(stage: Stage, terminal: Terminal, pull_request: PullRequest) -> None:
    terminal.title("A newer tag is pushed while that one is open: acme/api:1.5.1")
    digest = await stage.registry.push("acme/api", "1.5.1", BOTH)
    terminal.mark()
    await _announce(stage, "api", "1.5.1", digest)
    updated = await stage.bot.event("pull_request.updated", repository=REPOSITORY)
    terminal.step("pull request updated", f"#{updated['number']} {updated['title']}")
    commits = await stage.github.repository(REPOSITORY).git.ahead(pull_request.base_oid, pull_request.head_oid)
    terminal.step("in place", f"the same pull request, {commits} commits on its branch now")


async def _command(stage: Stage, terminal: Terminal, pull_request: PullRequest) -> None:
    terminal.title("A person writes: /niro hold")
    terminal.mark()
    await _say(stage, terminal, pull_request, "/niro hold")
    await stage.github.complete_checks(REPOSITORY, pull_request.head_oid, (REQUIRED_CHECK,))
    terminal.step("check turned green", f"{REQUIRED_CHECK}, which the branch requires")
    held = await stage.bot.event("merge.judged", repository=REPOSITORY, reason="held")
    terminal.step("not merged", held["sentence"])
    terminal.step("a person writes", "/niro resume")
    await _say(stage, terminal, pull_request, "/niro resume")
    since = stage.bot.told
    merged = await stage.bot.event("pull_request.merged", repository=REPOSITORY)
    terminal.step("pull request merged", f"#{merged['number']} as {merged['commit'][:12]}, as its policy allows")
    stands = await stage.bot.event("tag.decided", since=since, policy="api", reason="current-is-best")
    terminal.step("nothing left to do", stands["sentence"])


async def _say(stage: Stage, terminal: Terminal, pull_request: PullRequest, words: str) -> None:
    """Comment as a person who may write, and wait until the bot has answered."""
    since = stage.bot.told
    comment = await stage.github.comment(REPOSITORY, pull_request.number, words)
    await stage.github.webhooks.idle()
    await stage.bot.event("job done", since=since, kind="obey-comment")
    terminal.step("answered with", ", ".join(stage.github.reactions(REPOSITORY, comment)))


async def _revert(stage: Stage, terminal: Terminal, pull_request: PullRequest) -> None:
    terminal.title("The merge is reverted on main")
    terminal.mark()
    assert pull_request.merge_commit_oid is not None
    since = stage.bot.told
    await stage.github.revert(REPOSITORY, pull_request.merge_commit_oid)
    await stage.github.webhooks.idle()
    reverted = await stage.bot.event("bump.reverted", repository=REPOSITORY)
    terminal.step("revert seen", f"{reverted['policy']} went back from {reverted['tag']}")
    held = await stage.bot.event("tag.decided", since=since, policy="api", reason="turned-down")
    terminal.step("nothing proposed", held["sentence"])


async def _refuse(stage: Stage, terminal: Terminal) -> None:
    terminal.title("A new tag is pushed for one platform only: acme/web:2.1.0 (linux/amd64)")
    digest = await stage.registry.push("acme/web", "2.1.0", BOTH[:1], index=True)
    terminal.mark()
    await _announce(stage, "web", "2.1.0", digest)
    terminal.step("event stored")
    refused = await stage.bot.event("tag.refused", policy="web", tag="2.1.0")
    terminal.step("tag refused", refused["sentence"])
    decided = [event for event in stage.bot.events("tag.decided") if event["policy"] == "web"][-1]
    terminal.step("nothing proposed", decided["sentence"])


async def _review(stage: Stage, terminal: Terminal) -> None:
    terminal.title("A person opens a pull request: a new Deployment, whose image has no tag")
    terminal.mark()
    manifest = SHOP_PAGES.replace("<host>", stage.registry.host).encode()
    await stage.github.commit(REPOSITORY, "pages", {"deploy/pages.yaml": manifest})
    pull_request = await stage.github.open_pull(REPOSITORY, "pages", title="Add the pages")
    await stage.github.webhooks.idle()
    reviewed = await stage.bot.event("pull_request.reviewed", number=pull_request.number)
    terminal.step("pull request reviewed", f"{reviewed['conclusion']}: {reviewed['title']}")
    await stage.bot.event("review.said", number=pull_request.number)
    (thread,) = stage.github.review_threads(REPOSITORY, pull_request.number)
    terminal.step("commented", f"{thread.path} line {thread.line}")
    body = thread.comments[0].body
    terminal.block("\n" + "\n".join(line for line in body.splitlines() if not line.startswith("<!--")) + "\n")
    terminal.step("suggestion taken", "the person commits it with one click")
    since = stage.bot.told
    await stage.github.take_suggestion(REPOSITORY, pull_request.number, thread.comments[0])
    await stage.github.webhooks.idle()
    again = await stage.bot.event("pull_request.reviewed", since=since, number=pull_request.number)
    terminal.step("reviewed again", f"{again['conclusion']}: {again['title']}")
    await stage.bot.event("review.resolved", since=since, number=pull_request.number)
    terminal.step("comment resolved", "the finding is gone")


async def _announce(stage: Stage, package: str, tag: str, digest: str) -> None:
    """GitHub tells of a pushed image as it does for its own registry."""
    await stage.github.package_published("acme", package, tag, digest, REPOSITORY)
    await stage.github.webhooks.idle()


async def _diff(stage: Stage, pull_request: PullRequest, paths: list[str]) -> str:
    chunks = []
    for path in paths:
        before = await stage.github.read(REPOSITORY, path)
        after = await stage.github.read(REPOSITORY, path, pull_request.head_oid)
        lines = difflib.unified_diff(
            before.decode().splitlines(), after.decode().splitlines(), f"a/{path}", f"b/{path}", lineterm="", n=1
        )
        chunks.append("\n".join(line.rstrip("\r") for line in lines))
    return "\n".join(chunks)


async def _stay(stage: Stage, terminal: Terminal) -> None:
    terminal.title("Everything stays up until Ctrl-C")
    terminal.fact("sandbox GitHub", stage.github.url)
    terminal.fact("registry", stage.registry.host)
    terminal.fact("bot", stage.bot.url)
    await asyncio.Event().wait()
