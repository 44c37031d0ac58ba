"""The steps of a pull request's life, and what GitHub gets at each: the table that the tests and the page read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.jobs.work import MergeBump, RecreateBump
from bot.sandbox.git import NewEntry
from bot.selection import RestrictionKind
from bot.store import RestrictionRecord

if TYPE_CHECKING:
    from tests.flows.house import House

BRANCH = "niro/api"

Act = Callable[["House"], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """One step: `before` makes the situation, `act` is what happens in it.

    `received` names the requests that GitHub gets then, by GraphQL document or REST operation, in their order. `more`
    is what the policy says besides its image.
    """

    happens: str
    comes: str
    received: tuple[str, ...]
    act: Act
    before: tuple[Act, ...] = ()
    more: str = ""


async def _nothing(house: House) -> None:
    await house.ask(house.bump_work())


def _published(tag: str) -> Act:
    async def publish(house: House) -> None:
        await published(house, tag)

    return publish


async def published(house: House, tag: str) -> None:
    """Let GitHub tell of a tag, and do what that leads to, without what the pull request's own events lead to."""
    digest = await house.push(tag)
    house.github.webhooks.paused = False
    await house.github.package_published(house.owner, "api", tag, digest, house.repository)
    await house.work()
    house.github.webhooks.paused = True
    await house.later(house.parts.settle)


async def _branch_is_there(house: House) -> None:
    await house.github.push_as_person(house.repository, "deploy", {"NOTES.md": b"By hand\n"})


async def _base_moves(house: House) -> None:
    """Change another line of the file on the default branch, and let the bot look at its bump."""
    edited = house.deployment().replace(b"8080", b"9090")
    await house.github.commit(house.repository, "main", {"deploy/api.yaml": edited})
    await house.ask(house.bump_work())


async def _moved_by_hand(house: House) -> None:
    await house.github.commit(house.repository, "main", {"deploy/api.yaml": house.deployment("1.5.0")})
    await house.ask(house.bump_work())


async def _executable(house: House) -> None:
    blob = await house.github.repository(house.repository).git.write_blob(house.deployment())
    await house.commit_entries(NewEntry("deploy/api.yaml", "100755", blob))
    await house.work()


async def _person_commits(house: House) -> None:
    theirs = house.deployment("1.5.0").replace(b"8080", b"9090")
    await house.github.push_as_person(house.repository, BRANCH, {"deploy/api.yaml": theirs})
    await house.ask(house.bump_work())


async def _person_decides(house: House) -> None:
    await house.github.push_as_person(house.repository, BRANCH, {"deploy/api.yaml": house.deployment("1.4.9")})
    await house.ask(house.bump_work())


async def _recreated(house: House) -> None:
    (pull,) = house.open_pulls()
    repository = house.github.repository(house.repository).id
    await house.ask(RecreateBump(house.installation.id, repository, "api", pull.head_oid))


async def _closed(house: House) -> None:
    (pull,) = house.open_pulls()
    await house.github.close_pull(house.repository, pull.number)
    await house.ask(house.bump_work())


async def _judged(house: House) -> None:
    await house.ask(MergeBump(house.installation.id, house.github.repository(house.repository).id, "api"))


async def _green(house: House) -> None:
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))


async def _queue(house: House) -> None:
    rule = {
        "type": "merge_queue",
        "parameters": {
            "check_response_timeout_minutes": 60,
            "grouping_strategy": "ALLGREEN",
            "max_entries_to_build": 5,
            "max_entries_to_merge": 5,
            "merge_method": "SQUASH",
            "min_entries_to_merge": 1,
            "min_entries_to_merge_wait_minutes": 5,
        },
    }
    house.github.world.rules.add_ruleset(house.github.repository(house.repository), "queue", [rule])


async def _says(house: House, words: str) -> None:
    await house.later(timedelta(seconds=5))
    (pull,) = house.open_pulls()
    house.github.webhooks.paused = False
    await house.github.comment(house.repository, pull.number, words)
    await house.work()


async def _held(house: House) -> None:
    await _says(house, "/niro hold")


async def _hold_is_laid(house: House) -> None:
    """Hold the image, as a command would, without doing anything else."""
    await house.parts.store.restrictions.lay(
        RestrictionRecord(
            repository=house.github.repository(house.repository).id,
            policy="api",
            kind=RestrictionKind.HOLD,
            tag=None,
            digest=None,
            range=None,
            beyond=None,
            until=None,
            reason="",
            source="comment:1",
            by="octocat",
            at=house.clock(),
        )
    )


