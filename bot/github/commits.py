"""The commits of a pull request: whose each one is, and whether GitHub itself vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.github.actors import git_author_login


@dataclass(frozen=True, slots=True)
class PullRequestCommit:
    """One commit on the branch of a pull request.

    `author_login` is "" where GitHub knows no account. It can be forged by whoever may push;
    `verified` (signed by GitHub itself) cannot.
    """

    oid: str
    author_login: str
    verified: bool
    message: str


def pull_request_commits(connection: dict[str, Any] | None) -> tuple[tuple[PullRequestCommit, ...], int]:
    """Take the newest commits of a pull request (oldest first) out of a GraphQL answer, and how many there are."""
    if connection is None:
        return (), 0
    commits = (_commit(node["commit"]) for node in connection["nodes"] if node is not None)
    return tuple(commits), int(connection["totalCount"])


def signed_by_github(commit: dict[str, Any]) -> bool:
    """Tell whether GitHub itself signed a commit, out of a GraphQL answer: only then its author is true."""
    signature = commit["signature"] or {}
    return bool(signature.get("isValid") and signature.get("wasSignedByGitHub"))


def _commit(told: dict[str, Any]) -> PullRequestCommit:
    return PullRequestCommit(
        oid=told["oid"],
        author_login=git_author_login(told["author"]),
        verified=signed_by_github(told),
        message=told["message"],
    )
