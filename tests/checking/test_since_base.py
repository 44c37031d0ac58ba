"""`niro check DIR --base REV`: only what is new since the histories parted, judged by the base's policy file."""

import json
from typing import Any

import pytest

from tests.checking.conftest import Niro, Repository, pod

POLICIES = ".niro/policies.yml"
OFF = "version: 1\nfindings: {rules: {latest-image-tag: off}}\n"
TAG = "latest-image-tag"


def told(niro: Niro, base: str = "main", *words: str) -> dict[str, Any]:
    shown = niro(".", "--base", base, "--format", "json", *words)
    assert shown.exit_code in {0, 1}, shown.stderr
    answer: dict[str, Any] = json.loads(shown.stdout)
    return answer


def tags(findings: list[dict[str, Any]]) -> list[str]:
    return [each["path"] for each in findings if each["rule"] == TAG]


@pytest.fixture
def branch(repository: Repository) -> Repository:
    """A branch `change` off `main`, where two pods stand and one of them has no tag."""
    repository.commit({"old.yaml": pod("nginx"), "good.yaml": pod("nginx:1.27", "good")})
    repository.git("checkout", "--quiet", "-b", "change")
    return repository


def test_what_stood_before_is_not_told(niro: Niro, branch: Repository) -> None:
    branch.commit({"old.yaml": pod("nginx").replace("shop", "shop, labels: {app: web}")})
    assert told(niro)["findings"] == []


def test_what_a_commit_brings_is_told(niro: Niro, branch: Repository) -> None:
    branch.commit({"good.yaml": pod("nginx:latest", "good")})
    assert tags(told(niro)["findings"]) == ["good.yaml"]


def test_what_nobody_committed_yet_is_told_too(niro: Niro, branch: Repository) -> None:
    branch.write({"good.yaml": pod("nginx:latest", "good"), "new.yaml": pod("nginx", "new")})
    assert tags(told(niro)["findings"]) == ["good.yaml", "new.yaml"]


def test_what_git_ignores_is_not_told(niro: Niro, branch: Repository) -> None:
    branch.write({".gitignore": "build/\n", "build/app.yaml": pod("nginx", "built")})
    assert told(niro)["findings"] == []


def test_what_is_mended_is_fixed(niro: Niro, branch: Repository) -> None:
    branch.commit({"old.yaml": pod("nginx:1.27")})
    assert tags(told(niro)["fixed"]) == ["old.yaml"]


def test_what_is_taken_away_is_fixed(niro: Niro, branch: Repository) -> None:
    branch.commit({"old.yaml": None})
    assert tags(told(niro)["fixed"]) == ["old.yaml"]


def test_what_the_base_did_meanwhile_is_nobodys_doing_here(niro: Niro, branch: Repository) -> None:
    branch.commit({"good.yaml": pod("nginx:1.28", "good")})
    branch.git("checkout", "--quiet", "main")
    branch.commit({"old.yaml": pod("nginx:1.27"), "more.yaml": pod("nginx:1.27", "more")})
    branch.git("checkout", "--quiet", "change")
    answer = told(niro)
    assert (answer["findings"], answer["fixed"]) == ([], [])


LONG = pod("nginx") + "".join(f"      # line {number}\n" for number in range(20))


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "only moved"])
def test_a_renamed_file_brings_nothing_new(niro: Niro, branch: Repository, committed: bool) -> None:
    branch.write({"old.yaml": None, "deploy/new name.yaml": pod("nginx")})
    if committed:
        branch.commit({})
    answer = told(niro)
    assert (answer["findings"], answer["fixed"]) == ([], [])


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "only staged"])
def test_a_renamed_file_that_also_changed_is_known_again(niro: Niro, branch: Repository, committed: bool) -> None:
    branch.git("checkout", "--quiet", "main")
    branch.commit({"old.yaml": LONG})
    branch.git("checkout", "--quiet", "-B", "change")
    branch.write({"old.yaml": None, "new.yaml": LONG.replace("line 3", "another line")})
    branch.git("add", "--all")
    if committed:
        branch.commit({})
    answer = told(niro)
    assert (answer["findings"], answer["fixed"]) == ([], [])


