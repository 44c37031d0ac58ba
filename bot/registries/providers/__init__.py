"""The providers: one file for each, one table of them all."""

from bot.registries.access import Access
from bot.registries.kinds import ProviderKind
from bot.registries.providers.amazon import AMAZON
from bot.registries.providers.azure import AZURE
from bot.registries.providers.docker_hub import DOCKER_HUB
from bot.registries.providers.generic import GENERIC
from bot.registries.providers.github import GITHUB
from bot.registries.providers.gitlab import GITLAB
from bot.registries.providers.google import GOOGLE
from bot.registries.providers.harbor import HARBOR
from bot.registries.providers.jfrog import JFROG
from bot.registries.providers.provider import Provider
from bot.registries.providers.quay import QUAY
from bot.registries.providers.zot import ZOT

PROVIDERS: dict[ProviderKind, Provider] = {
    provider.kind: provider
    for provider in (DOCKER_HUB, GITHUB, AMAZON, GOOGLE, AZURE, QUAY, HARBOR, GITLAB, JFROG, ZOT, GENERIC)
}
"""Every provider by its kind. A host belongs to at most one."""


def provider_of(host: str, access: Access | None = None) -> Provider:
    """Return whose registry a host is: by its name, else by the kind that the credential tells, else generic."""
    for provider in PROVIDERS.values():
        if provider.recognises(host):
            return provider
    kind = access.credential.kind if access and access.credential else None
    return PROVIDERS.get(kind, GENERIC) if kind else GENERIC


__all__ = ["PROVIDERS", "Provider", "provider_of"]
