"""Reviews of a pull request of real git, from what it changes to the thread that is over."""

from __future__ import annotations

import pytest

from bot.bumps import PullRequestState
from bot.github import (
    Annotation,
    CheckAction,
    CheckRun,
    Conclusion,
    Conflict,
    FileStatus,
    Forbidden,
    Level,
    NotFound,
    Reviewed,
)
from tests.github.reviews import CHANGED, LINES, PATH, comment, facts_of, proposed, text, wish
from tests.github.wishes import FILES, SANDBOXED, WEB

POLICY = ".niro/policies.yml"


@pytest.fixture
async def pull(sandbox):
    return await proposed(sandbox)


class TestFacts:
    async def test_a_pull_request_as_it_stands(self, shop, sandbox, pull):
        found = await facts_of(shop, pull)
        base = await sandbox.repository(SANDBOXED).git.branch("main")
        assert (found.number, found.state, found.draft) == (pull.number, PullRequestState.OPEN, False)
        assert (found.head, found.branch, found.cross_repository) == (pull.head_oid, "feature", False)
        assert (found.base_branch, found.base_commit, found.default_branch) == ("main", base, "main")
        assert found.policy.text == FILES[POLICY].decode()
        assert (found.threads, found.pending) == ((), None)

    async def test_the_policy_is_that_of_the_tip_of_the_base_never_of_the_pull_request(self, shop, sandbox, pull):
        await sandbox.push_as_person(SANDBOXED, "feature", {POLICY: b"version: 3\n"})
        tip = await sandbox.commit(SANDBOXED, "main", {POLICY: b"version: 2\n"})
        found = await facts_of(shop, pull)
        assert (found.base_commit, found.policy.text) == (tip, "version: 2\n")

    async def test_a_pull_request_of_a_fork(self, shop, sandbox):
        await sandbox.fork(SANDBOXED, "mona")
        await sandbox.push_as_person("mona/shop", "theirs", {WEB: b"image: nginx:1.26\n"}, login="mona")
        found = await facts_of(shop, await sandbox.open_pull(SANDBOXED, "mona:theirs", login="mona"))
        assert (found.cross_repository, found.branch, found.author_login) == (True, "theirs", "mona")

    async def test_no_such_pull_request(self, shop):
        assert await shop.review_facts(99) is None

    async def test_one_request_tells_all(self, shop, sandbox, pull):
        await facts_of(shop, pull)
        sent = len(sandbox.faults.requests)
        await facts_of(shop, pull)
        assert len(sandbox.faults.requests) - sent == 1


class TestComparing:
    async def compared(self, shop, pull):
        found = await facts_of(shop, pull)
        return await shop.compare(found.base_commit, found.head)

    async def test_only_what_the_pull_request_changes_counts(self, shop, sandbox, pull):
        fork_point = await sandbox.repository(SANDBOXED).git.branch("main")
        await sandbox.commit(SANDBOXED, "main", {WEB: b"image: nginx:9\n"})
        found = await self.compared(shop, pull)
        assert found.merge_base == fork_point
        (changed,) = found.files
        assert (changed.path, changed.status, found.complete) == (PATH, FileStatus.MODIFIED, True)
        assert "-line 10\n+ten\n" in changed.patch

    async def test_every_way_a_file_can_differ(self, shop, sandbox):
        await sandbox.commit(SANDBOXED, "main", {"old.yaml": text(LINES), "gone.yaml": b"x\n"})
        new = {"new.yaml": text(LINES), "added.yaml": b"y\n", "logo.png": b"\0\1"}
        await sandbox.commit(SANDBOXED, "ways", new, removed=["old.yaml", "gone.yaml"])
        found = await self.compared(shop, await sandbox.open_pull(SANDBOXED, "ways"))
        assert {each.path: (each.status, each.previous, each.patch is None) for each in found.files} == {
            "added.yaml": (FileStatus.ADDED, "", False),
            "gone.yaml": (FileStatus.REMOVED, "", False),
            "logo.png": (FileStatus.ADDED, "", True),
            "new.yaml": (FileStatus.RENAMED, "old.yaml", True),
        }

    async def test_after_a_force_push_the_new_head_counts(self, shop, sandbox, pull):
        await sandbox.push_as_person(SANDBOXED, "feature", {WEB: b"image: nginx:2\n"}, force=True)
        assert [each.path for each in (await self.compared(shop, pull)).files] == [WEB]

    async def test_the_head_of_a_fork_is_compared_and_read(self, shop, sandbox):
        await sandbox.fork(SANDBOXED, "mona")
        await sandbox.push_as_person("mona/shop", "theirs", {WEB: b"image: nginx:1.26\n"}, login="mona")
        pull = await sandbox.open_pull(SANDBOXED, "mona:theirs", login="mona")
        found = await self.compared(shop, pull)
        assert [each.path for each in found.files] == [WEB]
        read = await shop.contents_at({pull.head_oid: [WEB], found.merge_base: [WEB]})
        assert [read[oid][WEB].content for oid in (pull.head_oid, found.merge_base)] == [
            b"image: nginx:1.26\n",
            FILES[WEB],
        ]

    async def test_more_files_than_github_lists(self, shop, sandbox):
        files = {f"many/{number:04}.yaml": f"value: {number}\n".encode() for number in range(400)}
        await sandbox.commit(SANDBOXED, "many", files)
        pull = await sandbox.open_pull(SANDBOXED, "many")
        await facts_of(shop, pull)
        sent = len(sandbox.faults.requests)
        found = await self.compared(shop, pull)
        assert [each.path for each in found.files] == sorted(files)
        assert sum(each.patch is not None for each in found.files) == 300
        assert (found.complete, len(sandbox.faults.requests) - sent) == (True, 4)

    async def test_a_commit_that_is_gone(self, shop, pull):
        with pytest.raises(NotFound):
            await shop.compare(pull.head_oid, "a" * 40)


