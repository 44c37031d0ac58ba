"""Connections go only to public addresses, whatever name, literal or redirect leads elsewhere."""

import hashlib
import ipaddress
import json

import aiohttp
import pytest

from bot.registries import AddressNotAllowed, Registries, guarded_sessions
from bot.registries.guard import is_allowed
from tests.registries.conftest import OneAnswer, RegistriesFor
from tests.registries.scripted import Reply, ScriptedServer

CONFIGURATION = "application/vnd.oci.image.config.v1+json"

PUBLIC = [
    "140.82.112.33",
    "8.8.8.8",
    "2606:4700::1111",
    "2001:200::1",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
    "168.63.129.17",
    "192.0.1.1",
]

NOT_PUBLIC = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b:1::808:808",
    "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "168.63.129.16",
    "::ffff:168.63.129.16",
    "64:ff9b::a83f:8110",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "100::1",
    "100:0:0:1::1",
    "2001:20::1",
    "2001:1::1",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "5f00::1",
    "fec0::1",
    "registry.example",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_allowed(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_any_other_address_is_refused(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "fd00:1::5"])
def test_a_network_that_the_operator_lists_is_allowed(address: str) -> None:
    networks = [ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00:1::/32")]
    assert is_allowed(address, networks)
    assert not is_allowed("10.2.2.3", networks)


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("169.254.169.254", "10.0.0.1")])
async def test_a_name_that_leads_inside_is_not_connected_to(
    addresses: tuple[str, ...], scripted: ScriptedServer
) -> None:
    port = scripted.host.partition(":")[2]
    async with guarded_sessions(resolver=OneAnswer(*addresses)) as sessions:
        registries = Registries(sessions, insecure_hosts=frozenset({f"inside.example:{port}"}))
        with pytest.raises(AddressNotAllowed):
            await registries.tags(f"inside.example:{port}", "a/b")
    assert scripted.seen == []


async def test_a_name_keeps_to_the_private_networks_of_the_operator(scripted: ScriptedServer) -> None:
    scripted.on("/v2/a/b/tags/list", Reply(body={"tags": ["1.0"]}))
    host = f"inside.example:{scripted.host.partition(':')[2]}"
    async with guarded_sessions(["127.0.0.1/32"], resolver=OneAnswer("127.0.0.1")) as session:
        assert (await Registries(session, insecure_hosts=frozenset({host})).tags(host, "a/b")).names == ("1.0",)
    assert scripted.seen[0].headers["Host"] == host


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "[::1]:{port}", "[::ffff:7f00:1]:{port}"])
async def test_an_address_instead_of_a_name_is_guarded_too(host: str, scripted: ScriptedServer) -> None:
    host = host.format(port=scripted.host.partition(":")[2])
    async with guarded_sessions() as session:
        with pytest.raises(AddressNotAllowed):
            await Registries(session, insecure_hosts=frozenset({host})).tags(host, "a/b")
    assert scripted.seen == []


async def test_a_redirect_inside_is_not_followed(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    content = json.dumps({"config": {"mediaType": CONFIGURATION, "digest": f"sha256:{'a' * 64}"}}).encode()
    told = f"sha256:{hashlib.sha256(content).hexdigest()}"
    headers = {"Docker-Content-Digest": told}
    for reference in ("1.0", told):
        scripted.on(f"/v2/a/b/manifests/{reference}", Reply(200, content, headers))
    to_metadata = Reply(307, headers={"Location": "https://169.254.169.254/latest/meta-data/"})
    scripted.on(f"/v2/a/b/blobs/sha256:{'a' * 64}", to_metadata)
    with pytest.raises(AddressNotAllowed, match="redirects to a server"):
        await registries_for(scripted.host).manifest(scripted.host, "a/b", "1.0")


async def test_the_proxy_of_the_environment_is_not_used(
    scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted.on("/v2/a/b/tags/list", Reply(body={"tags": []}))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await registries_for(scripted.host).tags(scripted.host, "a/b")).names == ()


async def test_no_cookie_is_kept(scripted: ScriptedServer) -> None:
    scripted.on("/v2/a/b/tags/list", Reply(body={"tags": []}, headers={"Set-Cookie": "session=1"}))
    host = f"inside.example:{scripted.host.partition(':')[2]}"
    async with guarded_sessions(["127.0.0.1/32"], resolver=OneAnswer("127.0.0.1")) as sessions:
        registries = Registries(sessions, insecure_hosts=frozenset({host}))
        for _ in range(2):
            await registries.tags(host, "a/b")
    assert ["Cookie" in seen.headers for seen in scripted.seen] == [False, False]


async def test_registries_are_not_spoken_to_without_the_guard() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(TypeError, match="guarded_sessions"):
            Registries(session)
