"""Which credential reads an image."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.registries.lookup import Scope, Unusable, credential_for

HOST = "registry.example"


def scope(name: str = "team", **options: Any) -> Scope:
    """A credential of a host that reads everything there for everybody, unless told otherwise."""
    return Scope(options.pop("id", f"c-{name}"), name, options.pop("host", HOST), **options)


def chosen(scopes: list[Scope], repository: str = "team/api", **options: Any) -> str | None:
    """The name of the credential chosen, or None for nobody in particular."""
    found = credential_for(HOST, repository, options.pop("full_name", "acme/deploy"), scopes, **options)
    assert not isinstance(found, Unusable)
    return found.name if found else None


@pytest.mark.parametrize(
    "host",
    ["example", "evil-registry.example", "registry.example.evil", "registry.example:5000", "REGISTRY.EXAMPLE", ""],
)
def test_another_host_has_no_credential(host: str) -> None:
    assert chosen([scope(host=host)]) is None


def test_the_exact_host_has() -> None:
    assert chosen([scope("other", host="registry.example:5000"), scope("own")]) == "own"


@pytest.mark.parametrize(
    ("prefix", "repository", "fits"),
    [
        ("team", "team", True),
        ("team", "team/api", True),
        ("team", "team/deep/api", True),
        ("team/", "team/api", True),
        ("team/", "team", True),
        ("team", "teams/api", False),
        ("team", "teams", False),
        ("team/api", "team", False),
        ("team/api", "team/api-2", False),
        ("api", "team/api", False),
        ("TEAM", "team/api", False),
        ("", "team/api", False),
        ("/", "team/api", False),
        ("*", "team/api", False),
    ],
)
def test_a_prefix_covers_itself_and_what_stands_below_it(prefix: str, repository: str, fits: bool) -> None:
    assert (chosen([scope(prefixes=(prefix,))], repository) is not None) is fits


@pytest.mark.parametrize(
    ("prefixes", "wanted"),
    [
        ([(), ("team",)], "b"),
        ([("team",), ()], "a"),
        ([("team",), ("team/api",)], "b"),
        ([("team/api",), ("team/",)], "a"),
        ([("team/api", "z"), ("team", "team/ap")], "a"),
        ([("elsewhere",), ()], "b"),
        ([("team",), ("team",)], "a"),
        ([("team",), ("team/",)], "a"),
        ([("team/",), ("team",)], "a"),
    ],
)
def test_the_longest_prefix_wins_and_of_two_alike_the_first_name(prefixes: list[tuple[str, ...]], wanted: str) -> None:
    scopes = [scope(name, prefixes=own) for name, own in zip("ab", prefixes, strict=True)]
    assert chosen(scopes) == wanted
    assert chosen(scopes[::-1]) == wanted


@pytest.mark.parametrize(
    ("pull", "full_name", "allowed"),
    [
        (("*",), "acme/deploy", True),
        (("acme/deploy",), "acme/deploy", True),
        (("Acme/Deploy",), "acme/deploy", True),
        (("acme/deploy",), "ACME/deploy", True),
        (("acme/other", "acme/deploy"), "acme/deploy", True),
        (("acme/other",), "acme/deploy", False),
        (("acme/deploy-2",), "acme/deploy", False),
        (("acme",), "acme/deploy", False),
        (("acme/*",), "acme/deploy", False),
        ((), "acme/deploy", False),
    ],
)
def test_only_the_repositories_that_may_pull_read_with_it(pull: tuple[str, ...], full_name: str, allowed: bool) -> None:
    assert (chosen([scope(pull=pull)], full_name=full_name) is not None) is allowed


def test_everybody_of_the_installation_may_pull_by_default() -> None:
    assert scope().allows("anybody/anything")


def test_one_that_may_not_be_used_does_not_hide_another() -> None:
    assert chosen([scope("a", prefixes=("team/api",), pull=()), scope("b")]) == "b"


def test_without_credentials_nobody_in_particular_reads() -> None:
    assert chosen([]) is None


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("absent", "there is no credential absent in this installation"),
        ("", "there is no credential  in this installation"),
        ("elsewhere", f"the credential elsewhere is not for {HOST}/team/api"),
        ("narrow", f"the credential narrow is not for {HOST}/team/api"),
        ("forbidden", "the credential forbidden may not be used by acme/deploy"),
    ],
)
def test_a_credential_that_is_named_and_does_not_fit_never_falls_back_to_another(named: str, why: str) -> None:
    scopes = [
        scope("fits"),
        scope("elsewhere", host="other.example"),
        scope("narrow", prefixes=("teams",)),
        scope("forbidden", pull=("acme/other",)),
    ]
    found = credential_for(HOST, "team/api", "acme/deploy", scopes, named)
    assert isinstance(found, Unusable)
    assert found.sentence.startswith(why)


def test_a_credential_that_is_named_is_taken_though_another_has_a_longer_prefix() -> None:
    assert chosen([scope("long", prefixes=("team/api",)), scope("short")], named="short") == "short"


names = st.lists(st.sampled_from(["team", "teams", "api", "api-2", "x"]), min_size=1, max_size=4).map("/".join)
scopes_of_all_kinds = st.lists(
    st.builds(
        scope,
        st.sampled_from("abcdef"),
        host=st.sampled_from([HOST, "other.example"]),
        prefixes=st.lists(names, max_size=3).map(tuple),
        pull=st.sampled_from([("*",), (), ("acme/deploy",), ("acme/other",)]),
    ),
    max_size=6,
    unique_by=lambda one: one.name,
)


@given(scopes_of_all_kinds, names, st.randoms())
def test_what_is_chosen_fits_better_than_all_others_whatever_their_order(
    scopes: list[Scope], repository: str, random: Any
) -> None:
    found = chosen(scopes, repository)
    random.shuffle(scopes)
    assert chosen(scopes, repository) == found
    fitting = {
        one.name: one.length_of_match(HOST, repository)
        for one in scopes
        if one.allows("acme/deploy") and one.length_of_match(HOST, repository) is not None
    }
    assert (found is None) is (not fitting)
    assert found is None or fitting[found] == max(length for length in fitting.values() if length is not None)
