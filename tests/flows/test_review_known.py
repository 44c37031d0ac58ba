"""A suggestion names the tag that the policy about the very file chooses, where several are about one image."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.flows.reviewing import pull_request, said

if TYPE_CHECKING:
    from tests.flows.house import House

POLICY = ".niro/policies.yml"


async def test_a_suggestion_is_the_tag_of_the_policy_about_the_file(house: House) -> None:
    policies = f"""\
version: 1
images:
  - {{image: {house.image()}, name: prod, range: 1.x, update: {{paths: ["prod/**"]}}}}
  - {{image: {house.image()}, name: dev, range: "*", update: {{paths: ["dev/**"]}}}}
"""
    standing = {"prod/api.yaml": house.deployment("1.4.2"), "dev/api.yaml": house.deployment("2.0.1")}
    await house.push("1.4.2")
    await house.push("2.0.1")
    await house.commit({POLICY: policies.encode(), **standing})
    await house.publish("2.0.1")
    pull = await pull_request(house, {"prod/web.yaml": house.deployment("latest")})
    (comment,) = said(house, pull)
    assert f"image: {house.image()}:1.4.2" in comment
    assert "2.0.1" not in comment


async def test_a_tag_that_another_reader_saw_is_not_offered(house: House) -> None:
    repository = house.github.repository(house.repository).id
    chosen = await house.parts.store.decisions.of(repository, "api")
    assert chosen is not None
    await house.parts.store.decisions.save(replace(chosen, selected="9.9.9", reader="credential:gone"))
    pull = await pull_request(house, {"web.yaml": house.deployment("latest")})
    (comment,) = said(house, pull)
    assert "9.9.9" not in comment
