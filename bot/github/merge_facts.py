"""What decides whether a pull request may be merged, as GitHub tells it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from bot.bumps import Mergeable, PullRequestState
from bot.github import documents
from bot.github.actors import actor_login
from bot.github.blobs import BATCH
from bot.github.commits import pull_request_commits
from bot.github.errors import Conflict, NotFound
from bot.github.files import files_at, files_seen, path_variables, read_files
from bot.github.heads import POLICY_PATH, policy_blob
from bot.github.reported_checks import reported_checks
from bot.github.required_checks import kept_required_checks
from bot.github.scopes import Scope
from bot.policies import MergeMethod

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.bumps import Check
    from bot.github.channel import RepositoryChannel
    from bot.github.commits import PullRequestCommit
    from bot.github.files import TextBlob
    from bot.github.heads import PolicyBlob


@dataclass(frozen=True, slots=True)
class MergePullRequestFacts:
    """A pull request on its way to being merged.

    `policy` is the policy file of the default branch. `branch` is where the pull request comes from.
    `required` names every check that branch protection or a ruleset demands, also those that have not reported; of a
    pull request that is not open any more it may name fewer. `required_apps`: which App some of them must come from.
    `merge_queue`: the base takes merges only through its queue (use `enqueue`); `in_merge_queue`: it is there already,
    put there by `queued_by`.
    `merge_state` is GitHub's mergeStateStatus ("CLEAN", "BLOCKED", "BEHIND", ...), a hint for people; `strict`: the
    base is known to demand branches that are up to date.
    `commits` are the newest 100 of the `commits_total` on the branch, oldest first. `changed` are the paths it
    changes; None: more than 100, or one was moved or copied, so that not every path is told.
    `base_files` stand at `base_commit`, the tip of the base branch, with their contents ("" and none where the base is
    gone); `head_files` at the head, and only their ids and modes count: their contents are not read. Paths that are not
    there are left out. `methods`: how the repository lets pull requests be merged, squash first.
    """

    number: int
    node: str
    title: str
    url: str
    state: PullRequestState
    draft: bool
    branch: str
    head: str
    default_branch: str
    base_branch: str
    author_login: str
    mergeable: Mergeable
    merge_state: str
    checks: tuple[Check, ...]
    required: tuple[str, ...]
    merge_queue: bool
    in_merge_queue: bool
    policy: PolicyBlob | None
    strict: bool = False
    queued_by: str = ""
    commits: tuple[PullRequestCommit, ...] = ()
    commits_total: int = 0
    changed: tuple[str, ...] | None = None
    base_commit: str = ""
    base_files: Mapping[str, TextBlob] = field(default_factory=dict)
    head_files: Mapping[str, TextBlob] = field(default_factory=dict)
    required_apps: Mapping[str, frozenset[int]] = field(default_factory=dict)
    methods: tuple[MergeMethod, ...] = ()


_METHODS: Final = (
    ("squashMergeAllowed", MergeMethod.SQUASH),
    ("mergeCommitAllowed", MergeMethod.MERGE),
    ("rebaseMergeAllowed", MergeMethod.REBASE),
)


async def merge_facts(channel: RepositoryChannel, number: int, paths: Sequence[str] = ()) -> MergePullRequestFacts:
    """Read what decides whether a pull request may be merged, in one query up to 100 checks and 50 paths.

    Two requests more where it was not known, of the last ten minutes, which checks the base demands. Raises NotFound
    without such a pull request, or base, and Conflict where its branch moves meanwhile. Any part that GitHub does not
    show is an error: what is not seen is never taken for green.
    """
    unique = list(dict.fromkeys(paths))
    repository = await _read(channel, number, unique[:BATCH])
    found, default = repository["pullRequest"], repository["default"]
    state = PullRequestState(found["state"])
    checks = await reported_checks(channel, found)
    apps: Mapping[str, frozenset[int]] = {}
    required, merge_queue, strict = _required(found["baseRef"], checks), found["isMergeQueueEnabled"], False
    if state is PullRequestState.OPEN:
        demanded = await kept_required_checks(channel, found["baseRefName"])
        apps = demanded.apps
        required, strict = required | set(demanded.names), demanded.strict
        merge_queue = merge_queue or demanded.merge_queue
    commits, commits_total = pull_request_commits(found["newest"])
    return MergePullRequestFacts(
        number=found["number"],
        node=found["id"],
        title=found["title"],
        url=found["url"],
        state=state,
        draft=found["isDraft"],
        branch=found["headRefName"],
        head=found["headRefOid"],
        default_branch=default["name"],
        base_branch=found["baseRefName"],
        author_login=actor_login(found["author"]),
        mergeable=Mergeable(found["mergeable"]),
        merge_state=found["mergeStateStatus"],
        checks=checks,
        required=tuple(sorted(required)),
        required_apps=apps,
        merge_queue=merge_queue,
        in_merge_queue=found["isInMergeQueue"],
        queued_by=actor_login((found["mergeQueueEntry"] or {}).get("enqueuer")),
        policy=await policy_blob(channel, default["target"]["policy"], scope=Scope.MERGE),
        strict=strict,
        commits=commits,
        commits_total=commits_total,
        changed=_changed(found["files"]),
        base_commit=_target(found["baseRef"]).get("oid", ""),
        base_files=await _base_files(channel, _target(found["baseRef"]), unique),
        head_files=await _head_files(channel, found, unique),
        methods=tuple(method for allowed, method in _METHODS if repository[allowed]),
    )


async def _read(channel: RepositoryChannel, number: int, paths: Sequence[str]) -> dict[str, Any]:
    variables = {"number": number, "after": None, "policy": POLICY_PATH} | path_variables(paths)
    repository = await channel.query(documents.merge_facts(len(paths)), variables, scope=Scope.MERGE)
    if repository["pullRequest"] is None or repository["default"] is None:
        raise NotFound(f"{channel.full_name} has no pull request {number}")
    return repository


def _target(ref: dict[str, Any] | None) -> dict[str, Any]:
    return {} if ref is None else ref["target"]


def _changed(files: dict[str, Any] | None) -> tuple[str, ...] | None:
    if files is None or files["totalCount"] != len(files["nodes"]) or None in files["nodes"]:
        return None
    if any(node["changeType"] in {"RENAMED", "COPIED"} for node in files["nodes"]):
        return None
    return tuple(node["path"] for node in files["nodes"])


async def _base_files(
    channel: RepositoryChannel, commit: dict[str, Any], paths: Sequence[str]
) -> Mapping[str, TextBlob]:
    if not commit:
        return {}
    files = await read_files(channel, commit, paths[:BATCH], scope=Scope.MERGE)
    return files | await files_at(channel, commit["oid"], paths[BATCH:], scope=Scope.MERGE)


async def _head_files(
    channel: RepositoryChannel, found: dict[str, Any], paths: Sequence[str]
) -> Mapping[str, TextBlob]:
    commit = _target(found["headRef"])
    if not commit:
        return {}
    if commit["oid"] != found["headRefOid"]:
        if found["state"] != PullRequestState.OPEN.value:
            return {}
        raise Conflict(f"the branch of pull request {found['number']} moved while it was read")
    more = await files_at(channel, commit["oid"], paths[BATCH:], scope=Scope.MERGE)
    return files_seen(commit, paths[:BATCH]) | {path: replace(blob, content=None) for path, blob in more.items()}


def _required(base: dict[str, Any] | None, checks: tuple[Check, ...]) -> set[str]:
    """Name every check that must pass: of branch protection, of rulesets, and those that say so themselves."""
    names = [check.name for check in checks if check.required]
    if base is not None:
        names += (base["refUpdateRule"] or {}).get("requiredStatusCheckContexts") or []
        for rule in (base["rules"] or {}).get("nodes") or []:
            demanded = ((rule or {}).get("parameters") or {}).get("requiredStatusChecks") or []
            names += [check["context"] for check in demanded]
    return {name for name in names if name}
