"""Which groups two policy files may treat otherwise, and how little of the files has to be looked at for them."""

from __future__ import annotations

import pytest

from bot.bumps import differing
from bot.policies import load
from tests.bumps.outlooks import APP, policy, written

DB, WEB = "ghcr.io/acme/db", "ghcr.io/acme/web"
BASE = [policy(), policy(DB), policy(WEB)]


def names(policy_file) -> list[str]:
    return [each.name for each in policy_file.images]


@pytest.mark.parametrize(
    ("proposed", "groups"),
    [
        (written(*BASE), set()),
        (written(policy(APP, "range: 2.x"), *BASE[1:]), {"app"}),
        (written(*BASE[1:]), {"app"}),
        (written(*BASE, policy("ghcr.io/acme/new")), {"new"}),
        (written(*reversed(BASE)), set()),
        (written(*BASE, policy(DB, "name: other", "update: {mode: markers}")), {"db", "other"}),
        (written(*BASE[:2], policy(WEB, "range: 1.x", "group: all")), {"all", "web"}),
        (written(*BASE[:2], policy(WEB, "range: 1.x", "pull-request: {base: next}")), {"web"}),
        (written(*BASE, top="enabled: false\n"), {"app", "db", "web", "gone"}),
    ],
)
def test_groups_differ_by_their_images(proposed: str, groups: set[str]) -> None:
    assert differing(load(written(*BASE)), load(proposed), ["gone"]).groups == groups


def test_without_a_file_in_force_every_group_differs() -> None:
    found = differing(None, load(written(policy())), ["gone"])
    assert (found.groups, found.now) == ({"app", "gone"}, None)


def test_only_what_counts_for_those_groups_is_kept() -> None:
    shared = policy(APP, "name: second", "group: other", "update: {mode: markers}")
    found = differing(load(written(*BASE, shared)), load(written(*BASE[:2], policy(WEB, "range: 2.x"), shared)))
    assert (names(found.now), names(found.proposed)) == (["web"], ["web"])
    found = differing(load(written(*BASE, shared)), load(written(policy(APP, "range: 2.x"), *BASE[1:], shared)))
    assert names(found.proposed) == ["app", "second"]
