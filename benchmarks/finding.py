"""What it costs to find the images of 1,000 manifests, and to move one of them."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.table import Row
from bot.images import ImageReference
from bot.manifests import Target, find_images, update

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.progress import Progress

MANIFESTS = 1000
RUNS = 5
MANIFEST = """# Service {number} of the shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{number}
  namespace: shop
  labels: {{app: service-{number}}}
spec:
  replicas: 3
  selector:
    matchLabels: {{app: service-{number}}}
  template:
    metadata:
      labels: {{app: service-{number}}}
    spec:
      containers:
        - name: service
          image: ghcr.io/acme/service-{number}:1.4.2   # bumped by the bot
          ports:
            - containerPort: 8080
          readinessProbe:
            httpGet: {{path: /healthz, port: 8080}}
        - name: proxy
          image: "docker.io/envoyproxy/envoy:v1.31.0"
          args: [--config-path, /etc/envoy.yaml]
---
apiVersion: v1
kind: Service
metadata:
  name: service-{number}
spec:
  selector: {{app: service-{number}}}
  ports: [{{port: 80, targetPort: 8080}}]
"""


def measure(progress: Progress) -> list[Row]:
    """Find and edit a few times, and give the medians."""
    files = {f"deploy/{number}.yaml": MANIFEST.format(number=number).encode() for number in range(MANIFESTS)}
    found = [_timed(lambda: _find(files)) for _ in range(RUNS)]
    progress.say(f"finding: {_shown(found)}")
    edited = [_timed(lambda: _move(files)) for _ in range(RUNS)]
    progress.say(f"editing: {_shown(edited)}")
    return [
        Row(f"finding 2 images in each of {MANIFESTS:,} manifests", f"{statistics.median(found):.2f} s of CPU"),
        Row(f"moving 1 image in each of {MANIFESTS:,} manifests", f"{statistics.median(edited):.2f} s of CPU"),
    ]


def _find(files: dict[str, bytes]) -> None:
    count = sum(len(find_images(path, content)) for path, content in files.items())
    assert count == 2 * len(files), f"{count} images were found"


def _move(files: dict[str, bytes]) -> None:
    target = Target("envoy", ImageReference.parse("docker.io/envoyproxy/envoy:v1.32.0"))
    moved = update(files, [target])
    assert len(moved.files) == len(files), moved.skipped[:3]


def _timed(work: Callable[[], None]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _shown(times: list[float]) -> str:
    return ", ".join(f"{seconds:.2f} s" for seconds in times)
