"""What the files become under proposals is computed again as it was when the commit was made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bumps import as_written, expected
from bot.manifests import update
from tests.bumps.situations import Situation, digest, pod, tag
from tests.bumps.test_until_nothing_is_left import CASES, RULES, SHARED

APP, WEB = "ghcr.io/acme/app", "ghcr.io/acme/web"


def test_only_files_that_change_are_given(situation):
    situation.files |= {"other.yaml": pod("nginx:1")}
    (item,) = situation.plan()
    assert expected(situation.policy_file, situation.files, item.proposals) == {"app.yaml": pod(f"{APP}:1.1.0")}


@pytest.mark.parametrize(
    "policies",
    [
        f"version: 1\nimages: [{{image: {APP}, enabled: false}}]",
        f"version: 1\nimages: [{{image: {WEB}}}]",
        f"version: 1\nimages: [{{image: {APP}, update: {{paths: ['elsewhere/**']}}}}]",
    ],
    ids=["it is paused", "it is gone", "it is about other files"],
)
def test_a_policy_that_would_not_write_it_now_changes_nothing(situation, policies):
    (item,) = situation.plan()
    situation.policies = policies
    assert expected(situation.policy_file, situation.files, item.proposals) == {}


def test_a_base_that_stands_elsewhere_changes_nothing(situation):
    (item,) = situation.plan()
    situation.files["app.yaml"] = pod(f"{APP}:1.0.5")
    assert expected(situation.policy_file, situation.files, item.proposals) == {}


def test_what_was_kept_is_written_as_what_was_decided(situation):
    (item,) = situation.plan()
    kept = [replace(each, kept=True, sentence="") for each in item.proposals]
    assert expected(situation.policy_file, situation.files, kept) == situation.edited()


def test_the_files_stay_as_they_are(situation):
    (item,) = situation.plan()
    before = dict(situation.files)
    expected(situation.policy_file, situation.files, item.proposals)
    assert situation.files == before


@pytest.mark.parametrize(("rule", "path", "text"), [*(case[:3] for case in CASES), *SHARED])
def test_in_every_layout_it_is_what_the_plan_writes(situation, rule, path, text):
    situation.policies = f"version: 1\nimages:\n  - {{image: {APP}, {RULES[rule]}}}\n"
    known = [tag(name, digest=digest(number)) for number, name in enumerate(("0.9.0", "1.0.0", "1.1.0"))]
    situation.tags = {APP: known}
    situation.by_digest = {APP: {each.digest: each for each in known}}
    situation.files = {path: text.encode()}
    is_the_same(situation)


def is_the_same(situation: Situation) -> None:
    for item in situation.plan():
        edit = update(situation.files, item.targets)
        assert expected(situation.policy_file, situation.files, item.proposals) == edit.files
        if edit.changes:
            noted = as_written(item, edit.changes, situation.occurrences)
            assert expected(situation.policy_file, situation.files, noted.proposals) == edit.files


IMAGES = [APP, WEB, "nginx"]
LINES = [
    "kind: Pod\nspec: {{containers: [{{image: {image}:{tag}}}]}}\n",
    "image: {image}:{tag}\n",
    'image: {image}:{tag} # {{"$imagepolicy": "web"}}\n',
    'V: {tag} # {{"$imagepolicy": "app:tag"}}\n',
    "image: {{repository: {image}, tag: {tag}}}\n",
    "a: {{image: {{repository: {image}, tag: &t {tag}}}}}\nb: {{image: {{repository: nginx, tag: *t}}}}\n",
    "run: |\n  docker run {image}:{tag}\n",
]
VERSIONS = ["1.0.0", "1.1.0", "1.2.0", "2.0.0"]
versions = st.sampled_from(VERSIONS)
manifests = st.builds(
    lambda line, image, version: line.format(image=image, tag=version),
    st.sampled_from(LINES),
    st.sampled_from(IMAGES),
    versions,
)
files = st.dictionaries(
    st.sampled_from(["a.yaml", "b/values.yaml", "b/c.yaml"]),
    st.lists(manifests, min_size=1, max_size=3).map("---\n".join),
)
policies = st.lists(
    st.tuples(
        st.sampled_from(IMAGES),
        st.sampled_from(["*", "1.x"]),
        st.sampled_from(["never", "always"]),
        st.sampled_from(["**", "b/**"]),
        st.sampled_from(["auto", "markers"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda policy: policy[0],
)


@given(files, policies)
def test_it_is_what_the_plan_writes(contents, chosen):
    situation = Situation()
    lines = [
        f"  - {{image: {image}, range: '{span}', pin-digest: {pin}, update: {{paths: ['{paths}'], mode: {mode}}}"
        + (", group: all}" if grouped else "}")
        for image, span, pin, paths, mode, grouped in chosen
    ]
    groups = "groups: {all: {}}\n" if any(policy[-1] for policy in chosen) else ""
    situation.policies = "version: 1\nimages:\n" + "\n".join(lines) + "\n" + groups
    known = [tag(name, digest=digest(number)) for number, name in enumerate(VERSIONS)]
    situation.tags = {APP: known, WEB: known, "docker.io/library/nginx": known}
    situation.files = {path: text.encode() for path, text in contents.items()}
    is_the_same(situation)
