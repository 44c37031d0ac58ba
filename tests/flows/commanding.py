"""Words for tests of commands: say something on a pull request, and see what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.model import Comment, PullRequest
    from bot.store import RestrictionRecord
    from tests.flows.house import House

A_MOMENT = timedelta(seconds=5)
OBEYED, REFUSED = ["eyes", "+1"], ["eyes", "confused"]


async def proposed(house: House, tag: str = "1.5.0") -> PullRequest:
    """Let the bot open a pull request to a tag, and let its people have a look."""
    await house.publish(tag)
    await house.later(A_MOMENT)
    (pull,) = house.open_pulls()
    return pull


async def say(house: House, body: str, number: int | None = None, login: str | None = None) -> Comment:
    """Comment on the one open pull request, or on another issue, and do what is due."""
    number = house.open_pulls()[0].number if number is None else number
    comment = await house.github.comment(house.repository, number, body, login)
    await house.work()
    return comment


async def somebodys(house: House) -> PullRequest:
    """Let a person open a pull request of their own."""
    world, found = house.github.world, house.github.repository(house.repository)
    await house.github.commit(house.repository, "feature", {"a.md": b"a\n"})
    actor = house.github.person
    pull = await world.pulls.open(found, head="feature", base="main", title="Mine", body=None, actor=actor)
    await house.work()
    return pull


def reactions(house: House, comment: Comment) -> list[str]:
    return house.github.reactions(house.repository, comment)


def answers(house: House, number: int) -> list[str]:
    """Return what the bot said on an issue, without its hidden marker."""
    issue = house.github.world.issues.find(house.github.repository(house.repository), number)
    said = [comment.body for comment in issue.comments if comment.author.type == "Bot"]
    return [body.partition("\n")[2] for body in said]


async def laid(house: House) -> list[RestrictionRecord]:
    repository = house.github.repository(house.repository).id
    return await house.parts.store.restrictions.of(repository, house.clock())


async def brief(house: House) -> list[tuple]:
    """Return what is laid: policy, kind, tag, range, beyond."""
    return [(each.policy, each.kind.value, each.tag, each.range, each.beyond) for each in await laid(house)]
