"""Decide, plan and write until nothing is proposed any more: it ends soon, in every layout and spelling of a marker."""

from __future__ import annotations

import pytest

from tests.bumps.situations import digest, pod, tag

MOST_ROUNDS = 2
OLD, NEW = digest(1), digest(2)
RULES = {
    "range": "range: 1.x",
    "always": "range: 1.x, pin-digest: always",
    "added": "range: 1.x, pin-digest: if-not-present",
    "digest": "strategy: digest, track: 1.0.0",
    "any": "range: 1.x, variant: any",
}
TAG, NAME, DIGEST, ALL = (f' # {{"$imagepolicy": "app{part}"}}' for part in (":tag", ":name", ":digest", ""))
VALUES = "image: {repository: ghcr.io/acme/app, tag: 1.0.0}"
KUSTOMIZATION = "images:\n  - name: ghcr.io/acme/app\n    newTag: 1.0.0"
DOCKERFILE = "ARG V=1.0.0\nFROM ghcr.io/acme/app:${V}\n"
POD = pod("ghcr.io/acme/app:1.0.0").decode()
TWO_IMAGES = "a: {image: {repository: ghcr.io/acme/app, tag: &tag 1.0.0}}\nb: {image: {repository: nginx, tag: *tag}}"

MOVED = [
    ("range", "pod.yaml", POD),
    ("range", "pod.json", '{"kind": "Pod", "spec": {"containers": [{"image": "ghcr.io/acme/app:1.0.0"}]}}'),
    ("range", "compose.yaml", "services: {app: {image: 'ghcr.io/acme/app:1.0.0'}}"),
    ("range", "values.yaml", VALUES),
    ("range", "kustomization.yaml", KUSTOMIZATION),
    ("range", "Dockerfile", DOCKERFILE),
    ("range", "a.yaml", f"image: ghcr.io/acme/app:1.0.0{ALL}"),
    ("range", "a.yaml", f"image: ghcr.io/acme/app:1.0.0{TAG}"),
    ("range", "a.yaml", f"V: 1.0.0{TAG}"),
    ("range", "a.yaml", f"V: 1.0.0{ALL}"),
    ("range", "a.yaml", f"V: APP_VERSION=1.0.0{ALL}"),
    ("range", "a.yaml", f"V: --image=ghcr.io/acme/app:1.0.0{ALL}"),
    ("range", "a.yaml", f"run: |\n  APP_VERSION=1.0.0{TAG}\n"),
    ("range", "a.yaml", f"name: ghcr.io/acme/app{NAME}\ntag: 1.0.0{TAG}"),
    ("range", "values.yaml", f"image:\n  repository: ghcr.io/acme/app{NAME}\n  tag: 1.0.0{TAG}"),
    ("range", "kustomization.yaml", KUSTOMIZATION + TAG),
    ("any", "a.yaml", f"V: APP_VERSION=1.0.0{ALL}"),
    ("any", "a.yaml", f"image: ghcr.io/acme/app:1.0.0{TAG}"),
    ("always", "a.yaml", f"V: APP_VERSION=1.0.0{ALL}"),
    ("always", "a.yaml", f"V: 1.0.0{TAG}"),
    ("always", "a.yaml", f"image: ghcr.io/acme/app:1.0.0{TAG}"),
    ("always", "kustomization.yaml", KUSTOMIZATION + TAG),
    ("added", "a.yaml", f"V: 1.0.0{TAG}"),
]
PINNED = [
    ("always", "pod.yaml", POD, POD.replace("1.0.0", f"1.1.0@{NEW}")),
    ("added", "pod.yaml", POD, POD.replace("1.0.0", f"1.1.0@{NEW}")),
    ("digest", "pod.yaml", POD, POD.replace("1.0.0", f"1.0.0@{OLD}")),
    (
        "always",
        "a.yaml",
        f"image: ghcr.io/acme/app:1.0.0{ALL}",
        f"image: ghcr.io/acme/app:1.1.0@{NEW}{ALL}",
    ),
    (
        "always",
        "values.yaml",
        'image: {repository: ghcr.io/acme/app, tag: 1.0.0, digest: ""}',
        f'image: {{repository: ghcr.io/acme/app, tag: 1.1.0, digest: "{NEW}"}}',
    ),
    ("always", "a.yaml", f"tag: 1.0.0{TAG}\ndigest: {OLD}{DIGEST}", f"tag: 1.1.0{TAG}\ndigest: {NEW}{DIGEST}"),
]
LEFT = [
    ("always", "values.yaml", VALUES),
    ("added", "values.yaml", VALUES),
    ("digest", "values.yaml", VALUES),
    ("always", "values.yaml", VALUES.replace("}", ", digest: }")),
    ("always", "values.yaml", VALUES.replace("}", ", digest: ~}")),
    ("always", "kustomization.yaml", KUSTOMIZATION),
    ("digest", "kustomization.yaml", KUSTOMIZATION),
    ("digest", "a.yaml", f"V: 1.0.0{TAG}"),
    ("digest", "a.yaml", f"V: APP_VERSION=1.0.0{ALL}"),
    ("digest", "a.yaml", f"image: ghcr.io/acme/app:1.0.0{TAG}"),
    ("always", "a.yaml", f"name: ghcr.io/acme/app{NAME}\ntag: 1.0.0{TAG}"),
    ("range", "a.yaml", f"name: ghcr.io/acme/app{NAME}"),
    ("range", "a.yaml", f"name: ghcr.io/acme/other{NAME}"),
    ("range", "values.yaml", f"image:\n  repository: ghcr.io/acme/app{NAME}\n  tag: 1.0.0"),
    ("range", "values.yaml", f"image:\n  repository: ghcr.io/acme/other{NAME}\n  tag: 1.0.0"),
    ("range", "a.yaml", f"V: '1.0.0 0.9.0'{ALL}"),
    ("range", "a.yaml", f"V: 1.2.0{TAG}"),
    ("range", "a.yaml", f"V: APP_VERSION=1.2.0{ALL}"),
    ("range", "a.yaml", f"V: APP_VERSION=app-1.2.0{ALL}"),
    ("any", "a.yaml", f"V: APP_VERSION=1.2.0{ALL}"),
    ("always", "a.yaml", f"V: APP_VERSION=1.2.0{ALL}"),
    ("range", "a.yaml", f"image: ghcr.io/acme/app:1.2.0{TAG}"),
    ("range", "pod.yaml", POD.replace("1.0.0", "1.2.0")),
]
SHARED = [
    ("range", "a.yaml", TWO_IMAGES),
    ("range", "Dockerfile", DOCKERFILE + "FROM nginx:${V}\n"),
]
CASES = [
    *((*case, case[2].replace("1.0.0", "1.1.0")) for case in MOVED),
    *PINNED,
    *((*case, case[2]) for case in LEFT),
]


