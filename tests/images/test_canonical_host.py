"""Names of one registry: however a host is written, the same registry has one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import canonical_host

HUB = ("docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("r.example", "r.example"),
        ("R.Example", "r.example"),
        ("r.example:443", "r.example"),
        ("r.example:0443", "r.example"),
        ("r.example:80", "r.example"),
        ("r.example:5000", "r.example:5000"),
        ("r.example:05000", "r.example:5000"),
        ("[::1]:443", "[::1]"),
        ("[2001:DB8::1]", "[2001:db8::1]"),
        ("[::1]:5000", "[::1]:5000"),
        ("localhost:443", "localhost"),
        ("notdocker.io", "notdocker.io"),
        ("docker.io:5000", "docker.io:5000"),
    ],
)
def test_a_host_is_named_in_lower_case_without_the_usual_port(written, name):
    assert canonical_host(written) == name


@pytest.mark.parametrize("port", ["", ":443", ":80"])
@pytest.mark.parametrize("written", [*HUB, "Index.Docker.IO"])
def test_docker_hub_has_one_name(written, port):
    assert canonical_host(written + port) == "docker.io"


@given(st.from_regex(r"([A-Za-z0-9.-]{1,20}|\[[a-fA-F0-9:]{2,20}\])(:[0-9]{1,5})?", fullmatch=True))
def test_a_name_stays_as_it_is_and_no_case_makes_another(host):
    name = canonical_host(host)
    assert canonical_host(name) == canonical_host(host.upper()) == name
