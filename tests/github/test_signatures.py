"""Only who knows the secret can send us an event."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github import verify

SECRET, BODY = b"It's a Secret to Everybody", b"Hello, World!"
# The example of https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_githubs_own_example_fits():
    assert verify(SECRET, BODY, SIGNATURE)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        SIGNATURE.removeprefix("sha256="),
        SIGNATURE.upper(),
        SIGNATURE + " ",
        SIGNATURE[:-1],
        "sha1=" + hmac.new(SECRET, BODY, hashlib.sha1).hexdigest(),
        "sha256=" + "0" * 64,
        "sha256=é\ud800",
    ],
)
def test_anything_else_does_not(header):
    assert not verify(SECRET, BODY, header)


def test_an_empty_secret_fits_nothing():
    signed = "sha256=" + hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    assert not verify(b"", BODY, signed)


@given(body=st.binary(), change=st.binary(min_size=1))
def test_a_changed_body_does_not_fit(body, change):
    signed = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    assert verify(SECRET, body, signed)
    assert not verify(SECRET, body + change, signed)