def end(situation, rule: str, path: str, text: str) -> str:
    """Write what is proposed until nothing is, and return what stands then."""
    situation.policies = f"version: 1\nimages:\n  - {{image: ghcr.io/acme/app, {RULES[rule]}}}\n"
    names = {"0.9.0": 9, "1.0.0": 1, "1.1.0": 2}
    known = [tag(name, digest=digest(number)) for name, number in names.items()]
    gone = tag("1.2.0", frozenset())
    situation.tags = {"ghcr.io/acme/app": [*known, tag("2.0.0", digest=digest(3)), gone]}
    situation.by_digest = {"ghcr.io/acme/app": {each.digest: each for each in known}}
    situation.files = {path: text.encode()}
    for _ in range(MOST_ROUNDS):
        if not situation.plan():
            break
        situation.files = situation.edited()
    return situation.files[path].decode()


@pytest.mark.parametrize(("rule", "path", "before", "after"), CASES)
def test_nothing_is_proposed_once_all_is_written(situation, rule, path, before, after):
    assert end(situation, rule, path, before) == after
    assert situation.plan() == ()


@pytest.mark.parametrize(("rule", "path", "text"), SHARED)
def test_a_tag_that_another_image_shares_stays(situation, rule, path, text):
    assert end(situation, rule, path, text) == text


def test_a_tag_that_two_policies_share_is_moved_by_neither_pull_request(situation):
    situation.policies = (
        "version: 1\nimages:\n  - {image: ghcr.io/acme/app, range: 1.x}\n  - {image: nginx, range: 1.x}\n"
    )
    situation.tags["docker.io/library/nginx"] = [tag("1.0.0"), tag("1.9.0")]
    situation.files = {"values.yaml": TWO_IMAGES.encode()}
    assert len(situation.plan()) == 2
    assert situation.edited() == situation.files
