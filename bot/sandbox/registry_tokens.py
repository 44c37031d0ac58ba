"""The token server beside a registry: hands out signed permissions as Docker's token protocol describes them."""

import base64
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.sandbox.registry_certificates import ServerFiles

SERVICE = "sandbox-registry"
ISSUER = "sandbox-tokens"


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """One question the server was asked: by whom (empty: nobody in particular), for which scopes."""

    account: str
    service: str
    scopes: tuple[str, ...]


class TokenServer:
    """A token server on a free loopback port, in a thread of its own, so that it belongs to no event loop.

    requests: the questions that were answered with a token, in order. refused: the names of the accounts whose
    password was wrong. minted: every token that was handed out. expires_in: how many seconds new tokens last.
    """

    def __init__(self, accounts: Mapping[str, str], *, anonymous_pull: bool, tls: ServerFiles | None = None) -> None:
        """accounts: password by name, each may do everything. anonymous_pull: nobody in particular may read."""
        self.requests: list[TokenRequest] = []
        self.refused: list[str] = []
        self.minted: list[str] = []
        self.expires_in = 300
        self._accounts = dict(accounts)
        self._repositories: dict[str, frozenset[str]] = {}
        self._anonymous_pull = anonymous_pull
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = _self_signed(self._key)
        self._scheme = "https" if tls else "http"
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        if tls:
            # The handshake is left to the thread of each connection: one that hangs must not stop the others.
            self._http.socket = tls.server_context().wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def host(self) -> str:
        """The server's `address:port`."""
        return f"127.0.0.1:{self._http.server_port}"

    @property
    def realm(self) -> str:
        """The address that the registry's challenges name."""
        return f"{self._scheme}://{self.host}/token"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def set_password(self, account: str, password: str) -> None:
        """Add an account, or give it another password; tokens that were handed out stay good until they end."""
        self._accounts[account] = password

    def remove_account(self, account: str) -> None:
        """Know an account no more; raises KeyError when it is not known."""
        del self._accounts[account]

    def limit(self, account: str, repositories: Iterable[str]) -> None:
        """Let an account use these repositories only, whole names; a new account may use all."""
        self._repositories[account] = frozenset(repositories)

    def write_root_certificates(self, path: Path) -> None:
        """Write the certificates that the registry needs to check our tokens, as PEM."""
        path.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def answer(self, authorization: str | None, query: str) -> tuple[int, dict[str, Any]]:
        """Return status and JSON body for a token request with this Authorization header and query string."""
        fields = parse_qs(query)
        account = self._account(authorization)
        if account is None:
            return 401, {"errors": [{"code": "UNAUTHORIZED", "message": "incorrect username or password"}]}
        scopes = tuple(scope for entry in fields.get("scope", ()) for scope in entry.split())
        self.requests.append(TokenRequest(account, fields.get("service", [""])[0], scopes))
        self.minted.append(self.token(scopes, account))
        return 200, {"token": self.minted[-1], "expires_in": self.expires_in}

    def token(self, scopes: Sequence[str], account: str) -> str:
        """Return a signed token for as much of the scopes (`repository:name:pull,push`) as the account may have."""
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "sub": account,
            "aud": SERVICE,
            "iat": now,
            "nbf": now - timedelta(seconds=10),
            "exp": now + timedelta(seconds=self.expires_in),
            "access": [granted for scope in scopes if (granted := self._grant(scope, account))],
        }
        chain = [base64.b64encode(self._certificate.public_bytes(serialization.Encoding.DER)).decode()]
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"x5c": chain})

    def _account(self, authorization: str | None) -> str | None:
        if not authorization:
            return ""
        try:
            name, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        except ValueError:
            return None
        if self._accounts.get(name) == password:
            return name
        self.refused.append(name)
        return None

    def _grant(self, scope: str, account: str) -> dict[str, Any] | None:
        kind, _, rest = scope.partition(":")
        name, _, wanted = rest.rpartition(":")
        actions = sorted(self._allowed(account, name) & set(wanted.split(",")))
        return {"type": kind, "name": name, "actions": actions} if actions else None

    def _allowed(self, account: str, repository: str) -> set[str]:
        if not account:
            return {"pull"} if self._anonymous_pull else set()
        limited = self._repositories.get(account)
        return {"pull", "push", "delete"} if limited is None or repository in limited else set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a client that does not trust our certificate, or is gone, is no fault of ours."""


def _handler(server: TokenServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = server.answer(self.headers.get("Authorization"), urlsplit(self.path).query)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that http.server uses
            """Stay silent: what was asked is in `TokenServer.requests`."""

    return Handler


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ISSUER)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
