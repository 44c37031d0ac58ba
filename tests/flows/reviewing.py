"""Words for tests of reviews: open a pull request with some files, and see what the bot said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flows.review_check import CHECK_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.sandbox.model import CheckRun, PullRequest, ReviewThread
    from tests.flows.house import House

API = "deploy/web.yaml"


def workload(image: str = "nginx:1.27.1", *, name: str = "web", more: str = "", replicas: int = 3) -> bytes:
    """Write a Deployment in which the rules find nothing, but for its image or what `more` says of its container."""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: {replicas}
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      containers:
        - name: {name}
          image: {image}
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{cpu: 200m, memory: 256Mi}}
          readinessProbe: {{httpGet: {{path: /, port: 80}}}}
          livenessProbe: {{httpGet: {{path: /, port: 80}}}}
          securityContext:
            runAsNonRoot: true
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
{more}""".encode()


async def pull_request(
    house: House,
    files: Mapping[str, bytes],
    *,
    branch: str = "feature",
    removed: Sequence[str] = (),
    login: str | None = None,
) -> PullRequest:
    """Push files onto a branch of their own, open a pull request from it, and let the bot see it."""
    await house.github.commit(house.repository, branch, files, removed=removed)
    pull = await house.github.open_pull(house.repository, branch, login)
    await house.work()
    return pull


async def push(house: House, files: Mapping[str, bytes], branch: str = "feature", *, force: bool = False) -> str:
    """Push more files onto a branch, and let the bot see it."""
    oid = await house.github.push_as_person(house.repository, branch, files, force=force)
    await house.work()
    return oid


def checks(house: House, head: str) -> list[CheckRun]:
    """Return the bot's check runs of a commit, every one that was made."""
    runs = house.github.repository(house.repository).check_runs.values()
    return [run for run in runs if run.head_oid == head and run.name == CHECK_NAME]


def check(house: House, head: str) -> CheckRun:
    """Return the one check run of the bot on a commit."""
    (run,) = checks(house, head)
    return run


def threads(house: House, pull: PullRequest) -> list[ReviewThread]:
    return house.github.review_threads(house.repository, pull.number)


def said(house: House, pull: PullRequest) -> list[str]:
    """Return what the bot commented on a pull request's lines, without hidden markers."""
    bodies = [thread.comments[0].body for thread in threads(house, pull)]
    return ["\n".join(line for line in body.splitlines() if not line.startswith("<!--")) for body in bodies]
