"""Amazon's registry hosts: which account and region each one is, and the API host that belongs to it."""

import re
from dataclasses import dataclass

ACCOUNT = r"([0-9]{12})"
# A region of the usual partition and of the government's, of China, and of the European one.
USUAL = r"((?:us|eu|ap|sa|ca|me|af|il|mx)(?:-gov)?-[a-z]{1,20}-[0-9]{1,2})"
CHINA = r"(cn-[a-z]{1,20}-[0-9]{1,2})"
SOVEREIGN = r"(eusc-de-[a-z]{1,20}-[0-9]{1,2})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an Amazon registry is. account: twelve digits, None for the public registry."""

    account: str | None
    region: str
    api_host: str

    @property
    def service(self) -> str:
        """The name that requests are signed for, and that rights begin with."""
        return "ecr" if self.account else "ecr-public"

    @property
    def target(self) -> str:
        """What the API's actions begin with in X-Amz-Target."""
        return "AmazonEC2ContainerRegistry_V20150921" if self.account else "SpencerFrontendService"


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which private registries are named; `{}` in the API's host stands for the region."""

    hosts: re.Pattern[str]
    api_host: str


def _form(hosts: str, api_host: str) -> _Form:
    return _Form(re.compile(hosts), api_host)


# "Amazon ECR endpoints and quotas" in the AWS General Reference, "Making requests to Amazon ECR registries" in the
# Amazon ECR User Guide. on.aws speaks IPv6, too, and so does the API that stands beside it.
FORMS = (
    _form(rf"{ACCOUNT}\.dkr\.ecr\.{USUAL}\.amazonaws\.com", "api.ecr.{}.amazonaws.com"),
    _form(rf"{ACCOUNT}\.dkr\.ecr-fips\.{USUAL}\.amazonaws\.com", "ecr-fips.{}.amazonaws.com"),
    _form(rf"{ACCOUNT}\.dkr-ecr\.{USUAL}\.on\.aws", "ecr.{}.api.aws"),
    _form(rf"{ACCOUNT}\.dkr-ecr-fips\.{USUAL}\.on\.aws", "ecr-fips.{}.api.aws"),
    _form(rf"{ACCOUNT}\.dkr\.ecr\.{CHINA}\.amazonaws\.com\.cn", "api.ecr.{}.amazonaws.com.cn"),
    _form(rf"{ACCOUNT}\.dkr-ecr\.{CHINA}\.on\.amazonwebservices\.com\.cn", "ecr.{}.api.amazonwebservices.com.cn"),
    _form(rf"{ACCOUNT}\.dkr\.ecr\.{SOVEREIGN}\.amazonaws\.eu", "api.ecr.{}.amazonaws.eu"),
)
# "Making requests to Amazon ECR Public registries" in its user guide: one region for the whole world.
PUBLIC = {
    "public.ecr.aws": Place(None, "us-east-1", "api.ecr-public.us-east-1.amazonaws.com"),
    "ecr-public.aws.com": Place(None, "us-east-1", "ecr-public.us-east-1.api.aws"),
}

AMAZON_HOSTS = re.compile("|".join([form.hosts.pattern for form in FORMS] + [re.escape(host) for host in PUBLIC]))
"""Matches, as a whole, every registry host that is Amazon's."""


def place_of(host: str) -> Place | None:
    """Return where a registry host is; None for a host that is not Amazon's."""
    for form in FORMS:
        if match := form.hosts.fullmatch(host):
            account, region = match.groups()
            return Place(account, region, form.api_host.format(region))
    return PUBLIC.get(host)
