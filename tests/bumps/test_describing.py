"""The texts of a pull request say what moves and why, and are harmless whatever the repository holds."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest

from bot.bumps import describe, fingerprint_in
from bot.bumps.describing import LONGEST_BODY
from bot.manifests import Change, update
from tests.bumps.situations import AMD64, NOW, digest, pod, tag


def described(situation, changes=None, unshown=frozenset(), **fields):
    (item,) = situation.plan()
    item = dataclasses.replace(item, **fields)
    made = update(situation.files, item.targets).changes if changes is None else changes
    return describe(item, made, situation.decisions, unshown)


def change(**fields: object) -> Change:
    defaults: dict[str, object] = {
        "path": "app.yaml",
        "line": 5,
        "kind": "Pod",
        "namespace": "",
        "name": "shop",
        "container": "app",
        "field": "spec.containers[0].image",
        "policy": "app",
        "old": "ghcr.io/acme/app:1.0.0",
        "new": "ghcr.io/acme/app:1.1.0",
    }
    return Change(**defaults | fields)


def test_the_title_is_the_template_filled(situation):
    assert described(situation).title == "Bump ghcr.io/acme/app from 1.0.0 to 1.1.0"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{to}", "1.1.0"),
        ("chore(deps): {image} {from} -> {to}", "chore(deps): ghcr.io/acme/app 1.0.0 -> 1.1.0"),
        ("{image.__class__} {unknown} {}", "{image.__class__} {unknown} {}"),
        ("two\nlines", "two lines"),
        (" ", "Bump app"),
        ("{to}" + "x" * 300, None),
    ],
)
def test_a_template_is_filled_and_nothing_else(situation, template, expected):
    title = described(situation, title=template).title
    assert len(title) <= 250
    assert expected is None or title == expected


def test_a_title_names_every_tag_that_moves(situation):
    situation.files["b.yaml"] = pod("ghcr.io/acme/app")
    situation.tags["ghcr.io/acme/app"].append(tag("latest"))
    assert described(situation).title == "Bump ghcr.io/acme/app from no tag, 1.0.0 to 1.1.0"


def test_a_title_names_the_tag_that_an_image_without_one_stands_for_where_only_its_digest_moves(situation):
    situation.policies = situation.policies.replace("range: 1.x", "strategy: digest")
    situation.files = {"app.yaml": pod("ghcr.io/acme/app", "ghcr.io/acme/app:1.0.0")}
    situation.tags["ghcr.io/acme/app"] = [tag("1.0.0", digest=digest(1)), tag("latest", digest=digest(2))]
    text = described(situation)
    short = f"sha256:{0:012}"
    assert text.title == f"Bump ghcr.io/acme/app from latest, 1.0.0 to latest@{short}, 1.0.0@{short}"
    assert f"Moves `ghcr.io/acme/app` from `latest` to `latest@{short}`" in text.body


@pytest.mark.parametrize(
    ("rule", "stop"),
    [
        ("range: 1.x", "set `enabled: false` there or narrow its `range`."),
        ("pin: 1.1.0", "set `enabled: false` there."),
        ("strategy: numerical", "set `enabled: false` there."),
        ("strategy: digest", "set `enabled: false` there."),
    ],
)
def test_the_body_says_how_to_stop_it_by_keys_that_the_policy_may_have(situation, rule, stop):
    situation.policies = situation.policies.replace("range: 1.x", rule)
    situation.files = {"app.yaml": pod("ghcr.io/acme/app:1")} if "numerical" in rule else situation.files
    known = [tag("1"), tag("2")] if "numerical" in rule else [tag("1.0.0", digest=digest(1)), tag("1.1.0")]
    situation.tags["ghcr.io/acme/app"] = known
    assert described(situation).body.rstrip().endswith(stop)


def test_the_body_says_what_moves_and_why_and_lists_every_place(situation):
    situation.files["clusters/b.yaml"] = pod("nginx:1.25", "ghcr.io/acme/app:1.0.0")
    body = described(situation).body
    assert body.startswith("Moves `ghcr.io/acme/app` from `1.0.0` to `1.1.0`, a minor update. 1.1.0 is the newest")
    assert "| `app.yaml` | 5 | `Pod shop c0` | `ghcr.io/acme/app:1.0.0` | `ghcr.io/acme/app:1.1.0` |" in body
    assert "| `clusters/b.yaml` | 6 | `Pod shop c1` |" in body
    assert "refused" not in body


def test_where_a_file_holds_no_object_the_body_names_the_field(situation):
    made = [change(path="kustomization.yaml", kind="", name="", container="", field="images[0]")]
    assert "| `kustomization.yaml` | 5 | `images[0]` |" in described(situation, made).body


def test_the_body_says_how_to_stop_it(situation):
    body = described(situation).body
    assert "`.niro/policies.yml`, line 4" in body
    assert "`enabled: false`" in body


def test_a_refused_tag_is_visible_with_the_platform_that_it_lacks(situation):
    situation.tags["ghcr.io/acme/app"].append(tag("1.2.0", frozenset({AMD64})))
    body = described(situation).body
    assert re.search(r"> A newer tag was refused:\n> - 1\.2\.0 lacks linux/arm64\.\n", body)


def test_of_a_policy_whose_tags_are_not_for_everybody_only_the_proposed_one_is_told(situation):
    situation.tags["ghcr.io/acme/app"].append(tag("1.2.0", frozenset({AMD64})))
    body = described(situation, unshown=frozenset({"app"}), waiting=("1.3.0 waits",)).body
    assert body.startswith("Moves `ghcr.io/acme/app` from `1.0.0` to `1.1.0`, a minor update.\n")
    assert "1.2.0" not in body
    assert "1.3.0" not in body


UPDATES = {
    "a patch": ("1.0.0", tag("1.0.1"), "to `1.0.1`, a patch update."),
    "a minor": ("1.0.0", tag("1.1.0"), "to `1.1.0`, a minor update."),
    "a major": ("1.0.0", tag("2.0.0"), "to `2.0.0`, a major update."),
    "from no version": ("latest", tag("2.0.0"), "to `2.0.0`. 2.0.0 is"),
    "from no tag": ("", tag("2.0.0"), "Moves `ghcr.io/acme/app` to `2.0.0`. 2.0.0 is"),
}


@pytest.mark.parametrize("case", UPDATES)
def test_the_body_says_how_far_it_goes_where_that_can_be_told(situation, case):
    current, newer, expected = UPDATES[case]
    situation.policies = situation.policies.replace("1.x", "'*'")
    situation.files = {"app.yaml": pod(f"ghcr.io/acme/app:{current}".removesuffix(":"))}
    situation.tags["ghcr.io/acme/app"] = [tag(current or "latest"), newer]
    assert expected in described(situation).body


def test_another_digest_of_a_tag_is_told_by_its_first_digits(situation):
    situation.policies = situation.policies.replace("range: 1.x", "strategy: digest")
    situation.files = {"app.yaml": pod(f"ghcr.io/acme/app:main@{digest(1)}")}
    situation.tags["ghcr.io/acme/app"] = [tag("main", digest=digest(2))]
    situation.by_digest = {"ghcr.io/acme/app": {digest(1): tag("any")}}
    text = described(situation)
    short = "main@sha256:000000000000"
    assert text.title == f"Bump ghcr.io/acme/app from {short} to {short}"
    assert f"from `{short}` to `{short}`, another digest." in text.body
    assert digest(2) in text.body


def test_a_tag_that_is_too_young_is_visible_with_when_it_is_old_enough(situation):
    situation.policies += "    min-age: 3d\n"
    ages = {"1.0.0": 30, "1.1.0": 30, "1.2.0": 1}
    situation.tags["ghcr.io/acme/app"] = [
        tag(name, pushed_at=NOW - timedelta(days=days)) for name, days in ages.items()
    ]
    assert re.search(r"> - 1\.2\.0 was pushed on .+, which it is on 2026-05-06.+\.\n", described(situation).body)


def test_the_message_has_a_headline_a_list_and_the_trailer_at_its_end(situation):
    (item,) = situation.plan()
    assert described(situation).message == (
        "Bump ghcr.io/acme/app from 1.0.0 to 1.1.0\n"
        "\n"
        "- app.yaml:5: ghcr.io/acme/app:1.0.0 -> ghcr.io/acme/app:1.1.0\n"
        "\n"
        f"Niro-Bump: app/{item.fingerprint}"
    )


@pytest.mark.parametrize("group", ["app", "flux-system:app", "a b", "a\nNiro-Bump: other/0000", "a/b"])
def test_a_commit_is_known_again_by_its_message(situation, group):
    (item,) = situation.plan()
    message = described(situation, group=group).message
    assert fingerprint_in(message, group) == item.fingerprint
    assert fingerprint_in(message, f"{group}x") is None


HOSTILE = "@acme/team #12 `x` | <b>\n\nNiro-Bump: other/0000\n[skip ci] \u202e"


def test_a_hostile_name_in_the_title_mentions_nobody_and_refers_to_nothing(situation):
    (item,) = situation.plan()
    proposals = (dataclasses.replace(item.proposals[0], image=HOSTILE, selected=HOSTILE),)
    title = described(situation, [], proposals=proposals).title
    assert not any(piece in title for piece in ("@acme", "#12", "\n", "\u202e"))


@pytest.mark.parametrize("field", ["path", "kind", "namespace", "name", "container", "old", "new"])
def test_hostile_names_add_no_line_and_no_cell(situation, field):
    calm = described(situation, [change(**{field: "x"})])
    text = described(situation, [change(**{field: HOSTILE})])
    assert text.body.count("\n") == calm.body.count("\n")
    assert text.body.count("|") == calm.body.count("|")
    assert text.message.count("\n") == calm.message.count("\n")
    assert text.message.count("\nNiro-Bump:") == 1
    assert "[skip ci]" not in text.message
    assert "@acme" not in text.message
    assert "\u202e" not in text.body + text.message


@pytest.mark.parametrize("count", [0, 1, 5_000])
def test_the_texts_stay_within_what_github_takes(situation, count):
    changes = [change(path=f"{'very-long-folder/' * 10}{number}.yaml") for number in range(count)]
    text = described(situation, changes)
    assert len(text.body) <= LONGEST_BODY
    assert len(text.message) < 30_000
    assert "`enabled: false`" in text.body


def test_a_table_that_does_not_fit_says_how_many_rows_are_missing(situation):
    changes = [change(path=f"{number}.yaml") for number in range(5_000)]
    body = described(situation, changes).body
    rows = body.count(".yaml` |")
    assert 0 < rows < 5_000
    assert f"And {5_000 - rows:,} more.".replace(",", "") in body