_AUTO_MERGE = "    pull-request: {auto-merge: true}\n"
_OPENED = (_published("1.5.0"),)
_WAITING = (_published("1.5.0"), _judged, _green)
_REBUILT = ("git/create-tree", "git/create-commit", "MoveBranch")
_CHECK = ("Head", "checks/create")
_HEARD = ("issues/get-comment", "reactions/create-for-issue-comment", "repos/get-collaborator-permission-level")

LIFE = (
    Step(
        "A newer tag is there",
        "A branch, its commit and the pull request, in one document.",
        ("BumpFacts", "OpenPullRequest"),
        _published("1.5.0"),
    ),
    Step(
        "The policy asks for labels",
        "One request more, when it is opened.",
        ("BumpFacts", "OpenPullRequest", "issues/add-labels"),
        _published("1.5.0"),
        more="    pull-request: {labels: [images]}\n",
    ),
    Step(
        "A file that changes is executable",
        "The commit is made of git's own objects, and the file keeps its mode.",
        ("BumpFacts", "git/create-tree", "git/create-commit", "OpenFromCommit"),
        _published("1.5.0"),
        before=(_executable,),
    ),
    Step(
        "A still newer tag is there",
        "One more commit on the same branch; title and body in the same document.",
        ("BumpFacts", "AddCommit"),
        _published("1.6.0"),
        before=_OPENED,
    ),
    Step("Nothing changed", "One look.", ("BumpFacts",), _nothing, before=_OPENED),
    Step(
        "The base moved under a changed file",
        "One commit on the new base takes the place of the bot's own, if the branch stands where it was read.",
        ("BumpFacts", *_REBUILT),
        _base_moves,
        before=_OPENED,
    ),
    Step(
        "It is not needed any more",
        "Closed with a word, and its branch is deleted.",
        ("BumpFacts", "CloseWithWords", "UpdateRefs"),
        _moved_by_hand,
        before=_OPENED,
    ),
    Step(
        "A person closes it",
        "What it proposed is ignored until something better is there; the check says so.",
        ("BumpFacts", *_CHECK),
        _closed,
        before=_OPENED,
    ),
    Step(
        "A person commits to its branch",
        "The commit stays. The body says that a person merges it now.",
        ("BumpFacts", "Describe", "MergeFacts"),
        _person_commits,
        before=_OPENED,
        more=_AUTO_MERGE,
    ),
    Step(
        "A newer tag, where a person committed",
        "A commit on top of theirs, with nothing but the bot's own values.",
        ("BumpFacts", "Files", "AddCommit"),
        _published("1.6.0"),
        before=(*_OPENED, _person_commits),
    ),
    Step(
        "A newer tag, where a person decided about the image",
        "It stops, and says so once.",
        ("BumpFacts", "Files", "issues/create-comment", "Describe", *_CHECK),
        _published("1.6.0"),
        before=(*_OPENED, _person_decides),
    ),
    Step(
        "`/niro recreate`, where a person committed",
        "The branch is made anew as one commit on its base, if it still stands where its head was seen.",
        ("BumpFacts", *_REBUILT),
        _recreated,
        before=(*_OPENED, _person_commits),
    ),
    Step(
        "`/niro hold`",
        "Answered with `eyes` and `+1`, and shown in the body and in the check.",
        (*_HEARD, "reactions/create-for-issue-comment", "BumpFacts", "Describe", *_CHECK),
        _held,
        before=_OPENED,
    ),
    Step(
        "Its checks turned green, and its policy allows it",
        "Merged at the very head that was judged.",
        ("MergeFacts", "pulls/merge"),
        _judged,
        before=_WAITING,
        more=_AUTO_MERGE,
    ),
    Step(
        "The same, where the base has a merge queue",
        "Put into the queue at that head.",
        ("MergeFacts", "Enqueue"),
        _judged,
        before=(_queue, *_WAITING),
        more=_AUTO_MERGE,
    ),
    Step(
        "It is held while it is in the queue",
        "Taken out again.",
        ("MergeFacts", "Dequeue"),
        _judged,
        before=(_queue, *_WAITING, _judged, _hold_is_laid),
        more=_AUTO_MERGE,
    ),
    Step(
        "`delivery: commit`, and a newer tag is there",
        "A commit on the branch, and no pull request.",
        ("BumpFacts", "Commit"),
        _published("1.5.0"),
        before=(_branch_is_there,),
        more="    pull-request: {delivery: commit, branch: deploy}\n",
    ),
)
