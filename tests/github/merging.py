"""Pull requests on their way to being merged, as the scripted GitHub tells of them."""

from __future__ import annotations

from typing import Any

from tests.github.scripted import Answer, repository

HEAD = "a" * 40
UNPROTECTED = {"protected": False, "protection": {"enabled": False}}


def pull_request(**changed: Any) -> dict[str, Any]:
    told = {
        "number": 5,
        "id": "PR_5",
        "title": "T",
        "url": "u",
        "state": "OPEN",
        "isDraft": False,
        "headRefName": "niro/web",
        "headRefOid": HEAD,
        "baseRefName": "main",
        "mergeable": "UNKNOWN",
        "mergeStateStatus": "UNKNOWN",
        "isMergeQueueEnabled": False,
        "isInMergeQueue": False,
        "mergeQueueEntry": None,
        "author": None,
        "baseRef": None,
        "headRef": None,
        "files": {"totalCount": 0, "nodes": []},
        "newest": {"totalCount": 0, "nodes": []},
        "commits": {"nodes": []},
    }
    return told | changed


def answer(**changed: Any) -> Answer:
    default = {"name": "main", "target": {"policy": None}}
    methods = {"squashMergeAllowed": True, "mergeCommitAllowed": True, "rebaseMergeAllowed": True}
    return repository(default=default, pullRequest=pull_request(**changed), **methods)


def commits(oid: str, *nodes: dict[str, Any], more: bool = False) -> dict[str, Any]:
    contexts = {"pageInfo": {"hasNextPage": more, "endCursor": "100"}, "nodes": list(nodes)}
    return {"nodes": [{"commit": {"oid": oid, "statusCheckRollup": {"contexts": contexts}}}]}


def run(status: str, conclusion: str | None) -> dict[str, Any]:
    named = {"__typename": "CheckRun", "name": "ci", "isRequired": True, "checkSuite": {"app": None}}
    return named | {"status": status, "conclusion": conclusion}


def status(state: str) -> dict[str, Any]:
    return {"__typename": "StatusContext", "context": "ci", "state": state, "isRequired": True}
