"""Only an image's configuration, whose bytes are known by their digest, may come from another host."""

import hashlib
import json

import pytest

from bot.registries import InvalidAnswer, Registries
from tests.registries.conftest import RegistriesFor, ScriptedServers, credential
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"
CONFIGURATION = json.dumps({"os": "linux", "architecture": "amd64"}).encode()
CONFIGURED = f"sha256:{hashlib.sha256(CONFIGURATION).hexdigest()}"
TYPE = "application/vnd.oci.image.config.v1+json"
IMAGE = json.dumps({"config": {"mediaType": TYPE, "digest": CONFIGURED}}).encode()
DIGEST = f"sha256:{hashlib.sha256(IMAGE).hexdigest()}"
MANIFEST = Reply(200, IMAGE, {"Docker-Content-Digest": DIGEST})
BASIC = Reply(401, headers={"WWW-Authenticate": 'Basic realm="x"'})


def an_image(server: ScriptedServer) -> None:
    """Serve an image to whoever has the password."""
    server.on("/v2/a/b/manifests/1.0", BASIC, MANIFEST).on(f"/v2/a/b/manifests/{DIGEST}", MANIFEST)
    server.on(f"/v2/a/b/blobs/{CONFIGURED}", Reply(200, CONFIGURATION))


def elsewhere(server: ScriptedServer, path: str, other: ScriptedServer) -> None:
    """Let a path redirect to the same at another host, which has it."""
    server.on(path, Reply(307, headers={"Location": f"http://{other.host}{path}"}))


async def read(registries: Registries, host: str) -> str:
    return (await registries.manifest(host, "a/b", "1.0", credential(host))).digest


async def test_a_configuration_may_come_from_another_host_which_gets_no_credential(
    scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    server, other = await scripted_server(), await scripted_server()
    an_image(server)
    an_image(other)
    elsewhere(server, f"/v2/a/b/blobs/{CONFIGURED}", other)
    assert await read(registries_for(server.host, other.host), server.host) == DIGEST
    assert server.authorizations(f"/v2/a/b/blobs/{CONFIGURED}") != [None]
    assert other.authorizations(f"/v2/a/b/blobs/{CONFIGURED}") == [None]


@pytest.mark.parametrize("reference", ["1.0", DIGEST])
async def test_a_manifest_and_its_headers_come_from_nowhere_else(
    reference: str, scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    server, other = await scripted_server(), await scripted_server()
    an_image(server)
    an_image(other)
    elsewhere(server, f"/v2/a/b/manifests/{reference}", other)
    with pytest.raises(InvalidAnswer, match="redirects to another host"):
        await read(registries_for(server.host, other.host), server.host)
    assert other.seen == []


@pytest.mark.parametrize("origin", ["http://127.0.0.1:1", "https://{host}"], ids=["port", "scheme"])
async def test_another_port_or_scheme_is_another_host(
    origin: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, Reply(307, headers={"Location": f"{origin.format(host=scripted.host)}{TAGS}"}))
    with pytest.raises(InvalidAnswer, match="redirects to another host"):
        await registries_for(scripted.host, "127.0.0.1:1").tags(scripted.host, "a/b")
