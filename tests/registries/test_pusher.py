"""Who may write to a registry repository: a credential that names both the GitHub repository and a prefix above it."""

import pytest

from bot.registries import Scope, Unusable, pusher_for

SHOP = "acme/shop"


def scope(
    name: str = "ci", prefixes: tuple[str, ...] = ("qa",), push: tuple[str, ...] = (SHOP,), **more: object
) -> Scope:
    return Scope(name, name, str(more.pop("host", "r.example")), prefixes, (), push)


def chosen(*scopes: Scope, repository: str = "qa/web", full_name: str = SHOP) -> str | None:
    found = pusher_for("r.example", repository, full_name, scopes)
    return None if isinstance(found, Unusable) else found.name


@pytest.mark.parametrize(
    "fitting",
    [scope(), scope(push=("ACME/Shop",)), scope(prefixes=("qa/",)), scope(prefixes=("qa/web",))],
    ids=["prefix", "any-case", "slash", "the-repository-itself"],
)
def test_one_that_names_both_is_taken(fitting: Scope) -> None:
    assert chosen(fitting) == "ci"


@pytest.mark.parametrize(
    "other",
    [
        scope(push=()),
        scope(push=("*",)),
        scope(push=("acme/other",)),
        scope(prefixes=()),
        scope(prefixes=("q",)),
        scope(prefixes=("dev",)),
        scope(host="r.example:5000"),
        scope(host="evil.example"),
    ],
    ids=["reads-only", "everybody", "another", "no-prefix", "part-of-a-name", "beside", "port", "host"],
)
def test_one_that_does_not_is_not(other: Scope) -> None:
    assert chosen(other) is None


def test_of_several_the_longest_prefix_counts() -> None:
    assert chosen(scope("wide"), scope("narrow", prefixes=("qa/web",))) == "narrow"


def test_without_one_it_is_said_how_to_add_it() -> None:
    found = pusher_for("r.example", "qa/web", SHOP, [])
    assert isinstance(found, Unusable)
    assert "niro registries add ... --host r.example --prefix qa --push acme/shop" in found.sentence