def test_line_ends_that_git_writes_are_no_change(niro: Niro, branch: Repository) -> None:
    branch.write({"old.yaml": pod("nginx").replace("\n", "\r\n")})
    assert told(niro)["checked"] == 0


def test_names_of_every_kind_are_read(niro: Niro, branch: Repository) -> None:
    name = 'a "quoted"\nname\t:(top)*.yaml'
    branch.commit({name: pod("nginx", "odd")})
    assert tags(told(niro)["findings"]) == [name]


def test_the_policy_file_of_the_base_counts(niro: Niro, branch: Repository) -> None:
    branch.git("checkout", "--quiet", "main")
    branch.commit({POLICIES: "version: 1\n"})
    branch.git("checkout", "--quiet", "change")
    branch.commit({POLICIES: OFF, "new.yaml": pod("nginx", "new")})
    answer = told(niro)
    assert answer["policy"] == f"main:{POLICIES}"
    assert tags(answer["findings"]) == ["new.yaml"]


def test_where_the_base_has_no_policy_file_the_defaults_count(niro: Niro, branch: Repository) -> None:
    branch.commit({POLICIES: OFF, "new.yaml": pod("nginx", "new")})
    answer = told(niro)
    assert answer["policy"] is None
    assert tags(answer["findings"]) == ["new.yaml"]
    assert [f"{POLICIES} counts once it is merged" in note for note in answer["notes"]] == [True]


def test_before_the_first_commit_the_folder_s_own_policy_file_counts(niro: Niro, repository: Repository) -> None:
    repository.write({POLICIES: OFF, "new.yaml": pod("nginx", "new")})
    answer = told(niro, "HEAD")
    assert (answer["policy"], tags(answer["findings"]), answer["notes"]) == (POLICIES, [], [])


@pytest.mark.parametrize("broken", [b"version: [1\n", b"version: 1\nimages: 5\n", b"\xff\xfe", b""])
def test_a_broken_policy_file_of_the_base_keeps_nobody_from_mending_it(
    niro: Niro, branch: Repository, broken: bytes
) -> None:
    branch.git("checkout", "--quiet", "main")
    branch.commit({POLICIES: broken})
    branch.git("checkout", "--quiet", "-B", "change")
    branch.commit({POLICIES: OFF, "new.yaml": pod("nginx", "new")})
    shown = niro(".", "--base", "main", "--format", "json")
    assert tags(json.loads(shown.stdout)["findings"]) == ["new.yaml"]
    assert shown.stderr.startswith("the policy file of main cannot be read, and the defaults of the rules count:\n")
    assert f"main:{POLICIES}" in shown.stderr


def test_a_policy_file_that_was_named_counts_most(niro: Niro, branch: Repository) -> None:
    branch.git("checkout", "--quiet", "main")
    branch.commit({POLICIES: "version: 1\n"})
    branch.git("checkout", "--quiet", "-B", "change")
    branch.commit({"new.yaml": pod("nginx", "new"), "mine.yml": OFF})
    assert tags(told(niro, "main", "--policy", "mine.yml")["findings"]) == []


ANNOTATED = pod("nginx", "new").replace("shop}", 'shop, annotations: {ignore.niro.bot/latest-image-tag: "soon"}}')


def test_an_annotation_that_the_change_brings_does_not_count_yet(niro: Niro, branch: Repository) -> None:
    branch.commit({"new.yaml": ANNOTATED})
    answer = told(niro)
    assert tags(answer["findings"]) == ["new.yaml"]
    assert [each["reason"] for each in answer["pending"]] == ["soon"]


