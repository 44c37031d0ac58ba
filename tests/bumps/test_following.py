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
        ("name.yaml", 'IMAGE: ghcr.io/acme/app # {"$imagepolicy": "app:name"}'),
        (".github/workflows/ci.yaml", "jobs: {test: {container: 'ghcr.io/acme/app:1.0.0'}}"),
    ],
)
def test_nothing_else_follows_it(situation, path, text):
    situation.files = {path: text.encode()}
    assert situation.plan() == ()


def test_a_marked_name_follows_no_policy_though_a_tag_stands_beside_it(situation):
    values = 'image:\n  repository: ghcr.io/acme/app # {"$imagepolicy": "app:name"}\n  tag: 1.0.0\n'
    situation.files = {"values.yaml": values.encode()}
    assert situation.decisions == {}


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


TWO_NAMES = """
version: 1
images:
  - {image: ghcr.io/acme/app, name: x}
  - {image: ghcr.io/acme/other, name: "x:tag"}
"""


@pytest.fixture
def namesakes(situation):
    """Two policies of which one has the other's name with the suffix of a part."""
    situation.policies = TWO_NAMES
    situation.tags["ghcr.io/acme/other"] = [tag("1.0.0"), tag("3.0.0")]
    return situation


@pytest.mark.parametrize(
    ("marker", "proposed"),
    [("x:tag", [("x:tag", "3.0.0")]), ("x:tag:tag", [("x:tag", "3.0.0")]), ("x", [("x", "1.1.0")])],
)
def test_a_policy_that_is_called_as_the_marker_comes_before_one_of_whose_image_it_asks_a_part(
    namesakes, marker, proposed
):
    namesakes.files = {"env.yaml": f'VERSION: 1.0.0 # {{"$imagepolicy": "{marker}"}}'.encode()}
    wishes = [(each.policy, each.selected) for item in namesakes.plan() for each in item.proposals]
    assert wishes == proposed
    assert namesakes.edited() == {"env.yaml": namesakes.files["env.yaml"].replace(b"1.0.0", proposed[0][1].encode())}


def test_a_value_of_the_one_is_never_written_for_the_other(namesakes):
    other = b'VERSION: 1.0.0 # {"$imagepolicy": "x:tag"}'
    namesakes.files = {"a.yaml": other, "b.yaml": b'VERSION: 1.0.0 # {"$imagepolicy": "x"}', "c.yaml": pod("nginx:1")}
    assert namesakes.edited() == {
        "a.yaml": other.replace(b"1.0.0", b"3.0.0"),
        "b.yaml": b'VERSION: 1.1.0 # {"$imagepolicy": "x"}',
        "c.yaml": pod("nginx:1"),
    }


def test_the_value_of_a_paused_policy_is_left_to_it_and_not_taken_by_its_namesake(namesakes):
    namesakes.policies = TWO_NAMES.replace('"x:tag"', '"x:tag", enabled: false')
    namesakes.files = {"a.yaml": b'VERSION: 1.0.0 # {"$imagepolicy": "x:tag"}'}
    assert namesakes.plan() == ()
