"""An outlook falls into parts, and each holds all that counts for its groups."""

from __future__ import annotations

import pytest

from bot.bumps import Outlook
from bot.bumps.following import following
from bot.bumps.outlook import Parts, groups_apart
from bot.manifests import find_images
from bot.policies import load
from tests.bumps.outlooks import APP, policy, written
from tests.bumps.situations import pod, tag

DB = "ghcr.io/acme/db"
MARKED = "update: {mode: markers}"


def outlook(text: str, files: dict[str, bytes]) -> Outlook:
    occurrences = [found for path, content in files.items() for found in find_images(path, content)]
    return Outlook(load(text), occurrences, {APP: [tag("1.0.0")], DB: [tag("2.0.0")]}, {})


@pytest.mark.parametrize(
    ("policies", "apart"),
    [
        ((policy(APP), policy(DB)), [{"app"}, {"db"}]),
        ((policy(APP), policy(APP, "name: next", MARKED), policy(DB)), [{"app", "next"}, {"db"}]),
        (
            (policy(APP, "group: a"), policy(DB, "group: b"), policy(DB, "name: c", "group: a", MARKED)),
            [{"a", "b"}],
        ),
        ((policy(APP), policy(DB, "name: app:tag")), [{"app", "app:tag"}]),
    ],
)
def test_groups_about_the_same_stay_together(policies: tuple[str, ...], apart: list[set[str]]) -> None:
    file = load(written(*policies))
    assert groups_apart([file], dict.fromkeys(each.group for each in file.images)) == apart


def test_they_stay_together_where_only_one_of_the_files_joins_them() -> None:
    apart, joined = (
        written(policy(APP), policy(DB)),
        written(policy(APP), policy(DB, "group: all"), policy("x/y", "group: all")),
    )
    files = [load(apart), load(joined)]
    assert groups_apart(files, ["app", "db", "all", "gone"]) == [{"app"}, {"db", "all"}, {"gone"}]


def test_a_part_has_its_policies_tags_and_occurrences_and_no_others() -> None:
    found = outlook(written(policy(APP), policy(DB)), {"app.yaml": pod(f"{APP}:1.0.0"), "db.yaml": pod(f"{DB}:2.0.0")})
    part = Parts(found).of(frozenset({"db"}))
    assert [each.name for each in part.policy_file.images] == ["db"]
    assert [each.path for each in part.occurrences] == ["db.yaml"]
    assert part.tags.keys() == {DB}


def test_whatever_follows_a_policy_follows_it_in_its_part() -> None:
    values = b'kind: HelmRelease\nspec:\n  values:\n    version: 1.0.0 # {"$imagepolicy": "app:tag"}\n'
    files = {
        "app.yaml": pod(f"{APP}:1.0.0", f'{APP}:0.9.0 # {{"$imagepolicy": "next"}}'),
        "db.yaml": pod(f"{DB}:2.0.0"),
        "values.yaml": values,
    }
    found = outlook(written(policy(APP), policy(APP, "name: next", MARKED), policy(DB)), files)
    parts, whole = Parts(found), following(found.policy_file, found.occurrences)
    for groups in groups_apart([found.policy_file], ["app", "next", "db"]):
        part = parts.of(groups)
        assert following(part.policy_file, part.occurrences) == {
            name: followers for name, followers in whole.items() if name in groups
        }
