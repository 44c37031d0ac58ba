"""Who reads an image: tables of what an installation has, and what is chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.flows.readers import NOBODY, Readers, disagreements
from bot.images import ImageReference
from bot.policies import load
from bot.registries import Grants, Scope, Unusable

HOST = "registry.example"
IMAGE = ImageReference.parse(f"{HOST}/team/api")
WHOLE = Scope("c-whole", "whole", HOST)
TEAM = Scope("c-team", "team", HOST, prefixes=("team",))
READERS = Readers(7, "acme/shop", (WHOLE, TEAM), Grants())


@pytest.mark.parametrize(
    ("readers", "named", "reader"),
    [
        (READERS, None, "c-team"),
        (READERS, "whole", "c-whole"),
        (replace(READERS, scopes=(WHOLE,)), None, "c-whole"),
        (replace(READERS, scopes=()), None, NOBODY),
        (replace(READERS, scopes=(replace(TEAM, pull=("acme/other",)), WHOLE)), None, "c-whole"),
        (replace(READERS, scopes=(), grants=Grants.parse([f"7:{HOST}=10.0.0.0/8"], [])), None, "operator:7"),
        (replace(READERS, scopes=(), grants=Grants.parse([f"8:{HOST}=10.0.0.0/8"], [])), None, NOBODY),
        (replace(READERS, scopes=(), grants=Grants.parse([f"*:{HOST}=10.0.0.0/8"], [])), None, NOBODY),
        (replace(READERS, scopes=(), grants=Grants.parse([], [f"7:{HOST}"])), None, "operator:7"),
        (replace(READERS, grants=Grants.parse([], [f"7:{HOST}"])), None, "c-team"),
    ],
)
def test_an_image_has_the_reader(readers: Readers, named: str | None, reader: str) -> None:
    assert readers.of(IMAGE, named) == reader


@pytest.mark.parametrize(
    ("readers", "named", "said"),
    [
        (READERS, "other", "there is no credential other in this installation"),
        (READERS, "team", "the credential team is not for registry.example/web"),
        (replace(READERS, scopes=(replace(WHOLE, pull=("acme/other",)),)), "whole", "may not be used by acme/shop"),
    ],
)
def test_a_named_credential_that_does_not_fit_is_not_replaced_by_another(
    readers: Readers, named: str, said: str
) -> None:
    chosen = readers.of(ImageReference.parse(f"{HOST}/web"), named)
    assert isinstance(chosen, Unusable)
    assert said in chosen.sentence


def test_one_image_has_one_reader_and_a_policy_that_names_it_decides() -> None:
    policies = load(
        f"""
        version: 1
        images:
          - {{image: {HOST}/team/api, name: first}}
          - {{image: {HOST}/team/api, name: second, credential: whole, update: {{mode: markers}}}}
          - {{image: {HOST}/team/api, name: third, credential: team, update: {{mode: markers}}}}
        """
    ).images
    assert READERS.of_all(policies) == {f"{HOST}/team/api": "c-whole"}
    assert disagreements(policies) == {
        "third": f"{HOST}/team/api is read with the credential whole, which the policy second names; "
        "one image has one reader in a repository"
    }
