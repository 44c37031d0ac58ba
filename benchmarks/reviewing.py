"""One pull request that changes 300 files and brings 200 findings: what its review asks of GitHub, and how long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from benchmarks.pulls import OWNER, installed
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.progress import Progress
    from benchmarks.pulls import Round

FILES = 300
FINDINGS = 200
REPOSITORY = f"{OWNER}/shop-0"
ANNOTATIONS_AT_ONCE = 50
MOST_REQUESTS = 6 + FINDINGS // ANNOTATIONS_AT_ONCE

MANIFEST = """apiVersion: v1
kind: Pod
metadata: {{name: web-{number}}}
spec:
  automountServiceAccountToken: false
  containers:
    - name: web
      image: nginx{tag}
      resources: {{requests: {{cpu: 100m, memory: 128Mi}}, limits: {{cpu: 200m, memory: 256Mi}}}}
      readinessProbe: {{tcpSocket: {{port: 80}}}}
      livenessProbe: {{tcpSocket: {{port: 80}}}}
      securityContext:
        runAsNonRoot: true
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {{drop: [ALL]}}
"""


def measure(progress: Progress) -> list[Row]:
    """Open a small pull request, then the large one, and push to it once more."""
    return asyncio.run(_measured(progress))


async def _measured(progress: Progress) -> list[Row]:
    async with installed(progress, 1) as installation:
        github = installation.github
        await github.commit(REPOSITORY, "small", {"one.yaml": _manifest(0, ":1.27.1")})
        await github.open_pull(REPOSITORY, "small")
        await installation.round(progress, "a small pull request")
        files = {
            f"many/{number}.yaml": _manifest(number, "" if number < FINDINGS else ":1.27.1") for number in range(FILES)
        }
        await github.commit(REPOSITORY, "large", files)
        pull = await github.open_pull(REPOSITORY, "large")
        large = await installation.round(progress, f"{FILES} files, {FINDINGS} findings")
        _expect(progress, len(github.check_runs_of(REPOSITORY, pull.head_oid)[0].annotations))
        await github.push_as_person(REPOSITORY, "large", {"many/0.yaml": _manifest(0, ":1.27.1")})
        again = await installation.round(progress, "pushed to again")
    first = f"review of {FILES} files, {FINDINGS} findings"
    return [
        Row(f"{first}: requests", _asked(large), f"at most {MOST_REQUESTS}"),
        Row("time, GitHub's sandbox included", f"{large.seconds:.1f} s"),
        Row("pushed to again: requests", _asked(again)),
    ]


def _manifest(number: int, tag: str) -> bytes:
    return MANIFEST.format(number=number, tag=tag).encode()


def _expect(progress: Progress, annotations: int) -> None:
    if annotations != FINDINGS:
        progress.failed(f"{annotations} findings of {FINDINGS} stand in the check")


def _asked(made: Round) -> str:
    return f"{made.requests.total()}: {made.asked}"
