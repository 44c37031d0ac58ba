"""WWW-Authenticate headers are read as RFC 9110 writes them, and as registries do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.registries.challenges import MOST_HEADERS, Challenge, parse_challenges

BEARER = {"realm": "https://auth.example/token", "service": "registry.example", "scope": "repository:a/b:pull,push"}

CASES = [
    (
        "a comma inside quotes does not end a value",
        'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
        [("bearer", BEARER)],
    ),
    (
        "spaces around commas and equals signs",
        'Bearer realm = "https://auth.example/token" , service= "registry.example" ,scope ="repository:a/b:pull,push"',
        [("bearer", BEARER)],
    ),
    (
        "two challenges in one header",
        'Bearer realm="https://a.example/t",service="s",Basic realm="private, keep out"',
        [("bearer", {"realm": "https://a.example/t", "service": "s"}), ("basic", {"realm": "private, keep out"})],
    ),
    ("a scheme alone", "Negotiate, Basic", [("negotiate", {}), ("basic", {})]),
    ("no service", 'Bearer realm="https://a.example/t"', [("bearer", {"realm": "https://a.example/t"})]),
    ("names in any case", 'BEARER Realm="https://a.example/T"', [("bearer", {"realm": "https://a.example/T"})]),
    (
        "no quotes",
        "Bearer realm=https://a.example/t,service=s",
        [("bearer", {"realm": "https://a.example/t", "service": "s"})],
    ),
    ("an escaped quote", r'Basic realm="say \"hi\""', [("basic", {"realm": 'say "hi"'})]),
    (
        "the first of two values counts",
        'Bearer realm="https://a",realm="https://b"',
        [("bearer", {"realm": "https://a"})],
    ),
    (
        "an unclosed quote ends the reading",
        'Basic realm="x", Bearer realm="https://a',
        [("basic", {"realm": "x"}), ("bearer", {})],
    ),
    ("parameters without a scheme", 'realm="https://a.example/t"', []),
    ("nothing", "", []),
    ("no header at all", "\x00\xff", []),
]


@pytest.mark.parametrize(("header", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_header_is_read(header: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    assert list(parse_challenges([header])) == [Challenge(scheme, parameters) for scheme, parameters in expected]


def test_several_headers_are_read_in_order() -> None:
    headers = ['Basic realm="x"', 'Bearer realm="https://a.example/t"']
    assert [challenge.scheme for challenge in parse_challenges(headers)] == ["basic", "bearer"]


@pytest.mark.parametrize(
    ("endless", "expected"),
    [
        ('Bearer realm="' + "\\" * 10_000_000, Challenge("bearer", {})),
        ("Bearer realm=x" + " " * 1_000_000 + "@", Challenge("bearer", {"realm": "x"})),
        ("Bearer " + "," * 1_000_000, Challenge("bearer", {})),
    ],
    ids=["backslashes", "spaces", "commas"],
)
def test_a_header_without_end_is_read_in_part_and_in_time(endless: str, expected: Challenge) -> None:
    assert parse_challenges([endless]) == (expected,)


def test_of_headers_without_end_the_first_are_read() -> None:
    assert len(parse_challenges(["Basic"] * 1000)) == MOST_HEADERS


@given(st.lists(st.text() | st.text(alphabet='Bearer="\\, x'), max_size=3))
def test_no_header_is_an_error_and_nothing_is_made_up(headers: list[str]) -> None:
    for challenge in parse_challenges(headers):
        assert challenge.scheme in "".join(headers).lower()
