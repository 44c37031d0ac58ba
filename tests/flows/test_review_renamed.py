"""What a file was before a change counts only where it was a manifest, and only for the file that it became."""

from __future__ import annotations

from tests.flows.house import House
from tests.flows.reviewing import API, check, pull_request, threads, workload

LATEST = workload("nginx:latest")
ANNOTATED = LATEST.replace(
    b"  name: web\nspec:", b"  name: web\n  annotations: {ignore.niro.bot/latest-image-tag: ok}\nspec:"
)


async def test_a_file_that_becomes_a_manifest_by_its_name_is_new(house: House) -> None:
    await house.commit({"notes.txt": LATEST})
    pull = await pull_request(house, {API: LATEST}, removed=["notes.txt"])
    run = check(house, pull.head_oid)
    assert (run.conclusion, run.output["title"]) == ("neutral", f"latest-image-tag: {API} line 15")
    assert len(threads(house, pull)) == 1


async def test_an_annotation_in_what_was_no_manifest_waives_nothing(house: House) -> None:
    await house.commit({"notes.txt": ANNOTATED})
    pull = await pull_request(house, {API: ANNOTATED}, removed=["notes.txt"])
    assert check(house, pull.head_oid).conclusion == "neutral"


async def test_a_manifest_that_becomes_none_by_its_name_is_fixed(house: House) -> None:
    await house.commit({API: LATEST})
    pull = await pull_request(house, {"notes.txt": LATEST}, removed=[API])
    assert check(house, pull.head_oid).output["title"] == "No new findings, 1 fixed"
