"""Which hosts are Amazon's registries, and which API belongs to each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.registries.kinds import ProviderKind
from bot.registries.providers import provider_of
from bot.registries.providers.amazon import api_origin
from bot.registries.providers.amazon_hosts import place_of
from tests.registries.providers.amazon_parts import ACCOUNT, HOST, PUBLIC, REGION


@pytest.mark.parametrize(
    ("host", "api"),
    [
        (HOST, "api.ecr.eu-west-1.amazonaws.com"),
        (f"{ACCOUNT}.dkr.ecr.us-gov-west-1.amazonaws.com", "api.ecr.us-gov-west-1.amazonaws.com"),
        (f"{ACCOUNT}.dkr.ecr-fips.us-east-1.amazonaws.com", "ecr-fips.us-east-1.amazonaws.com"),
        (f"{ACCOUNT}.dkr-ecr.ap-southeast-2.on.aws", "ecr.ap-southeast-2.api.aws"),
        (f"{ACCOUNT}.dkr-ecr-fips.us-west-2.on.aws", "ecr-fips.us-west-2.api.aws"),
        (f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn", "api.ecr.cn-north-1.amazonaws.com.cn"),
        (f"{ACCOUNT}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "ecr.cn-north-1.api.amazonwebservices.com.cn"),
        (f"{ACCOUNT}.dkr.ecr.eusc-de-east-1.amazonaws.eu", "api.ecr.eusc-de-east-1.amazonaws.eu"),
        (PUBLIC, "api.ecr-public.us-east-1.amazonaws.com"),
        ("ecr-public.aws.com", "ecr-public.us-east-1.api.aws"),
    ],
)
def test_each_registry_has_one_api_host(host: str, api: str) -> None:
    provider = provider_of(host)
    place = place_of(host)
    assert provider.kind is ProviderKind.AMAZON
    assert provider.api_hosts(host) == {api}
    assert place is not None
    assert api_origin(place) == URL(f"https://{api}")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "1234.dkr.ecr.evil.com",
        f"{HOST}.evil.tld",
        f"{HOST}:443",
        f"{HOST}\n",
        f"evil.tld/{HOST}",
        f"x{HOST}",
        f"1{HOST}",
        f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com.evil",
        f"{ACCOUNT}.dkr.ecr.evil.tld?.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.eu-west-1.evil.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr..amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com.cn",
        f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com",
        f"{ACCOUNT}.dkr-ecr.{REGION}.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.{REGION}.on.aws",
        f"{ACCOUNT}.dkr.ecr.{REGION}.amazonawsxcom",
        f"{ACCOUNT}xdkr.ecr.{REGION}.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.{REGION}xamazonaws.com",
        "\u0661" * 12 + f".dkr.ecr.{REGION}.amazonaws.com",
        "public.ecr.aws.evil.tld",
        "publicxecr.aws",
        "api.ecr.eu-west-1.amazonaws.com",
    ],
)
def test_a_host_that_only_looks_like_one_is_nobodys(host: str) -> None:
    assert place_of(host) is None
    assert provider_of(host).kind is ProviderKind.GENERIC


@given(st.text("abcn0.-:/@\n", min_size=1, max_size=20))
def test_nothing_before_or_after_a_host_leaves_it_amazons(more: str) -> None:
    assert place_of(HOST + more) is None
    assert place_of(more + HOST) is None
