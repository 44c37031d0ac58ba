"""The REST operations of the sandbox GitHub, grouped as GitHub's reference groups them."""

from bot.sandbox.rest import (
    apps,
    branches,
    checks,
    contents,
    deliveries,
    git_data,
    issues,
    pulls,
    releases,
    repositories,
    reviews,
    statuses,
)

__all__ = [
    "apps",
    "branches",
    "checks",
    "contents",
    "deliveries",
    "git_data",
    "issues",
    "pulls",
    "releases",
    "repositories",
    "reviews",
    "statuses",
]
