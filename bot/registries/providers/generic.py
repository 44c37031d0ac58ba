"""Any registry that keeps to the distribution specification, which knows no times of pushes."""

import re
from collections.abc import Mapping

from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import NO_HOSTS, Provider

# Some name a token server of another name. An entry is a promise that both belong to one owner: a credential for the
# left goes to the right.
TOKEN_SERVERS: Mapping[str, frozenset[str]] = {
    "registry.digitalocean.com": frozenset({"api.digitalocean.com"}),
    "docker.elastic.co": frozenset({"docker-auth.elastic.co"}),
    "lscr.io": frozenset({"ghcr.io"}),
}

# Kubernetes' registry is no registry but sends all requests on: "If it's not a blob request: redirect to Upstream
# Registry" (kubernetes/registry.k8s.io, cmd/archeio/docs/request-handling.md), which is Artifact Registry in the region
# that is near. Its former name sends on to it. The GitHub registry's front door of LinuxServer does so for its images.
ARTIFACT_REGISTRY = r"[a-z]{2,20}-[a-z]{2,20}[0-9]{1,2}-docker\.pkg\.dev"
KUBERNETES = frozenset({"registry.k8s.io", "k8s.gcr.io"})
VALUES_PER_TAG = 10  # as in Google's own lists
REDIRECTS: Mapping[str, re.Pattern[str]] = {
    "registry.k8s.io": re.compile(ARTIFACT_REGISTRY),
    "k8s.gcr.io": re.compile(rf"registry\.k8s\.io|{ARTIFACT_REGISTRY}"),
    "lscr.io": re.compile(r"ghcr\.io"),
}

GENERIC = Provider(
    ProviderKind.GENERIC,
    token_hosts=lambda host: TOKEN_SERVERS.get(host, NO_HOSTS),
    redirect_hosts=REDIRECTS.get,
    values_per_tag=lambda host: VALUES_PER_TAG if host in KUBERNETES else 1,
)
