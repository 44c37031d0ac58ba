"""Archives from another host: no credential goes there, and nothing that comes back is trusted."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from bot.github import GitHubUnavailable, NotFound, UnexpectedAnswer, archives
from tests.github.scripted import Answer

COMMIT = "a" * 40
TARBALL = f"GET /repos/acme/shop/tarball/{COMMIT}"
DOWNLOAD = "GET /codeload/x.tar.gz?token=secret"


def packed(*members: tuple[str, bytes | str]) -> bytes:
    """Pack files; a text instead of bytes is the target of a symbolic link."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, content in members:
            info = tarfile.TarInfo(f"acme-shop-aaaaaaa/{path}")
            if isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def offered(server, elsewhere):
    server.on(TARBALL, Answer(status=302, headers={"location": f"{elsewhere.url}/codeload/x.tar.gz?token=secret"}))
    return elsewhere


async def test_the_host_of_the_archive_gets_no_credential(repo, offered):
    offered.on(DOWNLOAD, Answer(body=packed(("a.yaml", b"a: 1\n"))))
    assert await repo.archive(COMMIT, ["a.yaml"]) == {"a.yaml": b"a: 1\n"}
    (seen,) = offered.seen
    assert "authorization" not in seen.headers
    assert "ghs_" not in str(seen.headers)


async def test_only_plain_files_that_were_wanted_come_back(repo, offered):
    members = [("a.yaml", "/etc/passwd"), ("b.yaml", b"b\n"), ("c.yaml", b"c\n"), ("../d.yaml", b"d\n")]
    offered.on(DOWNLOAD, Answer(body=packed(*members)))
    assert await repo.archive(COMMIT, ["a.yaml", "b.yaml", "d.yaml"]) == {"b.yaml": b"b\n"}


@pytest.mark.parametrize(
    "body",
    [b"", b"no archive", packed(("a.yaml", b"x" * 5000))[:60], gzip.compress(b"no tar" * 1000), b"\x1f\x8b\x08"],
)
async def test_an_archive_that_cannot_be_read_is_an_error(repo, offered, body):
    offered.on(DOWNLOAD, Answer(body=body))
    with pytest.raises(UnexpectedAnswer, match="archive"):
        await repo.archive(COMMIT, ["a.yaml"])


async def test_an_archive_that_unpacks_to_too_much_is_cut_off(repo, offered, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 100_000)
    offered.on(DOWNLOAD, Answer(body=packed(("bomb", bytes(10_000_000)))))
    with pytest.raises(UnexpectedAnswer, match="unpacks"):
        await repo.archive(COMMIT, ["a.yaml"])


async def test_an_archive_that_is_too_large_is_cut_off(repo, offered, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 1000)
    offered.on(DOWNLOAD, Answer(body=bytes(5000)))
    with pytest.raises(UnexpectedAnswer, match="larger than"):
        await repo.archive(COMMIT, ["a.yaml"])


async def test_wanted_files_beyond_the_cap_are_an_error(repo, offered, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_SUM", 10)
    offered.on(DOWNLOAD, Answer(body=packed(("a.yaml", b"x" * 8), ("b.yaml", b"x" * 8))))
    with pytest.raises(UnexpectedAnswer, match="larger than"):
        await repo.archive(COMMIT, ["a.yaml", "b.yaml"])


async def test_an_archive_that_does_not_come_is_an_outage(repo, offered):
    offered.on(DOWNLOAD, Answer(status=502, body=b"<html>"))
    with pytest.raises(GitHubUnavailable) as caught:
        await repo.archive(COMMIT, ["a.yaml"])
    assert "secret" not in str(caught.value)


async def test_an_archive_of_a_renamed_repository_is_found(repo, server, offered):
    server._answers[TARBALL] = [Answer(status=301, headers={"location": f"/repositories/42/tarball/{COMMIT}"})]
    server.on(
        f"GET /repositories/42/tarball/{COMMIT}",
        Answer(status=302, headers={"location": f"{offered.url}/codeload/x.tar.gz?token=secret"}),
    )
    offered.on(DOWNLOAD, Answer(body=packed(("a.yaml", b"a\n"))))
    assert await repo.archive(COMMIT, ["a.yaml"]) == {"a.yaml": b"a\n"}


async def test_a_commit_that_is_not_there_has_no_archive(repo, server):
    server.on(TARBALL, Answer({"message": "Not Found"}, 404))
    with pytest.raises(NotFound):
        await repo.archive(COMMIT, ["a.yaml"])