def test_an_annotation_of_the_base_counts(niro: Niro, branch: Repository) -> None:
    branch.git("checkout", "--quiet", "main")
    branch.commit({"new.yaml": ANNOTATED.replace("image: nginx", "image: nginx:1.27")})
    branch.git("checkout", "--quiet", "-B", "change")
    branch.commit({"new.yaml": ANNOTATED})
    answer = told(niro)
    assert tags(answer["findings"]) == []
    assert tags(answer["waived"]) == ["new.yaml"]


def test_what_an_unchanged_file_says_counts_on_both_sides(niro: Niro, branch: Repository) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\nimagePullSecrets: [{name: pull}]\n"
    branch.git("checkout", "--quiet", "main")
    branch.commit({"account.yaml": account})
    branch.git("checkout", "--quiet", "-B", "change")
    branch.commit({"new.yaml": pod("ghcr.io/acme/app:1.0", "new")})
    assert "public-image-no-credential" not in {each["rule"] for each in told(niro)["findings"]}


def test_a_folder_of_the_checkout_is_a_world_of_its_own(niro: Niro, branch: Repository) -> None:
    branch.commit({"apps/new.yaml": pod("nginx", "new"), "elsewhere.yaml": pod("nginx", "elsewhere")})
    shown = niro("apps", "--base", "main", "--format", "json")
    assert tags(json.loads(shown.stdout)["findings"]) == ["new.yaml"]


def test_before_the_first_commit_everything_is_new(niro: Niro, repository: Repository) -> None:
    repository.write({"app.yaml": pod("nginx")})
    assert tags(told(niro, "HEAD")["findings"]) == ["app.yaml"]


@pytest.mark.parametrize("revision", ["nowhere", "--upload-pack=touch x", "", "main\0", ":/Change"])
def test_a_revision_that_there_is_not_is_a_mistake(niro: Niro, repository: Repository, revision: str) -> None:
    repository.commit({"app.yaml": pod()}, "First")
    shown = niro(".", f"--base={revision}")
    assert shown.exit_code == 2
    assert "there is no commit" in shown.stderr


@pytest.mark.parametrize(
    ("revision", "hint"),
    [
        ("release/1.x", "; fetch it first: git fetch origin release/1.x"),
        ("origin/release", "; fetch it first: git fetch origin release"),
        ("0123456789012345678901234567890123456789", "; fetch it first: git fetch origin 01234567890123456789"),
        ("HEAD~9", ""),
        ("main^2", ""),
        ("main@{upstream}", ""),
        ("--all", ""),
        ("a b; touch x", ""),
        ("main..other", ""),
    ],
)
def test_only_what_can_be_fetched_is_to_be_fetched(
    niro: Niro, repository: Repository, revision: str, hint: str
) -> None:
    repository.commit({"app.yaml": pod()})
    said = niro(".", f"--base={revision}").stderr
    assert said.startswith(f"there is no commit {revision} here{hint}")
    assert bool(hint) == ("fetch" in said)


def test_a_shallow_clone_says_so_where_an_older_commit_is_meant(
    niro: Niro, branch: Repository, tmp_path_factory: Any
) -> None:
    clone = Repository(tmp_path_factory.mktemp("clone"))
    clone.git("clone", "--quiet", "--depth=1", f"file://{branch.folder}", ".")
    assert "git fetch --unshallow" in niro(str(clone.folder), "--base", "HEAD~1").stderr


def test_without_any_commit_there_is_nothing_to_compare(niro: Niro, repository: Repository) -> None:
    repository.commit({"app.yaml": pod()})
    repository.git("checkout", "--quiet", "--orphan", "new")
    shown = niro(".", "--base", "main")
    assert (shown.exit_code, shown.stderr) == (2, "nothing is committed here yet that could be compared with main\n")


def test_histories_without_a_common_commit_are_a_mistake(niro: Niro, branch: Repository) -> None:
    branch.git("checkout", "--quiet", "--orphan", "alone")
    branch.commit({}, "Begin anew")
    shown = niro(".", "--base", "main")
    assert (shown.exit_code, shown.stderr) == (2, "main and HEAD have no commit in common here\n")


