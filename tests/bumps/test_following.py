"""Which policy each place follows, and that what is proposed there can be written."""

from __future__ import annotations

import pytest

from tests.bumps.situations import digest, pod, tag

PINNING = "version: 1\nimages:\n  - {image: ghcr.io/acme/app, range: 1.x, pin-digest: always}\n"
VALUES = "image: {{repository: ghcr.io/acme/app, tag: 1.0.0{more}}}\n"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "values.yaml",
            "image: {repository: ghcr.io/acme/app, tag: 1.0.0}",
            "image: {repository: ghcr.io/acme/app, tag: 1.1.0}",
        ),
        ("env.yaml", 'VERSION: 1.0.0 # {"$imagepolicy": "app:tag"}', 'VERSION: 1.1.0 # {"$imagepolicy": "app:tag"}'),
        ("env.yaml", 'A: "V=1.0.0" # {"$imagepolicy": "app"}', 'A: "V=1.1.0" # {"$imagepolicy": "app"}'),
        (
            "values.yaml",
            'image: acme/app:1.0.0 # {"$imagepolicy": "app:tag"}',
            'image: acme/app:1.1.0 # {"$imagepolicy": "app:tag"}',
        ),
        ("Dockerfile", "ARG V=1.0.0\nFROM ghcr.io/acme/app:${V}", "ARG V=1.1.0\nFROM ghcr.io/acme/app:${V}"),
    ],
)
def test_what_shows_the_image_or_is_marked_for_its_policy_follows_it(situation, path, before, after):
    situation.files = {path: before.encode()}
    assert situation.edited() == {path: after.encode()}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("env.yaml", "VERSION: 1.0.0"),
        ("env.yaml", 'VERSION: 1.0.0 # {"$imagepolicy": "other:tag"}'),
        ("values.yaml", 'image: acme/app:1.0.0 # {"$imagepolicy": "app"}'),
        ("values.yaml", 'image: {repository: ghcr.io/acme/app, tag: ""}'),
        (".github/workflows/ci.yaml", "jobs: {test: {container: 'ghcr.io/acme/app:1.0.0'}}"),
    ],
)
def test_nothing_else_follows_it(situation, path, text):
    situation.files = {path: text.encode()}
    assert situation.plan() == ()


def test_a_workflow_follows_a_policy_that_asks_for_workflows(situation):
    situation.policies = "version: 1\nimages:\n  - {image: ghcr.io/acme/app, range: 1.x, update: {workflows: true}}\n"
    before = b"jobs: {test: {container: 'ghcr.io/acme/app:1.0.0'}}"
    situation.files = {".github/workflows/ci.yaml": before}
    assert situation.edited() == {".github/workflows/ci.yaml": before.replace(b"1.0.0", b"1.1.0")}


@pytest.mark.parametrize(
    ("text", "is_proposed"),
    [
        (VALUES.format(more=""), False),
        (VALUES.format(more=', digest: ""'), True),
        (VALUES.format(more=f", digest: '{digest(1)}'"), True),
        ('VERSION: 1.0.0 # {"$imagepolicy": "app:tag"}', True),
        ('VERSION: 1.1.0 # {"$imagepolicy": "app:tag"}', False),
        (pod("ghcr.io/acme/app:1.0.0").decode(), True),
    ],
)
def test_a_digest_is_proposed_only_where_it_can_be_written(situation, text, is_proposed):
    situation.policies = PINNING
    situation.tags["ghcr.io/acme/app"] = [tag("1.0.0", digest=digest(1)), tag("1.1.0", digest=digest(2))]
    situation.by_digest = {"ghcr.io/acme/app": {digest(1): tag("1.0.0", digest=digest(1))}}
    situation.files = {"values.yaml": text.encode()}
    assert bool(situation.plan()) is is_proposed
    assert (situation.edited() != situation.files) is is_proposed
