"""PyGithub, a client that knows nothing of the sandbox, works against it."""

import asyncio
from typing import Any

import github
import pytest

from bot.sandbox.model import BranchProtection, RequiredCheck
from bot.sandbox.server import Sandbox


@pytest.fixture
def hub(sandbox: Sandbox, shop: Any) -> github.Github:
    auth = github.Auth.Token(sandbox.world.tokens.for_user(sandbox.person))
    return github.Github(base_url=sandbox.url, auth=auth, retry=None, seconds_between_writes=0)


async def test_it_reads_a_repository(hub: github.Github) -> None:
    def read() -> tuple[Any, ...]:
        repository = hub.get_repo("acme/shop")
        tree = repository.get_git_tree("main", recursive=True)
        file = repository.get_contents("deploy/api.yaml")
        return repository.default_branch, [entry.path for entry in tree.tree], file.decoded_content

    branch, paths, content = await asyncio.to_thread(read)
    assert (branch, content) == ("main", b"image: acme/api:1.0.0\n")
    assert paths == ["README.md", "deploy", "deploy/api.yaml"]


async def test_it_opens_comments_and_merges_a_pull_request(hub: github.Github, sandbox: Sandbox) -> None:
    oid = await sandbox.commit("acme/shop", "feature", {"deploy/api.yaml": b"image: acme/api:1.1.0\n"})
    protection = BranchProtection(required_checks=[RequiredCheck("ci")])
    sandbox.world.rules.protect(sandbox.repository("acme/shop"), "main", protection)

    def work() -> tuple[Any, ...]:
        repository = hub.get_repo("acme/shop")
        pull = repository.create_pull(base="main", head="feature", title="Bump", body="why")
        pull.create_issue_comment("Please look")
        files = [(file.filename, file.status) for file in pull.get_files()]
        with pytest.raises(github.GithubException) as refused:
            pull.merge(merge_method="squash", sha=oid)
        repository.get_commit(oid).create_status("success", context="ci")
        merged = pull.merge(merge_method="squash", sha=oid)
        return files, refused.value.status, merged.merged, pull.get_issue_comments()[0].body

    files, refused, merged, comment = await asyncio.to_thread(work)
    assert files == [("deploy/api.yaml", "modified")]
    assert (refused, merged, comment) == (405, True, "Please look")
    assert await sandbox.read("acme/shop", "deploy/api.yaml") == b"image: acme/api:1.1.0\n"


async def test_it_labels_with_a_bare_list(undescribed: None, hub: github.Github, sandbox: Sandbox) -> None:
    await sandbox.commit("acme/shop", "feature", {"a": b"1"})

    def work() -> list[str]:
        pull = hub.get_repo("acme/shop").create_pull(base="main", head="feature", title="Bump", body="why")
        pull.add_to_labels("dependencies")
        return [label.name for label in pull.get_labels()]

    assert await asyncio.to_thread(work) == ["dependencies"]


async def test_it_works_as_the_app_and_its_installation(sandbox: Sandbox, shop: Any) -> None:
    def work() -> tuple[Any, ...]:
        auth = github.Auth.AppAuth(sandbox.app.id, sandbox.app.private_key_pem)
        integration = github.GithubIntegration(base_url=sandbox.url, auth=auth, retry=None)
        installation = integration.get_installations()[0]
        client = integration.get_github_for_installation(installation.id)
        repository = client.get_repo("acme/shop")
        head = repository.get_branch("main").commit.sha
        run = repository.create_check_run(name="niro", head_sha=head, status="completed", conclusion="success")
        names = [found.full_name for found in installation.get_repos()]
        return integration.get_app().slug, names, run.conclusion

    assert await asyncio.to_thread(work) == ("niro", ["acme/shop"], "success")


async def test_it_turns_pages(hub: github.Github, sandbox: Sandbox) -> None:
    for number in range(3):
        await sandbox.commit("acme/shop", f"branch-{number}", {str(number): b"1"})

    def names() -> list[str]:
        hub.per_page = 2
        return [branch.name for branch in hub.get_repo("acme/shop").get_branches()]

    assert await asyncio.to_thread(names) == ["branch-0", "branch-1", "branch-2", "main"]
