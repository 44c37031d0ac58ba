"""What a credential may look like: all that can be told before anything is sent anywhere."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.flows.credential_checks import NewCredential, checked, registry_host, repository_at
from bot.flows.credential_shapes import InvalidCredential
from bot.registries.kinds import ProviderKind

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = "kept-to-itself-84"
KEY_FILE = json.dumps(
    {"type": "service_account", "client_email": "a@b", "private_key": "-----\nabc\n-----\n"}, indent=2
)
AMAZON = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


def wanted(secret: str = SECRET, **changes: Any) -> NewCredential:
    values = {"installation": 7, "name": "ours", "host": "registry.corp.example", "username": "robot"} | changes
    return NewCredential(secret=SecretStr(secret), **values)


def problem(secret: str = SECRET, **changes: Any) -> str:
    with pytest.raises(InvalidCredential) as raised:
        checked(wanted(secret, **changes), NOW)
    return str(raised.value)


def certificate(*, authority: bool = True, days: int = 1, key: ec.EllipticCurvePrivateKey | None = None) -> str:
    """A certificate as PEM; with its private key behind it where the key is given."""
    signing = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "corp")])
    built = (
        x509.CertificateBuilder(
            name, name, signing.public_key(), 1, NOW - timedelta(days=9), NOW + timedelta(days=days)
        )
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )
    text = built.public_bytes(Encoding.PEM).decode()
    if key:
        text += key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return text


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("ghcr.io", "ghcr.io"),
        ("GHCR.io", "ghcr.io"),
        ("docker.io", "docker.io"),
        ("index.docker.io", "docker.io"),
        ("registry-1.docker.io", "docker.io"),
        ("Registry-1.Docker.io", "docker.io"),
        ("harbor.corp.example:8443", "harbor.corp.example:8443"),
        ("localhost:5000", "localhost:5000"),
        ("[fd00::1]:5000", "[fd00::1]:5000"),
        ("ghcr.io:443", "ghcr.io"),
        ("docker.io:443", "docker.io"),
        ("Registry-1.docker.io:443", "docker.io"),
        (f"{AMAZON}:443", AMAZON),
        ("harbor.corp.example:443", "harbor.corp.example:443"),
        ("192.0.2.1:5000", "192.0.2.1:5000"),
    ],
)
def test_a_host_is_written_as_images_name_it(written: str, host: str) -> None:
    assert registry_host(written) == host


@pytest.mark.parametrize(
    "written",
    [
        "",
        "https://ghcr.io",
        "ghcr.io/",
        "ghcr.io/acme",
        "harbor",
        "a b.example",
        "user@ghcr.io",
        "ghcr.io:port",
        "ghcr.io:0",
    ],
)
def test_what_is_no_host_is_refused(written: str) -> None:
    with pytest.raises(InvalidCredential, match="is no registry host"):
        registry_host(written)


@pytest.mark.parametrize("host", ["ghcr.io:80", "ghcr.io:8443", "index.docker.io:5000", "quay.io:0443", f"{AMAZON}:80"])
def test_a_provider_has_no_other_port(host: str) -> None:
    assert "answers at the usual port" in problem(host=host, kind=ProviderKind.HARBOR)


def test_a_port_that_is_left_out_is_told() -> None:
    kept = checked(wanted(host="ghcr.io:443"), NOW)
    assert kept.credential.host == "ghcr.io"
    assert kept.kind is ProviderKind.GITHUB
    assert any("The port 443 is left out" in note for note in kept.notes)


@pytest.mark.parametrize("host", ["127.1", "1.2.3", "10.0.0.256:5000", "a.0x7f", "1.2.3.4.5", "1.2.3.04"])
def test_a_piece_of_an_address_is_no_host_name(host: str) -> None:
    assert "is no host name" in problem(host=host)
    assert "no host of a token server" in problem(token_hosts=(host,))


@pytest.mark.parametrize("host", ["ghcr.io", "docker.io", "quay.io", AMAZON])
def test_a_provider_needs_no_certificate(host: str) -> None:
    assert "leave --certificate out" in problem(host=host, certificate=certificate())


@pytest.mark.parametrize(
    ("host", "kind", "becomes"),
    [
        ("ghcr.io", None, ProviderKind.GITHUB),
        ("docker.io", None, ProviderKind.DOCKER_HUB),
        ("quay.io", None, ProviderKind.QUAY),
        ("registry.gitlab.com", ProviderKind.GITLAB, ProviderKind.GITLAB),
        ("registry.corp.example", None, ProviderKind.GENERIC),
        ("registry.corp.example", ProviderKind.HARBOR, ProviderKind.HARBOR),
        ("registry.corp.example", ProviderKind.GITLAB, ProviderKind.GITLAB),
    ],
)
def test_the_kind_is_told_by_the_host_or_by_the_caller(
    host: str, kind: ProviderKind | None, becomes: ProviderKind
) -> None:
    assert checked(wanted(host=host, kind=kind), NOW).kind is becomes


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("ghcr.io", ProviderKind.HARBOR),
        ("docker.io", ProviderKind.GENERIC),
        (AMAZON, ProviderKind.GENERIC),
        ("registry.corp.example", ProviderKind.DOCKER_HUB),
        ("registry.corp.example", ProviderKind.AMAZON),
        (f"{AMAZON}.evil.example", ProviderKind.AMAZON),
    ],
)
def test_a_kind_sends_no_login_to_a_host_that_is_not_its_own(host: str, kind: ProviderKind) -> None:
    assert "kind" in problem(host=host, kind=kind)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "ä", "x" * 65, "a\n"])
def test_what_is_no_name_is_refused(name: str) -> None:
    assert "1 to 64 letters" in problem(name=name)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"username": ""}, "the user name is empty"),
        ({"username": "a:b"}, "must not hold ':'"),
        ({"username": "a\nb"}, "the user name holds a line end"),
        ({"username": "x" * 256}, "longer than 255"),
        ({"secret": ""}, "the secret is empty"),
        ({"secret": "a\r\nX-Header: b"}, "the secret holds a line end"),
        ({"secret": "a\x00b"}, "the secret holds a line end or a control character"),
        ({"secret": "a\u2028b"}, "the secret holds a line end or a control character"),
        ({"secret": "x" * 40_000}, "longer than 32768"),
        ({"prefixes": ("registry.corp.example/acme",)}, "without the host: acme"),
        ({"prefixes": ("Acme",)}, "lower case"),
        ({"prefixes": ("acme/api:1",)}, "a tag or a digest"),
        ({"prefixes": ("",)}, "no prefix of repositories"),
        ({"prefixes": ("a",) * 101}, "at most 100"),
        ({"pull": ("acme",)}, "write owner/name, or * for all"),
        ({"push": ("acme/*",)}, "write owner/name, or * for all"),
        ({"token_hosts": ("https://auth.corp.example",)}, "no host of a token server"),
        ({"certificate": "no PEM"}, "is not PEM"),
        ({"certificate": certificate(authority=False)}, "is not an authority's"),
        ({"certificate": certificate(days=-1)}, "ended on 2025-12-31"),
        ({"certificate": certificate(), "insecure": True}, "has no use where plain HTTP is spoken"),
        ({"host": "ghcr.io", "insecure": True}, "ghcr.io speaks HTTPS"),
    ],
)
def test_what_cannot_be_is_told(changes: dict[str, Any], says: str) -> None:
    assert says in problem(**changes)


def test_lists_are_written_once_and_in_their_normal_form() -> None:
    normal = checked(
        wanted(prefixes=("acme/", "acme", "team/api"), token_hosts=("Auth.corp.example:8443",), pull=("Acme/Shop",)),
        NOW,
    ).credential
    assert normal.prefixes == ("acme", "team/api")
    assert normal.token_hosts == ("auth.corp.example:8443",)
    assert normal.pull == ("Acme/Shop",)


def test_of_a_certificate_file_only_the_certificates_are_kept() -> None:
    text = certificate(key=ec.generate_private_key(ec.SECP256R1()))
    assert "PRIVATE KEY" in text
    kept = checked(wanted(certificate=f"# ours\n{text}{certificate()}"), NOW).credential.certificate
    assert kept.count("BEGIN CERTIFICATE") == 2
    assert "PRIVATE KEY" not in kept
    assert "ours" not in kept


def test_plain_http_is_warned_of() -> None:
    assert checked(wanted(insecure=True), NOW).notes == (
        "The secret goes to registry.corp.example by plain HTTP: everybody on the way can read it.",
    )


@pytest.mark.parametrize(
    ("host", "username", "secret", "says"),
    [
        ("ghcr.io", "bot", "github_pat_11AAAAAAA0aaaaaaaaaaaa_x", "takes no fine-grained tokens"),
        ("ghcr.io", "bot", "ghs_16C7e42F292c6912E7710c838347Ae178B4a", "ends within the hour"),
        (AMAZON, "bot", SECRET, "the id of an access key"),
        (AMAZON, "ASIAIOSFODNN7EXAMPLE", SECRET, "SECRETKEY:SESSIONTOKEN"),
    ],
)
def test_what_a_provider_does_not_take_is_told_before_it_is_sent(
    host: str, username: str, secret: str, says: str
) -> None:
    said = problem(secret, host=host, username=username)
    assert says in said
    assert secret not in said


@pytest.mark.parametrize(
    ("host", "username", "secret", "note"),
    [
        ("docker.io", "bot", "hunter2", "looks like a password"),
        ("docker.io", "bot", "dckr_pat_abcdefghijkl", ""),
        ("docker.io", "acme", "dckr_oat_abcdefghijkl", ""),
        ("ghcr.io", "bot", "ghp_abcdefghijklmnopqrst", ""),
        (AMAZON, "AKIAIOSFODNN7EXAMPLE", SECRET, ""),
        (AMAZON, "ASIAIOSFODNN7EXAMPLE", "key:session", "ends by itself"),
        (AMAZON, "AWS", SECRET, "ends after 12 hours"),
    ],
)
def test_what_will_end_or_could_be_safer_is_noted(host: str, username: str, secret: str, note: str) -> None:
    look = checked(wanted(secret, host=host, username=username), NOW)
    assert look.credential.secret.get_secret_value() == secret
    assert note in " ".join(look.notes)
    assert bool(note) == bool(look.notes)


class TestGoogle:
    HOST = "europe-docker.pkg.dev"

    def test_a_key_file_is_kept_on_one_line(self) -> None:
        kept = checked(wanted(KEY_FILE, host=self.HOST, username="_json_key"), NOW)
        assert "\n" not in kept.credential.secret.get_secret_value()
        assert json.loads(kept.credential.secret.get_secret_value()) == json.loads(KEY_FILE)

    def test_a_key_file_in_base64_stays_as_it_is(self) -> None:
        text = base64.b64encode(KEY_FILE.encode()).decode()
        kept = checked(wanted(text, host=self.HOST, username="_json_key_base64"), NOW)
        assert kept.credential.secret.get_secret_value() == text

    @pytest.mark.parametrize(
        ("username", "secret", "says"),
        [
            ("_json_key", "not JSON", "the whole JSON file"),
            ("_json_key", "[]", "the whole JSON file"),
            ("_json_key", '{"type": "authorized_user"}', "the whole JSON file"),
            ("_json_key", "[" * 10_000, "the whole JSON file"),
            ("_json_key_base64", "%%%", "in base64; this is not"),
            ("robot", KEY_FILE, "the user name for Google's registries is _json_key"),
        ],
    )
    def test_what_is_no_key_file_is_refused(self, username: str, secret: str, says: str) -> None:
        assert says in problem(secret, host=self.HOST, username=username)


@pytest.mark.parametrize(
    ("host", "written", "name"),
    [
        ("ghcr.io", "acme/api", "acme/api"),
        ("ghcr.io", "ghcr.io/acme/api", "acme/api"),
        ("docker.io", "nginx", "library/nginx"),
        ("docker.io", "acme/api", "acme/api"),
    ],
)
def test_a_repository_is_named_with_its_host_or_without(host: str, written: str, name: str) -> None:
    assert repository_at(host, written) == name


@pytest.mark.parametrize("written", ["", "acme/api:1.0", "Acme/api", "acme//api", "acme/api@sha256:" + "0" * 64])
def test_what_is_no_repository_is_refused(written: str) -> None:
    with pytest.raises(InvalidCredential):
        repository_at("ghcr.io", written)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_is_given_is_refused_without_the_secret_or_has_one_normal_form(
    host: str, username: str, prefix: str, names: list[str]
) -> None:
    new = wanted(SECRET, host=host, username=username, prefixes=(prefix,), pull=tuple(names), token_hosts=tuple(names))
    said = ""
    try:
        kept = checked(new, NOW).credential
        assert checked(kept, NOW).credential == kept
    except InvalidCredential as error:
        said = str(error)
    assert SECRET not in said
