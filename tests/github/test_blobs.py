"""Blobs are what their ids promise, whatever the text of the answer says."""

from __future__ import annotations

import base64

import pytest

from bot.github import GitHubUnavailable, UnexpectedAnswer
from bot.github.contents import blob_oid
from tests.github.scripted import Answer, repository

CONTENT = b"image: nginx\n"
OID = blob_oid(CONTENT)
REST = f"GET /repos/acme/shop/git/blobs/{OID}"
WHOLE = Answer({"encoding": "base64", "content": base64.encodebytes(CONTENT).decode()})


def test_ids_are_gits():
    assert blob_oid(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert blob_oid(b"", like="0" * 64) == "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"


@pytest.mark.parametrize(
    "blob",
    [
        {"oid": OID, "text": "image: ngin", "isTruncated": True},
        {"oid": OID, "text": "image: evil\n", "isTruncated": False},
        {"oid": OID, "text": None, "isBinary": True, "isTruncated": False},
        {"oid": OID},
        None,
    ],
)
async def test_a_text_that_is_not_the_blob_is_read_again_byte_by_byte(repo, server, blob):
    server.on("Blobs", repository(b0=blob))
    server.on(REST, WHOLE)
    assert await repo.blobs([OID]) == {OID: CONTENT}
    assert len(server.requests(REST)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"encoding": "base64", "content": base64.b64encode(b"evil").decode()},
        {"encoding": "utf-8", "content": "image: nginx\n"},
        {"encoding": "base64", "content": "!"},
        {"encoding": "base64"},
        [],
    ],
)
async def test_bytes_that_are_not_the_blob_are_refused(repo, server, answer):
    server.on("Blobs", repository(b0=None))
    server.on(REST, Answer(answer))
    with pytest.raises(UnexpectedAnswer):
        await repo.blobs([OID])


async def test_a_batch_that_github_breaks_over_is_halved(repo, server):
    contents = [b"one\n", b"two\n"]
    oids = sorted(blob_oid(content) for content in contents)
    by_oid = {blob_oid(content): content for content in contents}
    whole = [repository(b0={"text": by_oid[oid].decode(), "isTruncated": False}) for oid in oids]
    server.on("Blobs", Answer(status=502, body=b"<html>"), *whole)
    assert await repo.blobs(oids) == by_oid
    assert len(server.requests("Blobs")) == 3


async def test_an_outage_stays_an_outage(repo, server):
    server.on("Blobs", Answer(status=502, body=b"<html>"))
    with pytest.raises(GitHubUnavailable):
        await repo.blobs([OID, "b" * 40])


async def test_no_blobs_are_no_request(repo, server):
    assert await repo.blobs([]) == {}
    assert server.seen == []
