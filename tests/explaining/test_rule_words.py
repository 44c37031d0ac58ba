"""A rule is told in a few words, with each setting that is not the default."""

import pytest

from bot.explaining.rule_words import rule_words
from bot.policies import load


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("", "semver, range *"),
        ("strategy: alphabetical, order: desc", "alphabetical, order desc"),
        ("exclude: ['-rc', 'beta$']", "semver, range *, exclude -rc, beta$"),
        ("exclude: []", "semver, range *, exclude nothing"),
        ("strategy: newest-build, clock: first-seen", "newest-build, clock first-seen"),
        (
            "strategy: numerical, filter: {pattern: '^main-(?P<n>[0-9]+)$', extract: '$n'}",
            "numerical, filter ^main-(?P<n>[0-9]+)$, extract $n",
        ),
        (
            "min-age: 36h, pin-digest: always, variant: any",
            "semver, range *, variant any, min-age 36h, pin-digest always",
        ),
    ],
)
def test_each_setting_that_is_not_the_default_is_told(keys: str, said: str) -> None:
    image = ", ".join(each for each in ("image: ghcr.io/o/app", keys) if each)
    (policy,) = load(f"version: 1\nimages:\n  - {{{image}}}\n").images
    assert rule_words(policy) == said
