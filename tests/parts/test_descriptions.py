"""The descriptions are fetched from the npm registry that is set up, once, whole and only as pinned."""

import base64
import hashlib
import io
import tarfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.parts.descriptions import (
    DEFAULT_REGISTRY,
    GRAPHQL_SCHEMA,
    Description,
    DescriptionMissingError,
    fetch,
    npm_registry,
)

CONTENT = b"type Query { viewer: User! }\n"


def package(member="package/schema.graphql"):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in (("package/large.json", b"x" * 1000), (member, CONTENT)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def pinned(archive, **changes):
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    return replace(GRAPHQL_SCHEMA, integrity=f"sha512-{digest}", **changes)


class Registry(ThreadingHTTPServer):
    """An npm registry with one package at its place."""

    def __init__(self, archive, description: Description):
        super().__init__(("127.0.0.1", 0), Answering)
        self.archive = archive
        self.place = description.url("")
        self.requests = []
        self.failures = 0

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append(self.path)
        failing = len(self.server.requests) <= self.server.failures
        status = 503 if failing else 200 if self.path == self.server.place else 404
        self.send_response(status)
        self.end_headers()
        if status == 200:
            self.wfile.write(self.server.archive)

    def log_message(self, *_):
        """Stay silent."""


@pytest.fixture
def registry(monkeypatch):
    with Registry(package(), GRAPHQL_SCHEMA) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("npm_config_registry", server.address + "/")
        yield server
        server.shutdown()


def test_one_file_of_the_package_is_kept(registry, tmp_path):
    description = pinned(registry.archive)
    assert fetch(description, tmp_path).read_bytes() == CONTENT
    assert [entry.name for entry in tmp_path.iterdir()] == ["graphql-schema-15.26.1.graphql"]


def test_what_is_there_is_not_fetched_again(registry, tmp_path):
    description = pinned(registry.archive)
    first, second = fetch(description, tmp_path), fetch(description, tmp_path)
    assert first == second
    assert len(registry.requests) == 1


def test_a_passing_fault_of_the_registry_is_outlasted(registry, tmp_path):
    registry.failures = 2
    assert fetch(pinned(registry.archive), tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"integrity": "sha512-other"}, "is not the package that is pinned here"),
        ({"version": "15.26.0"}, "404"),
        ({"member": "package/absent"}, "the package has no file package/absent"),
    ],
)
def test_anything_else_is_one_line_that_says_what_and_leaves_nothing(registry, tmp_path, changes, words):
    with pytest.raises(DescriptionMissingError, match=words) as failed:
        fetch(replace(pinned(registry.archive), **changes), tmp_path)
    assert "\n" not in str(failed.value)
    assert list(tmp_path.iterdir()) == []


def test_a_registry_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    with pytest.raises(DescriptionMissingError, match=r"cannot fetch http://127\.0\.0\.1:9/@octokit/graphql-schema/"):
        fetch(GRAPHQL_SCHEMA, tmp_path)


@pytest.mark.parametrize(
    ("environment", "npmrc", "expected"),
    [
        ({}, None, DEFAULT_REGISTRY),
        ({}, "fund=false\n", DEFAULT_REGISTRY),
        ({}, "registry = https://npm.example/all/\n", "https://npm.example/all"),
        ({}, 'registry="https://npm.example"\n@acme:registry=https://other.example\n', "https://npm.example"),
        ({"NPM_CONFIG_REGISTRY": "https://upper.example/"}, "registry=https://npm.example\n", "https://upper.example"),
        ({"npm_config_registry": "https://lower.example"}, None, "https://lower.example"),
        ({"npm_config_registry": ""}, "registry=https://npm.example\n", "https://npm.example"),
    ],
)
def test_the_registry_is_found_as_npm_finds_it(monkeypatch, tmp_path, environment, npmrc, expected):
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    if npmrc is not None:
        (tmp_path / ".npmrc").write_text(npmrc)
    assert npm_registry() == expected
