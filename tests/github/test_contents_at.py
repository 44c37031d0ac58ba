"""Files of both sides of a pull request, in one query."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from bot.github import GitHubUnavailable, NotFound, blob_oid, contents_at
from bot.github.contents_at import LARGEST_READ_ALONE, MOST_READ_ALONE
from tests.github.scripted import Answer, repository
from tests.github.wishes import FILES, SANDBOXED, WEB

API = "apps/api.yaml"
ONE, TWO = "a" * 40, "b" * 40


def file(content: bytes | None = b"a\n", **told: Any) -> dict[str, Any]:
    """A file in an answer; without content one whose text GitHub does not tell."""
    known = content if content is not None else b"\xff"
    text = None if content is None else content.decode()
    blob = {"byteSize": len(known), "isBinary": content is None, "isTruncated": False, "text": text}
    return {"oid": blob_oid(known), "mode": 0o100644, "type": "blob", "object": blob} | told


def commit(**files: Any) -> dict[str, Any]:
    return {"oid": ONE, **files}


async def test_both_sides_come_with_one_request(shop, sandbox):
    before = await sandbox.repository(SANDBOXED).git.branch("main")
    after = await sandbox.commit(SANDBOXED, "main", {API: b"image: api:3\n", "new.yaml": b"new\n"})
    await shop.head()
    sent = len(sandbox.faults.requests)
    found = await shop.contents_at({before: [WEB, API, "new.yaml"], after: [API, "new.yaml"]})
    assert len(sandbox.faults.requests) - sent == 1 + 1
    assert {path: blob.content for path, blob in found[before].items()} == {WEB: FILES[WEB], API: FILES[API]}
    assert {path: blob.content for path, blob in found[after].items()} == {API: b"image: api:3\n", "new.yaml": b"new\n"}


@pytest.mark.parametrize(
    "written", [b"\xff\xfe\x00binary", "é \r\n".encode(), b"", b"\xef\xbb\xbfmark", b"x" * 600_000]
)
async def test_contents_are_byte_for_byte_what_git_holds(shop, sandbox, written):
    head = await sandbox.commit(SANDBOXED, "main", {API: written})
    assert (await shop.contents_at({head: [API]}))[head][API].content == written


async def test_six_hundred_files_are_one_request_and_one_more_is_two(shop, sandbox):
    files = {f"many/{number}.yaml": f"value: {number}\n".encode() for number in range(601)}
    head = await sandbox.commit(SANDBOXED, "main", files)
    await shop.contents_at({head: [API]})
    sent = len(sandbox.faults.requests)
    found = await shop.contents_at({head: list(files)[:600]})
    assert len(sandbox.faults.requests) - sent == 1
    assert {path: blob.content for path, blob in found[head].items()} == dict(list(files.items())[:600])
    await shop.contents_at({head: list(files)})
    assert len(sandbox.faults.requests) - sent == 3


async def test_a_folder_has_no_content(shop, sandbox):
    head = await sandbox.repository(SANDBOXED).git.branch("main")
    found = (await shop.contents_at({head: ["apps"]}))[head]["apps"]
    assert (found.content, found.mode) == (None, "040000")


@pytest.mark.parametrize("wanted", [{}, {ONE: []}, {ONE: ["../a", "a\0b", "/a", "a\udc80"]}])
async def test_nothing_to_ask_for_is_no_request(repo, server, wanted):
    assert await repo.contents_at(wanted) == {name: {} for name in wanted}
    assert server.seen == []


async def test_a_commit_that_is_gone(shop, sandbox):
    head = await sandbox.repository(SANDBOXED).git.branch("main")
    with pytest.raises(NotFound, match=f"no commit {ONE}"):
        await shop.contents_at({head: [API], ONE: [API]})


async def test_a_tree_is_no_commit(shop, sandbox):
    head = await sandbox.repository(SANDBOXED).git.commit("main")
    with pytest.raises(NotFound, match="no commit"):
        await shop.contents_at({head.tree: [API]})


@pytest.mark.parametrize(
    ("told", "mode"),
    [
        (file(mode=0o120000), "120000"),
        (file(mode=0o160000, type="commit", object=None), "160000"),
        (file(mode=0o040000, type="tree", object={}), "040000"),
    ],
)
async def test_what_is_no_regular_file_has_a_mode_and_no_content(repo, server, told, mode):
    server.on("FilesAtCommits", repository(c0=commit(f0=told)))
    found = (await repo.contents_at({ONE: ["a"]}))[ONE]["a"]
    assert (found.content, found.mode, found.oid) == (None, mode, told["oid"])


async def test_equal_paths_travel_once_and_never_in_the_document(repo, server):
    server.on("FilesAtCommits", repository(c0=commit(f0=file(b"1\n")), c1=commit(f0=file(b"2\n"), f1=file(b"3\n"))))
    found = await repo.contents_at({ONE: ['a"}'], TWO: ['a"}', "b"]})
    (asked,) = server.requests("FilesAtCommits")
    assert asked.variables == {"owner": "acme", "name": "shop", "c0": ONE, "c1": TWO, "p0": 'a"}', "p1": "b"}
    assert {name: {path: blob.content for path, blob in files.items()} for name, files in found.items()} == {
        ONE: {'a"}': b"1\n"},
        TWO: {'a"}': b"2\n", "b": b"3\n"},
    }


@pytest.mark.parametrize(
    "broken",
    [
        Answer(status=502, body=b"<html>"),
        Answer(status=504, body=b"<html>"),
        Answer({"data": None, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Resource limits exceeded"}]}),
        Answer({"data": None, "errors": [{"message": "Something went wrong while executing your query. This may be"}]}),
    ],
)
async def test_what_github_breaks_over_is_asked_for_in_halves(repo, server, broken):
    halves = [repository(c0=commit(f0=file(content))) for content in (b"1\n", b"2\n")]
    server.on("FilesAtCommits", broken, *halves)
    found = (await repo.contents_at({ONE: ["a", "b"]}))[ONE]
    assert {path: blob.content for path, blob in found.items()} == {"a": b"1\n", "b": b"2\n"}
    assert len(server.requests("FilesAtCommits")) == 3


async def test_an_outage_stays_an_outage(repo, server):
    server.on("FilesAtCommits", Answer(status=502, body=b"<html>"))
    with pytest.raises(GitHubUnavailable):
        await repo.contents_at({ONE: [str(number) for number in range(600)]})
    assert len(server.requests("FilesAtCommits")) == 10


class TestFilesWhoseTextIsNotTold:
    def contents(self, count: int) -> list[bytes]:
        return [b"\xff%d" % number for number in range(count)]

    def lossy(self, content: bytes, size: int | None = None) -> dict[str, Any]:
        told = file(None, oid=blob_oid(content))
        return told | {"object": told["object"] | {"byteSize": size or len(content)}}

    def serve(self, server: Any, contents: list[bytes], *, sides: int = 1) -> None:
        files = {f"f{index}": self.lossy(content) for index, content in enumerate(contents)}
        server.on("FilesAtCommits", repository(**{f"c{side}": commit(**files) for side in range(sides)}))
        for content in contents:
            told = {"encoding": "base64", "content": base64.b64encode(content).decode()}
            server.on(f"GET /repos/acme/shop/git/blobs/{blob_oid(content)}", Answer(told))

    async def test_only_so_many_are_read_alone(self, repo, server):
        contents = self.contents(MOST_READ_ALONE + 2)
        self.serve(server, contents)
        paths = [f"{number:03}" for number in range(len(contents))]
        found = (await repo.contents_at({ONE: paths}))[ONE]
        assert [found[path].content for path in paths] == [*contents[:-2], None, None]

    async def test_one_that_is_on_both_sides_is_read_once(self, repo, server):
        (content,) = self.contents(1)
        self.serve(server, [content], sides=2)
        found = await repo.contents_at({ONE: ["a"], TWO: ["a"]})
        assert [found[name]["a"].content for name in (ONE, TWO)] == [content, content]
        assert len(server.requests(f"GET /repos/acme/shop/git/blobs/{blob_oid(content)}")) == 1

    async def test_one_that_is_too_large_for_a_manifest_is_not_read(self, repo, server):
        told = self.lossy(b"\xff", LARGEST_READ_ALONE + 1)
        server.on("FilesAtCommits", repository(c0=commit(f0=told)))
        assert (await repo.contents_at({ONE: ["a"]}))[ONE]["a"].content is None
        assert server.asked == ["FilesAtCommits"]


async def test_all_contents_together_have_a_limit(repo, server, monkeypatch):
    monkeypatch.setattr(contents_at, "MOST_BYTES", 4)
    server.on("FilesAtCommits", repository(c0=commit(f0=file(b"1234"), f1=file(b"5"), f2=file(b"1234"))))
    found = (await repo.contents_at({ONE: ["a", "b", "c"]}))[ONE]
    assert [found[path].content for path in "abc"] == [b"1234", None, b"1234"]