def test_nothing_that_the_repository_names_is_run(niro: Niro, branch: Repository) -> None:
    branch.commit({"good.yaml": pod("nginx:latest", "good"), ".gitattributes": "*.yaml filter=evil diff=evil\n"})
    mark = branch.folder / "was-run"
    command = f"sh -c 'touch {mark}; cat'"
    for key in ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv"):
        branch.git("config", key, command)
    for key in ("diff.evil.command", "diff.external", "core.fsmonitor", "core.pager", "core.sshCommand"):
        branch.git("config", key, command)
    branch.write({"good.yaml": pod("nginx:main", "good")})
    told(niro)
    assert not mark.exists()


def test_a_hook_s_variables_do_not_lead_to_another_repository(niro: Niro, branch: Repository) -> None:
    branch.commit({"good.yaml": pod("nginx:latest", "good")})
    shown = niro(".", "--base", "main", "--format", "json", GIT_DIR="/nowhere", GIT_INDEX_FILE="/nowhere/index")
    assert tags(json.loads(shown.stdout)["findings"]) == ["good.yaml"]


def test_the_configuration_of_the_machine_counts(niro: Niro, branch: Repository) -> None:
    ignored = branch.folder / ".git/ignored"
    ignored.write_text("build/\n")
    configured = branch.folder / ".git/machine"
    configured.write_text(f"[core]\nexcludesFile = {ignored}\n")
    branch.write({"build/app.yaml": pod("nginx", "built")})
    shown = niro(".", "--base", "main", "--format", "json", GIT_CONFIG_SYSTEM=str(configured))
    assert json.loads(shown.stdout)["findings"] == []


def test_without_git_on_the_path_it_says_what_to_do(niro: Niro, branch: Repository) -> None:
    shown = niro(".", "--base", "main", PATH=str(branch.folder))
    assert (shown.exit_code, shown.stderr) == (
        2,
        "--base needs git, and there is no program git on the path: install it\n",
    )


def test_a_shallow_clone_says_how_to_get_the_rest(niro: Niro, branch: Repository, tmp_path_factory: Any) -> None:
    branch.commit({"good.yaml": pod("nginx:latest", "good")})
    branch.git("checkout", "--quiet", "main")
    branch.commit({"more.yaml": pod()})
    clone = Repository(tmp_path_factory.mktemp("clone"))
    address = f"file://{branch.folder}"
    clone.git("clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=change", address, ".")
    shown = niro(str(clone.folder), "--base", "origin/main")
    assert shown.exit_code == 2
    assert "git fetch --unshallow" in shown.stderr


def test_a_partial_clone_says_what_is_missing(niro: Niro, branch: Repository, tmp_path_factory: Any) -> None:
    branch.git("config", "uploadpack.allowFilter", "true")
    clone = Repository(tmp_path_factory.mktemp("clone"))
    clone.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{branch.folder}", ".")
    clone.write({"old.yaml": pod("nginx:latest")})
    shown = niro(str(clone.folder), "--base", "origin/main")
    assert shown.exit_code == 2
    assert "the clone is partial" in shown.stderr or "left out of this clone" in shown.stderr


def test_a_repository_inside_of_the_folder_is_not_asked(niro: Niro, branch: Repository) -> None:
    branch.git("init", "--quiet", "--bare", "inner")
    shown = niro("inner", "--base", "HEAD")
    assert shown.exit_code == 2
    assert "safe.bareRepository" in shown.stderr


def test_names_of_objects_may_be_of_the_longer_kind(niro: Niro, files: Repository) -> None:
    files.git("init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    files.commit({"old.yaml": pod("nginx")})
    files.write({"old.yaml": None, "moved.yaml": pod("nginx"), "new.yaml": pod("nginx", "new")})
    answer = told(niro)
    assert (tags(answer["findings"]), answer["fixed"]) == (["new.yaml"], [])
