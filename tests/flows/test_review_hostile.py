"""Odd and hostile pull requests: large ones, strange names, files that are none, heads that move."""

from __future__ import annotations

import pytest

from bot.sandbox.git import NewEntry
from tests.flows.house import House
from tests.flows.reviewing import API, check, checks, pull_request, push, said, threads, workload

POLICY = ".niro/policies.yml"
LATEST = workload("nginx:latest")
HOSTILE = "a`|@octocat#1<img src=x>\u202e](http://evil.example)"


async def test_hostile_names_mention_nobody_and_break_out_of_nothing(house: House) -> None:
    manifest = LATEST.decode().replace("name: web", f"name: '{HOSTILE}'", 1)
    manifest = manifest.replace("- name: web", f"- name: '{HOSTILE}'").encode()
    pull = await pull_request(house, {"deploy/@octocat `x`|.yaml": manifest})
    run = check(house, pull.head_oid)
    for text in (run.output["title"], run.output["summary"], *said(house, pull)):
        assert "\u202e" not in text
        assert "<img" not in text.replace("`", "`") or "`" in text
        assert " @octocat" not in text


async def test_thousands_of_findings_stand_in_one_check(house: House) -> None:
    files = {f"many/{number}.yaml": workload("nginx:latest", name=f"w{number}", replicas=1) for number in range(600)}
    pull = await pull_request(house, files)
    run = check(house, pull.head_oid)
    assert len(run.annotations) == 1000
    assert len(threads(house, pull)) == 10
    assert len(run.output["summary"]) <= 60_000


async def test_names_of_letters_of_four_bytes_leave_the_check_within_what_github_takes(house: House) -> None:
    name = "\N{GRINNING FACE}" * 250
    pods = (workload("nginx:latest", name=f"w{number}").decode() for number in range(60))
    text = "---\n".join(pod.replace("- name: w", f"- name: '{name}'\n          workingDir: w") for pod in pods)
    pull = await pull_request(house, {API: text.encode()})
    summary = check(house, pull.head_oid).output["summary"]
    assert 20_000 < len(summary.encode()) <= 60_000


async def test_binary_and_broken_files_are_named_and_hold_nothing_up(house: House) -> None:
    files = {"a.yaml": b"\x00\x01", "b.yaml": b"a: [\n", "c.yaml": b"image: {{ x }}\n", API: LATEST}
    pull = await pull_request(house, files)
    run = check(house, pull.head_oid)
    assert run.output["title"] == f"latest-image-tag: {API} line 15"
    assert "b.yaml" in run.output["summary"]


async def test_a_link_is_not_read(house: House) -> None:
    found = house.github.repository(house.repository)
    head = await house.head()
    blob = await found.git.write_blob(b"/etc/passwd")
    tree = await found.git.write_tree(head, [NewEntry("deploy/link.yaml", "120000", blob)])
    signature = house.github.world.refs.signature(house.github.person)
    oid = await found.git.write_commit(tree, [head], "Link", author=signature, committer=signature)
    await house.github.commit(house.repository, "feature", {"a.md": b"a\n"})
    await house.github.force_push(house.repository, "feature", oid)
    pull = await house.github.open_pull(house.repository, "feature")
    await house.work()
    assert check(house, pull.head_oid).conclusion == "success"


async def test_a_file_that_is_taken_away_is_fixed(house: House) -> None:
    await house.commit({API: LATEST})
    pull = await pull_request(house, {"a.md": b"a\n"}, removed=[API])
    assert check(house, pull.head_oid).output["title"] == "No new findings, 1 fixed"


async def test_a_comment_stands_on_the_file_where_the_diff_does_not_show_the_line(house: House) -> None:
    long = b"# line\n" * 20
    before = LATEST.replace(b"nginx:latest", b"nginx:1.27.1")
    text = before.replace(b"          resources:\n", b"          resources:\n") + b"---\n" + long
    await house.commit({API: text, "accounts.yaml": b"# none\n"})
    moved = text.replace(b"replicas: 3", b"replicas: 3 # three").replace(
        b"          securityContext:\n            runAsNonRoot: true\n", b"          securityContext:\n"
    )
    pull = await pull_request(house, {API: moved})
    (thread,) = threads(house, pull)
    assert (thread.path, thread.line) == (API, None)
    assert "(Line 15.)" in said(house, pull)[0]


async def test_a_head_that_moves_during_the_review_is_reviewed_as_it_is_then(house: House) -> None:
    await house.github.commit(house.repository, "feature", {API: LATEST})
    pull = await house.github.open_pull(house.repository, "feature")
    await house.github.push_as_person(house.repository, "feature", {API: workload()}, force=True)
    await house.work()
    assert check(house, pull.head_oid).conclusion == "success"
    assert await house.dead() == []


async def test_a_base_that_moved_changes_nothing_that_is_told(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await house.commit({"other.yaml": workload(name="other")})
    await push(house, {"a.md": b"a\n"})
    assert check(house, pull.head_oid).output["title"] == f"latest-image-tag: {API} line 15"
    assert len(threads(house, pull)) == 1


async def test_a_branch_without_common_history_is_left_alone(house: House) -> None:
    await house.github.commit(house.repository, "feature", {API: LATEST})
    pull = await house.github.open_pull(house.repository, "feature")
    found = house.github.repository(house.repository)
    signature = house.github.world.refs.signature(house.github.person)
    tree = (await found.git.commit(await house.head("feature"))).tree
    orphan = await found.git.write_commit(tree, [], "Orphan", author=signature, committer=signature)
    await house.github.force_push(house.repository, "feature", orphan)
    await house.work()
    assert checks(house, orphan) == [] or checks(house, orphan)[0].conclusion is not None
    assert pull.number
    assert await house.dead() == []


@pytest.mark.parametrize("locked", [True, False])
async def test_a_locked_conversation_still_gets_its_check(house: House, locked: bool) -> None:
    await house.github.commit(house.repository, "feature", {API: LATEST})
    pull = await house.github.open_pull(house.repository, "feature")
    house.github.lock(house.repository, pull.number, locked=locked)
    await house.work()
    assert check(house, pull.head_oid).conclusion == "neutral"


async def test_a_review_that_was_begun_and_never_submitted_is_in_nobodys_way(house: House) -> None:
    await house.github.commit(house.repository, "feature", {API: LATEST})
    pull = await house.github.open_pull(house.repository, "feature")
    bot = house.github.world.add_account((await house.parts.github.identity()).bot_login, "Bot")
    await house.github.world.reviews.begin(pull, bot, body=None)
    await house.work()
    assert len(threads(house, pull)) == 1
