"""PyGithub, a client that knows nothing of this project, works against the sandbox."""

import asyncio

import pytest
from github import Auth, Github, GithubException, GithubIntegration, InputGitTreeElement, UnknownObjectException

FILES = {"apps/web.yml": b"image: nginx:1.25\n", "README.md": b"shop\n"}
AT_ONCE = {"seconds_between_requests": None, "seconds_between_writes": None}
BUMPED = "image: nginx:1.26\n"


@pytest.fixture
async def sandbox(checked_sandbox):
    await checked_sandbox.add_repository("acme/shop", FILES)
    await checked_sandbox.add_repository("acme/site", FILES, private=True)
    return checked_sandbox


def as_app(sandbox):
    auth = Auth.AppAuth(sandbox.app.id, sandbox.app.private_key_pem)
    return GithubIntegration(auth=auth, base_url=sandbox.url, **AT_ONCE)


def as_installation(sandbox):
    """Log in as PyGithub does for an App: by a JWT, which it changes for an installation's token."""
    auth = Auth.AppAuth(sandbox.app.id, sandbox.app.private_key_pem)
    return Github(auth=auth.get_installation_auth(sandbox.installation("acme").id), base_url=sandbox.url, **AT_ONCE)


def branch_with_commit(repository, name):
    """Make a branch with one commit through blobs, trees, commits and refs."""
    base = repository.get_branch("main").commit
    blob = repository.create_git_blob(BUMPED, "utf-8")
    element = InputGitTreeElement("apps/web.yml", "100644", "blob", sha=blob.sha)
    tree = repository.create_git_tree([element], repository.get_git_tree(base.sha))
    commit = repository.create_git_commit("Bump nginx", tree, [repository.get_git_commit(base.sha)])
    repository.create_git_ref(f"refs/heads/{name}", base.sha)
    repository.get_git_ref(f"heads/{name}").edit(commit.sha)
    return commit


def look_around(sandbox):
    app = as_app(sandbox)
    assert app.get_app().slug == "niro"
    assert [installation.app_id for installation in app.get_installations()] == [sandbox.app.id]
    assert app.get_repo_installation("acme", "shop").id == sandbox.installation("acme").id
    repositories = app.get_installations()[0].get_repos()
    assert sorted(repository.full_name for repository in repositories) == ["acme/shop", "acme/site"]


def read_contents(sandbox):
    repository = as_installation(sandbox).get_repo("acme/shop")
    assert (repository.default_branch, repository.private, repository.archived) == ("main", False, False)
    assert repository.get_contents("apps/web.yml").decoded_content == FILES["apps/web.yml"]
    assert sorted(entry.path for entry in repository.get_contents("")) == ["README.md", "apps"]
    paths = [entry.path for entry in repository.get_git_tree("main", recursive=True).tree]
    assert paths == ["README.md", "apps", "apps/web.yml"]
    with pytest.raises(UnknownObjectException):
        repository.get_contents("absent.yml")


def open_and_merge(sandbox):
    repository = as_installation(sandbox).get_repo("acme/shop")
    commit = branch_with_commit(repository, "niro/nginx")
    pull = repository.create_pull("main", "niro/nginx", title="Bump nginx", body="To 1.26")
    assert (pull.state, pull.user.login, pull.head.sha) == ("open", "niro[bot]", commit.sha)
    assert [(file.filename, file.status, file.additions) for file in pull.get_files()] == [
        ("apps/web.yml", "modified", 1)
    ]
    assert [found.sha for found in pull.get_commits()] == [commit.sha]
    assert [found.number for found in repository.get_pulls(state="open", head="acme:niro/nginx")] == [pull.number]
    pull.edit(title="Bump nginx to 1.26")
    pull.as_issue().edit(labels=["dependencies"])
    assert [label.name for label in pull.get_labels()] == ["dependencies"]
    comment = pull.create_issue_comment("Done")
    assert [found.body for found in pull.get_issue_comments()] == [comment.body]
    assert pull.merge(merge_method="squash", sha=commit.sha).merged
    assert repository.get_pull(pull.number).merged
    assert repository.get_contents("apps/web.yml").decoded_content.decode() == BUMPED
    repository.get_git_ref("heads/niro/nginx").delete()
    assert [branch.name for branch in repository.get_branches()] == ["main"]


def check_runs_and_statuses(sandbox):
    repository = as_installation(sandbox).get_repo("acme/shop")
    commit = repository.get_branch("main").commit
    output = {"title": "Two findings", "summary": "In `apps/web.yml`."}
    run = repository.create_check_run("niro", commit.sha, status="in_progress", output=output)
    annotation = {
        "path": "apps/web.yml",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "notice",
        "message": "Old",
    }
    run.edit(status="completed", conclusion="neutral", output=output | {"annotations": [annotation]})
    assert [(found.name, found.conclusion) for found in commit.get_check_runs()] == [("niro", "neutral")]
    assert [found.message for found in repository.get_check_run(run.id).get_annotations()] == ["Old"]
    assert commit.get_combined_status().total_count == 0


def compare_commits(sandbox):
    repository = as_installation(sandbox).get_repo("acme/shop")
    base, commit = repository.get_branch("main").commit, branch_with_commit(repository, "niro/nginx")
    found = repository.compare(base.sha, commit.sha)
    assert (found.merge_base_commit.sha, found.total_commits, found.status) == (base.sha, 1, "ahead")
    assert [(file.filename, file.patch) for file in found.files] == [
        ("apps/web.yml", "@@ -1 +1 @@\n-image: nginx:1.25\n+image: nginx:1.26")
    ]


def meet_refusals(sandbox):
    repository = as_installation(sandbox).get_repo("acme/shop")
    with pytest.raises(GithubException) as refused:
        repository.create_pull("main", "absent", title="No such branch")
    assert refused.value.status == 422
    stranger = Github(auth=Auth.Token("ghs_nothing"), base_url=sandbox.url, **AT_ONCE)
    with pytest.raises(GithubException) as unknown:
        stranger.get_repo("acme/shop")
    assert unknown.value.status == 401


@pytest.mark.parametrize(
    "act",
    [
        look_around,
        read_contents,
        open_and_merge,
        check_runs_and_statuses,
        compare_commits,
        meet_refusals,
    ],
)
async def test_pygithub_can(sandbox, act):
    await asyncio.to_thread(act, sandbox)


async def test_pygithub_reads_reviews(sandbox):
    head = await sandbox.commit("acme/shop", "niro/nginx", {"apps/web.yml": BUMPED.encode()})
    number = (await sandbox.open_pull("acme/shop", "niro/nginx")).number
    await sandbox.review("acme/shop", number, "Look", "ann", path="apps/web.yml", line=1)

    def read():
        pull = as_installation(sandbox).get_repo("acme/shop").get_pull(number)
        (review,), (comment,) = pull.get_reviews(), pull.get_review_comments()
        comment.delete()
        assert list(pull.get_review_comments()) == []
        return (review.state, review.user.login, review.commit_id), (comment.body, comment.path, comment.line)

    assert await asyncio.to_thread(read) == (("COMMENTED", "ann", head), ("Look", "apps/web.yml", 1))
