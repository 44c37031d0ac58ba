"""The checker of REST traffic sees what GitHub would never ask or answer."""

import json

import pytest

from tests.descriptions.exchanges import Exchange
from tests.descriptions.loaded import rest_checker

REF = {
    "ref": "refs/heads/main",
    "node_id": "REF_1",
    "url": "https://api.github.com/repos/o/r/git/refs/heads/main",
    "object": {
        "type": "commit",
        "sha": "aa218f56b14c9653891f9e74264a383fa43fefbd",
        "url": "https://api.github.com/repos/o/r/git/commits/aa218f56b14c9653891f9e74264a383fa43fefbd",
    },
}


def exchange(answer=REF, *, method="GET", target="/repos/o/r/git/ref/heads/main", status=200, body=None):
    return Exchange(
        method=method,
        target=target,
        status=status,
        request_body=b"" if body is None else json.dumps(body).encode(),
        answer_headers={"Content-Type": "application/json; charset=utf-8"},
        answer_body=b"" if answer is None else json.dumps(answer).encode(),
    )


@pytest.mark.parametrize(
    "seen",
    [
        exchange(),
        exchange(target="/repositories/12/git/ref/heads/main"),
        exchange(target="/repos/o/r/git/ref/heads/niro/nginx"),
        exchange(
            method="POST", target="/repos/o/r/git/refs", status=201, body={"ref": "refs/heads/x", "sha": "a" * 40}
        ),
        exchange({"message": "Not Found"}, status=404),
        exchange({"message": "API rate limit exceeded"}, status=403),
        exchange(None, method="DELETE", target="/repos/o/r/git/refs/heads/x", status=204),
        exchange(None, status=304),
        exchange(None, status=502),
        exchange({"message": "Not Found"}, target="/repos/o/r/invented", status=404),
        exchange(
            {"message": "Invalid request.", "documentation_url": "https://docs.github.com/rest"},
            method="POST",
            target="/repos/o/r/git/refs",
            status=422,
            body={"ref": 1},
        ),
    ],
    ids=str,
)
def test_what_github_could_have_said_passes(seen):
    assert rest_checker().problems(seen) == []


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (exchange(REF | {"object": {}}), "'sha' is a required property"),
        (exchange(REF | {"ref": 5}), "at $.ref: 5 is not of type 'string'"),
        (exchange([]), "is not of type 'object'"),
        (exchange({"message": "no"}, status=418), "GitHub never answers 418 here"),
        (exchange({}, status=401), "a refusal has no message"),
        (exchange(REF, status=304), "an answer without a body has one"),
        (exchange(target="/repos/o/r/invented"), "GitHub has no such operation"),
        (
            exchange(method="POST", target="/repos/o/r/git/refs", status=201, body={"ref": "refs/heads/x"}),
            "the request is not what GitHub takes: at $: 'sha' is a required property",
        ),
        (exchange([], target="/repos/o/r/pulls?state=merged"), "the request is not what GitHub takes"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_github_would_never_say_is_seen(seen, words):
    assert words in " | ".join(rest_checker().problems(seen))
