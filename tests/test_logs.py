"""Whatever is logged, in whatever way, no secret comes out; and what is no secret stays readable."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bot.secrets_in_text import HIDDEN, without_secrets

PEM_BODY = "MIIEowIBAAKCAQEAx" * 4
SECRETS = {
    "ghs_16C7e42F292c6912E7710c838347Ae178B4a": "clone with {}",
    "ghs_12345_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl": "a stateless one: {}!",
    "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz": "'{}'",
    "v1.1234567890abcdef1234567890abcdef12345678": "an old one {}",
    "dckr_pat_AbCdEfGhIjKlMnOpQrSt": "docker login -p {}",
    "glpat-AbCdEfGhIjKlMnOpQrSt": "gitlab {}",
    "AKIAIOSFODNN7EXAMPLE": "aws {}",
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJJdjIzYWJjIn0.c2lnbmF0dXJl": "jwt={}",
    "QWxhZGRpbjpvcGVuIHNlc2FtZQ==": "<CIMultiDict('Authorization': 'Basic {}')>",
    "a-password-of-nobody": "postgresql://niro:{}@db/niro refused",
    "shibboleth": "{{'password': '{}'}}",
    "hunter22": "connect(password='{}', host='db')",
    "opensesame": "https://auth.example/token?scope=x&client_secret={}&y=1",
    "AwsSignature": "https://bucket.example/layer?X-Amz-Signature={}&X-Amz-Date=1",
    "opaque.bearer/value+0=": "(b'authorization', b'bearer {}')",
    "letmein": "Authorization: {}",
    "chocolate": "Set-Cookie: session={}; Path=/",
    "hook_id/its-secret": "POST /hooks/dockerhub/{} HTTP/1.1",
    "one-time-code": "POST https://api.github.com/app-manifests/{}/conversions",
    PEM_BODY: "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
    PEM_BODY[:40]: "cut off: -----BEGIN PRIVATE KEY-----\n{}",
    "escaped" + PEM_BODY[:30]: '{{"pem": "-----BEGIN EC PRIVATE KEY-----\\n{}\\n-----END EC PRIVATE KEY-----"}}',
}
KNOWN = "correct horse battery staple"

HARMLESS = [
    "GitHub answered 401: Bad credentials (HTTP 401 from https://api.github.com/app/installations)",
    "1.5.0 is the newest acceptable tag in the range 1.x; 1.4.0 stands in the file.",
    "http://127.0.0.1:5000/v2/acme/api/manifests/sha256:" + "0" * 64,
    "ghcr.io/acme/api:1.2.3@sha256:" + "0" * 64,
    '["registry:docker.io","library/nginx",""]',
    "the token was rejected; a new one is asked for",
    "http://localhost:8080/?setup=nobody-else-can-use-this-twice",
    "postgresql://niro@db/niro",
]


@pytest.mark.parametrize(("secret", "text"), SECRETS.items())
def test_a_secret_is_hidden_and_its_surroundings_stay(secret: str, text: str) -> None:
    shown = without_secrets("before " + text.format(secret) + "\nafter")
    assert secret not in shown
    assert HIDDEN in shown
    assert shown.startswith("before ")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize("text", ["a" * 1_000_000, "token" * 100_000, "-----BEGIN " * 50_000, "://" * 200_000])
def test_a_long_text_is_searched_too(text: str) -> None:
    assert without_secrets(text + " ghs_16C7e42F292c6912E7710c838347Ae178B4a").count("ghs_") == 0


WAYS = """
import asyncio, logging, sys, threading, warnings
from dataclasses import dataclass
import structlog
from bot.logs import configure_logs, keep_out_of_logs

configure_logs(FORM, "debug")
keep_out_of_logs([KNOWN])
log, library = structlog.get_logger(), logging.getLogger("aiohttp.server")


@dataclass
class Holder:
    held: str

    def __str__(self):
        raise ValueError(self.held)


def fail(text):
    local = text
    raise RuntimeError(text)


def say(text):
    log.info(text)
    log.warning("event", text=text, deep={"list": [text, (text,)]}, thing=Holder(text), data=text.encode())
    log.info("event", error=ValueError(text), key=[text])
    library.error("Error handling %s", text)
    library.error("%s", Holder(text))
    library.error("one too many %s %s", text)
    logging.getLogger("asyncio").error(text, extra={"more": text})
    warnings.warn(text)
    for speak in (log.exception, library.exception):
        try:
            fail(text)
        except RuntimeError as error:
            speak("failed")
        try:
            try:
                fail(text)
            except RuntimeError as error:
                raise ValueError(text) from error
        except ValueError:
            speak("failed because")
    threading.Thread(target=fail, args=[text]).start()


async def forgotten(text):
    asyncio.get_running_loop().call_soon(fail, text)
    await asyncio.sleep(0)


for text in TEXTS:
    say(text)
    asyncio.run(forgotten(text))
log.info("named", password=BARE, webhook_secret=BARE, access_token=BARE, headers={"Authorization": BARE})
log.info("the end")
raise SystemError(" ".join(TEXTS))
"""

BARE = "bare-value-under-a-name"


def said(form: str) -> str:
    """Run a process that logs every secret in every way; returns everything it wrote."""
    texts = [text.format(secret) for secret, text in SECRETS.items()] + [f"it is {KNOWN}, she said"]
    given = f"FORM, KNOWN, BARE, TEXTS = {form!r}, {KNOWN!r}, {BARE!r}, {texts!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", given + WAYS],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        env=os.environ | {"PYTHONASYNCIODEBUG": "1", "FORCE_COLOR": "1"},
    )
    assert done.returncode == 1
    return done.stdout + done.stderr


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_way_of_logging_lets_a_secret_out(form: str) -> None:
    output = said(form)
    assert "the end" in output
    assert "uncaught" in output
    assert "RuntimeError" in output
    leaked = [secret for secret in (*SECRETS, KNOWN, BARE) if secret in output]
    assert leaked == []


def test_every_line_of_json_is_json() -> None:
    events = [json.loads(line) for line in said("json").splitlines()]
    assert {"event", "level", "timestamp"} <= set.intersection(*(set(event) for event in events))


def test_text_from_outside_makes_no_lines_of_its_own_on_a_terminal() -> None:
    script = """
        import structlog
        from bot.logs import configure_logs
        configure_logs("console", "info")
        structlog.get_logger().info("heard", title="a\\n2026-01-01 [info] forged", name="\\x1b[2Jb\\u202ec\\ud800")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], check=True, capture_output=True, text=True, cwd=Path.cwd()
    )
    assert len(done.stderr.splitlines()) == 1
    assert not set("\x1b\u202e") & set(done.stderr)


def test_an_unknown_level_is_refused() -> None:
    from bot.logs import configure_logs

    with pytest.raises(ValueError, match="is not a log level"):
        configure_logs("json", "loud")