class TestReviewing:
    async def test_one_review_with_comments_on_lines_ranges_and_the_file(self, shop, sandbox, live, pull):
        found = await facts_of(shop, pull)
        assert await shop.review(wish(found, comment(10), comment(12, 8), comment(None))) == Reviewed()
        (review,) = sandbox.reviews(SANDBOXED, pull.number)
        bot = (await live.identity()).bot_login
        assert (review.state, review.body, review.author.login) == ("commented", "Two findings", bot)
        threads = sandbox.review_threads(SANDBOXED, pull.number)
        assert [(thread.start_line, thread.line, thread.path) for thread in threads] == [
            (None, 10, PATH),
            (8, 12, PATH),
            (None, None, PATH),
        ]

    async def test_ten_comments_are_one_request(self, shop, sandbox, pull):
        found = await facts_of(shop, pull)
        sent = len(sandbox.faults.requests)
        await shop.review(wish(found, *[comment(10, body=str(number)) for number in range(10)]))
        assert len(sandbox.faults.requests) - sent == 1
        assert [thread.comments[0].body for thread in sandbox.review_threads(SANDBOXED, pull.number)] == [
            str(number) for number in range(10)
        ]

    async def test_what_was_said_is_found_again(self, shop, sandbox, pull):
        await shop.review(wish(await facts_of(shop, pull), comment(10, body="<!-- niro -->")))
        (said,) = (await facts_of(shop, pull)).threads
        assert (said.body, said.path, said.is_ours) == ("<!-- niro -->", PATH, True)
        assert (said.resolved, said.outdated, said.answered) == (False, False, False)
        await sandbox.reply(SANDBOXED, said.comment, "Why?")
        assert (await facts_of(shop, pull)).threads[0].answered

    async def test_a_thread_of_a_person_is_not_ours(self, shop, sandbox, pull):
        await sandbox.review(SANDBOXED, pull.number, "Hm", path=PATH, line=10)
        assert [thread.is_ours for thread in (await facts_of(shop, pull)).threads] == [False]

    @pytest.mark.parametrize("swallows", [False, True])
    async def test_a_line_beside_the_diff_is_refused_and_the_others_stay(self, shop, sandbox, pull, swallows):
        sandbox.world.reviews.swallows = swallows
        found = await facts_of(shop, pull)
        posted = await shop.review(wish(found, comment(10), comment(25), comment(12, 2), comment(13)))
        assert posted.refused == (1, 2)
        assert [thread.line for thread in sandbox.review_threads(SANDBOXED, pull.number)] == [10, 13]

    @pytest.mark.parametrize("swallows", [False, True])
    async def test_where_every_comment_is_refused_nothing_stays(self, shop, sandbox, pull, swallows):
        sandbox.world.reviews.swallows = swallows
        posted = await shop.review(wish(await facts_of(shop, pull), comment(25), body=""))
        assert posted.refused == (0,)
        assert sandbox.reviews(SANDBOXED, pull.number) == []

    async def test_threads_that_are_over_close_without_a_review(self, shop, sandbox, pull):
        await shop.review(wish(await facts_of(shop, pull), comment(10), comment(12)))
        found = await facts_of(shop, pull)
        assert await shop.review(wish(found, resolve=(found.threads[0].id,))) == Reviewed()
        assert [thread.resolved for thread in (await facts_of(shop, pull)).threads] == [True, False]
        assert len(sandbox.reviews(SANDBOXED, pull.number)) == 1

    async def test_a_thread_that_was_deleted_is_over(self, shop, sandbox, pull):
        await shop.review(wish(await facts_of(shop, pull), comment(10)))
        found = await facts_of(shop, pull)
        await sandbox.delete_review_comment(SANDBOXED, found.threads[0].comment)
        assert await shop.review(wish(found, comment(12), resolve=(found.threads[0].id,))) == Reviewed()

    async def test_a_review_that_was_never_submitted_is_nothing_said_and_goes_first(self, shop, sandbox, live, pull):
        bot = sandbox.world.account((await live.identity()).bot_login)
        left = await sandbox.world.reviews.begin(pull, bot)
        found = await facts_of(shop, pull)
        assert found.pending == left.node_id
        assert await shop.review(wish(found, comment(10))) == Reviewed()
        assert [review.state for review in sandbox.reviews(SANDBOXED, pull.number)] == ["commented"]
        assert (await facts_of(shop, pull)).pending is None

    async def test_another_unfinished_review_is_a_conflict_and_gets_no_comment(self, shop, sandbox, live, pull):
        found = await facts_of(shop, pull)
        await sandbox.world.reviews.begin(pull, sandbox.world.account((await live.identity()).bot_login))
        with pytest.raises(Conflict, match="one pending review"):
            await shop.review(wish(found, comment(10)))
        assert sandbox.review_threads(SANDBOXED, pull.number) == []

    async def test_a_closed_pull_request_still_takes_reviews(self, shop, sandbox, pull):
        await sandbox.close_pull(SANDBOXED, pull.number)
        assert await shop.review(wish(await facts_of(shop, pull), comment(10))) == Reviewed()

    async def test_a_push_meanwhile_leaves_the_review_at_the_commit_it_is_about(self, shop, sandbox, pull):
        found = await facts_of(shop, pull)
        await sandbox.push_as_person(SANDBOXED, "feature", {PATH: text(["new", *CHANGED])})
        assert await shop.review(wish(found, comment(10))) == Reviewed()
        assert sandbox.reviews(SANDBOXED, pull.number)[0].commit_oid == found.head

    async def test_a_force_push_meanwhile_is_a_conflict(self, shop, sandbox, pull):
        found = await facts_of(shop, pull)
        await sandbox.push_as_person(SANDBOXED, "feature", {PATH: text([*CHANGED, "end"])}, force=True)
        with pytest.raises(Conflict, match="not part of the pull request"):
            await shop.review(wish(found, comment(10)))
        assert sandbox.review_threads(SANDBOXED, pull.number) == []

    async def test_a_locked_conversation_takes_nothing(self, shop, sandbox, pull):
        found = await facts_of(shop, pull)
        sandbox.lock(SANDBOXED, pull.number)
        with pytest.raises(Forbidden):
            await shop.review(wish(found, comment(10)))


async def test_a_whole_review_takes_six_requests_the_token_among_them(shop, live, sandbox, pull):
    await live.identity()
    sent = len(sandbox.faults.requests)
    found = await facts_of(shop, pull)
    compared = await shop.compare(found.base_commit, found.head)
    await shop.contents_at({oid: [PATH] for oid in (found.head, compared.merge_base)})
    await shop.review(wish(found, comment(10)))
    remark = Annotation(PATH, 10, 10, Level.WARNING, "Look")
    button = CheckAction("Explain", "Say why", "explain")
    run = CheckRun(found.head, "niro / policies", Conclusion.NEUTRAL, "1 finding", "", (remark,), (button,))
    await shop.create_check_run(run)
    assert len(sandbox.faults.requests) - sent == 6
    (shown,) = sandbox.check_runs_of(SANDBOXED, found.head)
    assert [action["identifier"] for action in shown.actions] == ["explain"]
