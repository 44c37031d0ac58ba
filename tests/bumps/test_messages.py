"""The commit message is the policy's template, filled, with the trailer at its end whatever it says."""

from __future__ import annotations

import dataclasses

import pytest

from bot.bumps import describe, fingerprint_in
from bot.bumps.surroundings import Surroundings
from bot.manifests import Change, update
from tests.bumps.situations import pod

HOSTILE = "@acme/team #12\n\nNiro-Bump: other/0000\n[skip ci] \u202e"


def written(situation, template: str | None, changes: list[Change] | None = None) -> str:
    """Write the message of the situation's only pull request, and take the trailer off."""
    (item,) = situation.plan()
    made = update(situation.files, item.targets).changes if changes is None else changes
    message = describe(dataclasses.replace(item, message=template), made, situation.decisions).message
    assert fingerprint_in(message, item.group) == item.fingerprint
    return message.rpartition("\n\n")[0]


def change(**fields: object) -> Change:
    names = ("path", "kind", "namespace", "name", "container", "field", "policy", "old", "new")
    return Change(**{"line": 1} | dict.fromkeys(names, "x") | fields)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Bump {image}", "Bump ghcr.io/acme/app"),
        ("{from} -> {to}\n\nOn purpose.\n", "1.0.0 -> 1.1.0\n\nOn purpose."),
        ("Bump\n\n{changes}\n", "Bump\n\n- app.yaml:5: ghcr.io/acme/app:1.0.0 -> ghcr.io/acme/app:1.1.0"),
        ("Bump\n\nObjects:\n{objects}\n", "Bump\n\nObjects:\n- Pod shop"),
        ("Bump\n\nFiles:\n{files}\n", "Bump\n\nFiles:\n- app.yaml"),
        ("{unknown} {}", "{unknown} {}"),
        ("Bump\n\n  indented\n", "Bump\n\n  indented"),
        ("\n\nBump\n", "Bump"),
        ("  \n\u200b\n", "Bump ghcr.io/acme/app from 1.0.0 to 1.1.0"),
        ("Bump\n\nNiro-Bump: app/0000000000000000", "Bump\n\nNiro-Bump: app/0000000000000000"),
    ],
)
def test_a_template_is_filled_and_nothing_else(situation, template, expected):
    assert written(situation, template) == expected


def test_an_object_and_a_file_with_several_images_are_listed_once(situation):
    situation.files = {"app.yaml": pod("ghcr.io/acme/app:1.0.0", "ghcr.io/acme/app:1.0.0")}
    assert written(situation, "Bump\n{objects}\n{files}") == "Bump\n- Pod shop\n- app.yaml"


@pytest.mark.parametrize("field", ["path", "kind", "namespace", "name", "old", "new"])
def test_hostile_names_add_no_line_and_mention_nobody(situation, field):
    template = "Bump\n\n{changes}\n{objects}\n{files}\n"
    calm = written(situation, template, [change()])
    text = written(situation, template, [change(**{field: HOSTILE})])
    assert text.count("\n") == calm.count("\n")
    assert not any(piece in text for piece in ("@acme", "#12", "[skip ci]", "\u202e", "\nNiro-Bump"))


@pytest.mark.parametrize("field", ["image", "current", "selected"])
def test_hostile_images_and_tags_are_quiet_too(situation, field):
    (item,) = situation.plan()
    proposals = (dataclasses.replace(item.proposals[0], **{field: HOSTILE}),)
    hostile = dataclasses.replace(item, message="{image} {from} {to}", proposals=proposals)
    text = describe(hostile, (), situation.decisions).message
    assert len(text.split("\n")) == 3
    assert not any(piece in text for piece in ("@acme", "#12", "[skip ci]", "\u202e"))


def test_another_author_is_named_above_the_trailer_by_which_the_commit_is_known(situation):
    (item,) = situation.plan()
    around = Surroundings(author="Anna Ö. <anna@acme.example>")
    message = describe(item, (), situation.decisions, around=around).message
    assert message.split("\n\n")[-1] == (
        f"Co-authored-by: Anna Ö. <anna@acme.example>\nNiro-Bump: app/{item.fingerprint}"
    )
    assert fingerprint_in(message, "app") == item.fingerprint


def test_an_author_adds_no_line(situation):
    (item,) = situation.plan()
    calm, hostile = (
        describe(item, (), situation.decisions, around=Surroundings(author=author)).message
        for author in ("A <a@b>", "A\nNiro-Bump: other/0 <a@b>\u202e")
    )
    assert hostile.count("\n") == calm.count("\n")
    assert "\u202e" not in hostile


def test_a_value_is_not_read_as_a_template_again(situation):
    text = written(situation, "Bump\n{files}", [change(path="{to}.yaml")])
    assert text == "Bump\n- {to}.yaml"


def test_a_message_stays_within_what_github_takes(situation):
    changes = [change(path=f"{'very-long-folder/' * 10}{number}.yaml", name=str(number)) for number in range(5_000)]
    text = written(situation, "{changes}\n" * 50, changes)
    assert len(text) <= 20_000
    assert len(text.partition("\n")[0]) <= 250
    assert "- and 4950 more" in written(situation, "Bump\n{objects}", changes)
