"""What the operator lets an installation use at a registry."""

import pytest

from bot.registries.grants import AmbientGrant, Grants, InvalidGrant, NetworkGrant

HARBOR = "harbor.corp.example"
AMAZON = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("text", "installation", "host", "network"),
    [
        (f"5512345:{HARBOR}=10.0.0.0/8", 5512345, HARBOR, "10.0.0.0/8"),
        (f"5512345:{HARBOR}:8443=10.1.2.3", 5512345, f"{HARBOR}:8443", "10.1.2.3"),
        ("*:localhost:5000=127.0.0.0/8", None, "localhost:5000", "127.0.0.0/8"),
        ("7:*=fd00::/8", 7, "*", "fd00::/8"),
        ("*:*=10.0.0.0/8", None, "*", "10.0.0.0/8"),
        ("7:[fd00::1]:5000=fd00::/8", 7, "[fd00::1]:5000", "fd00::/8"),
    ],
)
def test_a_network_is_granted_to_an_installation_at_a_host(
    text: str, installation: int | None, host: str, network: str
) -> None:
    assert NetworkGrant.parse(text) == NetworkGrant(installation, host, network)


def test_a_login_is_granted_to_an_installation_at_a_host() -> None:
    assert AmbientGrant.parse(f"5512345:{AMAZON}") == AmbientGrant(5512345, AMAZON)


PLACES_THAT_ARE_NONE = [
    "",
    ":",
    "5512345",
    "5512345:",
    f":{HARBOR}",
    HARBOR,
    f"acme:{HARBOR}",
    f"-1:{HARBOR}",
    f"5.5:{HARBOR}",
    f"\u0665:{HARBOR}",
    f"{'9' * 19}:{HARBOR}",
    f"{'9' * 5000}:{HARBOR}",
    f"**:{HARBOR}",
    "5512345:Harbor.corp.example",
    f"5512345:https://{HARBOR}",
    f"5512345:{HARBOR}/team",
    f"5512345:*.{HARBOR}",
    f"5512345: {HARBOR}",
    f"5512345:{HARBOR}\n",
    "5512345:harbor",
    "5512345:index.docker.io",
    f"5512345:user@{HARBOR}",
]


@pytest.mark.parametrize("place", PLACES_THAT_ARE_NONE)
def test_a_grant_for_no_place_is_refused(place: str) -> None:
    with pytest.raises(InvalidGrant, match="is not INSTALLATION:HOST=NETWORK"):
        NetworkGrant.parse(f"{place}=10.0.0.0/8")
    with pytest.raises(InvalidGrant, match="is not INSTALLATION:HOST, like"):
        AmbientGrant.parse(place)


@pytest.mark.parametrize("network", ["", "10.0.0.0/33", "10.0.0.1/8", "corp", "10.0.0.0/8,11.0.0.0/8", "=10.0.0.0/8"])
def test_a_grant_for_no_network_is_refused(network: str) -> None:
    with pytest.raises(InvalidGrant, match="is no network"):
        NetworkGrant.parse(f"5512345:{HARBOR}={network}")


@pytest.mark.parametrize("text", [f"*:{AMAZON}", "5512345:*", "*:*"])
def test_what_this_machine_has_is_granted_to_nobody_in_general(text: str) -> None:
    with pytest.raises(InvalidGrant, match=r"and no \*"):
        AmbientGrant.parse(text)


def test_nothing_is_granted_by_default() -> None:
    assert Grants().networks_of(HARBOR, 1) == frozenset()
    assert Grants.parse([], []).networks_of(HARBOR, None) == frozenset()
    assert not Grants().has_ambient(AMAZON, 1)


@pytest.mark.parametrize(
    ("host", "installation", "networks"),
    [
        (HARBOR, 1, {"10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"}),
        (HARBOR, 2, {"10.1.0.0/16", "10.3.0.0/16"}),
        (HARBOR, None, {"10.1.0.0/16", "10.3.0.0/16"}),
        ("other.example", 1, {"10.2.0.0/16", "10.3.0.0/16"}),
        ("other.example", 2, {"10.3.0.0/16"}),
        ("other.example", None, {"10.3.0.0/16"}),
        (f"{HARBOR}:8443", 2, {"10.3.0.0/16"}),
    ],
)
def test_a_star_stands_for_every_host_or_every_installation(
    host: str, installation: int | None, networks: set[str]
) -> None:
    grants = Grants.parse(
        [f"1:{HARBOR}=10.0.0.0/8", f"*:{HARBOR}=10.1.0.0/16", "1:*=10.2.0.0/16", "*:*=10.3.0.0/16"], []
    )
    assert grants.networks_of(host, installation) == networks


@pytest.mark.parametrize(
    ("host", "installation", "granted"),
    [(AMAZON, 1, True), (AMAZON, 2, False), (f"evil.{AMAZON}", 1, False), ("*", 1, False)],
)
def test_a_login_is_granted_to_that_installation_at_that_host_only(host: str, installation: int, granted: bool) -> None:
    assert Grants.parse([], [f"1:{AMAZON}"]).has_ambient(host, installation) is granted
