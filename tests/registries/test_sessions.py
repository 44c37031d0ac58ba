"""Each reader's connections: the networks it may reach, the authority it trusts, and whether it speaks http."""

import hashlib
import json
import ssl
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.registries import (
    ANONYMOUS,
    Access,
    AddressNotAllowed,
    InvalidCertificate,
    Registries,
    RegistryUnavailable,
    UntrustedCertificate,
    UntrustedRealm,
    guarded_sessions,
)
from bot.registries.sessions import LARGEST_CERTIFICATE, MOST_CONTEXTS, Sessions
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import Access as Doors
from tests.registries.conftest import OneAnswer, RegistriesFor, ScriptedServers, credential
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"
CONFIGURATION = "application/vnd.oci.image.config.v1+json"
LISTED = Reply(body={"tags": ["1.0"]})
LOOPBACK = frozenset({"127.0.0.0/8"})


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tls_registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A real registry with TLS by an authority of its own, and tokens by a server that has the same authority."""
    registry = await SandboxRegistry.start(
        tmp_path_factory.mktemp("registry"), access=Doors.TOKEN, anonymous_pull=False, tls=True
    )
    await registry.push("sessions/app", "1.0.0")
    yield registry
    await registry.stop()


def trusting(registry: SandboxRegistry, **options: object) -> Access:
    certificate = registry.certificate_authority
    return credential(registry.host, certificate=certificate, token_hosts=frozenset({registry.tokens.host}), **options)


async def test_a_credential_brings_the_authority_of_its_registry(
    tls_registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    listed = await registries_for().tags(tls_registry.host, "sessions/app", trusting(tls_registry))
    assert listed.names == ("1.0.0",)


async def test_nobody_else_trusts_that_authority(tls_registry: SandboxRegistry, registries_for: RegistriesFor) -> None:
    registries = registries_for()
    host = tls_registry.host
    await registries.tags(host, "sessions/app", trusting(tls_registry))
    for other in (ANONYMOUS, credential(host, id="another")):
        with pytest.raises(UntrustedCertificate, match="certificate is not trusted"):
            await registries.tags(host, "sessions/app", other)


async def test_the_name_in_a_certificate_is_still_looked_at(tls_registry: SandboxRegistry) -> None:
    host = f"other.example:{tls_registry.host.partition(':')[2]}"
    who = credential(host, certificate=tls_registry.certificate_authority)
    async with guarded_sessions(["127.0.0.0/8"], resolver=OneAnswer("127.0.0.1")) as sessions:
        with pytest.raises(UntrustedCertificate, match="certificate is not trusted"):
            await Registries(sessions).tags(host, "sessions/app", who)


async def test_a_certificate_may_stand_between_words_of_any_language(
    tls_registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    certificate = f"# Stammzertifikat für Übungen\n{tls_registry.certificate_authority}"
    who = credential(tls_registry.host, certificate=certificate, token_hosts=frozenset({tls_registry.tokens.host}))
    assert (await registries_for().tags(tls_registry.host, "sessions/app", who)).names == ("1.0.0",)


@pytest.mark.parametrize(
    "certificate",
    [
        "none",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
        "\x00",
        "ü",
        "x" * (LARGEST_CERTIFICATE + 1),
    ],
    ids=["words", "empty", "no certificate", "a key", "zero", "not ASCII", "too long"],
)
async def test_a_certificate_that_is_none_is_an_error_of_its_own(
    certificate: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    who = credential(scripted.host, certificate=certificate)
    with pytest.raises(InvalidCertificate) as failed:
        await registries_for(scripted.host).tags(scripted.host, "a/b", who)
    assert "c2VjcmV0" not in str(failed.value)
    assert scripted.seen == []


async def test_one_certificate_is_read_once_and_only_so_many_are_kept(tls_registry: SandboxRegistry) -> None:
    certificate = tls_registry.certificate_authority

    def trusted(host: str, text: str = certificate) -> ssl.SSLContext | bool:
        return sessions.trust(credential(host, certificate=text), host)

    async with guarded_sessions() as sessions:
        first = trusted("one.example")
        assert trusted("two.example") is first
        for number in range(MOST_CONTEXTS):
            trusted("one.example", certificate + "\n" * (number + 1))
        assert isinstance(first, ssl.SSLContext)
        assert trusted("one.example") is not first


@pytest.mark.parametrize(
    ("host", "is_trusted"),
    [
        ("corp.example", True),
        ("auth.example:8443", True),
        ("auth.example", False),
        ("corp.example:8443", False),
        ("hub.docker.com", False),
    ],
)
async def test_a_certificate_counts_at_its_registry_and_the_token_hosts_of_its_owner(
    tls_registry: SandboxRegistry, host: str, is_trusted: bool
) -> None:
    certificate, hosts = tls_registry.certificate_authority, frozenset({"auth.example:8443"})
    async with guarded_sessions() as sessions:
        for own in ("corp.example", "corp.example:443"):
            context = sessions.trust(credential(own, certificate=certificate, token_hosts=hosts), host)
            assert isinstance(context, ssl.SSLContext) == is_trusted


async def test_a_certificate_is_trusted_nowhere_that_the_registry_leads_to(
    tls_registry: SandboxRegistry, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    """Not even at a token host: it is the registry that chose the path there."""
    content = json.dumps({"config": {"mediaType": CONFIGURATION, "digest": f"sha256:{'a' * 64}"}}).encode()
    told = f"sha256:{hashlib.sha256(content).hexdigest()}"
    for reference in ("1.0", told):
        scripted.on(f"/v2/a/b/manifests/{reference}", Reply(200, content, {"Docker-Content-Digest": told}))
    there = Reply(307, headers={"Location": f"https://{tls_registry.host}/v2/"})
    scripted.on(f"/v2/a/b/blobs/sha256:{'a' * 64}", there)
    who = credential(
        scripted.host, certificate=tls_registry.certificate_authority, token_hosts=frozenset({tls_registry.host})
    )
    with pytest.raises(UntrustedCertificate, match="redirects to a server that could not be reached: its certificate"):
        await registries_for(scripted.host).manifest(scripted.host, "a/b", "1.0", who)


async def test_whose_certificate_is_not_trusted_is_told(
    tls_registry: SandboxRegistry, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    tokens = tls_registry.tokens.host
    scripted.on(TAGS, Reply(401, headers={"WWW-Authenticate": f'Bearer realm="https://{tokens}/token"'}))
    who = credential(scripted.host, token_hosts=frozenset({tokens}))
    sentence = f"^{scripted.host}: {tokens} could not be reached: its certificate is not trusted$"
    with pytest.raises(UntrustedCertificate, match=sentence):
        await registries_for(scripted.host).tags(scripted.host, "a/b", who)


async def test_an_insecure_credential_speaks_http_to_its_own_host(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    challenge = {"WWW-Authenticate": f'Bearer realm="http://{scripted.host}/token"'}
    scripted.on(TAGS, Reply(401, headers=challenge), LISTED).on("/token", Reply(body={"token": "t"}))
    registries = registries_for()
    assert (await registries.tags(scripted.host, "a/b", credential(scripted.host, insecure=True))).names == ("1.0",)
    with pytest.raises(RegistryUnavailable, match="no TLS connection"):
        await registries.tags(scripted.host, "a/b")


@pytest.mark.parametrize("operators", [True, False])
async def test_an_insecure_credential_sends_no_secret_by_http_to_a_token_server_elsewhere(
    operators: bool, scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    server, tokens = await scripted_server(), await scripted_server()
    challenge = {"WWW-Authenticate": f'Bearer realm="http://{tokens.host}/token"'}
    server.on(TAGS, Reply(401, headers=challenge), LISTED)
    tokens.on("/token", Reply(body={"token": "t"}))
    registries = registries_for(*([tokens.host] if operators else []))
    who = credential(server.host, insecure=True, token_hosts=frozenset({tokens.host}))
    if operators:
        assert (await registries.tags(server.host, "a/b", who)).names == ("1.0",)
        return
    with pytest.raises(UntrustedRealm, match="without https"):
        await registries.tags(server.host, "a/b", who)
    assert tokens.seen == []


async def test_a_network_that_one_reader_may_reach_is_closed_to_the_others(scripted: ScriptedServer) -> None:
    scripted.on(TAGS, LISTED)
    host = scripted.host
    async with guarded_sessions() as sessions:
        registries = Registries(sessions, insecure_hosts=frozenset({host}))
        granted = Access(networks=LOOPBACK)
        for who in (granted, credential(host, networks=LOOPBACK), granted):
            assert (await registries.tags(host, "a/b", who)).names == ("1.0",)
        for who in (ANONYMOUS, credential(host), Access(networks=frozenset({"10.0.0.0/8"}))):
            with pytest.raises(AddressNotAllowed):
                await registries.tags(host, "a/b", who)
    assert len(scripted.seen) == 3


async def test_an_open_connection_serves_only_those_with_the_same_networks() -> None:
    async with guarded_sessions(["10.0.0.0/8"]) as sessions:
        everybody = sessions.session(frozenset())
        assert sessions.session(frozenset({"10.0.0.0/8"})) is everybody
        assert sessions.session(LOOPBACK) is sessions.session(LOOPBACK)
        assert sessions.session(LOOPBACK) is not everybody


async def test_all_sessions_are_closed_together() -> None:
    async with guarded_sessions() as sessions:
        made = [sessions.session(frozenset()), sessions.session(LOOPBACK)]
    assert [session.closed for session in made] == [True, True]


async def test_a_network_that_is_none_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="has host bits set"):
        Sessions(["10.0.0.1/8"], None)
